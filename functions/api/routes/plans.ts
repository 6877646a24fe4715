import { type PlanFeatures, type Plan, planFeatures, planPrices, plans, trialDays } from "#core/lib/plans.ts";
import { Hono, type PublicEnv } from "../route.ts";

/** The public price list. */
export const planList = new Hono<PublicEnv>().get("/", (c) => {
  c.header("Cache-Control", "public, max-age=300");
  return c.json({ plans: plans.map(view), earlyAdopterAvailable: false });
});

/** A plan with its prices in bani, and the features it adds to the plan before it. */
function view(plan: Plan, index: number) {
  const { monthly, yearly, extraSeat } = planPrices[plan];
  const before = plans[index - 1];
  const { maxUsersPerOrg } = planFeatures[plan];
  return {
    key: plan,
    monthlyPrice: monthly,
    yearlyPrice: yearly,
    currency: "RON",
    features: added(plan, before),
    includesPlan: before ?? null,
    includedSeats: maxUsersPerOrg,
    ...(plan === "starter" ? { trialDays } : {}),
    ...(monthly > 0 ? { savingsPercent: Math.round((1 - yearly / (12 * monthly)) * 100) } : {}),
    ...(extraSeat ? { extraSeatMonthlyPrice: extraSeat } : {}),
  };
}

function added(plan: Plan, before: Plan | undefined): string[] {
  const names = Object.keys(planFeatures[plan]) as (keyof PlanFeatures)[];
  return names.filter((name) => planFeatures[plan][name] === true && !(before && planFeatures[before][name]));
}
