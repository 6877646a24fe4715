import { forbidden, htmlAnswer, tooManyRequests, unauthorized } from "./answers.ts";
import type { Answer, Break } from "./answers.ts";
import { nextOffsetChange, bucharestDay, bucharestInstant } from "./bucharest.ts";
import { faultNumber } from "./call.ts";
import type { Call } from "./call.ts";

/** Faults of the road rather than of an endpoint: gateway, firewall, sockets and clock (SIMULATOR.md §10). */

const gatewayErrors: Record<string, [number, string]> = {
  "gw.502": [502, "Bad Gateway"],
  "gw.503": [503, "Service Unavailable"],
  "gw.504": [504, "Gateway Timeout"],
};

/** Moves the clock before the call is looked at; the call then sees the new time. */
export function moveClock(call: Call): void {
  const { clock } = call.world;
  if (call.faults.has("clock.dst")) clock.set(nextOffsetChange(call.now) - 600_000);
  if (call.faults.has("clock.midnight")) clock.set(bucharestInstant(bucharestDay(call.now), "23:59"));
  call.now = clock.now();
}

/** What the road answers instead of the endpoint, if anything. */
export function interceptedBy(call: Call): Answer | Break | undefined {
  const { faults } = call;
  if (faults.has("upload.refused_conn")) return { break: "refuse" };
  if (faults.has("upload.dropped")) return { break: "close" };
  if (faults.has("auth.html")) return htmlAnswer(loginPage);
  if (faults.has("waf.reject") || disliked(call)) return blockPage(call);
  if (faults.has("gw.maintenance")) return htmlAnswer(maintenancePage);
  if (faults.has("gw.403_path")) return forbidden(call.now, call.path);
  if (faults.has("gw.429")) return tooManyRequests(call.now, call.path);
  if (faults.has("auth.expired")) return unauthorized(call.now, call.path);
  if (faults.has("reg.timeout")) return hang(call, "reg.timeout", 30);
  if (faults.has("gw.hang") && !isRegistered(call, "gw.hang")) return hang(call, "gw.hang", 600);
  const id = Object.keys(gatewayErrors).find((key) => faults.has(key));
  return id !== undefined && !isRegistered(call, id) ? gatewayError(id) : undefined;
}

/** What becomes of the endpoint's answer on its way back. */
export function returned(call: Call, answer: Answer | Break): Answer | Break {
  if ("break" in answer) return answer;
  const { faults } = call;
  if (faults.has("upload.lost_response") || faults.has("auth.rotation_lost")) return { break: "close" };
  if (faults.has("gw.reset_midbody")) return { break: "reset", partial: answer };
  if (faults.has("gw.hang")) return hang(call, "gw.hang", 600);
  const id = Object.keys(gatewayErrors).find((key) => faults.has(key));
  if (id !== undefined) return gatewayError(id);
  if (faults.has("upload.slow_accept")) {
    const drawn =
      45 + Math.floor(75 * call.world.chance.draw(`slow ${call.world.ledger.meta("journal") ?? 0}`));
    call.delaySeconds += faultNumber(call, "upload.slow_accept", "seconds", drawn);
  }
  if (faults.has("auth.refresh_race"))
    call.delaySeconds += faultNumber(call, "auth.refresh_race", "seconds", 2);
  return answer;
}

function hang(call: Call, id: string, seconds: number): Break {
  call.delaySeconds = faultNumber(call, id, "seconds", seconds);
  return { break: "hang" };
}

function isRegistered(call: Call, id: string): boolean {
  return call.faults.get(id)?.["registered"] === true;
}

function gatewayError(id: string): Answer {
  const [status, title] = gatewayErrors[id] ?? [500, "Error"];
  const page = `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center></body></html>`;
  return htmlAnswer(page, status);
}

/** Triggers reported for the public endpoints: a relative schemaLocation, `;CP ` in an address (ANAF.md §8). */
function disliked(call: Call): boolean {
  if (!call.world.settings.wafHeuristic || !["validare", "transformare"].includes(call.verb)) return false;
  const text = Buffer.from(call.body).toString("utf8");
  return text.includes(";CP ") || /schemaLocation\s*=\s*["'][^"']*\s(?!https?:|urn:)[^"'\s]+/.test(text);
}

function blockPage(call: Call): Answer {
  const digits = Number.parseInt(call.world.chance.hex(`support ${call.now} ${call.path}`, 12), 16);
  const id = `1${String(digits).padStart(18, "0")}`;
  return htmlAnswer(
    `<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: ${id}<br><br><a href='javascript:history.back();'>[Go Back]</a></body></html>`,
  );
}

/** The F5 gateway's own page (ANAF.md §2.3); only that it is HTML is known. */
const loginPage = `<!DOCTYPE html><html><head><title>BIG-IP logout page</title></head><body>Your session could not be established.</body></html>`;
const maintenancePage = `<!DOCTYPE html><html><head><title>ANAF</title></head><body><h1>Serviciul este in mentenanta. Va rugam reveniti.</h1></body></html>`;
