import { visibleCompanies } from "#core/companies/access.ts";
import type { Company } from "#core/companies/company.ts";
import { type Actor, assertCan } from "#core/lib/actor.ts";
import { notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import type { MessageType } from "#core/providers/anaf/messages.ts";
import { listRows, type Row } from "#core/store/listing.ts";
import { type Message, messageColumns, messages } from "./messages.ts";

/** Which messages: of one kind, in one state, with a text in them, of one direction. */
export interface MessageFilter {
  readonly type?: MessageType | undefined;
  readonly status?: "received" | "processed" | "error" | undefined;
  readonly search?: string | undefined;
  readonly types?: readonly MessageType[] | undefined;
}

type Columns = (typeof messageColumns)["spec"];

/** Which part of a list: so many, after the first so many. */
export interface Part {
  readonly offset: number;
  readonly limit: number;
}

/** Messages of some companies, newest first, and how many there are. Reading several companies merges their lists. */
export async function listMessages(
  companies: readonly Pick<Company, "id">[],
  filter: MessageFilter,
  { offset, limit }: Part,
): Promise<{ messages: Message[]; total: number }> {
  const lists = await Promise.all(
    companies.map(async ({ id }) => {
      const { ids, total } = await listRows(id, messages, messageColumns, {
        where: (row) => matches(row, filter),
        ...(filter.search
          ? {
              search: {
                text: filter.search,
                in: ["downloadId", "uploadIndex", "number", "partner", "errorMessage"],
              },
            }
          : {}),
        sort: "createdAt",
        descending: true,
        page: 1,
        limit: offset + limit,
      });
      return { id, total, ids };
    }),
  );
  const total = lists.reduce((sum, list) => sum + list.total, 0);
  const [only, ...others] = lists;
  if (only && others.length === 0)
    return { messages: await messages.getMany(only.id, only.ids.slice(offset)), total };
  const found = (await Promise.all(lists.map(({ id, ids }) => messages.getMany(id, ids)))).flat();
  const newestFirst = found.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return { messages: newestFirst.slice(offset, offset + limit), total };
}

const matches = ({ type, status }: Row<Columns>, filter: MessageFilter): boolean =>
  (filter.type === undefined || type === filter.type) &&
  (filter.types === undefined || filter.types.some((wanted) => wanted === type)) &&
  (filter.status === undefined || status === filter.status);

/** One message of any company the caller sees. Throws `not_found` for all others. */
export async function getMessage(actor: Actor, id: string): Promise<Message> {
  assertCan(actor, "efactura.view");
  const companies = isId(id) ? await visibleCompanies(actor) : [];
  const found = await Promise.all(companies.map((company) => messages.find(company.id, id)));
  const message = found.find((one) => one !== undefined);
  if (!message) throw notFound("Message");
  return message;
}
