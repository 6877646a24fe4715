import { createHash, sign } from "node:crypto";
import * as der from "./der.ts";
import { keyPair } from "./keys.ts";
import type { KeyName } from "./keys.ts";

/**
 * The certificates behind the seal (SIMULATOR.md §5.6). Production: root → "Sim Qualified CA" → "Sim Ministerul
 * Finantelor", a new signer each year and at every rotation. Test: one self-signed certificate, as ANAF's.
 */
export interface Signer {
  key: KeyName;
  /** Signer first, root last; DER. */
  chain: Buffer[];
}

interface Subject {
  country?: string;
  organization: string;
  name: string;
}

interface CertificateRequest {
  serial: string;
  subject: Subject;
  subjectKey: KeyName;
  issuer: Subject;
  issuerKey: KeyName;
  from: number;
  until: number;
  authority: boolean;
}

const root: Subject = { country: "RO", organization: "Simulator", name: "Sim Root CA" };
const intermediate: Subject = { country: "RO", organization: "Simulator", name: "Sim Qualified CA" };
/** The real signer is a named official of the ministry under policy 0.4.0.194112.1.2 (ANAF.md §7). */
const ministry: Subject = {
  country: "RO",
  organization: "Ministerul Finantelor Publice",
  name: "Sim Ministerul Finantelor",
};
const foreignRoot: Subject = { country: "RO", organization: "Other Simulator", name: "Other Root CA" };
/** Subject and validity of ANAF's own test certificate (ANAF.md §7). */
const anafTest: Subject = { organization: "ANAF-TEST", name: "ANAF TEST" };

const signerKeys: KeyName[] = ["signer-0", "signer-1", "signer-2"];

const issued = new Map<string, Buffer>();

/** The production signer at an instant, after `rotations` extra changes of certificate within the year. */
export function productionSigner(instant: number, rotations: number): Signer {
  const year = new Date(instant).getUTCFullYear();
  const key = signerKeys[(year + rotations) % signerKeys.length] ?? "signer-0";
  return {
    key,
    chain: [ministryCertificate(year, rotations, key), intermediateCertificate(), rootCertificate()],
  };
}

/** A signer under a root that nobody was told about: the fault seal.rotated. */
export function foreignSigner(): Signer {
  const from = Date.UTC(2024, 0, 1);
  const until = Date.UTC(2044, 0, 1);
  const issuer = { issuer: foreignRoot, issuerKey: "foreign-root" as const, from, until };
  const authority = { ...issuer, serial: "21", subject: foreignRoot, subjectKey: "foreign-root" as const };
  const leaf = { ...issuer, serial: "22", subject: ministry, subjectKey: "foreign-signer" as const };
  return {
    key: "foreign-signer",
    chain: [certificate({ ...leaf, authority: false }), certificate({ ...authority, authority: true })],
  };
}

export function testSigner(): Signer {
  const self = certificate({
    serial: "01",
    subject: anafTest,
    subjectKey: "test",
    issuer: anafTest,
    issuerKey: "test",
    from: Date.UTC(2021, 3, 14),
    until: Date.UTC(2031, 3, 12),
    authority: false,
  });
  return { key: "test", chain: [self] };
}

/** The root a verifier of production seals has to trust. */
export function rootCertificate(): Buffer {
  return certificate({
    serial: "01",
    subject: root,
    subjectKey: "root",
    issuer: root,
    issuerKey: "root",
    from: Date.UTC(2016, 0, 1),
    until: Date.UTC(2046, 0, 1),
    authority: true,
  });
}

function intermediateCertificate(): Buffer {
  return certificate({
    serial: "02",
    subject: intermediate,
    subjectKey: "intermediate",
    issuer: root,
    issuerKey: "root",
    from: Date.UTC(2017, 0, 1),
    until: Date.UTC(2045, 0, 1),
    authority: true,
  });
}

function ministryCertificate(year: number, rotations: number, key: KeyName): Buffer {
  return certificate({
    serial: signerSerial(year, rotations),
    subject: ministry,
    subjectKey: key,
    issuer: intermediate,
    issuerKey: "intermediate",
    // A month of overlap on both sides, as between the known real certificates (ANAF.md §7).
    from: Date.UTC(year - 1, 11, 1),
    until: Date.UTC(year + 1, 1, 1),
    authority: false,
  });
}

/** The serial number of a production signer, upper-case hexadecimal. */
export function signerSerial(year: number, rotations: number): string {
  const digest = createHash("sha256").update(`signer ${year} ${rotations}`).digest("hex");
  return `4${digest.slice(0, 31)}`.toUpperCase();
}

export function pem(certificateBytes: Buffer): string {
  const lines = certificateBytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const sha256WithRsa = der.sequence(der.objectId("1.2.840.113549.1.1.11"), der.nothing());

function certificate(request: CertificateRequest): Buffer {
  const cacheKey = `${request.serial}|${request.subjectKey}`;
  const known = issued.get(cacheKey);
  if (known) return known;
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer("02")),
    der.integer(request.serial),
    sha256WithRsa,
    distinguishedName(request.issuer),
    der.sequence(der.time(request.from), der.time(request.until)),
    distinguishedName(request.subject),
    keyPair(request.subjectKey).publicKey.export({ type: "spki", format: "der" }),
    der.tagged(3, der.sequence(...extensions(request))),
  );
  const signature = sign("sha256", toBeSigned, keyPair(request.issuerKey).privateKey);
  const made = der.sequence(toBeSigned, sha256WithRsa, der.bitString(signature));
  issued.set(cacheKey, made);
  return made;
}

function distinguishedName(subject: Subject): Buffer {
  return der.sequence(
    ...(subject.country ? [part("2.5.4.6", der.printable(subject.country))] : []),
    part("2.5.4.10", der.utf8(subject.organization)),
    part("2.5.4.3", der.utf8(subject.name)),
  );
}

function part(oid: string, value: Buffer): Buffer {
  return der.set(der.sequence(der.objectId(oid), value));
}

function extensions(request: CertificateRequest): Buffer[] {
  // keyCertSign + cRLSign for authorities, digitalSignature + nonRepudiation for signers (RFC 5280 §4.2.1.3).
  const usage = request.authority ? der.bitString(Buffer.of(0x06), 1) : der.bitString(Buffer.of(0xc0), 6);
  const basic = request.authority ? der.sequence(der.boolean(true)) : der.sequence();
  const policies = der.sequence(der.sequence(der.objectId("0.4.0.194112.1.2")));
  return [
    extension("2.5.29.19", true, basic),
    extension("2.5.29.15", true, usage),
    ...(request.authority ? [] : [extension("2.5.29.32", false, policies)]),
  ];
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.objectId(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}
