import { randomBytes } from "node:crypto";
import { assertCan, assertFeature, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { malformed, refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { isEventName } from "#core/model/events.ts";
import { assertReachable } from "#core/outside/webhook-call.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";

/** A receiver of a company's events. */
export interface Endpoint extends Stored {
  /** The company's organization, so that a delivery can name the company. */
  organizationId: string;
  url: string;
  description: string | null;
  /** Event names, or `["*"]` for all. */
  events: string[];
  isActive: boolean;
  /** `whsec_` and base64. Kept readable: every delivery is signed with it. */
  secret: string;
  createdAt: Instant;
  updatedAt: Instant | null;
}

export const endpoints = collection<Endpoint>({ kind: "hook", what: "Webhook endpoint" });

export interface EndpointInput {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly description?: string | null | undefined;
  readonly isActive?: boolean | undefined;
}

/** The secret is 32 random bytes; how each of the two signatures uses it is DECISIONS 12. */
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/** Registers a receiver. Its answer is the only one, with regenerate's, that shows the whole secret. */
export async function create(
  actor: CompanyActor,
  input: EndpointInput & { url: string; events: readonly string[] },
): Promise<Endpoint> {
  assertCan(actor, "webhook.manage");
  assertFeature(actor, "webhooks");
  await assertReachable(input.url);
  const write = endpoints.insert(actor.companyId, {
    id: newId(),
    organizationId: actor.organizationId,
    url: input.url,
    description: input.description ?? null,
    events: known(input.events),
    isActive: input.isActive ?? true,
    secret: newSecret(),
    createdAt: instant(),
    updatedAt: null,
  });
  await commit([write, ...claim(actor, write.value.id, { fiscal: false })]);
  return write.value;
}

export async function get(actor: CompanyActor, id: string): Promise<Endpoint> {
  assertCan(actor, "webhook.view");
  return endpoints.get(actor.companyId, id);
}

/** The company's receivers, oldest first. */
export async function list(actor: CompanyActor): Promise<Endpoint[]> {
  assertCan(actor, "webhook.view");
  return endpoints.all(actor.companyId);
}

/** Changes what is given; `events` replaces them all. Throws `malformed` when nothing is given. */
export async function update(actor: CompanyActor, id: string, input: EndpointInput): Promise<Endpoint> {
  assertCan(actor, "webhook.manage");
  const { url, events, description, isActive } = input;
  if ([url, events, description, isActive].every((field) => field === undefined))
    throw malformed({ body: "name at least one of url, events, description, isActive" });
  if (url !== undefined) await assertReachable(url);
  return change(actor, id, {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: known(events) }),
    ...(description === undefined ? {} : { description }),
    ...(isActive === undefined ? {} : { isActive }),
  });
}

/** Gives the receiver a new secret; the old one signs nothing from now on. */
export async function regenerateSecret(actor: CompanyActor, id: string): Promise<Endpoint> {
  assertCan(actor, "webhook.manage");
  return change(actor, id, { secret: newSecret() });
}

/** Removes a receiver. Retries still waiting for it are dropped; its history expires by itself. */
export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "webhook.manage");
  await untilCommitted(async () => {
    const endpoint = await endpoints.get(actor.companyId, id);
    await commit([endpoints.remove(actor.companyId, endpoint)]);
  });
}

const change = (actor: CompanyActor, id: string, changes: Partial<Endpoint>): Promise<Endpoint> =>
  untilCommitted(async () => {
    const before = await endpoints.get(actor.companyId, id);
    const write = endpoints.replace(actor.companyId, before, { ...before, ...changes, updatedAt: instant() });
    await commit([write]);
    return write.value;
  });

function known(names: readonly string[]): string[] {
  if (names.length === 0) throw malformed({ events: "name at least one event, or *" });
  const unknown = names.findIndex((name) => name !== "*" && !isEventName(name));
  if (unknown >= 0)
    throw refused(`There is no event "${names[unknown]}".`, {
      [`events[${unknown}]`]: "is not a known event",
    });
  return names.includes("*") ? ["*"] : [...new Set(names)];
}
