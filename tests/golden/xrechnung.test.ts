import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { partyNamed } from "#core/model/party.ts";
import { xrechnung } from "#core/providers/xrechnung/network.ts";
import type { WriteContext } from "#core/providers/provider.ts";
import { DOCUMENTS, FOREIGN } from "./documents.ts";
import { schemaErrors } from "./schemas.ts";

const context: WriteContext = { values: { contactName: "Ana Pop" }, sequence: 1, correctedId: null };

/** A document of the Romanian set as it would go to Germany: with what is asked for there and not here. */
function toGermany(
  document: IssuableDocument,
  given: Partial<IssuableDocument["invoice"]> = {},
): IssuableDocument {
  const { invoice, seller } = document;
  const { delivery } = invoice.ublExtensions ?? {};
  const place = delivery?.deliveryAddress && { ...delivery.deliveryAddress, postalZone: "10115" };
  const ublExtensions = place
    ? { ...invoice.ublExtensions, delivery: { ...delivery, deliveryAddress: place } }
    : invoice.ublExtensions;
  const reference = { buyerReference: "04011000-1234512345-06", paymentMethod: "bank_transfer" };
  return {
    ...document,
    invoice: { ...invoice, ublExtensions, ...reference, ...given },
    seller: { ...seller, phone: seller.phone ?? "+40 21 000 0000" },
    buyer: { ...FOREIGN, email: "rechnung@beispiel.example" },
  };
}

const written = async (document: IssuableDocument, values = context.values) => {
  const { document: file, findings } = await xrechnung.write(document, { ...context, values });
  return { file: file!, xml: Buffer.from(file!.bytes).toString("utf8"), findings };
};

describe("XRechnungen of the documents a Romanian company issues", () => {
  const documents = Object.entries(DOCUMENTS);

  it.each(documents)("%s breaks no rule of Germany and keeps the schema", async (_, document) => {
    const { file, findings } = await written(toGermany(document));
    expect(schemaErrors(file.bytes)).toBeUndefined();
    expect(findings.filter(({ ruleId }) => ruleId !== "BR-DE-TMP-32")).toEqual([]);
  });

  it("is written byte for byte as before", async () => {
    const skonto = toGermany(DOCUMENTS["380-euro"]!, {
      paymentTerms: "30 Tage netto\r\n#SKONTO#TAGE=14#PROZENT=2.00#",
    });
    const { xml, findings, file } = await written(skonto);
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(["BR-DE-TMP-32"]);
    await expect(xml).toMatchFileSnapshot(resolve(import.meta.dirname, "xrechnung/380-euro.xml"));
    expect((await written(skonto)).xml).toBe(xml);
    expect(file.fileName).toBe("FCT0003.xml");
  });

  it("goes to an authority by its Leitweg-ID, to others by e-mail, else by VAT id", async () => {
    const simple = DOCUMENTS["380-simple"]!;
    const endpoint = (xml: string) =>
      /AccountingCustomerParty>[^]*?<cbc:EndpointID schemeID="(\w+)">([^<]+)/.exec(xml)!.slice(1);
    expect(endpoint((await written(toGermany(simple))).xml)).toEqual(["0204", "04011000-1234512345-06"]);
    const company = toGermany(simple, { buyerReference: "PO-17" });
    expect(endpoint((await written(company)).xml)).toEqual(["EM", "rechnung@beispiel.example"]);
    const silent = { ...company, buyer: { ...company.buyer, email: null } };
    expect(endpoint((await written(silent)).xml)).toEqual(["9930", "DE123456789"]);
  });

  it("gives the reasons for missing VAT in German unless the author gave others", async () => {
    const { xml } = await written(toGermany(DOCUMENTS["380-reverse-charge"]!));
    expect(xml).toContain("<cbc:TaxExemptionReason>Steuerschuldnerschaft des Leistungsempfängers</");
    expect((await written(toGermany(DOCUMENTS["380-exempt"]!))).xml).toContain(
      ">Educație</cbc:TaxExemptionReason>",
    );
  });

  it("names every field that is missing for Germany", async () => {
    const simple = DOCUMENTS["380-simple"]!;
    const bare = {
      ...simple,
      seller: { ...simple.seller, phone: null, email: null, postalCode: null },
      buyer: { ...partyNamed("Beispiel GmbH"), country: "DE", clientCode: null },
    };
    const { findings } = await written(bare, {});
    const fatal = findings.filter(({ severity }) => severity === "fatal");
    expect(fatal.map(({ ruleId, path }) => `${ruleId} ${path}`).toSorted()).toEqual([
      "BR-DE-15 buyerReference",
      "BR-DE-2 issuerName",
      "BR-DE-4 company.postalCode",
      "BR-DE-8 client.city",
      "BR-DE-9 client.postalCode",
      "PEPPOL-EN16931-R010 client.email",
    ]);
  });

  it("refuses a Leitweg-ID with a wrong digit, which would reach nobody", async () => {
    const { findings } = await written(
      toGermany(DOCUMENTS["380-simple"]!, { buyerReference: "04011000-1234512345-07" }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ ruleId: "STORNO-DE-LEITWEG-ID", path: "buyerReference" }),
    );
  });

  it("refuses a payment by card of which the card is not known", async () => {
    const { findings } = await written(toGermany(DOCUMENTS["380-simple"]!, { paymentMethod: "card" }));
    expect(findings).toContainEqual(expect.objectContaining({ ruleId: "BR-DE-24-a", path: "paymentMethod" }));
  });
});
