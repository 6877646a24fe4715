import type { Verification } from "#core/einvoicing/evidence.ts";

/** The words under which a failed check is documented. */
const errorOf: Partial<Record<Verification["verdict"], string>> = {
  no_signature: "no_signature",
  digest_mismatch: "signature_mismatch",
  bad_signature: "signature_mismatch",
  unknown_signer: "invalid_chain",
};

/** A check of a seal as the API answers it. What ANAF itself said outweighs that we do not know the signer. */
export function sealView(report: Verification) {
  const { verdict, authority, signer, inTime } = report;
  const valid = authority === null ? verdict === "valid" : authority === "valid";
  const error = verdict === "unknown_signer" && !inTime ? "certificate_expired" : errorOf[verdict];
  const by = authority === null ? verdict : `${verdict}; ANAF says ${authority}`;
  return {
    valid,
    verdict,
    authority,
    message: verdict === "valid" ? "The seal is valid." : `The seal is ${valid ? "" : "not "}valid: ${by}.`,
    signer: signer?.subject ?? null,
    signerCertificate: signer,
    signatureTimestamp: report.sealedAt,
    algorithm: report.algorithm,
    signatureFormat: report.format,
    certificateChainValid: report.chainValid,
    timestampValid: inTime,
    xmlIntegrityValid: report.integrityValid,
    verifiedAt: report.verifiedAt,
    ...(valid || !error ? {} : { error }),
  };
}
