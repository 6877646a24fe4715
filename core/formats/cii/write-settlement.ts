import { element, group, oneLine } from "#core/formats/markup.ts";
import { paymentOf, paymentTermsOf, taxPointCode } from "#core/formats/written/document.ts";
import type { Decimal } from "#core/lib/decimal.ts";
import { isIban, normalIban } from "#core/model/cif.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import type { PaymentAccount } from "#core/model/party.ts";
import { documentSums, type DocumentSums, type VatGroup, vatInLei } from "#core/model/totals.ts";
import { taxPointOut } from "./codes.ts";
import { amount, day, type Money, plainAmount } from "./markup.ts";
import type { Profile } from "./profiles.ts";
import { billingPeriod, documentAllowances } from "./write-lines.ts";
import { payeeParty } from "./write-parties.ts";

/** The tax currency with the VAT total in it, when the document is in another one and its rate is known (BT-6, BT-111). */
interface TaxCurrency {
  readonly code: string;
  readonly vatTotal: Decimal;
}

/** Currency, payment, VAT, allowances, totals and what the document corrects: the settlement of the header. */
export function settlement(document: IssuableDocument, profile: Profile, money: Money): string {
  const { invoice, seller, parent } = document;
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  const inTaxCurrency = taxCurrency(invoice, profile, sums);
  return group(
    "ram:ApplicableHeaderTradeSettlement",
    element("ram:TaxCurrencyCode", inTaxCurrency?.code) +
      element("ram:InvoiceCurrencyCode", invoice.currency) +
      payeeParty(invoice, seller) +
      paymentMeans(document) +
      sums.groups.map((vatGroup) => tradeTax(vatGroup, invoice, money)).join("") +
      billingPeriod(invoice.ublExtensions?.invoicePeriod) +
      documentAllowances(invoice.ublExtensions?.allowanceCharges, money) +
      paymentTerms(invoice, money.isTurned ? sums.payable.negated() : sums.payable) +
      monetarySummation(sums, inTaxCurrency, money) +
      preceding(parent) +
      group(
        "ram:ReceivableSpecifiedTradeAccountingAccount",
        element("ram:ID", oneLine(invoice.buyerAccountingReference)),
      ),
  );
}

function taxCurrency(
  { currency, exchangeRate }: Invoice,
  profile: Profile,
  { vatTotal }: DocumentSums,
): TaxCurrency | undefined {
  const code = profile.taxCurrency;
  return code === null || code === currency || !exchangeRate
    ? undefined
    : { code, vatTotal: vatInLei(vatTotal, exchangeRate) };
}

/** Payment instructions, BG-16: one per account. */
function paymentMeans(document: IssuableDocument): string {
  const { code, accounts } = paymentOf(document);
  return (accounts.length > 0 ? accounts : [undefined])
    .map((account) =>
      group(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        element("ram:TypeCode", code) +
          group("ram:PayeePartyCreditorFinancialAccount", account ? creditorAccount(account) : ""),
      ),
    )
    .join("");
}

/** An account, BT-84: an IBAN, or whatever number its bank gives where there are none. */
function creditorAccount({ iban, bankName }: PaymentAccount): string {
  const name = element("ram:AccountName", oneLine(bankName));
  return isIban(iban)
    ? element("ram:IBANID", normalIban(iban)) + name
    : name + element("ram:ProprietaryID", oneLine(iban));
}

/** One VAT breakdown, BG-23. When VAT falls due (BT-7, BT-8) has its place here, the same in each. */
function tradeTax(vatGroup: VatGroup, invoice: Invoice, money: Money): string {
  const { category, rate, taxable, tax } = vatGroup;
  const code = taxPointCode(invoice);
  return group(
    "ram:ApplicableTradeTax",
    amount("ram:CalculatedAmount", tax, money) +
      element("ram:TypeCode", "VAT") +
      element("ram:ExemptionReason", oneLine(vatGroup.exemptionReason)) +
      amount("ram:BasisAmount", taxable, money) +
      element("ram:CategoryCode", category) +
      element("ram:ExemptionReasonCode", vatGroup.exemptionReasonCode) +
      day("ram:TaxPointDate", invoice.taxPointDate, "udt:DateString") +
      element("ram:DueDateTypeCode", code && taxPointOut(code)) +
      (category === "O" ? "" : element("ram:RateApplicablePercent", rate.text())),
  );
}

/** Payment terms and due date, BT-20 and BT-9. */
function paymentTerms(invoice: Invoice, toPay: Decimal): string {
  const terms = paymentTermsOf(invoice, { isPayable: toPay.sign > 0, isUndated: !invoice.dueDate });
  return group(
    "ram:SpecifiedTradePaymentTerms",
    element("ram:Description", terms) + day("ram:DueDateDateTime", invoice.dueDate),
  );
}

/** Document totals, BG-22. On a credit note what was allowed in the stored sums is a charge, and the other way round. */
function monetarySummation(sums: DocumentSums, inTaxCurrency: TaxCurrency | undefined, money: Money): string {
  const { isTurned } = money;
  const written = (value: Decimal): string => (isTurned ? value.negated() : value).text(2);
  const optional = (name: string, value: Decimal): string => (value.isZero ? "" : plainAmount(name, value));
  const turned = (value: Decimal): Decimal => (isTurned ? value.negated() : value);
  const vatTotal = (value: Decimal, currency: string) =>
    element("ram:TaxTotalAmount", written(value), ` currencyID="${currency}"`);
  return group(
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    amount("ram:LineTotalAmount", sums.lineTotal, money) +
      optional("ram:ChargeTotalAmount", isTurned ? sums.allowances : sums.charges) +
      optional("ram:AllowanceTotalAmount", isTurned ? sums.charges : sums.allowances) +
      amount("ram:TaxBasisTotalAmount", sums.taxExclusive, money) +
      vatTotal(sums.vatTotal, money.currency) +
      (inTaxCurrency ? vatTotal(inTaxCurrency.vatTotal, inTaxCurrency.code) : "") +
      optional("ram:RoundingAmount", turned(sums.rounding)) +
      amount("ram:GrandTotalAmount", sums.taxInclusive, money) +
      optional("ram:TotalPrepaidAmount", turned(sums.prepaid)) +
      amount("ram:DuePayableAmount", sums.payable, money),
  );
}

/** The document that is reversed or corrected, BG-3. */
const preceding = (parent: IssuableDocument["parent"]): string =>
  parent
    ? group(
        "ram:InvoiceReferencedDocument",
        element("ram:IssuerAssignedID", oneLine(parent.number)) +
          day("ram:FormattedIssueDateTime", parent.issueDate, "qdt:DateTimeString"),
      )
    : "";
