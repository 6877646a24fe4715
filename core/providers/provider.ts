/** The e-invoice networks this product knows by name. Only those in index.ts can be submitted to. */
export const PROVIDERS = ["anaf", "xrechnung", "sdi", "ksef", "facturx"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** A document as it will leave: these bytes and no others, whatever happens on the way. */
export interface OutgoingFile {
  readonly bytes: Uint8Array;
  /** Lower-case hex; what a lost hand-over is recognised by later. */
  readonly sha256: string;
  /** The network's own way for this kind of document, as chosen once and kept with the attempt. */
  readonly route: Readonly<Record<string, string>>;
}

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

/** One e-invoice network: translation and HTTP. Never touches the table, never decides what happens next. */
export interface Provider<Connection> {
  readonly name: ProviderName;
  readonly label: string;
  /** ISO 3166-1. */
  readonly country: string;
  submit(file: OutgoingFile, connection: Connection): Promise<SubmitOutcome>;
  status(externalId: string, connection: Connection): Promise<StatusOutcome>;
}
