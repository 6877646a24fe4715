import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import { companies, type Company } from "#core/companies/company.ts";
import { instant } from "#core/lib/clock.ts";
import type { Answer } from "#core/providers/anaf/classify.ts";
import type { AnafAccess } from "#core/providers/anaf/client.ts";
import type { AnafEnvironment, AnafVerb } from "#core/providers/anaf/wire.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { noteCall } from "./availability.ts";
import { takePermit } from "./budget.ts";
import { accessOf, noteCoverage, noteUse, renew, usableConnection } from "./connections.ts";
import { keepUnknownText } from "./unknown-texts.ts";

/** A company's place at ANAF: its mailbox in SPV. */
export interface Mailbox {
  readonly organizationId: string;
  readonly companyId: string;
  /** Bare digits. */
  readonly cif: string;
  /** Why ANAF refuses the mailbox, in its words; null when it does not. */
  readonly refusal: string | null;
}

/** The mailbox of a company, as its row says. */
export const mailboxOf = ({ organizationId, id, cif, spvAccessError }: Company): Mailbox => ({
  organizationId,
  companyId: id,
  cif,
  refusal: spvAccessError,
});

/** An answer, and in which of ANAF's worlds it was given; null when no call could be made. */
export interface Asked {
  readonly answer: Answer;
  readonly environment: AnafEnvironment | null;
}

const notMade = (answerClass: Answer["class"], raw: string): Asked => ({
  answer: { class: answerClass, texts: [], known: true, raw },
  environment: null,
});

/**
 * Makes one call for a company through its connection: within the budget of calls, with a token that is renewed once
 * when ANAF refuses it, and with what the answer says about rights noted. The connection is looked for unless the
 * caller has it. Never throws for what ANAF does.
 */
export async function ask(
  mailbox: Mailbox,
  verb: AnafVerb,
  call: (access: AnafAccess) => Promise<Answer>,
  known?: AnafConnection,
): Promise<Asked> {
  const { organizationId, cif } = mailbox;
  const connection = known ?? (await usableConnection(organizationId, cif));
  if (!connection) return notMade("auth", "no usable connection");
  let renewal = connection;
  let access: AnafAccess | undefined;
  try {
    access = await accessOf(organizationId, connection);
    if (!access) return notMade("auth", "the connection has ended");
    if (!(await takePermit())) return notMade("rate_minute", "our own budget of calls is used up");
    let answer = await call(access);
    if (answer.class === "auth") {
      renewal = (await renew(organizationId, connection, "refused_by_anaf")) ?? connection;
      access = renewal === connection ? undefined : await accessOf(organizationId, renewal);
      if (access) answer = await call(access);
    }
    await takeNotes(mailbox, verb, connection, answer);
    await noteUse(organizationId, renewal);
    return { answer, environment: connection.environment };
  } catch (error) {
    // The renewal got no answer to rely on; the call itself was refused or never made.
    if ((error as { kind?: string }).kind === "upstream") return notMade("not_sent", String(error));
    throw error;
  }
}

async function takeNotes(
  mailbox: Mailbox,
  verb: AnafVerb,
  connection: AnafConnection,
  answer: Answer,
): Promise<void> {
  const { organizationId, companyId, cif, refusal } = mailbox;
  await noteCall(answer.class);
  if (!answer.known) await Promise.all(answer.texts.map((text) => keepUnknownText(verb, text)));
  const isAboutCompany = verb === "upload" || verb === "listaMesajePaginatieFactura";
  if (!isAboutCompany) return;
  if (answer.class === "no_right") {
    await noteCoverage(organizationId, connection, cif, false);
    await noteRight(organizationId, companyId, answer.texts[0] ?? "ANAF refuses access to this company.");
  } else if (answer.class === "ok" || answer.class === "empty") {
    await noteCoverage(organizationId, connection, cif, true);
    if (refusal !== null) await noteRight(organizationId, companyId, null);
  }
}

/** Notes on the company that ANAF refuses its mailbox, in ANAF's words, or (null) that it no longer does. */
export async function noteRight(
  organizationId: string,
  companyId: string,
  refusal: string | null,
): Promise<void> {
  await untilCommitted(async () => {
    const company = await companies.find(organizationId, companyId);
    if (!company || company.spvAccessError === refusal) return;
    const changes = { spvAccessError: refusal, spvAccessErrorAt: refusal === null ? null : instant() };
    await commit([companies.replace(organizationId, company, { ...company, ...changes })]);
  });
}
