import type { Finding } from "#core/model/finding.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";

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
  | {
      readonly result: "wait";
      readonly reason: WaitReason;
      readonly message: string;
      /** When the network says itself how long (`Retry-After`). */
      readonly retryAfterSeconds?: number;
    }
);

/** What ANAF says about a file it has. */
export type StatusOutcome = { readonly raw: string } & (
  | { readonly result: "processing" }
  | { readonly result: "accepted" | "rejected"; readonly downloadId: string }
  /** Taken in but unreadable: final, and there is nothing to download. */
  | { readonly result: "unreadable"; readonly message: string }
  /** The question failed, not the document. */
  | { readonly result: "wait"; readonly reason: WaitReason | "passing"; readonly message: string }
);

/*
 * Networks other than ANAF. ANAF has its own ledger (core/einvoicing), because its mailbox, lists and seals are its
 * own; everybody else is a Network: a writer, and a transport where the country offers one to programs. A network
 * knows formats and wires and nothing of rows, queues or files: core/einvoicing/networks drives it.
 */

/** Every network but ANAF. */
export type NetworkName = Exclude<ProviderName, "anaf">;

export const isNetwork = (name: ProviderName): name is NetworkName => name !== "anaf";

/** What a company configured for a network (`config` of einvoice-config), by the contract's keys. Holds secrets. */
export type ConfigValues = Readonly<Record<string, string>>;

/** What a writer may want to know beyond the document. */
export interface WriteContext {
  /** The configuration; empty when there is none. For identifiers (`nip`, `siret`), never to put a secret into a file. */
  readonly values: ConfigValues;
  /**
   * Counts this company's documents for this network from 1, unused numbers included, and never gives one twice: what
   * file names that must be unique for ever are made of. A repeated `write` of one submission gets the same number.
   */
  readonly sequence: number;
  /** The number the network gave to the document that this one corrects; null when it knows none. */
  readonly correctedId: string | null;
}

/** A document in a network's own format. */
export interface NetworkDocument {
  /** The name it travels under, with its extension. */
  readonly fileName: string;
  readonly contentType: string;
  /** The same document and context always give the same bytes: no clock, no random. */
  readonly bytes: Uint8Array;
}

/**
 * What writing came to: the document, or why the country's rules forbid it. Findings name the API's field in `path`
 * (`buyerReference`, `lines[0].vatRate`, `client.email`, `company.phone`) whenever one can mend it. Any fatal finding
 * means that nothing is stored and nothing is sent; warnings may come beside the document.
 */
export interface Written {
  readonly document?: NetworkDocument;
  readonly findings: readonly Finding[];
}

/** A file the network gave us as proof (UPO, RicevutaConsegna, compte rendu): kept for good under its hash. */
export interface Receipt {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What the network says about a document it was sent. `raw` is the beginning of the answer, kept as evidence. */
export type NetworkStatus = { readonly raw: string } &
  /** Not decided. `note` says in English where it is, for people. `pollAfterSeconds` overrides the growing pauses. */
  (
    | {
        readonly result: "processing";
        readonly note?: string;
        readonly pollAfterSeconds?: number;
        readonly receipts?: readonly Receipt[];
      }
    /** Final. `officialId`: the number the network gave to the document, null when it gives none. */
    | {
        readonly result: "accepted";
        readonly officialId: string | null;
        readonly note?: string;
        readonly receipts?: readonly Receipt[];
      }
    /** Final. The texts are the network's, word by word, with its codes. */
    | {
        readonly result: "rejected";
        readonly errors: readonly string[];
        readonly receipts?: readonly Receipt[];
      }
    /** The question failed, not the document; it is asked again. */
    | {
        readonly result: "wait";
        readonly reason: WaitReason | "passing";
        readonly message: string;
        readonly retryAfterSeconds?: number;
      }
  );

/** What a look for a document whose answer was lost found. `absent` only when the network was seen not to have it. */
export type Found =
  | { readonly result: "found"; readonly externalId: string }
  | { readonly result: "absent" }
  | { readonly result: "unclear"; readonly raw: string };

/** A document on its way: what is stored of it, beside what the transport itself remembered. */
export interface Parcel extends NetworkDocument {
  /** Of the bytes, lower-case hex. */
  readonly sha256: string;
  /** The invoice's own number. */
  readonly number: string;
  /** What `remember` was last told for this document, empty at first. */
  readonly memo: Readonly<Record<string, string>>;
  /**
   * Stores what must survive a crash, before the step that needs it: the reference of a session, say, by which
   * `find` can look later. Replaces the memo as a whole. At most a few short texts; no secrets.
   */
  readonly remember: (memo: Readonly<Record<string, string>>) => Promise<void>;
}

/**
 * The way to a network with one company's credentials. Nothing here throws for what the network or the line does:
 * that is an outcome. A call is given up after at most 60 seconds in all. Tokens are kept in memory at most.
 */
export interface Transport {
  /**
   * Hands the bytes over, once. `wait` only when it certainly had no effect, `unknown` whenever the network may have
   * it: an answer lost, cut short or not understood after the bytes left. With a `find` it says when, at the
   * earliest, an absent document may be sent again; without one the same bytes under the same name are sent again
   * then, so leave `find` out only when the network itself recognises a second copy.
   */
  send(parcel: Parcel): Promise<SubmitOutcome>;
  /** Looks for a document whose answer was lost. */
  readonly find?: (parcel: Parcel) => Promise<Found>;
  /**
   * Asks what became of a document by the id that `send` gave; empty when a notice told of it before `send` could.
   * Absent: the network calls us and is not asked, see `readNotice`.
   */
  readonly status?: (externalId: string, parcel: Parcel) => Promise<NetworkStatus>;
  /** Tries the credentials without any effect; `error` says in English what to mend, null on success. */
  test(): Promise<{ readonly success: boolean; readonly error: string | null }>;
}

/** What a network that calls its senders tells about a document. */
export interface Notice {
  /** The name the document travelled under: what it is found by, also before the answer to its sending came. */
  readonly fileName: string;
  /** The network's id of it, when the notice says it. */
  readonly externalId: string | null;
  readonly status: NetworkStatus;
}

/**
 * A country's network by its capabilities. One file `core/providers/<name>/network.ts` exports it under its name;
 * core/providers/index.ts loads that file when first needed, so it may import what it likes.
 */
export interface Network {
  readonly name: NetworkName;
  /** Writes the document of an issued invoice or credit note. Throws for nothing an invoice can contain. */
  write(document: IssuableDocument, context: WriteContext): Promise<Written>;
  /** The way there; undefined when these values are not enough to send anything with. Makes no call. */
  transport(values: ConfigValues): Transport | undefined;
  /** Why nothing can be transmitted without configuration, or at all: one English sentence for people. */
  readonly withoutTransport: string;
  /** For networks that call us: reads the body of such a call. Undefined when it is none of theirs. */
  readonly readNotice?: (body: Uint8Array, contentType: string) => Notice | undefined;
}
