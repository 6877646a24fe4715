import { read, schemaFaults, textAt } from "./schema.ts";
import { polishDay } from "./world.ts";

/** What KSeF finds in an invoice: what it is known by, or the code and words it is refused with. */
export type Verdict =
  | { readonly fault: { readonly code: number; readonly description: string; readonly details: string[] } }
  | { readonly seller: string; readonly kind: string; readonly number: string; readonly day: string };

const NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/";
const LARGEST_BYTES = 1_000_000;

const refused = (code: number, description: string, ...details: string[]): Verdict => ({
  fault: { code, description, details },
});
const badFile = (detail: string): Verdict => refused(430, "Błąd weryfikacji pliku faktury", detail);
export const semantic = (...details: string[]): Verdict =>
  refused(450, "Błąd weryfikacji semantyki dokumentu faktury", ...details);

/** Judges an invoice that was received at an instant in the context of a NIP. */
export function judge(bytes: Uint8Array, nip: string, receivedAt: number): Verdict {
  if (bytes.length > LARGEST_BYTES) return badFile("Przekroczono maksymalny rozmiar faktury.");
  if (bytes[0] === 0xef && bytes[1] === 0xbb) return badFile("BOM");
  const invoice = read(textOf(bytes) ?? "");
  if (!invoice) return badFile("Plik nie jest poprawnym dokumentem XML.");
  if (invoice.name !== "Faktura" || invoice.attributes["xmlns"] !== NAMESPACE)
    return semantic(`Could not find schema information for the element '${invoice.name}'.`);
  const faults = schemaFaults(invoice);
  if (faults.length > 0) return semantic(...faults);
  const seller = textAt(invoice, "Podmiot1", "DaneIdentyfikacyjne", "NIP");
  const buyer = textAt(invoice, "Podmiot2", "DaneIdentyfikacyjne", "NIP");
  const wrong = [seller, buyer].filter((one) => one !== "" && !hasCheckDigit(one));
  if (wrong.length > 0) return semantic(...wrong.map((one) => `Nieprawidłowa suma kontrolna NIP: ${one}`));
  const day = textAt(invoice, "Fa", "P_1");
  if (day > polishDay(receivedAt))
    return semantic("P_1: data późniejsza niż data przyjęcia do systemu KSeF.");
  if (seller !== nip) return refused(410, "Nieprawidłowy zakres uprawnień", `NIP ${seller}`);
  return { seller, kind: textAt(invoice, "Fa", "RodzajFaktury"), number: textAt(invoice, "Fa", "P_2"), day };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Products of the first nine digits and 6 5 7 2 3 4 5 6 7, modulo 11, are the tenth. */
function hasCheckDigit(nip: string): boolean {
  const digits = Array.from(nip, Number);
  const products = [6, 5, 7, 2, 3, 4, 5, 6, 7].map((weight, at) => weight * (digits[at] ?? 0));
  return products.reduce((sum, product) => sum + product, 0) % 11 === digits[9];
}
