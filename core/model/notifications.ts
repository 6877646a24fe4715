/** Everything people can be told of, by its public name (RULES-platform §10). */
export const notificationTypes = [
  "invoice.validated",
  "invoice.rejected",
  "invoice.issued",
  "invoice.paid",
  "invoice.due_soon",
  "invoice.due_today",
  "invoice.overdue",
  "invoice.anaf_deadline",
  "invoice.anaf_missing_token",
  "proforma.expiring_soon",
  "proforma.expired",
  "sync.completed",
  "sync.error",
  "efactura.new_documents",
  "token.expiring_soon",
  "token.refresh_failed",
  "payment.received",
  "export_ready",
  "backup_ready",
  "restore_completed",
  "report.monthly_summary",
  "version.update_recommended",
  "version.update_blocking",
] as const;

export type NotificationType = (typeof notificationTypes)[number];

/** Of these people are told by what the product announces; the others may be switched, and are not announced yet. */
const announced = [
  "invoice.validated",
  "invoice.rejected",
  "invoice.anaf_deadline",
  "invoice.anaf_missing_token",
  "sync.error",
  "efactura.new_documents",
  "token.expiring_soon",
  "token.refresh_failed",
] as const satisfies readonly NotificationType[];

export type AnnouncedType = (typeof announced)[number];

/** What people are told when something is announced; a failed look into a mailbox has two names. */
export function notificationOf(name: string): AnnouncedType | undefined {
  return announced.find((type) => type === (name === "sync.failed" ? "sync.error" : name));
}

/** Ways to tell somebody. Of these the product goes two, in-app and e-mail; the others are kept for who sends them. */
export const channels = ["email", "inApp", "push", "telegram", "whatsapp", "sms"] as const;
export type Channel = (typeof channels)[number];
export type Switches = Readonly<Record<Channel, boolean>>;

/** Types that are mailed unless their reader says otherwise: what cannot wait, and what was asked for. */
const mailed = new Set<NotificationType>([
  "invoice.rejected",
  "invoice.anaf_deadline",
  "invoice.anaf_missing_token",
  "token.expiring_soon",
  "payment.received",
  "export_ready",
  "report.monthly_summary",
]);

/** How somebody is told who never said how. */
export const usualSwitches = (type: NotificationType): Switches => ({
  email: mailed.has(type),
  inApp: true,
  push: true,
  telegram: false,
  whatsapp: false,
  sms: false,
});

/** Names of the published pages for some of the types; their settings use them in camel case. */
const pageNames: Partial<Record<NotificationType, string>> = {
  "efactura.new_documents": "invoiceReceived",
  "invoice.paid": "invoicePaid",
  "sync.completed": "syncCompleted",
  "sync.error": "syncFailed",
  "token.expiring_soon": "tokenExpiring",
  "token.refresh_failed": "tokenExpired",
  "invoice.overdue": "paymentOverdue",
};

/** The name of a type as a key of a JSON object: `invoiceValidated`. */
export const keyOf = (type: NotificationType): string =>
  pageNames[type] ?? type.replaceAll(/[._](\w)/g, (_all, letter: string) => letter.toUpperCase());

const bare = (name: string): string => name.replaceAll(/[._-]/g, "").toLowerCase();
const typesByName = new Map(
  notificationTypes.flatMap((type) => [bare(type), bare(keyOf(type))].map((name) => [name, type] as const)),
);

/** The type a client means, however it writes the name: dotted, in snake or camel case, as the pages call it. */
export const typeNamed = (name: string): NotificationType | undefined => typesByName.get(bare(name));
