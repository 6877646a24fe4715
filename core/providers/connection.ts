/**
 * Failures that happen before a single byte of a request can have left: a guard that forbids it, name, connection,
 * certificate. After any other one the receiver may have the request.
 */
const NEVER_CONNECTED =
  /^(EFORBIDDEN|ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/;

/** Whether a request with this error code certainly never left this machine. */
export const neverLeft = (code: string | undefined): boolean => NEVER_CONNECTED.test(code ?? "");
