import { onlyNormalized, path } from "../engine/path.ts";
import { fatal, type Rule, warning } from "../engine/rule.ts";
import { custom, exists, someFilled } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";

export const hasContact = fatal("BR-DE-2", "BG-6", exists("cac:Party/cac:Contact"), {
  en: "The seller's contact is missing.",
  ro: "Lipsește persoana de contact a vânzătorului.",
  hint: "Give a contact with name, telephone and e-mail address.",
});

export function place(
  en: string,
  ro: string,
  terms: string,
  [city, postCode]: readonly [string, string],
): Rule[] {
  const [cityTerm, postCodeTerm] = terms.split(" ") as [string, string];
  return [
    fatal(city, cityTerm, someFilled("cbc:CityName"), {
      en: `The city of the ${en} is missing.`,
      ro: `Lipsește localitatea ${ro}.`,
      hint: "Fill in the city.",
    }),
    fatal(postCode, postCodeTerm, someFilled("cbc:PostalZone"), {
      en: `The post code of the ${en} is missing.`,
      ro: `Lipsește codul poștal al ${ro}.`,
      hint: "Fill in the post code.",
    }),
  ];
}

const telephone = path("cbc:Telephone");
const mail = path("cbc:ElectronicMail");

export const contact: readonly Rule[] = [
  fatal("BR-DE-5", "BT-41", someFilled("cbc:Name"), {
    en: "The seller's contact has no name.",
    ro: "Persoana de contact a vânzătorului nu are nume.",
    hint: "Name a person or a department.",
  }),
  fatal("BR-DE-6", "BT-42", someFilled("cbc:Telephone"), {
    en: "The seller's contact has no telephone number.",
    ro: "Persoana de contact a vânzătorului nu are număr de telefon.",
    hint: "Fill in the telephone number.",
  }),
  fatal("BR-DE-7", "BT-43", someFilled("cbc:ElectronicMail"), {
    en: "The seller's contact has no e-mail address.",
    ro: "Persoana de contact a vânzătorului nu are adresă de e-mail.",
    hint: "Fill in the e-mail address.",
  }),
  warning("BR-DE-27", "BT-42", custom(hasThreeDigits, "cbc:Telephone"), {
    en: "The telephone number of the seller's contact has fewer than three digits.",
    ro: "Numărul de telefon al persoanei de contact are mai puțin de trei cifre.",
    hint: "Fill in the whole telephone number.",
  }),
  warning(
    "BR-DE-28",
    "BT-43",
    custom((view, node) => MAIL.test(onlyNormalized(view, node, mail)), "cbc:ElectronicMail"),
    {
      en: "The e-mail address of the seller's contact is not one.",
      ro: "Adresa de e-mail a persoanei de contact nu este validă.",
      hint: "Write one address like name@example.com.",
    },
  ),
];

function hasThreeDigits(view: View, node: number): boolean {
  return (onlyNormalized(view, node, telephone).match(/[0-9]/g) ?? []).length >= 3;
}

/** XPath's `\s` is narrower than JavaScript's, so it is written out. */
const MAIL = /^[^@ \t\r\n]+@([^@. \t\r\n]+\.)+[^@. \t\r\n]+$/;
