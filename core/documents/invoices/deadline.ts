import type { CompanyActor } from "#core/lib/actor.ts";
import { instantIn } from "#core/lib/clock.ts";
import {
  addDays,
  type Day,
  fromBucharest,
  type Instant,
  submissionDeadline,
  workingDayBefore,
} from "#core/lib/dates.ts";
import { routeOf } from "#core/providers/anaf/route.ts";
import type { Follow } from "#core/store/out.ts";
import type { StoredInvoice } from "./collection.ts";

/** The body of a message to the Events queue: see at this instant whether the invoice has reached ANAF. */
export interface DeadlineMessage {
  readonly organizationId: string;
  readonly companyId: string;
  readonly invoiceId: string;
  /** The deadline as it was known; an invoice that was dated anew has a message about its new one. */
  readonly deadline: Day;
  readonly dueAt: Instant;
}

type Dated = Pick<StoredInvoice, "issueDate" | "taxPointDate">;

/** The last legal day on which an invoice may reach ANAF. */
export const deadlineOf = ({ issueDate, taxPointDate }: Dated): Day =>
  submissionDeadline(issueDate, taxPointDate ?? issueDate);

/**
 * Whether the law wants the document in e-Factura: one of ours to a buyer with an address or a VAT code in Romania
 * (OUG 120/2021 as in force since 2026). Others may be sent there by choice, without a deadline.
 */
export const isOwedToAnaf = (invoice: StoredInvoice): boolean =>
  invoice.direction === "outgoing" && routeOf(invoice).extern === undefined;

/** When people are warned of a deadline: in the morning of the working day before it and of the day after it. */
export const warningsOf = (deadline: Day): { near: Instant; past: Instant } => ({
  near: fromBucharest(`${workingDayBefore(deadline)}T08:00:00`),
  past: fromBucharest(`${addDays(deadline, 1)}T08:00:00`),
});

type Owner = Pick<CompanyActor, "organizationId" | "companyId">;

/** The message that has an invoice looked at. */
export function followDeadline(
  { organizationId, companyId }: Owner,
  invoice: Dated & Pick<StoredInvoice, "id">,
  dueAt: Instant,
): Follow {
  const deadline = deadlineOf(invoice);
  const body: DeadlineMessage = { organizationId, companyId, invoiceId: invoice.id, deadline, dueAt };
  return { queue: "Events", body: { ...body }, dueAt, key: invoice.id };
}

/**
 * What an issue, or a change of an issued document, has follow for its deadline: one look on the working day before
 * it, whatever happens meanwhile; one that is late already has an hour to be sent. Nothing when ANAF is owed nothing,
 * or when nothing changed that the look depends on.
 */
export function followFirstDeadline(owner: Owner, issued: StoredInvoice, before?: StoredInvoice): Follow[] {
  if (!isOwedToAnaf(issued)) return [];
  if (before && isOwedToAnaf(before) && deadlineOf(before) === deadlineOf(issued)) return [];
  const { near } = warningsOf(deadlineOf(issued));
  const soonest = instantIn(3600);
  return [followDeadline(owner, issued, near > soonest ? near : soonest)];
}
