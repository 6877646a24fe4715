import type { StructureProblem, StructureProblemKind } from "./check.ts";

interface Words {
  readonly en: string;
  readonly ro: string;
  readonly hint: string;
}

/** What a structure problem is called; `subject` is the element, attribute or type it is about. */
const words: Record<StructureProblemKind, (subject: string) => Words> = {
  "wrong-root": (subject) => ({
    en: `${subject} is not a UBL 2.1 Invoice or CreditNote.`,
    ro: `${subject} nu este o factură (Invoice) sau notă de creditare (CreditNote) UBL 2.1.`,
    hint: "Use the root element and namespace of UBL 2.1.",
  }),
  "unknown-element": (subject) => ({
    en: `${subject} does not belong here.`,
    ro: `${subject} nu are ce căuta aici.`,
    hint: "Remove the element, or check its spelling, namespace and place.",
  }),
  "misplaced-element": (subject) => ({
    en: `${subject} stands too late.`,
    ro: `${subject} apare prea târziu.`,
    hint: "Move the element up: UBL fixes the order of elements.",
  }),
  "repeated-element": (subject) => ({
    en: `${subject} may stand here only once.`,
    ro: `${subject} poate apărea aici o singură dată.`,
    hint: "Keep one and remove the others.",
  }),
  "missing-element": (subject) => ({
    en: `${subject} is missing here.`,
    ro: `Aici lipsește ${subject}.`,
    hint: "Add the element at its place.",
  }),
  "unexpected-text": (subject) => ({
    en: `${subject} contains text where only elements may stand.`,
    ro: `${subject} conține text, deși sunt permise doar elemente.`,
    hint: "Remove the text between the elements.",
  }),
  "element-in-value": (subject) => ({
    en: `${subject} contains an element where only a value may stand.`,
    ro: `${subject} conține un element, deși este permisă doar o valoare.`,
    hint: "Write only the value.",
  }),
  "wrong-value": (subject) => ({
    en: `The value is not of type ${subject}.`,
    ro: `Valoarea nu este de tipul ${subject}.`,
    hint: "Write numbers with a full stop (12.50), dates as YYYY-MM-DD, yes and no as true and false.",
  }),
  "unknown-attribute": (subject) => ({
    en: `The attribute ${subject} does not belong here.`,
    ro: `Atributul ${subject} nu are ce căuta aici.`,
    hint: "Remove the attribute.",
  }),
  "wrong-attribute": (subject) => ({
    en: `The attribute ${subject} has a value it cannot have.`,
    ro: `Atributul ${subject} are o valoare nepermisă.`,
    hint: "Correct or remove the attribute.",
  }),
  "missing-attribute": (subject) => ({
    en: `The attribute ${subject} is missing.`,
    ro: `Lipsește atributul ${subject}.`,
    hint: "Add the attribute.",
  }),
  "wrong-extension": () => ({
    en: "An extension must contain exactly one element of another namespace.",
    ro: "O extensie trebuie să conțină exact un element din alt spațiu de nume.",
    hint: "Put one element into the extension content, or remove the extension.",
  }),
};

export const structureWords = ({ kind, subject }: StructureProblem): Words => words[kind](subject);
