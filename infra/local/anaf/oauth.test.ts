import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { connect, control, obtainCode, redirectUri, request, requestToken } from "./visitor.ts";

let simulator: Simulator;
beforeEach(() => {
  simulator = createSimulator();
});
afterEach(() => simulator.close());

const authorizePath = (query: Record<string, string>): string =>
  `/logincert/anaf-oauth2/v1/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: "sim-client",
    redirect_uri: redirectUri,
    ...query,
  }).toString()}`;
const exchangeForm = (code: string): Record<string, string> => ({
  grant_type: "authorization_code",
  code,
  redirect_uri: redirectUri,
});
const refreshForm = (token: string): Record<string, string> => ({
  grant_type: "refresh_token",
  refresh_token: token,
});
const errorOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { error: string }).error;

describe("authorize", () => {
  it("shows the certificates to choose from, or answers at once with the default holder", async () => {
    const page = await request(simulator, authorizePath({ state: "x" }));
    expect(page.headers.get("content-type")).toBe("text/html");
    expect(await page.text()).toContain("sim_holder=SER-OWNER");
    const ready = createSimulator({ defaultHolder: "SER-ANY" });
    const answer = await request(ready, authorizePath({ state: "x y" }));
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(/^https:\/\/product\.test\/auth\/callback\/anaf\?code=[0-9a-f]{40}&state=x\+y$/),
    ]);
    ready.close();
  });

  it("never redirects for an unknown app or callback", async () => {
    for (const query of [
      { client_id: "other" },
      { redirect_uri: "https://product.test/elsewhere" },
      { redirect_uri: "not a url" },
    ]) {
      const answer = await request(simulator, authorizePath(query));
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  it("takes http callbacks only when allowed", async () => {
    const query = { redirect_uri: "http://localhost:3000/auth/callback/anaf", sim_holder: "SER-OWNER" };
    expect((await request(simulator, authorizePath(query))).status).toBe(302);
    const strict = createSimulator({ allowHttpCallback: false });
    expect((await request(strict, authorizePath(query))).status).toBe(400);
    strict.close();
  });

  it("redirects with access_denied when no certificate is shown", async () => {
    const answer = await request(simulator, authorizePath({ sim_holder: "none" }));
    expect(answer.headers.get("location")).toContain("error=access_denied");
  });
});

describe("token", () => {
  it("answers a pair of long JWTs with ANAF's claims, to Basic and to body credentials", async () => {
    const visitor = await connect(simulator, "SER-OWNER");
    expect(visitor.accessToken.length).toBeGreaterThan(3072);
    const [head, claims] = visitor.accessToken
      .split(".", 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as object);
    expect(head).toMatchObject({ alg: "RS512", kid: "anaf_sim_2026" });
    expect(claims).toMatchObject({
      iss: "https://logincert.anaf.ro",
      serial: "SER-OWNER",
      token_type: "access",
    });
    const form = {
      ...exchangeForm(await obtainCode(simulator)),
      client_id: "sim-client",
      client_secret: "sim-secret",
    };
    const body = new URLSearchParams(form);
    const answer = await request(simulator, "/logincert/anaf-oauth2/v1/token", { method: "POST", body });
    expect(await answer.json()).toMatchObject({
      expires_in: 7_776_000,
      token_type: "Bearer",
      scope: "clientappid info issuer role serial",
    });
  });

  it("answers opaque tokens when token_content_type was left out of authorize", async () => {
    const answer = await request(simulator, authorizePath({ sim_holder: "SER-OWNER" }));
    const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const pair = (await (await requestToken(simulator, exchangeForm(code))).json()) as Record<string, string>;
    expect(pair["access_token"]).toHaveLength(36);
  });

  it("takes a code once and for a minute", async () => {
    const [first, late] = [await obtainCode(simulator), await obtainCode(simulator)];
    expect((await requestToken(simulator, exchangeForm(first))).status).toBe(200);
    expect(await errorOf(await requestToken(simulator, exchangeForm(first)))).toBe("invalid_grant");
    simulator.clock.advance(61_000);
    expect(await errorOf(await requestToken(simulator, exchangeForm(late)))).toBe("invalid_grant");
  });

  it("closes the connection on a late code when realReset is on", async () => {
    const real = createSimulator({ realReset: true });
    const code = await obtainCode(real);
    real.clock.advance(61_000);
    await expect(requestToken(real, exchangeForm(code))).rejects.toThrow("fetch failed");
    real.close();
  });

  it("400 invalid_client, invalid_request and unsupported_grant_type", async () => {
    const wrong = await request(simulator, "/logincert/anaf-oauth2/v1/token", {
      method: "POST",
      body: "client_id=x",
    });
    expect([wrong.status, await errorOf(wrong)]).toEqual([400, "invalid_client"]);
    expect(await errorOf(await requestToken(simulator, { grant_type: "authorization_code" }))).toBe(
      "invalid_request",
    );
    expect(await errorOf(await requestToken(simulator, {}))).toBe("invalid_request");
    expect(await errorOf(await requestToken(simulator, { grant_type: "password" }))).toBe(
      "unsupported_grant_type",
    );
  });
});

describe("refresh", () => {
  it("rotates: the old refresh token dies at once, the new one works", async () => {
    const { refreshToken } = await connect(simulator);
    const second = (await (await requestToken(simulator, refreshForm(refreshToken))).json()) as Record<
      string,
      string
    >;
    const again = await requestToken(simulator, refreshForm(refreshToken));
    expect([again.status, await again.text()]).toEqual([
      400,
      `{"error":"invalid_grant","error_description":"Refresh Token status is expired"}`,
    ]);
    expect((await requestToken(simulator, refreshForm(second["refresh_token"] ?? ""))).status).toBe(200);
  });

  it("rotation grace60s: the old one works for another minute; none: for ever", async () => {
    const graceful = createSimulator({ rotation: "grace60s" });
    const { refreshToken } = await connect(graceful);
    await requestToken(graceful, refreshForm(refreshToken));
    graceful.clock.advance(59_000);
    expect((await requestToken(graceful, refreshForm(refreshToken))).status).toBe(200);
    graceful.clock.advance(2_000);
    expect((await requestToken(graceful, refreshForm(refreshToken))).status).toBe(400);
    graceful.close();
    const careless = createSimulator({ rotation: "none" });
    const kept = (await connect(careless)).refreshToken;
    await requestToken(careless, refreshForm(kept));
    careless.clock.advance(3_600_000);
    expect((await requestToken(careless, refreshForm(kept))).status).toBe(200);
    careless.close();
  });

  it("one of two parallel refreshes wins, and its pair works", async () => {
    const { refreshToken } = await connect(simulator);
    await control(simulator, "POST", "/faults", { id: "auth.refresh_race", when: { times: 1 } });
    const answers = await Promise.all([1, 2].map(() => requestToken(simulator, refreshForm(refreshToken))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });
});

describe("a token", () => {
  it("is refused after 90 days, after being expired by hand, and after the app's revocation when that works", async () => {
    const visitor = await connect(simulator);
    const hello = async (): Promise<number> =>
      (await visitor.fetch("/api-anaf/TestOauth/jaxrs/hello?name=x")).status;
    simulator.clock.advance(89 * 86_400_000);
    expect(await hello()).toBe(200);
    expect(await control(simulator, "POST", "/tokens/expire", { serial: "SER-ANY", kind: "access" })).toEqual(
      { expired: 1 },
    );
    expect(await hello()).toBe(401);
    const revoke = (one: Simulator, token: string): Promise<Response> =>
      request(one, "/logincert/anaf-oauth2/v1/revoke", {
        method: "POST",
        body: new URLSearchParams({ token }),
      });
    expect((await revoke(simulator, visitor.accessToken)).headers.get("location")).toBe("/my.policy");
    const documented = createSimulator({ revokeWorks: true });
    const other = await connect(documented);
    expect((await revoke(documented, other.accessToken)).status).toBe(200);
    expect((await other.fetch("/api-anaf/TestOauth/jaxrs/hello")).status).toBe(401);
    documented.close();
  });

  it("loses a company the moment its mandate ends, and gains one the moment it begins", async () => {
    const visitor = await connect(simulator, "SER-ACCOUNTANT");
    const rights = (cif: string, grant: boolean): Promise<unknown> =>
      control(simulator, "POST", "/holders/SER-ACCOUNTANT/rights", { cif, grant });
    await rights("9000000100", false);
    expect(await visitor.lista("zile=1&cif=9000000100")).toContain(
      "Nu aveti drept in SPV pentru CIF=9000000100",
    );
    await rights("9000000011", true);
    expect(await visitor.lista("zile=1&cif=9000000011")).toContain("Nu exista mesaje in ultimele 1 zile");
  });
});
