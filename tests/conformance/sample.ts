/** One line of the sample: 2 pieces at 50.00 lei with 19 % VAT. */
function line(number: number): string {
  return `
  <cac:InvoiceLine>
    <cbc:ID>${number}</cbc:ID>
    <cbc:Note>Livrat parțial</cbc:Note>
    <cbc:InvoicedQuantity unitCode="H87">2</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="RON">100.00</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Description>Hârtie albă pentru imprimantă</cbc:Description>
      <cbc:Name>Hârtie A4 nr. ${number}</cbc:Name>
      <cac:SellersItemIdentification>
        <cbc:ID>ART-${number}</cbc:ID>
      </cac:SellersItemIdentification>
      <cac:CommodityClassification>
        <cbc:ItemClassificationCode listID="STI">30197630-1</cbc:ItemClassificationCode>
      </cac:CommodityClassification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>19.00</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="RON">50.00</cbc:PriceAmount>
      <cbc:BaseQuantity unitCode="H87">1</cbc:BaseQuantity>
    </cac:Price>
  </cac:InvoiceLine>`;
}

function party(role: string, name: string, cui: string, city: string, county: string): string {
  return `
  <cac:${role}>
    <cac:Party>
      <cac:PostalAddress>
        <cbc:StreetName>Strada Lungă 1</cbc:StreetName>
        <cbc:CityName>${city}</cbc:CityName>
        <cbc:PostalZone>010101</cbc:PostalZone>
        <cbc:CountrySubentity>${county}</cbc:CountrySubentity>
        <cac:Country>
          <cbc:IdentificationCode>RO</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>RO${cui}</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>${name}</cbc:RegistrationName>
        <cbc:CompanyID>J40/12345/2020</cbc:CompanyID>
      </cac:PartyLegalEntity>
      <cac:Contact>
        <cbc:Name>Ion Popescu</cbc:Name>
        <cbc:ElectronicMail>ion@example.com</cbc:ElectronicMail>
      </cac:Contact>
    </cac:Party>
  </cac:${role}>`;
}

/** A valid RO_CIUS invoice with as many lines as asked for; every figure agrees with every other. */
export function sampleInvoice(lines: number): string {
  const net = `${lines * 100}.00`;
  const vat = `${lines * 19}.00`;
  const gross = `${lines * 119}.00`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1</cbc:CustomizationID>
  <cbc:ID>FCT-0001</cbc:ID>
  <cbc:IssueDate>2026-03-02</cbc:IssueDate>
  <cbc:DueDate>2026-04-01</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:Note>Vă mulțumim</cbc:Note>
  <cbc:DocumentCurrencyCode>RON</cbc:DocumentCurrencyCode>
  <cac:OrderReference>
    <cbc:ID>CMD-7</cbc:ID>
  </cac:OrderReference>${party("AccountingSupplierParty", "Furnizor SRL", "12345674", "SECTOR1", "RO-B")}${party(
    "AccountingCustomerParty",
    "Client SA",
    "14399840",
    "Cluj-Napoca",
    "RO-CJ",
  )}
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>42</cbc:PaymentMeansCode>
    <cac:PayeeFinancialAccount>
      <cbc:ID>RO49AAAA1B31007593840000</cbc:ID>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="RON">${vat}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="RON">${net}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="RON">${vat}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>19.00</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="RON">${net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="RON">${net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="RON">${gross}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="RON">${gross}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>${Array.from({ length: lines }, (_, index) => line(index + 1)).join("")}
</Invoice>
`;
}
