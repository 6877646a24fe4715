import type { Company } from "#core/companies/company.ts";
import type { Organization } from "#core/identity/organizations.ts";
import type { Plan } from "#core/lib/plans.ts";
import { cifOf } from "../cifs.ts";
import type { Campaign } from "../campaign.ts";

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

/** So many companies with a plan each, connected and looked into, written as signing up and connecting would. */
export async function populate(count: number, planOf: (n: number) => Plan) {
  const [{ organizations }, { companies }, { storeConnection }, { commit }, { newId }, { instant }] =
    await Promise.all([
      import("#core/identity/organizations.ts"),
      import("#core/companies/company.ts"),
      import("#core/einvoicing/connections.ts"),
      import("#core/store/commit.ts"),
      import("#core/lib/ids.ts"),
      import("#core/lib/clock.ts"),
    ]);
  const far = new Date(Date.now() + 89 * dayMs).toISOString();
  const pair = {
    accessToken: "a",
    refreshToken: "r",
    accessExpiresAt: far,
    refreshExpiresAt: far,
    serial: "S",
  };
  const made: { cif: string; plan: Plan; companyId: string }[] = [];
  for (let n = 0; n < count; n++) {
    const plan = planOf(n);
    const [organizationId, companyId, cif] = [newId(), newId(), cifOf(n)];
    const organization: Omit<Organization, "rev"> = {
      id: organizationId,
      name: cif,
      slug: cif,
      isActive: true,
      plan,
      subscriptionStatus: "active",
      trialEndsAt: null,
      maxUsers: null,
      maxCompanies: null,
      currentPeriodEnd: null,
      cancelAtPeriodEnd: false,
      createdAt: instant(),
    };
    // What a look reads of a company, and nothing of what a document prints.
    const company = {
      id: companyId,
      organizationId,
      cif,
      syncEnabled: true,
      syncPlan: plan,
      syncDaysBack: 60,
      isReadOnly: false,
      spvAccessError: null,
      lastSyncedAt: null,
      deletedAt: null,
      updatedAt: instant(),
    } as unknown as Company;
    await commit([
      organizations.insert(organizationId, organization),
      companies.insert(organizationId, company),
    ]);
    await storeConnection({ organizationId, userId: organizationId }, pair, { cifs: [cif] });
    made.push({ cif, plan, companyId });
  }
  return made;
}

/** What the modelled authority has seen. */
export interface Seen {
  /** Instants of looks (first pages), by CIF. */
  readonly looks: Map<string, number[]>;
  calls: number;
  lists: number;
  received: number;
  breaches: number;
}

/**
 * A model of ANAF's lists and downloads in place of fetch: each company gets two invoices a day, at moments of its own,
 * and every limit of ANAF.md §9 that a scheduler can break is counted.
 */
export function modelAnaf({ draw }: Pick<Campaign, "draw">): Seen {
  const startedMs = Date.now();
  const seen: Seen = { looks: new Map(), calls: 0, lists: 0, received: 0, breaches: 0 };
  const uses = new Map<string, number>();
  const exceeds = (name: string, most: number): boolean => {
    const used = (uses.get(name) ?? 0) + 1;
    uses.set(name, used);
    if (used > most) seen.breaches++;
    return used > most;
  };

  function list(query: URLSearchParams): object {
    const [cif, from, to] = [query.get("cif")!, Number(query.get("startTime")), Number(query.get("endTime"))];
    seen.lists++;
    // Of the windows of one look the last reaches to now.
    if (to > Date.now() - 5 * minuteMs) seen.looks.set(cif, [...(seen.looks.get(cif) ?? []), Date.now()]);
    const mesaje = [];
    for (let n = 0; startedMs + (n * dayMs) / 2 < Math.min(to, Date.now()); n++) {
      const atMs = startedMs + ((n + draw(`${cif} ${n}`)) * dayMs) / 2;
      const id = `${Number(cif) * 100 + n}`;
      if (atMs >= from && atMs <= to)
        mesaje.push({ id, id_solicitare: id, cif, tip: "FACTURA PRIMITA", detalii: "", data_creare: "" });
    }
    if (mesaje.length === 0) return { eroare: "Nu exista mesaje in intervalul selectat" };
    return { mesaje, numar_total_inregistrari: mesaje.length, numar_total_pagini: 1 };
  }

  globalThis.fetch = async (input) => {
    const { pathname, searchParams: query } = new URL(input instanceof Request ? input.url : input);
    seen.calls++;
    const day = Math.floor(Date.now() / dayMs);
    if (exceeds(`minute ${Math.floor(Date.now() / minuteMs)}`, 1000))
      return new Response("", { status: 429 });
    if (pathname.endsWith("/descarcare")) {
      seen.received++;
      exceeds(`download ${query.get("id")} ${day}`, 10);
      return new Response("PK\u0003\u0004");
    }
    exceeds(`list ${query.get("cif")} ${day}`, 100_000);
    return Response.json(list(query));
  };
  return seen;
}
