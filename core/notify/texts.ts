import type { User } from "#core/identity/users.ts";
import type { Day } from "#core/lib/dates.ts";
import type { AnnouncedType } from "#core/model/notifications.ts";

/** What a notification knows of what it is about. Which of it is there depends on the type. */
export interface Facts {
  readonly companyId: string | null;
  /** Its name. */
  readonly company?: string;
  /** The invoice or the connection. */
  readonly id?: string;
  readonly number?: string;
  /** Why ANAF rejected an invoice. */
  readonly reason?: string;
  readonly deadline?: Day;
  readonly isPast?: boolean;
  readonly state?: InvoiceState;
  readonly count?: number;
  readonly cif?: string;
  readonly error?: string;
  readonly label?: string | null;
  readonly endsOn?: Day;
  readonly hasEnded?: boolean;
  readonly cifs?: readonly string[];
  readonly createdBy?: string;
}

/** Where an invoice is that should have been validated; `stuck` is in ANAF's hands for more than a day. */
export type InvoiceState = "not_sent" | "unconfirmed" | "processing" | "rejected" | "stuck";

/** Languages we write in; whoever reads neither is more likely to read English. */
export type Language = "ro" | "en";
export const languageOf = ({ locale }: Pick<User, "locale">): Language => (locale === "ro" ? "ro" : "en");

/** A notification in words. */
interface Words {
  readonly title: string;
  readonly message: string;
}

/** A notification in words, and where its reader goes from it. */
export interface Telling extends Words {
  readonly link: string;
}

/** A notification in words of its reader's language. */
export const tellingOf = (type: AnnouncedType, facts: Facts, language: Language): Telling => ({
  ...texts[type][language](facts),
  link: linkOf(type, facts),
});

/** Where its reader goes from it: a path of the front end. */
export function linkOf(type: AnnouncedType, { id }: Facts): string {
  if (type.startsWith("invoice.")) return `/invoices/${id}`;
  return type.startsWith("token.") ? "/settings/anaf" : "/efactura";
}

/** Where an invoice stands that is late or about to be. */
const standings: Record<InvoiceState, Record<Language, string>> = {
  not_sent: { ro: "Nu a fost încă trimisă.", en: "It has not been sent yet." },
  unconfirmed: {
    ro: "Este pe drum, dar ANAF nu a confirmat primirea ei.",
    en: "It is on its way, but ANAF has not confirmed that it has it.",
  },
  processing: {
    ro: "ANAF a primit-o, dar nu a validat-o încă.",
    en: "ANAF has it, but has not validated it yet.",
  },
  rejected: {
    ro: "ANAF a respins-o: corectați-o și trimiteți-o din nou.",
    en: "ANAF rejected it: correct it and send it again.",
  },
  stuck: {
    ro: "ANAF a primit-o acum mai bine de o zi și încă o prelucrează. Întrebăm în continuare.",
    en: "ANAF has had it for more than a day and is still processing it. We keep asking.",
  },
};

const deadlines: Record<Language, (facts: Facts) => Words> = {
  ro: ({ number, deadline, isPast, state = "not_sent" }) => ({
    title: isPast
      ? `Factura ${number}: termenul de transmitere la ANAF a trecut`
      : state === "stuck"
        ? `Factura ${number}: ANAF nu răspunde de peste o zi`
        : `Factura ${number} trebuie să ajungă la ANAF până la ${deadline}`,
    message: `${standings[state].ro} Termenul legal ${isPast ? "a fost" : "este"} ${deadline}.`,
  }),
  en: ({ number, deadline, isPast, state = "not_sent" }) => ({
    title: isPast
      ? `Invoice ${number}: the deadline for ANAF has passed`
      : state === "stuck"
        ? `Invoice ${number}: no answer from ANAF for more than a day`
        : `Invoice ${number} has to reach ANAF by ${deadline}`,
    message: `${standings[state].en} The legal deadline ${isPast ? "was" : "is"} ${deadline}.`,
  }),
};

/** Numbers that end in 20 or more, or in 00, take "de" before what they count. */
const invoicesRo = (count: number): string =>
  `${count} ${count % 100 === 0 || count % 100 >= 20 ? "de " : ""}facturi`;

/** What a mail about several deadlines is called. */
export const gatheredTitle = (count: number, language: Language): string =>
  language === "ro"
    ? `${invoicesRo(count)} nu au fost validate de ANAF`
    : `${count} invoices were not validated by ANAF`;

/** The name of a connection, behind the word for it. */
const called = (label: string | null | undefined): string => (label ? ` ${label}` : "");

const texts: Record<AnnouncedType, Record<Language, (facts: Facts) => Words>> = {
  "invoice.validated": {
    ro: ({ number }) => ({
      title: `Factura ${number} a fost validată`,
      message: `ANAF a acceptat factura ${number}.`,
    }),
    en: ({ number }) => ({
      title: `Invoice ${number} is validated`,
      message: `ANAF accepted invoice ${number}.`,
    }),
  },
  "invoice.rejected": {
    ro: ({ number, reason = "" }) => ({
      title: `Factura ${number} a fost respinsă`,
      message: `ANAF a respins factura ${number}. Corectați-o și trimiteți-o din nou. ${reason}`.trim(),
    }),
    en: ({ number, reason = "" }) => ({
      title: `Invoice ${number} was rejected`,
      message: `ANAF rejected invoice ${number}. Correct it and send it again. ${reason}`.trim(),
    }),
  },
  "invoice.anaf_deadline": deadlines,
  "invoice.anaf_missing_token": {
    ro: (facts) => ({
      title: `Factura ${facts.number} nu poate fi trimisă: lipsește conexiunea ANAF`,
      message: `${deadlines.ro(facts).message} Conectați din nou certificatul companiei.`,
    }),
    en: (facts) => ({
      title: `Invoice ${facts.number} cannot be sent: there is no ANAF connection`,
      message: `${deadlines.en(facts).message} Connect the company's certificate again.`,
    }),
  },
  "sync.error": {
    ro: ({ cif, error }) => ({
      title: "Sincronizarea cu ANAF nu a reușit",
      message: `CIF ${cif}: ${error} Încercăm din nou.`,
    }),
    en: ({ cif, error }) => ({
      title: "The look for new messages at ANAF failed",
      message: `CIF ${cif}: ${error} We try again.`,
    }),
  },
  "efactura.new_documents": {
    ro: ({ count = 0 }) => ({
      title: "Facturi noi de la furnizori",
      message: count === 1 ? "În SPV a sosit o factură nouă." : `În SPV au sosit ${invoicesRo(count)} noi.`,
    }),
    en: ({ count = 0 }) => ({
      title: "New invoices from suppliers",
      message: `${count === 1 ? "One new invoice" : `${count} new invoices`} arrived in SPV.`,
    }),
  },
  "token.expiring_soon": {
    ro: ({ label, endsOn, hasEnded }) => ({
      title: hasEnded ? "Conexiunea ANAF a expirat" : `Conexiunea ANAF expiră la ${endsOn}`,
      message: `Conexiunea ANAF${called(label)} ${hasEnded ? "a expirat" : "expiră"} la ${endsOn}. Fără ea nu se trimit și nu se primesc facturi. Conectați din nou certificatul.`,
    }),
    en: ({ label, endsOn, hasEnded }) => ({
      title: hasEnded ? "The ANAF connection has ended" : `The ANAF connection ends on ${endsOn}`,
      message: `The ANAF connection${called(label)} ${hasEnded ? "ended" : "ends"} on ${endsOn}. Without it no invoice is sent and none is received. Connect again with your certificate.`,
    }),
  },
  "token.refresh_failed": {
    ro: ({ label, endsOn, hasEnded }) => ({
      title: "Conexiunea ANAF nu a putut fi reînnoită",
      message: `ANAF nu a reînnoit conexiunea${called(label)}. ${hasEnded ? "Nu mai poate fi folosită" : `Mai poate fi folosită până la ${endsOn}`}; conectați din nou certificatul.`,
    }),
    en: ({ label, endsOn, hasEnded }) => ({
      title: "The ANAF connection could not be renewed",
      message: `ANAF did not renew the connection${called(label)}. ${hasEnded ? "It can no longer be used" : `It can be used until ${endsOn}`}; connect again with your certificate.`,
    }),
  },
};
