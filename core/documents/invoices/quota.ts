import type { CompanyActor } from "#core/lib/actor.ts";
import { startOfDay, today } from "#core/lib/dates.ts";
import { DomainError } from "#core/lib/error.ts";
import { fits, planFeatures } from "#core/lib/plans.ts";
import { listRows } from "#core/store/listing.ts";
import { columns, invoices } from "./collection.ts";

/**
 * Throws `payment_required` with PLAN_LIMIT when the company has written as many outgoing invoices this month as its
 * plan allows. Plans without a limit are not counted.
 */
export async function assertQuota({ companyId, plan }: CompanyActor): Promise<void> {
  const limit = planFeatures[plan].maxInvoicesPerMonth;
  if (fits(Number.MAX_SAFE_INTEGER, limit)) return;
  const monthBegan = startOfDay(`${today().slice(0, 7)}-01`);
  const { total } = await listRows(companyId, invoices, columns, {
    where: ({ direction, createdAt }) => direction === "outgoing" && (createdAt ?? "") >= monthBegan,
    sort: "id",
    descending: true,
    page: 1,
    limit: 1,
  });
  if (fits(total, limit)) return;
  throw new DomainError("payment_required", `The ${plan} plan allows ${limit} invoices a month.`, {
    code: "PLAN_LIMIT",
    extra: { limit },
  });
}
