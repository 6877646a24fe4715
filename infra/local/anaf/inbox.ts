import { findCompany } from "./companies.ts";
import type { Environment, World } from "./call.ts";
import { readFacts } from "./document.ts";
import type { Facts } from "./document.ts";
import { sampleInvoice } from "./documents.ts";
import { message as texts } from "./texts.ts";
import { addMessage, nextDownloadId, register } from "./uploads.ts";
import { findSyntaxFault } from "./xml.ts";

export interface Delivery {
  env: Environment;
  /** Whose inbox. */
  cif: string;
  /** Any text: an inbox must survive everything. */
  xml: string;
  /** The supplier's CIF; read from the document when absent. */
  from?: string | undefined;
  /** data_creare; now when absent. */
  created?: number;
  /** How long ago the 60 days of download began. */
  ageMs?: number;
}

/** Puts a supplier's invoice, already accepted and listed, into an inbox. */
export function deliver(world: World, delivery: Delivery): { id: number; index: number } {
  const { env, cif, xml, ageMs = 0 } = delivery;
  const now = world.clock.now();
  const facts = factsOf(xml);
  const seller = delivery.from ?? facts.sellerCif;
  const ready = now - ageMs;
  const index = register(world, {
    env,
    serial: `supplier ${seller}`,
    received: ready,
    path: "upload",
    standard: "UBL",
    flags: "",
    cif: seller,
    body: Buffer.from(xml),
    facts: { ...facts, sellerCif: seller, buyerCif: facts.buyerCif || cif },
    ready,
    marker: "",
  });
  const detalii = texts.invoice(index, seller, cif);
  const common = { env, upload: index, detalii, created: delivery.created ?? now, listed: now };
  const sent = nextDownloadId(world, env);
  if (findCompany(seller)) addMessage(world, { ...common, id: sent, tip: texts.sent, cif: seller }, ready);
  const id = nextDownloadId(world, env);
  addMessage(world, { ...common, id, tip: texts.received, cif }, ready);
  const sql = "UPDATE uploads SET state = 'ok', download = ? WHERE env = ? AND idx = ?";
  world.ledger.run(sql, sent, env, index);
  return { id, index };
}

/** Fills an inbox with so many different sample invoices from made-up suppliers. */
export function deliverBulk(world: World, env: Environment, cif: string, count: number): number[] {
  return Array.from(
    { length: count },
    () => deliver(world, { env, cif, xml: supplierInvoice(world, cif) }).id,
  );
}

/** A valid invoice that nobody has sent yet, from the accountant's first client to the given buyer. */
export function supplierInvoice(world: World, cif: string, seller = "9000000100"): string {
  const number = `SIM-${world.ledger.next("supplier invoice", 1)}`;
  const issueDate = new Date(world.clock.now()).toISOString().slice(0, 10);
  return sampleInvoice({ number, issueDate, seller, buyer: cif });
}

function factsOf(xml: string): Facts {
  const empty = { root: "", sellerCif: "", buyerCif: "", buyerCountry: "", number: "", issueDate: "" };
  const nothing = { ...empty, typeCode: "", total: "", marker: "", about: "" };
  return findSyntaxFault(xml) ? nothing : readFacts(xml);
}
