import type { Found, Parcel, SubmitOutcome, Transport } from "../provider.ts";
import { copyOf } from "./copies.ts";
import { type Credentials, type Line, openLine } from "./line.ts";
import { depositFlow, searchInvoices } from "./services.ts";
import { statusOf } from "./status.ts";

/**
 * A deposited file shows in searches when it has been processed, which takes Chorus Pro minutes, at night hours. Should it
 * take longer, a second copy does no harm: it is turned down as a duplicate, and the first one is found (status.ts).
 */
const resendAfterSeconds = 6 * 3600;

/** The way to Chorus Pro, with one company's technical account. */
export const chorusTransport = (credentials: Credentials): Transport => ({
  send: (parcel) => send(openLine(credentials), parcel),
  find: (parcel) => find(openLine(credentials), parcel),
  status: (flow, parcel) => statusOf(openLine(credentials), flow, parcel),
  test: () => test(openLine(credentials)),
});

async function send(line: Line, parcel: Parcel): Promise<SubmitOutcome> {
  const { fileName, bytes, memo } = parcel;
  await parcel.remember({ deposits: memo["deposits"] === undefined ? "one" : "several" });
  const deposit = await depositFlow(line, fileName, bytes);
  const { raw } = deposit;
  if (deposit.kind === "value") return { result: "sent", externalId: deposit.value.numeroFluxDepot, raw };
  if (deposit.kind === "refusal") return { result: "refused", errors: [deposit.text], raw };
  if (deposit.kind === "lost") return { result: "unknown", resendAfterSeconds, raw };
  const { kind: _kind, ...setback } = deposit;
  return { result: "wait", ...setback };
}

async function find(line: Line, parcel: Parcel): Promise<Found> {
  const copy = await copyOf(line, parcel);
  if (copy.kind !== "value") return { result: "unclear", raw: copy.raw };
  const flow = copy.value?.numeroFluxDepot;
  return flow ? { result: "found", externalId: flow } : { result: "absent" };
}

/** Searches for an invoice that nobody has: that takes both the token and the account, and changes nothing. */
async function test(line: Line) {
  const answer = await searchInvoices(line, { numeroFacture: "0" });
  if (answer.kind === "value") return { success: true, error: null };
  if (answer.kind === "lost") return { success: false, error: "Chorus Pro did not answer." };
  return { success: false, error: answer.kind === "refusal" ? answer.text : answer.message };
}
