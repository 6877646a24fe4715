import { DomainError } from "#core/lib/error.ts";

/** A public service must answer within this; a form waits for it. */
const patienceMs = 8_000;

/** What a service answered: status and text, whatever the content type says. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks a public service over HTTP. Throws `unavailable` naming the service when it cannot be reached or has not
 * answered in eight seconds, headers and body together.
 */
export async function ask(service: string, url: string, options: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(patienceMs) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const late = (error as Error).name === "TimeoutError";
    throw outOfService(service, late ? "did not answer in time" : "cannot be reached");
  }
}

/** The refusal for a service that cannot help now. Trying again later, or typing the data in, is the way on. */
export const outOfService = (service: string, reason: string): DomainError =>
  new DomainError("unavailable", `${service} ${reason}. Try again later, or enter the data by hand.`, {
    retryAfterSeconds: 30,
  });

/** The answer's JSON, or undefined when it is none: these services answer HTML when they are unwell. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    return undefined;
  }
}
