import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import type { Day, Instant } from "#core/lib/dates.ts";
import { amount, Decimal, type DecimalText } from "#core/lib/decimal.ts";
import { DomainError, malformed, notFound } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { isIban, normalIban } from "#core/model/cif.ts";
import { currency, day, flag, oneOf, text } from "#core/model/input.ts";
import type { PaymentAccount } from "#core/model/party.ts";
import { claim } from "#core/store/idempotency.ts";
import { shortList } from "./short-list.ts";

/** An account the company is paid into, or its till. */
export interface BankAccount {
  id: string;
  type: "bank" | "cash";
  /** Without blanks, upper case; null for the till. */
  iban: string | null;
  bankName: string | null;
  currency: string;
  /** One default per currency. */
  isDefault: boolean;
  showOnInvoice: boolean;
  /** What was in the till on a day; only for cash, and final once above zero. */
  openingBalance: DecimalText | null;
  openingBalanceDate: Day | null;
  source: "manual" | "anaf" | "import";
  createdAt: Instant;
  updatedAt: Instant;
}

const fields = {
  type: oneOf(["bank", "cash"]).nullish(),
  iban: z.string("must be text").nullish(),
  bankName: text(255),
  currency: currency().nullish(),
  isDefault: flag(),
  showOnInvoice: flag(),
  openingBalance: amount({ maxDecimals: 2, min: 0 }).nullish(),
  openingBalanceDate: day().nullish(),
};

export const NewBankAccount = z.object(fields);
export const BankAccountChanges = z.object({ ...fields, confirmReset: flag() });

const accounts = shortList<BankAccount>("bank", "Bank account");

/** The accounts of the company, defaults first, then the newest. */
export async function list(actor: CompanyActor): Promise<BankAccount[]> {
  assertCan(actor, "settings.view");
  const all = await accounts.read(actor.companyId);
  return all.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.id < b.id ? 1 : -1));
}

/** One account of the company. */
export async function get(actor: CompanyActor, id: string): Promise<BankAccount> {
  assertCan(actor, "settings.view");
  return one(await accounts.read(actor.companyId), id);
}

/**
 * The accounts a document in a currency prints (BG-17): those marked to be shown, else the default one of that
 * currency. Defaults first.
 */
export async function paymentAccounts(companyId: string, inCurrency: string): Promise<PaymentAccount[]> {
  const usable = (await accounts.read(companyId)).filter(
    (account) => account.type === "bank" && account.currency === inCurrency,
  );
  const shown = usable.filter(({ showOnInvoice, isDefault }) => showOnInvoice || isDefault);
  return shown
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ iban, bankName, currency: code }) => ({ iban: iban!, bankName, currency: code }));
}

/** Adds an account; the first one of its currency is that currency's default. 409 for an IBAN or a till twice. */
export async function create(
  actor: CompanyActor,
  input: z.output<typeof NewBankAccount>,
): Promise<BankAccount> {
  assertCan(actor, "settings.manage");
  const createdAt = instant();
  const blank: BankAccount = {
    id: newId(),
    type: input.type ?? "bank",
    iban: null,
    bankName: null,
    currency: "RON",
    isDefault: false,
    showOnInvoice: false,
    openingBalance: null,
    openingBalanceDate: null,
    source: "manual",
    createdAt,
    updatedAt: createdAt,
  };
  return accounts.change(
    actor.companyId,
    (all) => {
      const account = withChanges(blank, input);
      assertUnused(all, account);
      const isFirst = !all.some((other) => other.type === "bank" && other.currency === account.currency);
      const added = { ...account, isDefault: account.type === "bank" && (account.isDefault || isFirst) };
      return { items: [...withoutDefault(all, added), added], answer: added };
    },
    claim(actor, blank.id, { fiscal: false }),
  );
}

/** Changes an account. An opening balance above zero stays, unless `confirmReset` says that this is meant. */
export async function update(
  actor: CompanyActor,
  id: string,
  changes: z.output<typeof BankAccountChanges>,
): Promise<BankAccount> {
  assertCan(actor, "settings.manage");
  return accounts.change(actor.companyId, (all) => {
    const before = one(all, id);
    const after = { ...withChanges(before, changes), updatedAt: instant() };
    if (isLocked(before) && !changes.confirmReset && after.openingBalance !== before.openingBalance)
      throw new DomainError("invalid", "The opening balance is already set.", {
        errors: { openingBalance: "cannot change once it is above zero" },
      });
    assertUnused(
      all.filter((other) => other.id !== id),
      after,
    );
    return {
      items: withoutDefault(all, after).map((other) => (other.id === id ? after : other)),
      answer: after,
    };
  });
}

/** Deletes an account for good. The default goes only after another one took its place: 409. */
export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "settings.manage");
  await accounts.change(actor.companyId, (all) => {
    const account = one(all, id);
    if (all.length === 1) throw new DomainError("conflict", "The last account cannot be deleted.");
    if (account.isDefault) throw new DomainError("conflict", "The default account cannot be deleted.");
    return { items: all.filter((other) => other.id !== id), answer: undefined };
  });
}

const one = (all: readonly BankAccount[], id: string): BankAccount => {
  const found = all.find((account) => account.id === id);
  if (!found) throw notFound("Bank account");
  return found;
};

const isLocked = ({ openingBalance }: BankAccount): boolean =>
  openingBalance !== null && Decimal.from(openingBalance).sign > 0;

/** The account after a body: absent keeps, null clears. What only a bank or only a till has is dropped for the other. */
function withChanges(before: BankAccount, body: z.output<typeof NewBankAccount>): BankAccount {
  const type = body.type ?? before.type;
  const common = {
    ...before,
    type,
    bankName: body.bankName === undefined ? before.bankName : body.bankName,
    currency: body.currency ?? before.currency,
  };
  if (type === "cash")
    return { ...common, iban: null, isDefault: false, showOnInvoice: false, ...openingOf(before, body) };
  const iban = body.iban === undefined ? before.iban : body.iban && normalIban(body.iban);
  if (!iban) throw malformed({ iban: "is required for a bank account" });
  if (!isIban(iban)) throw malformed({ iban: "is not a valid IBAN" });
  return {
    ...common,
    iban,
    isDefault: body.isDefault ?? before.isDefault,
    showOnInvoice: body.showOnInvoice ?? before.showOnInvoice,
    openingBalance: null,
    openingBalanceDate: null,
  };
}

function openingOf(before: BankAccount, body: z.output<typeof NewBankAccount>) {
  const openingBalance = body.openingBalance === undefined ? before.openingBalance : body.openingBalance;
  const openingBalanceDate =
    body.openingBalanceDate === undefined ? before.openingBalanceDate : body.openingBalanceDate;
  if ((openingBalance === null) !== (openingBalanceDate === null))
    throw malformed({
      [openingBalance === null ? "openingBalance" : "openingBalanceDate"]:
        "an opening balance and its date come together",
    });
  return { openingBalance, openingBalanceDate };
}

function assertUnused(others: readonly BankAccount[], account: BankAccount): void {
  if (account.type === "cash" && others.some(({ type }) => type === "cash"))
    throw new DomainError("conflict", "The company already has a cash account.");
  if (account.iban && others.some(({ iban }) => iban === account.iban))
    throw new DomainError("conflict", "The company already has an account with this IBAN.");
}

/** One default per currency: when `chosen` is it, no other account of that currency is. */
const withoutDefault = (all: readonly BankAccount[], chosen: BankAccount): BankAccount[] =>
  all.map((account) =>
    chosen.isDefault && account.id !== chosen.id && account.currency === chosen.currency
      ? { ...account, isDefault: false }
      : account,
  );
