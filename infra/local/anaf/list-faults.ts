import type { Call } from "./call.ts";
import { deliver, deliverBulk, supplierInvoice } from "./inbox.ts";

/** Faults that change the inbox before it is listed (SIMULATOR.md §10 rows 19, 24, 28, 29, 65). */
export function changeInbox(call: Call): void {
  const { world, env, faults } = call;
  const cif = call.query.get("cif") ?? "";
  if (!/^\d+$/.test(cif)) return;
  if (faults.has("list.over500")) {
    const sql = "SELECT count(*) AS n FROM messages WHERE env = ? AND cif = ? AND listed <= ?";
    const there = world.ledger.get<{ n: number }>(sql, env, cif, call.now)?.n ?? 0;
    deliverBulk(world, env, cif, Math.max(0, 501 - there));
  }
  const end = Number(call.query.get("endTime"));
  const created = Number.isFinite(end) && end > 0 ? Math.min(end, call.now) : call.now;
  const arrive = (xml: string, ageMs = 0): void => void deliver(world, { env, cif, xml, created, ageMs });
  if (faults.has("list.page_shift")) arrive(supplierInvoice(world, cif));
  if (faults.has("list.same_solicitare")) arrive(supplierInvoice(world, cif, cif));
  // Listed today, but the 60 days of its download began 61 days ago.
  if (faults.has("list.ghost")) arrive(supplierInvoice(world, cif), 61 * 86_400_000);
  if (faults.has("inbox.duplicate_supplier")) {
    const xml = supplierInvoice(world, cif);
    arrive(xml);
    arrive(xml);
  }
}
