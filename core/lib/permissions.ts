/** The rights of the platform by name, and what each role has of them (RULES-platform §4). */
const employee = [
  "company.view",
  "client.view",
  "product.view",
  "invoice.view",
  "recurring_invoice.view",
  "series.view",
  "payment.view",
  "efactura.view",
  "settings.view",
  "report.view",
  "email_template.view",
  "borderou.view",
  "declaration.view",
] as const;

const accountant = [
  ...employee,
  "client.create",
  "client.edit",
  "client.delete",
  "product.create",
  "product.edit",
  "product.delete",
  "invoice.create",
  "invoice.edit",
  "invoice.delete",
  "invoice.issue",
  "invoice.send",
  "invoice.cancel",
  "invoice.refund",
  "recurring_invoice.manage",
  "series.manage",
  "payment.create",
  "payment.delete",
  "efactura.submit",
  "declaration.submit",
  "import.manage",
  "export.data",
  "email_template.manage",
  "borderou.manage",
  "webhook.view",
] as const;

const admin = [
  ...accountant,
  "company.create",
  "company.edit",
  "company.delete",
  "settings.manage",
  "org.manage_members",
  "org.view_audit",
  "webhook.manage",
  "api_key.view",
  "api_key.manage",
  "oauth2_app.view",
  "oauth2_app.manage",
  "backup.manage",
] as const;

const owner = [...admin, "org.manage_billing"] as const;

export type Permission = (typeof owner)[number];
export type Role = "owner" | "admin" | "accountant" | "employee";

/** Every permission there is; an owner has them all. */
export const permissions: readonly Permission[] = owner;

/** The permissions a role gives when a membership names none of its own. */
export const rolePermissions: Record<Role, readonly Permission[]> = { owner, admin, accountant, employee };
