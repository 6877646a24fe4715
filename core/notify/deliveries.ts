import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { DomainError, refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { type EventName, isEventName } from "#core/model/events.ts";
import { type CallOutcome, callWebhook } from "#core/outside/webhook-call.ts";
import { companies } from "#core/companies/company.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import type { Follow } from "#core/store/out.ts";
import { Stale } from "#core/store/write.ts";
import { payload } from "./dispatch.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import { signedHeaders } from "./signature.ts";

export type DeliveryStatus = "pending" | "success" | "retrying" | "failed";

/** One event sent to one endpoint; later attempts update the same row. */
export interface Delivery extends Stored {
  eventType: string;
  status: DeliveryStatus;
  /** 1 for the first try. */
  attempt: number;
  requestUrl: string;
  requestHeaders: Record<string, string>;
  payload: Record<string, unknown>;
  responseCode: number | null;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
  durationMs: number | null;
  errorMessage: string | null;
  triggeredAt: Instant;
  deliveredAt: Instant | null;
  completedAt: Instant | null;
  nextRetryAt: Instant | null;
}

/** Waits before the second, third and fourth try (DECISIONS 12). */
const retryAfterSeconds = [60, 300, 900];
const keptSeconds = 90 * 86_400;

export const deliveries = collection<Delivery>({
  kind: "dlv",
  what: "Webhook delivery",
  expires: ({ triggeredAt }) => Math.floor(Date.parse(triggeredAt) / 1000) + keptSeconds,
});

/** Deliveries lie by endpoint; their scope still begins with the company. */
const scopeOf = (companyId: string, endpointId: string) => `${companyId}#${endpointId}`;

/** A delivery to be made, as the Webhooks queue carries it. */
export interface DeliveryTask {
  readonly companyId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly payload?: Record<string, unknown> | undefined;
}

/**
 * Makes one attempt and writes its outcome together with the next attempt, if there is one. Dropped when the endpoint
 * is gone or switched off, and when this attempt was already recorded: the same message may come twice.
 */
export async function deliver(task: DeliveryTask): Promise<void> {
  const scope = scopeOf(task.companyId, task.endpointId);
  const [endpoint, before] = await Promise.all([
    endpoints.find(task.companyId, task.endpointId),
    deliveries.find(scope, task.deliveryId),
  ]);
  if (!endpoint?.isActive || (before && before.attempt >= task.attempt)) return;
  const body = before?.payload ?? task.payload;
  if (!body) return;
  const after = attempted(await attempt(endpoint, body), task.attempt, before, true);
  const follow = after.nextRetryAt ? [nextTry(task, after.nextRetryAt)] : [];
  try {
    await commit([
      before
        ? deliveries.replace(scope, before, after, { follow })
        : deliveries.insert(scope, { ...after, id: task.deliveryId }, { follow }),
    ]);
  } catch (error) {
    // A twin recorded its own call of the same attempt; receivers dedupe on the event's id.
    if (!(error instanceof Stale)) throw error;
  }
}

const nextTry = (
  { companyId, endpointId, deliveryId, attempt: tried }: DeliveryTask,
  dueAt: Instant,
): Follow => ({
  queue: "Webhooks",
  body: { companyId, endpointId, deliveryId, attempt: tried + 1 },
  dueAt,
  key: `${deliveryId}#${tried + 1}`,
});

interface Attempt {
  readonly endpoint: Endpoint;
  readonly payload: Record<string, unknown>;
  readonly headers: Record<string, string>;
  readonly outcome: CallOutcome;
}

async function attempt(endpoint: Endpoint, body: Record<string, unknown>): Promise<Attempt> {
  const text = JSON.stringify(body);
  const headers = signedHeaders(endpoint.secret, { id: String(body.id), name: String(body.event) }, text);
  return { endpoint, payload: body, headers, outcome: await callWebhook(endpoint.url, text, headers) };
}

function attempted(
  { endpoint, payload: sent, headers, outcome }: Attempt,
  number: number,
  before: Delivery | undefined,
  mayRetry: boolean,
): Delivery {
  const code = outcome.statusCode;
  const success = code !== null && code >= 200 && code < 300;
  const wait = success || !mayRetry ? undefined : retryAfterSeconds[number - 1];
  const at = instant();
  return {
    id: before?.id ?? newId(),
    rev: before?.rev ?? 0,
    eventType: String(sent.event),
    status: success ? "success" : wait === undefined ? "failed" : "retrying",
    attempt: number,
    requestUrl: endpoint.url,
    requestHeaders: headers,
    payload: sent,
    responseCode: code,
    responseHeaders: outcome.headers,
    responseBody: outcome.body,
    durationMs: outcome.durationMs,
    errorMessage: outcome.error ?? (success ? null : `The receiver answered ${code}.`),
    triggeredAt: before?.triggeredAt ?? at,
    deliveredAt: success ? at : null,
    completedAt: wait === undefined ? at : null,
    nextRetryAt: wait === undefined ? null : instantIn(wait),
  };
}

/** Sends a test event at once and records it; never retried, and a failing receiver is an answer, not an error. */
export async function sendTest(
  actor: CompanyActor,
  endpointId: string,
  eventType: string,
): Promise<Delivery> {
  assertCan(actor, "webhook.manage");
  const endpoint = await endpoints.get(actor.companyId, endpointId);
  if (!endpoint.isActive) throw refused("The endpoint is switched off; switch it on to test it.");
  if (eventType !== "webhook.test" && !isEventName(eventType))
    throw refused(`There is no event "${eventType}".`, { eventType: "is not a known event" });
  const company = await companies.get(actor.organizationId, actor.companyId);
  const event = { id: newId(), name: eventType as EventName, at: instant(), data: { test: true } };
  const made = attempted(await attempt(endpoint, payload(event, company)), 1, undefined, false);
  const write = deliveries.insert(scopeOf(actor.companyId, endpointId), { ...made, id: event.id });
  await commit([write]);
  return write.value;
}

/** Sends a past payload again as a delivery of its own, first attempt; the payload keeps its event id. */
export async function retry(actor: CompanyActor, endpointId: string, deliveryId: string): Promise<void> {
  assertCan(actor, "webhook.manage");
  const scope = scopeOf(actor.companyId, endpointId);
  const endpoint = await endpoints.get(actor.companyId, endpointId);
  const past = await deliveries.get(scope, deliveryId);
  if (!endpoint.isActive) throw new DomainError("conflict", "The endpoint is switched off.");
  const waiting: Omit<Delivery, "rev"> = {
    ...past,
    id: newId(),
    status: "pending",
    attempt: 0,
    responseCode: null,
    responseHeaders: null,
    responseBody: null,
    durationMs: null,
    errorMessage: null,
    triggeredAt: instant(),
    deliveredAt: null,
    completedAt: null,
    nextRetryAt: null,
  };
  const body = { companyId: actor.companyId, endpointId, deliveryId: waiting.id, attempt: 1 };
  await commit([deliveries.insert(scope, waiting, { follow: [{ queue: "Webhooks", body }] })]);
}

/** One delivery with everything sent and received. */
export async function get(actor: CompanyActor, endpointId: string, deliveryId: string): Promise<Delivery> {
  assertCan(actor, "webhook.view");
  await endpoints.get(actor.companyId, endpointId);
  return deliveries.get(scopeOf(actor.companyId, endpointId), deliveryId);
}

/** The last thousand deliveries of an endpoint, newest first: what its history shows and filters. */
export async function list(actor: CompanyActor, endpointId: string): Promise<Delivery[]> {
  assertCan(actor, "webhook.view");
  await endpoints.get(actor.companyId, endpointId);
  return deliveries.some(scopeOf(actor.companyId, endpointId), { limit: 1000, newestFirst: true });
}
