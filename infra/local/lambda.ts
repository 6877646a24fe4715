import type { LocalFunction } from "./sst.ts";

type Handler = (event: unknown, context: object) => unknown;

/**
 * Calls a function of stacks/ as Lambda does: its exported handler, the event, a context, and the declared timeout.
 * Rejects with what the handler threw, or when time is up; work begun by a function that timed out is not stopped.
 */
export async function invoke(fn: LocalFunction, event: unknown): Promise<unknown> {
  const handler = await load(fn.handler);
  const endsMs = Date.now() + fn.timeoutMs;
  const context = {
    functionName: fn.name,
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => endsMs - Date.now(),
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${fn.name} timed out after ${fn.timeoutMs / 1000} s`)),
      fn.timeoutMs,
    );
  });
  try {
    return await Promise.race([Promise.resolve(handler(event, context)), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** "functions/api/index.handler" → that export, as SST and Lambda read it. */
async function load(handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf(".");
  const file = new URL(`../../${handler.slice(0, dot)}.ts`, import.meta.url);
  const module = (await import(/* @vite-ignore */ file.href)) as Record<string, Handler | undefined>;
  const exported = module[handler.slice(dot + 1)];
  if (!exported) throw new Error(`${file.pathname} does not export ${handler.slice(dot + 1)}.`);
  return exported;
}
