import type { Context } from "hono";

/** Which part of a list is asked for (DECISIONS 2): `limit` 20, clamped to 1..200; a cursor wins over a page. */
export interface PageQuery {
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string;
}

export function pageQuery(c: Context): PageQuery {
  const cursor = c.req.query("cursor");
  return {
    page: clamp(c.req.query("page"), 1, 1, 1_000_000),
    limit: clamp(c.req.query("limit"), 20, 1, 200),
    ...(cursor ? { cursor } : {}),
  };
}

/** The envelope of every top-level list. */
export const listed = <T>(
  data: readonly T[],
  total: number,
  { page, limit }: PageQuery,
  nextCursor?: string,
) => ({
  data,
  total,
  page,
  limit,
  pages: Math.ceil(total / limit),
  ...(nextCursor ? { nextCursor } : {}),
});

/** A page of a list that is small enough to be read whole. */
export const paged = <T>(all: readonly T[], asked: PageQuery) =>
  listed(all.slice((asked.page - 1) * asked.limit, asked.page * asked.limit), all.length, asked);

/** A list that is short by nature and documented without pages: all of it, unless the caller asks for a page. */
export const whole = <T>(c: Context, all: readonly T[]) =>
  c.req.query("limit") || c.req.query("page")
    ? paged(all, pageQuery(c))
    : listed(all, all.length, { page: 1, limit: Math.max(20, all.length) });

const clamp = (text: string | undefined, otherwise: number, least: number, most: number): number => {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isNaN(value) ? otherwise : Math.min(most, Math.max(least, value));
};
