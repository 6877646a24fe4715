import { existsSync } from "node:fs";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";

const folder = resolve(import.meta.dirname, "../../../shared/conformance/xsd/ubl21/maindoc");

/** Whether the UBL 2.1 schemas are at hand; they are no part of the product. */
export const hasSchemas = existsSync(folder);
if (!hasSchemas) console.log("The UBL 2.1 schemas are not here: documents are not checked against them.");

const validators = new Map<string, XsdValidator>();

function validatorOf(kind: "Invoice" | "CreditNote"): XsdValidator {
  const known = validators.get(kind);
  if (known) return known;
  xmlRegisterFsInputProviders();
  const path = `${folder}/UBL-${kind}-2.1.xsd`;
  const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
  validators.set(kind, validator);
  return validator;
}

/** What the UBL 2.1 schema says against a document; nothing when it is valid or the schemas are absent. */
export function schemaErrors(bytes: Uint8Array): string | undefined {
  if (!hasSchemas) return undefined;
  const document = XmlDocument.fromBuffer(bytes);
  try {
    validatorOf(document.root.name === "CreditNote" ? "CreditNote" : "Invoice").validate(document);
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    document.dispose();
  }
}
