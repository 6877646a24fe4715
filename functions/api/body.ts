import type { Context } from "hono";
import type * as z from "zod";
import { DomainError, malformed } from "#core/lib/error.ts";

/** JSON bodies may have 1 MB, XML and uploads 4 MB (DECISIONS 28). */
const largestJsonBytes = 1_000_000;
const largestFileBytes = 4_000_000;
/** Far deeper than anything documented. */
const deepestLevel = 100;

/** The request's JSON body, checked. No body counts as `{}`: many clients send none with an action. */
export async function body<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  return parsed(schema, await json(c));
}

/** The request's query parameters, checked. */
export const query = <S extends z.ZodType>(c: Context, schema: S): z.output<S> =>
  parsed(schema, c.req.query());

/** A file sent as the body or as the first part of a form. Throws `too_large` over 4 MB. */
export async function file(c: Context): Promise<Uint8Array> {
  if (!c.req.header("content-type")?.startsWith("multipart/form-data"))
    return limited(new Uint8Array(await c.req.arrayBuffer()), largestFileBytes);
  const part = Object.values(await formFields(c)).find((value) => value instanceof File);
  if (!part) throw malformed({ file: "is missing" });
  return bytesOf(part);
}

/** The bytes of a form's file. Throws `too_large` over 4 MB. */
export const bytesOf = async (part: File): Promise<Uint8Array> =>
  limited(new Uint8Array(await part.arrayBuffer()), largestFileBytes);

/** The fields of a form; none when the body is something else. Throws `malformed` when it cannot be read. */
export async function formFields(c: Context): Promise<Record<string, string | File>> {
  try {
    return await c.req.parseBody();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DomainError("malformed", "The body is not a form that can be read.");
  }
}

/** The raw JSON body; `{}` when there is none. */
export async function json(c: Context): Promise<unknown> {
  const text = await c.req.text();
  limited(Buffer.from(text), largestJsonBytes);
  if (text.trim() === "") return {};
  const sent = parsedJson(text);
  assertStorable(sent);
  return sent;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DomainError("malformed", `The body is not valid JSON: ${(error as Error).message}`);
  }
}

/** Refuses what JSON can say and nothing can keep: nesting without end, and halves of characters (`"\ud800"`). */
function assertStorable(sent: unknown): void {
  let level = [sent];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestLevel)
      throw malformed({ body: `must not be nested deeper than ${deepestLevel} levels` });
    if (level.some((value) => typeof value === "string" && !value.isWellFormed()))
      throw malformed({ body: "has a text with half a character (an unpaired surrogate)" });
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
}

function limited(bytes: Uint8Array, largest: number): Uint8Array {
  if (bytes.length > largest)
    throw new DomainError("too_large", `The body has ${bytes.length} bytes; at most ${largest} are taken.`);
  return bytes;
}

function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors: Record<string, string> = {};
  for (const { path, message } of result.error.issues) errors[pathText(path) || "body"] ??= message;
  throw malformed(errors);
}

/** `["lines", 0, "quantity"]` → `lines[0].quantity`. */
const pathText = (keys: readonly PropertyKey[]): string =>
  keys
    .map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`))
    .join("");
