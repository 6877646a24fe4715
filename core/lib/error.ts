/** What went wrong, in domain words. Which HTTP status that is, only functions/api knows. */
export type ErrorKind =
  | "malformed" // the request cannot be read or has the wrong shape
  | "invalid" // readable, but refused by a business rule or the object's state
  | "unauthenticated"
  | "payment_required"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "gone" // was there, and can no longer be brought back
  | "too_large"
  | "rate_limited"
  | "upstream" // the authority or another outside host failed
  | "unavailable"; // we are too busy right now; nothing was changed

export interface ErrorDetails {
  /** A documented string code (`PLAN_LIMIT`, `DUPLICATE_CIF`, …); without it the body's code is the HTTP number. */
  code?: string;
  /** Input path → what is wrong there. */
  errors?: Record<string, string> | readonly unknown[];
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number;
  /** Extra keys the contract puts beside `error` and `message`. */
  extra?: Record<string, unknown>;
}

/** A refusal the caller is meant to read. Anything else that is thrown is our fault and never shown. */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = "DomainError";
    this.kind = kind;
    this.details = details;
  }
}

/** The one answer for an object that is absent or belongs to somebody else (DECISIONS 1): they must look the same. */
export const notFound = (what: string): DomainError => new DomainError("not_found", `${what} not found.`);

/** A value refused by shape or type: names each field by its path. */
export const malformed = (errors: Record<string, string>): DomainError =>
  new DomainError(
    "malformed",
    Object.entries(errors).map(([path, text]) => `${path}: ${text}`)[0] ?? "Invalid input.",
    {
      errors,
    },
  );

/** A readable value or state refused by a business rule. */
export const refused = (message: string, errors?: Record<string, string>): DomainError =>
  new DomainError("invalid", message, errors ? { errors } : {});
