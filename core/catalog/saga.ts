import { element, group } from "#core/formats/markup.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { sagaFile } from "#core/parties/saga.ts";
import { allProducts } from "./product-list.ts";

/** All products for SAGA, by name; the price with VAT is rounded to two decimals. */
export async function productsSaga(actor: CompanyActor): Promise<string> {
  const lines = (await allProducts(actor)).map((one, at) =>
    group(
      "Linie",
      element("Cod", one.code ?? String(at + 1).padStart(5, "0")) +
        element("Denumire", one.name) +
        element("Cod_NC", one.ncCode) +
        element("Cod_CPV", one.cpvCode) +
        element("UM", one.unitOfMeasure) +
        element("Tip", one.isService ? "Serviciu" : "Marfa") +
        element("TVA", one.vatRate) +
        element("Pret", one.defaultPrice) +
        element("Pret_TVA", withVat(one.defaultPrice, one.vatRate)) +
        element("Informatii", one.description) +
        element("Guid_cod", one.id),
    ),
  );
  return sagaFile("Articole", lines);
}

const withVat = (price: string, rate: string): string =>
  Decimal.from(price).times(Decimal.from(rate).plus(100)).dividedBy(100, 2).text(2);
