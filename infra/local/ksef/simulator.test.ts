import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { simulateKsef } from "./simulator.ts";

/** What the simulator refuses: a client of its own that does one thing wrong at a time. */

const NIP = "5265877635";
let time = Date.parse("2026-11-20T10:00:00Z");
const simulator = simulateKsef({ now: () => time });
afterAll(() => simulator.close());

interface Told {
  status: number;
  // Answers are read where each test knows their shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

async function call(method: string, path: string, token?: string, body?: object): Promise<Told> {
  const request = new Request(`http://ksef.test/ksef/v2${path}`, {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await simulator.fetch(request);
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
  };
}

const codeOf = ({ body }: Told): number => body.exception?.exceptionDetailList[0].exceptionCode;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

async function sealed(usage: string, content: Uint8Array): Promise<string> {
  const keys = (await call("GET", "/security/public-key-certificates")).body;
  const { certificate } = keys.find((one: { usage: string[] }) => one.usage.includes(usage));
  const key = new X509Certificate(Buffer.from(certificate, "base64")).publicKey;
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: "sha256" }, content).toString("base64");
}

/** A login that was accepted, not redeemed yet. */
async function login(): Promise<string> {
  const { challenge, timestampMs } = (await call("POST", "/auth/challenge")).body;
  const encryptedToken = await sealed("KsefTokenEncryption", Buffer.from(`a|nip-${NIP}|b|${timestampMs}`));
  const contextIdentifier = { type: "Nip", value: NIP };
  const started = await call("POST", "/auth/ksef-token", undefined, {
    challenge,
    contextIdentifier,
    encryptedToken,
  });
  return started.body.authenticationToken.token;
}

const key = randomBytes(32);
const iv = randomBytes(16);
let access: string;
let session: string;

beforeAll(async () => {
  access = (await call("POST", "/auth/token/redeem", await login())).body.accessToken.token;
  const encryption = {
    encryptedSymmetricKey: await sealed("SymmetricKeyEncryption", key),
    initializationVector: iv.toString("base64"),
  };
  const formCode = { systemCode: "FA (3)", schemaVersion: "1-0E", value: "FA" };
  session = (await call("POST", "/sessions/online", access, { formCode, encryption })).body.referenceNumber;
});

function parcel(text: string) {
  const invoice = Buffer.from(text, "utf8");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const content = Buffer.concat([cipher.update(invoice), cipher.final()]);
  return {
    invoiceHash: sha256(invoice),
    invoiceSize: invoice.length,
    encryptedInvoiceHash: sha256(content),
    encryptedInvoiceSize: content.length,
    encryptedInvoiceContent: content.toString("base64"),
  };
}

const send = (body: object) => call("POST", `/sessions/online/${session}/invoices`, access, body);

async function verdictOn(body: object): Promise<{ code: number; details?: string[] }> {
  const { referenceNumber } = (await send(body)).body;
  time += 1000;
  return (await call("GET", `/sessions/${session}/invoices/${referenceNumber}`, access)).body.status;
}

it("hands tokens out once", async () => {
  const token = await login();
  expect((await call("POST", "/auth/token/redeem", token)).status).toBe(200);
  expect(codeOf(await call("POST", "/auth/token/redeem", token))).toBe(21301);
});

it("takes a challenge once", async () => {
  const { challenge } = (await call("POST", "/auth/challenge")).body;
  const contextIdentifier = { type: "Nip", value: NIP };
  const body = { challenge, contextIdentifier, encryptedToken: "AAAA" };
  expect((await call("POST", "/auth/ksef-token", undefined, body)).status).toBe(202);
  expect(codeOf(await call("POST", "/auth/ksef-token", undefined, body))).toBe(21111);
});

it("refuses at once what arrives in another size or with another hash than declared", async () => {
  const right = parcel("<x/>");
  expect(codeOf(await send({ ...right, encryptedInvoiceSize: 1 }))).toBe(21402);
  expect(codeOf(await send({ ...right, encryptedInvoiceHash: right.invoiceHash }))).toBe(21403);
});

it("finds out later what is wrong inside the encryption", async () => {
  const cut = Buffer.alloc(15);
  const content = { encryptedInvoiceContent: cut.toString("base64"), encryptedInvoiceHash: sha256(cut) };
  const undecipherable = { ...parcel("<x/>"), ...content, encryptedInvoiceSize: cut.length };
  expect(await verdictOn(undecipherable)).toMatchObject({ code: 435 });
  expect(await verdictOn({ ...parcel("<x/>"), invoiceSize: 5 })).toMatchObject({ code: 430 });
  expect(await verdictOn(parcel("<x"))).toMatchObject({ code: 430 });
  expect(await verdictOn(parcel("<Faktura/>"))).toMatchObject({ code: 450 });
});

it("says which element is out of place and which text is none", async () => {
  const ns = ' xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"';
  const parties =
    "<Naglowek/><Podmiot2/><Podmiot1><DaneIdentyfikacyjne><NIP>123</NIP></DaneIdentyfikacyjne></Podmiot1>";
  const { code, details } = await verdictOn(parcel(`<Faktura${ns}>${parties}</Faktura>`));
  expect(code).toBe(450);
  expect(details).toContain("The element 'Faktura' has invalid content: Naglowek Podmiot2 Podmiot1");
  expect(details).toContain("The 'NIP' element is invalid - The value '123' is invalid");
});

it("ends access after a quarter of an hour and a session after twelve", async () => {
  time += 15 * 60_000;
  expect((await send(parcel("<x/>"))).status).toBe(401);
  access = (await call("POST", "/auth/token/redeem", await login())).body.accessToken.token;
  expect((await send(parcel("<x/>"))).status).toBe(202);
  time += 12 * 3_600_000;
  access = (await call("POST", "/auth/token/redeem", await login())).body.accessToken.token;
  expect(codeOf(await send(parcel("<x/>")))).toBe(21180);
});
