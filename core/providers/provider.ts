/** The e-invoice networks by their public names. */
export const PROVIDERS = ["anaf", "xrechnung", "sdi", "ksef", "facturx"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Why a hand-over that certainly had no effect has to wait. */
export type WaitReason =
  | "not_sent" // the connection never opened
  | "reconnect" // the authority no longer takes our token
  | "forbidden" // the gateway refuses the application: path, service or block
  | "no_right" // the holder has no right for this company
  | "rate_minute"
  | "rate_day";

/** What became of handing a file over. `raw` is the beginning of the answer, kept as evidence. */
export type SubmitOutcome = { readonly raw: string } & (
  | { readonly result: "sent"; readonly externalId: string }
  /** It may have arrived or not. Look for it before sending again, and never sooner than told. */
  | { readonly result: "unknown"; readonly resendAfterSeconds: number }
  /** Read and turned down: the document must change. */
  | { readonly result: "refused"; readonly errors: readonly string[]; readonly duplicateOf?: string }
  | { readonly result: "wait"; readonly reason: WaitReason; readonly message: string }
);

/** What the network says about a file it has. */
export type StatusOutcome = { readonly raw: string } & (
  | { readonly result: "processing" }
  | { readonly result: "accepted" | "rejected"; readonly downloadId: string }
  /** Taken in but unreadable: final, and there is nothing to download. */
  | { readonly result: "unreadable"; readonly message: string }
  /** The question failed, not the document. */
  | { readonly result: "wait"; readonly reason: WaitReason | "passing"; readonly message: string }
);
