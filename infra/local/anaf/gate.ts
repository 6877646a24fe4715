import { forbidden, tooManyRequests, unauthorized } from "./answers.ts";
import type { Answer } from "./answers.ts";
import type { Call } from "./call.ts";
import { app } from "./fixtures.ts";
import { bearerOf } from "./oauth.ts";
import { block, exceedsMinute, isBlocked } from "./quotas.ts";
import { isHolder } from "./rights.ts";
import { faultNumber } from "./call.ts";

/** Who may pass. `certificate` stands for the mTLS host: a header carries the serial (SIMULATOR.md §2). */
export type Guard = "open" | "bearer" | "certificate";

/** The common gate, after transport faults and unknown paths (SIMULATOR.md §5). Answers a refusal, or nothing. */
export function refusedAtGate(call: Call, guard: Guard, service?: string): Answer | undefined {
  if (guard === "open") return undefined;
  if (guard === "certificate") {
    const serial = call.headers.get("x-sim-client-cert") ?? "";
    if (!isHolder(call.world, serial)) return forbidden(call.now, call.path);
    call.serial = serial;
  } else {
    const bearer = bearerOf(call);
    if (!bearer) return unauthorized(call.now, call.path);
    call.serial = bearer.serial;
  }
  if (service !== undefined && !app.services.includes(service)) return forbidden(call.now, call.path);
  if (call.faults.has("quota.block")) block(call, faultNumber(call, "quota.block", "minutes", 60));
  if (isBlocked(call)) return forbidden(call.now, call.path);
  return exceedsMinute(call) ? tooManyRequests(call.now, call.path) : undefined;
}
