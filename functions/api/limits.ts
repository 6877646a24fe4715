import type { Context } from "hono";
import { getConnInfo } from "hono/aws-lambda";
import { createMiddleware } from "hono/factory";
import { type Bucket, count, type Rate, takeCall } from "#core/store/rates.ts";

const minute = 60;
const hour = 3600;

/** How often what may be done (RULES-platform §7): per address of the network, unless its use says otherwise. */
export const rates = {
  login: { name: "login", limit: 5, windowSeconds: minute },
  register: { name: "register", limit: 10, windowSeconds: hour },
  forgotPassword: { name: "forgot", limit: 3, windowSeconds: 15 * minute },
  resetPassword: { name: "reset", limit: 3, windowSeconds: 15 * minute },
  resendConfirmation: { name: "resend", limit: 10, windowSeconds: hour },
  resendConfirmationTo: { name: "resend-to", limit: 3, windowSeconds: hour },
  resendConfirmationAgain: { name: "resend-again", limit: 1, windowSeconds: 5 * minute },
  updateMe: { name: "update-me", limit: 10, windowSeconds: minute },
  validateXml: { name: "validate-xml", limit: 60, windowSeconds: minute },
  deleteMe: { name: "delete-me", limit: 3, windowSeconds: hour },
} satisfies Record<string, Rate>;

const anonymous: Bucket = { name: "anonymous", capacity: 10_000, refillPerSecond: 100 / 300, step: 100 };
const known: Bucket = { name: "known", capacity: 50_000, refillPerSecond: 500 / 120, step: 500 };

/** Lets each network address call so often; those who present a credential more often than those who do not. */
export const limitCalls = createMiddleware(async (c, next) => {
  await takeCall(c.req.header("authorization") ? known : anonymous, networkAddress(c));
  await next();
});

/** Lets a network address do this only so often. */
export const limited = (rate: Rate) =>
  createMiddleware(async (c, next) => {
    await count(rate, networkAddress(c));
    await next();
  });

/** Where a request came from, as Lambda saw it: a header could say anything. */
const networkAddress = (c: Context): string => getConnInfo(c).remote.address ?? "unknown";
