import { companies } from "#core/companies/company.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import {
  allowedCompaniesOf,
  listMembers,
  type Membership,
  permissionsOf,
} from "#core/identity/organizations.ts";
import { users } from "#core/identity/users.ts";
import { instant } from "#core/lib/clock.ts";
import type { Permission } from "#core/lib/permissions.ts";
import type { AnnouncedType } from "#core/model/notifications.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";
import { bellOf, switchesOf } from "./bell.ts";
import { followMail } from "./mail.ts";
import { notifications } from "./notifications.ts";
import type { Facts } from "./texts.ts";

/** Something the members of an organization are to be told, if they may know of it. */
export interface News {
  /** The same each time it is told; see ids.ts. */
  readonly id: string;
  readonly type: AnnouncedType;
  readonly organizationId: string;
  readonly facts: Facts;
}

/**
 * Tells every member who may see what it is about and wants to be told: in the product, by mail, or both. Telling
 * again what was told changes nothing: the notification is there, and its mail follows from its first write alone.
 */
export async function tell(news: News): Promise<void> {
  const facts = await completed(news);
  const members = await membersToTell(news);
  await Promise.all(members.map(({ userId }) => tellMember(userId, { ...news, facts })));
}

/** With the company's name, and for a rejection its reason: what subscribers of the event read has neither. */
async function completed({ type, organizationId, facts }: News): Promise<Facts> {
  const { companyId, id } = facts;
  if (companyId === null) return facts;
  const [company, invoice] = await Promise.all([
    companies.find(organizationId, companyId),
    type === "invoice.rejected" && id ? invoices.find(companyId, id) : undefined,
  ]);
  const reason = invoice?.anafErrorMessage?.slice(0, 500);
  return { ...facts, ...(company ? { company: company.name } : {}), ...(reason ? { reason } : {}) };
}

async function membersToTell(news: News): Promise<Membership[]> {
  const permission = permissionFor(news.type);
  const [members, concerned] = await Promise.all([listMembers(news.organizationId), companiesOf(news)]);
  return members.filter((member) => {
    if (!member.isActive || !permissionsOf(member).includes(permission)) return false;
    const allowed = allowedCompaniesOf(member);
    // Whoever connected with a certificate hears of it, whichever companies they may see.
    return !allowed || concerned.some((id) => allowed.has(id)) || member.userId === news.facts.createdBy;
  });
}

/** What one must be allowed to see to be told. */
function permissionFor(type: AnnouncedType): Permission {
  if (type.startsWith("invoice.")) return "invoice.view";
  return type.startsWith("token.") ? "company.view" : "efactura.view";
}

/** The companies it is about: the one it names, or those that a connection covers. */
async function companiesOf({ organizationId, facts }: News): Promise<string[]> {
  if (facts.companyId) return [facts.companyId];
  const all = await companies.all(organizationId);
  return all.filter(({ cif, deletedAt }) => !deletedAt && facts.cifs?.includes(cif)).map(({ id }) => id);
}

async function tellMember(userId: string, { id, type, facts }: News): Promise<void> {
  const [user, bell] = await Promise.all([users.find(userId, userId), bellOf(userId)]);
  const { inApp, email } = switchesOf(bell, type);
  if (!user?.active || !(inApp || email)) return;
  const notification = { id, type, data: facts, isShown: inApp, createdAt: instant(), readAt: null };
  const follow = email ? [followMail(userId, notification)] : [];
  try {
    await commit([notifications.insert(userId, notification, { follow })]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}
