import { HEADER_FIELDS, HEADER_FLAGS, type HeaderFields } from "./invoice-input.ts";

/** The header fields of a document and nothing else of it. */
export function headerOf(source: HeaderFields): HeaderFields {
  return Object.fromEntries(HEADER_FIELDS.map((field) => [field, source[field]])) as HeaderFields;
}

/** What a new document has before its author says anything. */
export function newHeader(always: Pick<HeaderFields, "issueDate" | "currency">): HeaderFields {
  const empty = HEADER_FIELDS.map((field) => [field, HEADER_FLAGS.has(field) ? false : null]);
  return { ...(Object.fromEntries(empty) as HeaderFields), language: "ro", ...always };
}

/** Header fields as a client writes them: absent keeps, null clears. */
export type HeaderChanges = { [Field in keyof HeaderFields]?: HeaderFields[Field] | null | undefined };

/**
 * A header after a client's changes. Only fields present in the body change; null clears, which for a flag means false
 * and for what every document has (issue date, currency, language) means keeping it.
 */
export function withHeader(current: HeaderFields, body: HeaderChanges): HeaderFields {
  const changed: Record<string, unknown> = { ...current };
  for (const field of HEADER_FIELDS) {
    const value = body[field];
    if (value === undefined) continue;
    if (value !== null) changed[field] = value;
    else if (HEADER_FLAGS.has(field)) changed[field] = false;
    else if (!ALWAYS.has(field)) changed[field] = null;
  }
  return changed as HeaderFields;
}

const ALWAYS: ReadonlySet<string> = new Set(["issueDate", "currency", "language"]);
