import { everyCif, fixtureCompanies, holders } from "./fixtures.ts";
import { isValidCui } from "./companies.ts";
import type { Call, World } from "./call.ts";

/** Rights come from SPV at call time and belong to the person behind the certificate (ANAF.md §2.4). */

interface RightRow {
  cif: string;
  granted: number;
}

/** Grants or ends a mandate. */
export function setRight(world: World, serial: string, cif: string, granted: boolean): void {
  const sql = "INSERT INTO rights VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET granted = excluded.granted";
  world.ledger.run(sql, serial, cif, Number(granted));
}

export function isHolder(world: World, serial: string): boolean {
  return holders[serial] !== undefined || changes(world, serial).length > 0;
}

/** Whether the caller may act for this CIF now. */
export function hasRight(call: Call, cif: string): boolean {
  if (call.faults.has("rights.revoked") || call.faults.has("upload.no_right")) return false;
  return holderMayActFor(call.world, call.serial ?? "", cif);
}

export function holderMayActFor(world: World, serial: string, cif: string): boolean {
  const sql = "SELECT cif, granted FROM rights WHERE serial = ? AND cif = ?";
  const changed = world.ledger.get<RightRow>(sql, serial, cif);
  if (changed) return changed.granted === 1;
  return serial === everyCif ? isValidCui(cif) : (holders[serial]?.cifs.includes(cif) ?? false);
}

export function hasAnyRight(call: Call): boolean {
  return call.serial === everyCif || cifsOf(call.world, call.serial ?? "").length > 0;
}

/** The CIFs a holder may query. SER-ANY's list would be endless: it shows the fixtures and what was granted. */
export function cifsOf(world: World, serial: string): string[] {
  const own = serial === everyCif ? fixtureCompanies.map(({ cui }) => cui) : (holders[serial]?.cifs ?? []);
  const cifs = new Set(own);
  for (const { cif, granted } of changes(world, serial)) {
    if (granted) cifs.add(cif);
    else cifs.delete(cif);
  }
  return [...cifs];
}

function changes(world: World, serial: string): RightRow[] {
  return world.ledger.all<RightRow>("SELECT cif, granted FROM rights WHERE serial = ? ORDER BY cif", serial);
}
