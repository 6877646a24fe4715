import { type Local, start } from "#infra/local/engine.ts";
import { type SignedIn, signIn } from "./signed-in.ts";

/**
 * The engine beside the simulated registers, VIES and BNR, on one clock. The register's one request a second is lifted:
 * tests that are about it say so.
 */
export async function startWithOutside(env: Record<string, string> = {}) {
  const local = await start({ simulator: { registerThrottle: "off" }, env });
  return { local, outside: local.simulator, stop: () => local.stop() };
}

export type WithCompany = Awaited<ReturnType<typeof withCompany>>;

/** A fresh user with a company of its own, the simulator's seller unless another CIF is given. */
export async function withCompany(local: Local, cif = "9000000011") {
  const owner = await signIn(local);
  const made = await owner.call("POST", "/api/v1/companies", { cif });
  if (made.status !== 201)
    throw new Error(`Adding a company answered ${made.status}: ${JSON.stringify(made.body)}`);
  return { ...owner, company: made.body as { id: string; name: string; cif: string } };
}

/** The organization of a user, which tests that reach behind the API need as a scope. */
export async function organizationOf(user: Pick<SignedIn, "call">): Promise<string> {
  const { body } = await user.call("GET", "/api/v1/me");
  return (body as { organization: { id: string } }).organization.id;
}
