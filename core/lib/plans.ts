import { now } from "./clock.ts";

/** What a plan allows. Counts and seconds; a count of 0 or 999999 means unlimited, as clients read it. */
export interface PlanFeatures {
  readonly maxCompanies: number;
  readonly maxUsersPerOrg: number;
  readonly maxInvoicesPerMonth: number;
  readonly autoSync: boolean;
  readonly syncIntervalSeconds: number;
  readonly mobileApp: boolean;
  readonly pdfGeneration: boolean;
  readonly signatureVerification: boolean;
  readonly apiAccess: boolean;
  readonly realtimeNotifications: boolean;
  readonly paymentLinks: boolean;
  readonly emailSending: boolean;
  readonly emailTemplates: boolean;
  readonly reports: boolean;
  readonly recurringInvoices: boolean;
  readonly importExport: boolean;
  readonly backupRestore: boolean;
  readonly bankStatements: boolean;
  readonly exchangeRates: boolean;
  readonly webhooks: boolean;
  readonly whiteLabel: boolean;
  readonly customSmtp: boolean;
  readonly selfHostingLicense: boolean;
  readonly prioritySupport: boolean;
}

/** The plans, cheapest first. */
export const plans = ["freemium", "starter", "professional", "business"] as const;
export type Plan = (typeof plans)[number];

/** A feature that a plan has or has not. */
export type Feature = {
  [Name in keyof PlanFeatures]: PlanFeatures[Name] extends boolean ? Name : never;
}[keyof PlanFeatures];

const freemium: PlanFeatures = {
  maxCompanies: 1,
  maxUsersPerOrg: 3,
  maxInvoicesPerMonth: 100,
  autoSync: true,
  syncIntervalSeconds: 24 * 3600,
  mobileApp: false,
  pdfGeneration: true,
  signatureVerification: true,
  apiAccess: true,
  realtimeNotifications: false,
  paymentLinks: false,
  emailSending: true,
  emailTemplates: true,
  reports: true,
  recurringInvoices: false,
  importExport: false,
  backupRestore: false,
  bankStatements: false,
  exchangeRates: true,
  webhooks: false,
  whiteLabel: false,
  customSmtp: false,
  selfHostingLicense: false,
  prioritySupport: false,
};

const starter: PlanFeatures = {
  ...freemium,
  maxCompanies: 3,
  maxInvoicesPerMonth: 500,
  syncIntervalSeconds: 12 * 3600,
  mobileApp: true,
  paymentLinks: true,
  importExport: true,
};

const professional: PlanFeatures = {
  ...starter,
  maxCompanies: 10,
  maxUsersPerOrg: 10,
  maxInvoicesPerMonth: 0,
  syncIntervalSeconds: 4 * 3600,
  recurringInvoices: true,
  backupRestore: true,
  bankStatements: true,
  webhooks: true,
};

const business: PlanFeatures = {
  ...professional,
  maxCompanies: 999_999,
  maxUsersPerOrg: 999_999,
  syncIntervalSeconds: 3600,
  realtimeNotifications: true,
  whiteLabel: true,
  customSmtp: true,
  selfHostingLicense: true,
  prioritySupport: true,
};

/** What each plan allows (RULES-platform §8). */
export const planFeatures: Record<Plan, PlanFeatures> = { freemium, starter, professional, business };

/** What each plan costs, in bani; a seat beyond those included costs extra each month. */
export const planPrices: Record<Plan, { monthly: number; yearly: number; extraSeat?: number }> = {
  freemium: { monthly: 0, yearly: 0 },
  starter: { monthly: 1900, yearly: 19_000, extraSeat: 500 },
  professional: { monthly: 3900, yearly: 39_000, extraSeat: 900 },
  business: { monthly: 6900, yearly: 69_000, extraSeat: 1500 },
};

/** A new organization tries starter for this long, unless the stage gives it a plan. */
export const trialDays = 14;

const olderNames: Record<string, Plan> = { pro: "professional", free: "freemium", community: "freemium" };

/** A plan by its name or one of the names it had; undefined when there is none. */
export const findPlan = (name: string): Plan | undefined =>
  plans.find((plan) => plan === name.toLowerCase()) ?? olderNames[name.toLowerCase()];

/** What an organization is entitled by. */
export interface Entitlement {
  readonly plan: Plan;
  readonly subscriptionStatus: "active" | "trialing" | "past_due" | "canceled" | null;
  /** Instant until which the trial runs. */
  readonly trialEndsAt: string | null;
}

/** Whether the trial still runs. */
export const isTrialRunning = ({ trialEndsAt }: Entitlement): boolean =>
  trialEndsAt !== null && Date.parse(trialEndsAt) > now();

/**
 * The plan that counts now: a paid or granted one unless it was cancelled (being behind with a payment keeps it), else
 * starter while the trial runs, else freemium.
 */
export function effectivePlan(entitlement: Entitlement): Plan {
  const { plan, subscriptionStatus } = entitlement;
  if (plan !== "freemium" && subscriptionStatus !== "canceled") return plan;
  return isTrialRunning(entitlement) ? "starter" : "freemium";
}

/** Whether a count still fits under a limit of a plan, with the two spellings of "unlimited". */
export const fits = (count: number, limit: number): boolean => limit === 0 || count < limit;
