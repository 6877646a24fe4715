import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { element, group } from "../markup.ts";
import { text, yesOrNo } from "./text.ts";

/**
 * What the law has printed (Adnotacje): cash accounting, self-billing, reverse charge, split payment, exemption, new
 * means of transport, the simplified triangular procedure, margins. The ones nobody can say here are answered with no.
 */
export function annotations({ invoice, seller }: IssuableDocument): string {
  // VAT on collection is a regime of the country whose tax it is: Romania's says nothing of Polish tax.
  const isCashAccounting = invoice.tvaLaIncasare && seller.country === "PL";
  const isReverseCharge = invoice.lines.some((line) => line.vatCategoryCode === "AE");
  return group(
    "Adnotacje",
    yesOrNo("P_16", isCashAccounting) +
      yesOrNo("P_17", invoice.untdidTypeCode === "389") +
      yesOrNo("P_18", isReverseCharge) +
      yesOrNo("P_18A", false) +
      group("Zwolnienie", exemption(invoice)) +
      group("NoweSrodkiTransportu", element("P_22N", "1")) +
      yesOrNo("P_23", false) +
      group("PMarzy", element("P_PMarzyN", "1")),
  );
}

/** The provision that exempts: of the directive when the line has its VATEX code, else as the author wrote it. */
function exemption(invoice: Invoice): string {
  const line = invoice.lines.find(({ vatCategoryCode }) => vatCategoryCode === "E");
  if (!line) return element("P_19N", "1");
  const article = directiveArticle(line.exemptionReasonCode);
  return (
    element("P_19", "1") +
    (article ? text("P_19B", article) : text("P_19C", line.exemptionReason ?? line.exemptionReasonCode))
  );
}

/** `VATEX-EU-132-1I` → `Dyrektywa 2006/112/WE, art. 132 ust. 1 lit. i`; undefined for codes that name no article. */
function directiveArticle(code: string | null): string | undefined {
  const [, article, paragraph, letter] = /^VATEX-EU-(\d+)(?:-(\d?)([A-Z]+))?$/.exec(code ?? "") ?? [];
  if (!article) return undefined;
  const where = [
    `art. ${article}`,
    paragraph && `ust. ${paragraph}`,
    letter && `lit. ${letter.toLowerCase()}`,
  ];
  return `Dyrektywa 2006/112/WE, ${where.filter(Boolean).join(" ")}`;
}
