import { describe, expect, it } from "vitest";
import { readCertificates, verifySeal } from "#core/providers/anaf/seal.ts";
import {
  foreignSigner,
  pem,
  productionSigner,
  rootCertificate,
  testSigner,
} from "#infra/local/anaf/certificates.ts";
import { detachedSeal, envelopedSeal, reindent } from "#infra/local/anaf/seal.ts";

const file = Buffer.from(
  `<?xml version="1.0"?>\n<Invoice xmlns="urn:x" b="2" a='1'><!-- n --><ID>ȘT 1 &amp; 2</ID><Empty/></Invoice>`,
);
const at = "2026-11-20T10:00:00.000Z";
const signer = productionSigner(Date.parse(at), 0);
const seal = Buffer.from(detachedSeal(file, "5.xml", signer));
const trusted = readCertificates(pem(rootCertificate()));

describe("verifySeal on what the simulator's own code sealed", () => {
  it("finds the seal of production valid and names its signer", () => {
    const report = verifySeal(file, seal, trusted, at);
    expect(report).toMatchObject({ verdict: "valid", format: "detached", chainValid: true, inTime: true });
    expect(report.signer?.subject).toContain("O=");
  });

  it("finds a document changed by one byte", () => {
    const changed = Buffer.from(file.toString().replace("ȘT 1", "ȘT 7"));
    expect(verifySeal(changed, seal, trusted, at).verdict).toBe("digest_mismatch");
  });

  it("finds a seal whose digest was made to fit a changed document", () => {
    const other = Buffer.from(file.toString().replace("ȘT 1", "ȘT 7"));
    const digest = (text: string) => /<DigestValue>([^<]*)/.exec(text)![1]!;
    const forged = seal
      .toString()
      .replace(digest(seal.toString()), digest(detachedSeal(other, "5.xml", signer)));
    expect(verifySeal(other, Buffer.from(forged), trusted, at).verdict).toBe("bad_signature");
  });

  it("calls a signer it does not trust unknown, not a forger", () => {
    const foreign = Buffer.from(detachedSeal(file, "5.xml", foreignSigner()));
    expect(verifySeal(file, foreign, trusted, at).verdict).toBe("unknown_signer");
    expect(verifySeal(file, seal, [], at).verdict).toBe("unknown_signer");
  });

  it("judges the certificate at the instant of sealing", () => {
    expect(verifySeal(file, seal, trusted, "2040-01-01T00:00:00Z")).toMatchObject({
      verdict: "unknown_signer",
      inTime: false,
    });
  });

  it("trusts several certificates over the years", () => {
    for (const year of ["2025", "2026", "2027"]) {
      const then = `${year}-06-01T00:00:00Z`;
      const sealed = Buffer.from(detachedSeal(file, "5.xml", productionSigner(Date.parse(then), 0)));
      expect(verifySeal(file, sealed, trusted, then).verdict).toBe("valid");
    }
  });

  it("reads the enveloped form of the test environment, and says so when it was re-indented after signing", () => {
    const pinned = readCertificates(testSigner().chain.map(pem).join(""));
    const sealed = envelopedSeal(file.toString(), testSigner());
    expect(verifySeal(file, Buffer.from(sealed), pinned, at)).toMatchObject({
      verdict: "valid",
      format: "enveloped",
    });
    expect(verifySeal(file, Buffer.from(reindent(sealed)), pinned, at).verdict).toBe("bad_signature");
  });

  it("takes nothing on trust that is no signature, or two", () => {
    const twice = seal.toString().replace("<SignedInfo>", "<SignedInfo></SignedInfo><SignedInfo>");
    for (const odd of [undefined, Buffer.from("x"), Buffer.from("<Signature/>"), Buffer.from(twice)])
      expect(verifySeal(file, odd, trusted, at).verdict).toBe("no_signature");
  });
});
