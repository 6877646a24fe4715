import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { HttpBindings } from "@hono/node-server";
import type { Answer, Break } from "./answers.ts";
import type { Call } from "./call.ts";
import type { SimulatorContext } from "./exchange.ts";

/**
 * Answers, and the ways of not answering. Served over a socket, the socket itself is closed, reset or left
 * hanging; called through `app.fetch`, the same happens as the rejected promise that fetch would give.
 */
export async function send(
  call: Call,
  outcome: Answer | Break,
  context: SimulatorContext,
): Promise<Response> {
  const { incoming, outgoing } = context.env ?? {};
  const bindings = incoming && outgoing ? { incoming, outgoing } : undefined;
  if ("break" in outcome) return bindings ? breakSocket(call, outcome, bindings) : rejectCall(call, outcome);
  await holdBack(call, bindings === undefined);
  return toResponse(outcome);
}

function toResponse(answer: Answer): Response {
  const body = typeof answer.body === "string" ? answer.body : Buffer.from(answer.body);
  return new Response(body, { status: answer.status, headers: answer.headers });
}

/** Waits with the given sleep; without one an owned clock is moved. A caller in process gives up in between. */
async function holdBack(call: Call, inProcess: boolean): Promise<void> {
  const { delaySeconds: seconds, world } = call;
  if (seconds <= 0) return;
  const { sleep, clientTimeoutSeconds } = world.settings;
  const gaveUp = inProcess && seconds > clientTimeoutSeconds;
  const waited = gaveUp ? clientTimeoutSeconds : seconds;
  if (sleep) await sleep(waited * 1000);
  else if (world.clock.kind === "owned") world.clock.advance(waited * 1000);
  if (gaveUp) throw failure("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error");
}

async function rejectCall(call: Call, outcome: Break): Promise<Response> {
  switch (outcome.break) {
    case "refuse":
      throw failure("ECONNREFUSED", "connect ECONNREFUSED");
    case "close":
      throw failure("UND_ERR_SOCKET", "other side closed");
    case "hang":
      call.delaySeconds = Math.max(call.delaySeconds, call.world.settings.clientTimeoutSeconds + 1);
      await holdBack(call, true);
      throw failure("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error");
    case "reset":
      break;
  }
  return new Response(cutStream(outcome.partial), {
    status: outcome.partial?.status ?? 200,
    headers: outcome.partial?.headers ?? {},
  });
}

async function breakSocket(call: Call, outcome: Break, bindings: HttpBindings): Promise<Response> {
  const { socket } = bindings.incoming;
  switch (outcome.break) {
    case "refuse":
      socket.resetAndDestroy();
      break;
    case "close":
      socket.destroy();
      break;
    case "hang":
      await Promise.race([
        call.world.settings.sleep?.(call.delaySeconds * 1000) ?? forever,
        new Promise((gone) => socket.once("close", gone)),
      ]);
      socket.destroy();
      break;
    case "reset": {
      const body = bytesOf(outcome.partial);
      const headers = { ...outcome.partial?.headers, "content-length": String(body.length) };
      bindings.outgoing.writeHead(outcome.partial?.status ?? 200, headers);
      await new Promise((written) => bindings.outgoing.write(half(body), written));
      socket.resetAndDestroy();
    }
  }
  return RESPONSE_ALREADY_SENT;
}

const forever = new Promise<never>(() => undefined);

/** What `fetch` rejects with: a TypeError whose cause carries the code. */
function failure(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

function cutStream(answer: Answer | undefined): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull: (controller) => {
      if (isSent) {
        const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
        controller.error(new TypeError("terminated", { cause }));
      } else controller.enqueue(half(bytesOf(answer)));
      isSent = true;
    },
  });
}

function bytesOf(answer: Answer | undefined): Buffer {
  // A body of nothing could not be cut in half.
  const body = answer?.body.length ? answer.body : "  ";
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.max(1, Math.floor(body.length / 2)));
}
