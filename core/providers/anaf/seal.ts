import { createHash, verify, X509Certificate } from "node:crypto";
import { attribute, descend, parseXml, root, text, type XmlDocument } from "#core/lib/xml/index.ts";
import { canonical } from "./canonical.ts";

/**
 * What a check of ANAF's seal found. `unknown_signer` means: intact and signed, by a certificate that does not lead to
 * one we trust; the ministry changes certificates about every two years, so that is not a forgery.
 */
export type SealVerdict = "valid" | "digest_mismatch" | "bad_signature" | "unknown_signer" | "no_signature";

export interface SealReport {
  readonly verdict: SealVerdict;
  /** The signer's certificate, when there is one that can be read. */
  readonly signer: {
    readonly subject: string;
    readonly issuer: string;
    readonly serialNumber: string;
    readonly validFrom: string;
    readonly validUntil: string;
    /** SHA-256. */
    readonly fingerprint: string;
  } | null;
  readonly algorithm: string | null;
  readonly format: "detached" | "enveloped" | null;
  readonly integrityValid: boolean;
  readonly chainValid: boolean;
  /** Whether the certificate was valid at the instant the seal is judged at. */
  readonly inTime: boolean;
}

/** What is trusted, as data: PEM certificates of the ministry's signers or of the authorities that issue them. */
export type TrustedCertificates = readonly X509Certificate[];

/** The certificates of a PEM text, in order. Throws when one of them cannot be read. */
export const readCertificates = (pem: string): TrustedCertificates =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

/**
 * Checks the seal of a downloaded document: the digest of the document as it came, the RSA signature over SignedInfo,
 * and the certificate's chain to a trusted one, judged at the instant of sealing. In ANAF's production the signature
 * is a document of its own over the raw bytes, in its test environment it envelops the document (ANAF.md §7).
 */
export function verifySeal(
  file: Uint8Array,
  signature: Uint8Array | undefined,
  trusted: TrustedCertificates,
  sealedAt: string,
): SealReport {
  const seal = signature && readSeal(signature);
  if (!seal) return { ...nothing, verdict: "no_signature" };
  const { certificates } = seal;
  const leaf = certificates[0];
  const integrityValid = digestOf(file, seal) === seal.digest;
  const signatureValid = leaf !== undefined && isSigned(seal, leaf);
  const inTime =
    leaf !== undefined && leaf.validFromDate <= new Date(sealedAt) && new Date(sealedAt) <= leaf.validToDate;
  const chainValid = inTime && leadsTo(certificates, trusted);
  return {
    verdict: verdictOf(integrityValid, signatureValid, chainValid),
    signer: leaf ? describe(leaf) : null,
    algorithm: seal.algorithm,
    format: seal.isEnveloped ? "enveloped" : "detached",
    integrityValid,
    chainValid,
    inTime,
  };
}

const nothing = {
  signer: null,
  algorithm: null,
  format: null,
  integrityValid: false,
  chainValid: false,
  inTime: false,
} as const;

function verdictOf(integrity: boolean, signature: boolean, chain: boolean): SealVerdict {
  if (!integrity) return "digest_mismatch";
  if (!signature) return "bad_signature";
  return chain ? "valid" : "unknown_signer";
}

interface Seal {
  readonly xml: string;
  readonly isEnveloped: boolean;
  readonly algorithm: string;
  readonly digest: string;
  readonly value: Buffer;
  readonly exclusive: boolean;
  readonly certificates: readonly X509Certificate[];
}

function readSeal(signature: Uint8Array): Seal | undefined {
  let doc: XmlDocument;
  try {
    doc = parseXml(signature);
  } catch {
    return undefined;
  }
  const top = root(doc);
  // A second SignedInfo could be the one that is signed while another is believed.
  if (
    (
      Buffer.from(signature)
        .toString("utf8")
        .match(/<(\w+:)?SignedInfo[\s>]/g) ?? []
    ).length !== 1
  )
    return undefined;
  const isRoot = doc.names.local(doc.name[top]!) === "Signature";
  const node = isRoot ? top : descend(doc, top, "Signature");
  const info = descend(doc, node, "SignedInfo");
  const digest = text(doc, descend(doc, info, "Reference", "DigestValue"));
  const value = text(doc, descend(doc, node, "SignatureValue"));
  if (digest === undefined || value === undefined) return undefined;
  const method = attribute(doc, descend(doc, info, "CanonicalizationMethod"), "Algorithm") ?? "";
  return {
    xml: Buffer.from(signature).toString("utf8"),
    isEnveloped: !isRoot,
    algorithm: attribute(doc, descend(doc, info, "SignatureMethod"), "Algorithm") ?? "",
    digest: digest.replaceAll(/\s/g, ""),
    value: Buffer.from(value, "base64"),
    exclusive: method.includes("xml-exc-c14n"),
    certificates: certificatesOf(Buffer.from(signature).toString("utf8")),
  };
}

const certificatesOf = (xml: string): X509Certificate[] =>
  [...xml.matchAll(/<(?:\w+:)?X509Certificate>([^<]*)</g)].flatMap(([, base64]) => {
    try {
      return [new X509Certificate(Buffer.from(base64!, "base64"))];
    } catch {
      return [];
    }
  });

/** Over the raw bytes when detached; over the canonical document when the signature stands in a copy of it. */
function digestOf(file: Uint8Array, seal: Seal): string {
  const digested = seal.isEnveloped ? canonical(Buffer.from(file).toString("utf8")) : file;
  return createHash("sha256").update(digested).digest("base64");
}

/** rsa-sha256 is the only method ANAF has been seen to use; anything else is not taken on trust. */
function isSigned({ xml, exclusive, value, algorithm }: Seal, certificate: X509Certificate): boolean {
  if (!algorithm.endsWith("#rsa-sha256")) return false;
  const info = canonical(xml, { only: "SignedInfo", exclusive });
  return verify("sha256", Buffer.from(info), certificate.publicKey, value);
}

/** Whether the certificates, each issued by the next, end in a trusted one or in one that a trusted one issued. */
function leadsTo(certificates: readonly X509Certificate[], trusted: TrustedCertificates): boolean {
  for (const [at, certificate] of certificates.entries()) {
    if (trusted.some((known) => known.fingerprint256 === certificate.fingerprint256)) return true;
    if (trusted.some((known) => isIssuer(known, certificate))) return true;
    const next = certificates[at + 1];
    if (!next || !isIssuer(next, certificate)) return false;
  }
  return false;
}

const isIssuer = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const describe = (certificate: X509Certificate) => ({
  subject: certificate.subject.replaceAll("\n", ", "),
  issuer: certificate.issuer.replaceAll("\n", ", "),
  serialNumber: certificate.serialNumber,
  validFrom: certificate.validFromDate.toISOString(),
  validUntil: certificate.validToDate.toISOString(),
  fingerprint: certificate.fingerprint256,
});
