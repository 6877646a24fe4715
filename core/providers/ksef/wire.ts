import * as z from "zod";

/** KSeF's own names (API 2.6), as far as they are read here. What is not listed is ignored. */

const TokenInfo = z.object({ token: z.string(), validUntil: z.string() });

export const Challenge = z.object({ challenge: z.string(), timestampMs: z.int() });

export const AuthenticationStarted = z.object({
  referenceNumber: z.string(),
  authenticationToken: TokenInfo,
});

const Status = z.object({
  code: z.int(),
  description: z.string(),
  details: z.array(z.string()).nullish(),
});
export type Status = z.output<typeof Status>;

export const AuthenticationState = z.object({ status: Status });

export const Tokens = z.object({ accessToken: TokenInfo, refreshToken: TokenInfo });
export const Refreshed = z.object({ accessToken: TokenInfo });

export const PublicKeys = z.array(
  z.object({
    certificate: z.string(),
    publicKeyId: z.string(),
    validFrom: z.string(),
    validTo: z.string(),
    usage: z.array(z.string()),
  }),
);

/** What a public key is for. */
export type KeyUsage = "KsefTokenEncryption" | "SymmetricKeyEncryption";

export const Reference = z.object({ referenceNumber: z.string() });

export const SentInvoice = z.object({
  referenceNumber: z.string(),
  invoiceHash: z.string(),
  ksefNumber: z.string().nullish(),
  acquisitionDate: z.string().nullish(),
  status: Status.extend({
    extensions: z
      .object({
        originalKsefNumber: z.string().nullish(),
        originalSessionReferenceNumber: z.string().nullish(),
      })
      .nullish(),
  }),
});
export type SentInvoice = z.output<typeof SentInvoice>;

export const SessionInvoices = z.object({
  continuationToken: z.string().nullish(),
  invoices: z.array(SentInvoice),
});

/** The body of a refusal, in both forms and for limits. */
export const Complaint = z.object({
  exception: z.object({
    exceptionDetailList: z.array(
      z.object({
        exceptionCode: z.int(),
        exceptionDescription: z.string(),
        details: z.array(z.string()).nullish(),
      }),
    ),
  }),
});
export const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().nullish(),
  status: z.union([z.number(), Status]).optional(),
});

/** What KSeF says, on one line: `440 Duplikat faktury: …`. */
export const wordsOf = ({ code, description, details }: Status): string =>
  [`${code} ${description}`, ...(details ?? [])].join(": ");
