/**
 * What may differ from stage to stage. A setting absent from the deployer's environment stays absent here, so that the
 * contract's default in core/lib/settings.ts is the only one; `npm start` sets generous ones first.
 */
export const settingNames = [
  "BASE_URL",
  "FRONT_END_URL",
  "NEW_ORGANIZATION_PLAN",
  "REGISTRATION_ENABLED",
  "EMAIL_CONFIRMATION",
  "RATE_LIMITS",
  "LOOPBACK_WEBHOOKS",
  "ANAF_LOGIN_URL",
  "ANAF_API_URL",
  "ANAF_PUBLIC_URL",
  "ANAF_SEAL_CERTIFICATES",
  "KSEF_API_URL",
  "PISTE_LOGIN_URL",
  "PISTE_API_URL",
  "VIES_URL",
  "BNR_URL",
  "MAIL_SENDER",
] as const;

/** The environment every function gets. */
export const settings: Record<string, string> = Object.fromEntries(
  settingNames.flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value]] : [];
  }),
);
