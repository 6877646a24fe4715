import { describe, expect, it } from "vitest";
import { instantIn } from "./clock.ts";
import { effectivePlan, type Entitlement, findPlan, fits, planFeatures } from "./plans.ts";

const plain: Entitlement = { plan: "freemium", subscriptionStatus: null, trialEndsAt: null };

describe("the plan that counts", () => {
  const trialEndsAt = instantIn(60);
  it.each<[string, Partial<Entitlement>, string]>([
    ["nothing", {}, "freemium"],
    ["a running trial", { trialEndsAt }, "starter"],
    ["a trial that is over", { trialEndsAt: instantIn(-1) }, "freemium"],
    ["a granted plan", { plan: "business" }, "business"],
    ["a granted plan beside a trial", { plan: "professional", trialEndsAt }, "professional"],
    ["a paid plan", { plan: "professional", subscriptionStatus: "active" }, "professional"],
    [
      "a plan that is behind with its payment",
      { plan: "starter", subscriptionStatus: "past_due" },
      "starter",
    ],
    ["a cancelled plan", { plan: "business", subscriptionStatus: "canceled" }, "freemium"],
    [
      "a cancelled plan while the trial runs",
      { plan: "business", subscriptionStatus: "canceled", trialEndsAt },
      "starter",
    ],
  ])("of %s", (_, given, expected) => {
    expect(effectivePlan({ ...plain, ...given })).toBe(expected);
  });
});

describe("plans", () => {
  it("are known by the names they had", () => {
    expect(["pro", "free", "community", "Business"].map(findPlan)).toEqual([
      "professional",
      "freemium",
      "freemium",
      "business",
    ]);
    expect(findPlan("gold")).toBeUndefined();
    expect(findPlan("")).toBeUndefined();
  });

  it("sync every 24, 12, 4 hours and 1 hour", () => {
    expect(Object.values(planFeatures).map(({ syncIntervalSeconds }) => syncIntervalSeconds / 3600)).toEqual([
      24, 12, 4, 1,
    ]);
  });

  it("fit a count below the limit, and any where the limit is 0", () => {
    expect([fits(99, 100), fits(100, 100), fits(1_000_000, 0)]).toEqual([true, false, true]);
  });
});
