import { X509Certificate, createHash, sign, verify } from "node:crypto";
import { canonicalize } from "./canonical.ts";
import { rootCertificate, testSigner } from "./certificates.ts";
import type { Signer } from "./certificates.ts";
import { keyPair } from "./keys.ts";

/**
 * The ministry's seal (ANAF.md §7, SIMULATOR.md §5.6): in production a detached XML signature over the raw bytes,
 * in the test environment the document itself with an enveloped signature.
 */
const xmldsig = "http://www.w3.org/2000/09/xmldsig#";

/** A `Signature` document whose DigestValue is the SHA-256 of the file's raw bytes. */
export function detachedSeal(file: Uint8Array, fileName: string, signer: Signer): string {
  const digest = createHash("sha256").update(file).digest("base64");
  const reference = `<Reference URI="${fileName}">${digestElements(digest)}</Reference>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${signature(reference, signer)}`;
}

/** The document with the signature as the last child of its root; the digest is over the canonical document. */
export function envelopedSeal(xml: string, signer: Signer): string {
  const digest = createHash("sha256").update(canonicalize(xml)).digest("base64");
  const transforms = `<Transforms><Transform Algorithm="${xmldsig}enveloped-signature"></Transform></Transforms>`;
  const reference = `<Reference URI="">${transforms}${digestElements(digest)}</Reference>`;
  const open = xml.replace(/<([^\s/>!?]+)([^<>]*)\/>\s*$/, "<$1$2></$1>");
  const end = open.lastIndexOf("</");
  return open.slice(0, end) + signature(reference, signer) + open.slice(end);
}

/** Line breaks between the signature's elements, added after signing: the RSA check over them then fails. */
export function reindent(seal: string): string {
  return seal.replace(/<Signature[\s\S]*<\/Signature>/, (block) => block.replace(/></g, ">\n  <"));
}

export type SealVerdict = "valid" | "digest_mismatch" | "bad_signature" | "unknown_signer";

/** What ANAF's own checker would find: digest, then signature, then the chain up to a known certificate. */
export function verifySeal(file: Uint8Array, seal: string): SealVerdict {
  const block = /<Signature[\s>][\s\S]*<\/Signature>/.exec(seal)?.[0] ?? "";
  const part = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(block)?.[1] ?? "";
  const enveloped = block.includes("#enveloped-signature");
  const digested = enveloped ? canonicalize(Buffer.from(file).toString("utf8")) : file;
  const digest = createHash("sha256").update(digested).digest("base64");
  if (digest !== part("DigestValue")) return "digest_mismatch";

  const certificates = [...block.matchAll(/<X509Certificate>([^<]*)<\/X509Certificate>/g)].flatMap(
    ([, text]) => readCertificate(text ?? ""),
  );
  const [leaf] = certificates;
  const signedInfo = /<SignedInfo[\s>][\s\S]*<\/SignedInfo>/.exec(block)?.[0] ?? "";
  const signed = canonicalize(signedInfo.replace(/^<SignedInfo>/, `<SignedInfo xmlns="${xmldsig}">`));
  const value = Buffer.from(part("SignatureValue"), "base64");
  if (!leaf || !verify("sha256", Buffer.from(signed), leaf.publicKey, value)) return "bad_signature";
  return isTrusted(certificates) ? "valid" : "unknown_signer";
}

function isTrusted(chain: X509Certificate[]): boolean {
  const anchors = [rootCertificate(), ...testSigner().chain].map((bytes) => new X509Certificate(bytes));
  const linked = chain.every((certificate, n) => {
    const issuer = chain[n + 1];
    return !issuer || (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
  const top = chain.at(-1);
  const known = (anchor: X509Certificate): boolean =>
    top?.fingerprint256 === anchor.fingerprint256 ||
    (top?.checkIssued(anchor) === true && top.verify(anchor.publicKey));
  return linked && anchors.some(known);
}

function readCertificate(base64: string): X509Certificate[] {
  try {
    return [new X509Certificate(Buffer.from(base64, "base64"))];
  } catch {
    return [];
  }
}

function digestElements(digest: string): string {
  const method = `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>`;
  return `${method}<DigestValue>${digest}</DigestValue>`;
}

/** Written in canonical form already: what is signed and what stands in the file differ only by the namespace. */
function signature(reference: string, signer: Signer): string {
  const info =
    `<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>${reference}`;
  const canonical = `<SignedInfo xmlns="${xmldsig}">${info}</SignedInfo>`;
  const value = sign("sha256", Buffer.from(canonical), keyPair(signer.key).privateKey).toString("base64");
  const chain = signer.chain
    .map((certificate) => `<X509Certificate>${certificate.toString("base64")}</X509Certificate>`)
    .join("");
  return (
    `<Signature xmlns="${xmldsig}"><SignedInfo>${info}</SignedInfo><SignatureValue>${value}</SignatureValue>` +
    `<KeyInfo><X509Data>${chain}</X509Data></KeyInfo></Signature>`
  );
}
