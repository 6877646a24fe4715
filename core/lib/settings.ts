/**
 * What may differ from one stage to another, read from the environment that infra/settings.ts gives every function.
 * The default of each is the contract's; only the local runner sets the generous ones (DECISIONS 30).
 */
const read = (name: string, otherwise: string): string => process.env[name] || otherwise;

export const settings = {
  /** Where this product answers, without a trailing slash. */
  get baseUrl() {
    return read("BASE_URL", "http://127.0.0.1:3000").replace(/\/$/, "");
  },
  /**
   * Where the front end is: its pages may call the API, and a browser goes on there after ANAF's consent page. The
   * product itself when nothing else is in front of it.
   */
  get frontEndUrl() {
    return read("FRONT_END_URL", this.baseUrl);
  },
  /** Plan a new organization is set to; empty: a 14-day trial, then freemium. */
  get newOrganizationPlan() {
    return read("NEW_ORGANIZATION_PLAN", "");
  },
  /** Whether anybody may register. */
  get registration() {
    return read("REGISTRATION_ENABLED", "1") !== "0";
  },
  /** Whether an e-mail address must be confirmed before its user can sign in. */
  get confirmationRequired() {
    return read("EMAIL_CONFIRMATION", "optional") === "required";
  },
  get rateLimits() {
    return read("RATE_LIMITS", "on") !== "off";
  },
  /** Whether webhook targets may be plain http on loopback. */
  get loopbackWebhooks() {
    return read("LOOPBACK_WEBHOOKS", "off") === "on";
  },
  get anafLoginUrl() {
    return read("ANAF_LOGIN_URL", "https://logincert.anaf.ro");
  },
  get anafApiUrl() {
    return read("ANAF_API_URL", "https://api.anaf.ro");
  },
  /** Whether documents reach the real authority, and not its test environment or the simulator. */
  get isLive() {
    return settings.anafApiUrl === "https://api.anaf.ro";
  },
  /** The public services: registers, validation, rendering. */
  get anafPublicUrl() {
    return read("ANAF_PUBLIC_URL", "https://webservicesp.anaf.ro");
  },
  /** PEM certificates trusted to seal documents: ANAF's signers, or the authorities that issue them. */
  get anafSealCertificates() {
    return read("ANAF_SEAL_CERTIFICATES", "");
  },
  /** Poland's KSeF, without the version. */
  get ksefApiUrl() {
    return read("KSEF_API_URL", "https://api.ksef.mf.gov.pl");
  },
  /** Where France's state gives tokens for its services, Chorus Pro among them, and where these answer. */
  get pisteLoginUrl() {
    return read("PISTE_LOGIN_URL", "https://oauth.piste.gouv.fr");
  },
  get pisteApiUrl() {
    return read("PISTE_API_URL", "https://api.piste.gouv.fr");
  },
  get viesUrl() {
    return read("VIES_URL", "https://ec.europa.eu");
  },
  get bnrUrl() {
    return read("BNR_URL", "https://curs.bnr.ro");
  },
  get mailSender() {
    return read("MAIL_SENDER", "no-reply@localhost");
  },
};
