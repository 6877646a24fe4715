import { XMLParser, XMLValidator } from "fast-xml-parser";

/** The order of FA(3), schema 1-0E, as far as it goes here: what may stand in an element, read as an expression over names. */
const IDENTITY = "(NIP|KodUE NrVatUE|KodKraju? NrID|BrakID) Nazwa?";
const CONTENT: Readonly<Record<string, string>> = {
  Faktura: "Naglowek Podmiot1 Podmiot2 Podmiot3* PodmiotUpowazniony? Fa Stopka? Zalacznik?",
  Naglowek: "KodFormularza WariantFormularza DataWytworzeniaFa SystemInfo?",
  Podmiot1:
    "PrefiksPodatnika? NrEORI? DaneIdentyfikacyjne Adres AdresKoresp? DaneKontaktowe* StatusInfoPodatnika?",
  "Podmiot1/DaneIdentyfikacyjne": "NIP Nazwa",
  Podmiot2: "NrEORI? DaneIdentyfikacyjne Adres? AdresKoresp? DaneKontaktowe* NrKlienta? IDNabywcy? JST GV",
  "Podmiot2/DaneIdentyfikacyjne": IDENTITY,
  Adres: "KodKraju AdresL1 AdresL2? GLN?",
  DaneKontaktowe: "Email? Telefon?",
  Fa:
    "KodWaluty P_1 P_1M? P_2 WZ* (P_6|OkresFa)? (P_13_1 P_14_1 P_14_1W?)? (P_13_2 P_14_2 P_14_2W?)? " +
    "(P_13_3 P_14_3 P_14_3W?)? (P_13_4 P_14_4 P_14_4W?)? (P_13_5 P_14_5?)? P_13_6_1? P_13_6_2? P_13_6_3? P_13_7? " +
    "P_13_8? P_13_9? P_13_10? P_13_11? P_15 KursWalutyZ? Adnotacje RodzajFaktury (PrzyczynaKorekty? TypKorekty? " +
    "DaneFaKorygowanej+ OkresFaKorygowanej? NrFaKorygowany? Podmiot1K? Podmiot2K* (P_15ZK KursWalutyZK?)?)? " +
    "ZaliczkaCzesciowa* FP? TP? DodatkowyOpis* FakturaZaliczkowa* ZwrotAkcyzy? FaWiersz* Rozliczenie? Platnosc? " +
    "WarunkiTransakcji? Zamowienie?",
  OkresFa: "P_6_Od P_6_Do",
  Adnotacje: "P_16 P_17 P_18 P_18A Zwolnienie NoweSrodkiTransportu P_23 PMarzy",
  Zwolnienie: "P_19 (P_19A|P_19B|P_19C)|P_19N",
  DaneFaKorygowanej: "DataWystFaKorygowanej NrFaKorygowanej (NrKSeF NrKSeFFaKorygowanej|NrKSeFN)",
  DodatkowyOpis: "NrWiersza? Klucz Wartosc",
  FaWiersz:
    "NrWierszaFa UU_ID? P_6A? P_7? Indeks? GTIN? PKWiU? CN? PKOB? P_8A? P_8B? P_9A? P_9B? P_10? P_11? P_11A? P_11Vat? " +
    "P_12? P_12_XII? P_12_Zal_15? KwotaAkcyzy? GTU? Procedura? KursWaluty? StanPrzed?",
  Rozliczenie: "Obciazenia* SumaObciazen? Odliczenia* SumaOdliczen? (DoZaplaty|DoRozliczenia)?",
  Platnosc:
    "(Zaplacono DataZaplaty|ZnacznikZaplatyCzesciowej ZaplataCzesciowa+)? TerminPlatnosci* " +
    "(FormaPlatnosci|PlatnoscInna OpisPlatnosci)? RachunekBankowy* RachunekBankowyFaktora* Skonto? LinkDoPlatnosci? IPKSeF?",
};

const MONEY = /^-?([1-9]\d{0,15}|0)(\.\d{1,2})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TAX_NUMBER = /^[1-9](\d[1-9]|[1-9]\d)\d{7}$/;

/** What texts must look like, by the name of their element. */
const TEXTS: readonly [name: RegExp, text: RegExp][] = [
  [/^NIP$/, TAX_NUMBER],
  [/^P_(13|14)_|^P_(11|15)$|^(Kwota|SumaOdliczen|SumaObciazen|DoZaplaty|DoRozliczenia)$/, MONEY],
  [/^P_(1|6|6_Od|6_Do)$|^Termin$|^DataWystFaKorygowanej$/, DAY],
  [/^P_8B$/, /^-?([1-9]\d{0,15}|0)(\.\d{1,6})?$/],
  [/^P_(9A|9B|10)$/, /^-?([1-9]\d{0,13}|0)(\.\d{1,8})?$/],
  [/^P_12$/, /^(23|22|8|7|5|4|3|0 KR|0 WDT|0 EX|zw|oo|np I|np II)$/],
  [/^RodzajFaktury$/, /^(VAT|KOR|ZAL|ROZ|UPR|KOR_ZAL|KOR_ROZ)$/],
  [/^(P_2|Klucz|Wartosc|NrKlienta|OpisPlatnosci|NazwaBanku)$/, /^.{1,256}$/u],
  [/^(P_7|Nazwa|AdresL1|AdresL2)$/, /^.{1,512}$/u],
  [/^Telefon$/, /^.{1,16}$/],
  [/^NrRB$/, /^.{10,34}$/],
  [/^KodWaluty$/, /^[A-Z]{3}$/],
  [/^WariantFormularza$/, /^3$/],
];

/** An element of a document. */
export interface Node {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}

type Ordered = Record<string, unknown> & { ":@"?: Record<string, string>; "#text"?: string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
});

/** The document element; undefined when the text is no well-formed XML without instructions and entities. */
export function read(xml: string): Node | undefined {
  if (/<!DOCTYPE|<\?(?!xml )/.test(xml) || XMLValidator.validate(xml) !== true) return undefined;
  const [root] = nodes(parser.parse(xml) as Ordered[]);
  return root;
}

function nodes(list: readonly Ordered[]): Node[] {
  return list.flatMap((item) => {
    const name = Object.keys(item).find((key) => key !== ":@" && key !== "#text");
    if (name === undefined) return [];
    const inner = item[name] as Ordered[];
    const text = inner.map((part) => part["#text"] ?? "").join("");
    return [{ name: name.replace(/^.*:/, ""), text, attributes: item[":@"] ?? {}, children: nodes(inner) }];
  });
}

const expressions = new Map<string, RegExp>();

/** `A B? (C|D)*` as an expression over `A C D `. */
function expressionOf(content: string): RegExp {
  const known = expressions.get(content);
  if (known) return known;
  const source = content.replaceAll(/\w+/g, "(?:$& )").replaceAll(/\s+(?!\))/g, "");
  const made = new RegExp(`^(?:${source})$`);
  expressions.set(content, made);
  return made;
}

/** What the schema says against an element and what is in it. */
export function schemaFaults(node: Node, parent = ""): string[] {
  const content = CONTENT[`${parent}/${node.name}`] ?? CONTENT[node.name];
  const order = node.children.map(({ name }) => `${name} `).join("");
  const pattern = TEXTS.find(([name]) => name.test(node.name))?.[1];
  return [
    ...(content !== undefined && !expressionOf(content).test(order)
      ? [`The element '${node.name}' has invalid content: ${order.trim()}`]
      : []),
    ...(node.children.length === 0 && pattern && !pattern.test(node.text)
      ? [`The '${node.name}' element is invalid - The value '${node.text}' is invalid`]
      : []),
    ...node.children.flatMap((child) => schemaFaults(child, node.name)),
  ];
}

/** The text at a path of names; empty when there is none. */
export function textAt(node: Node, ...names: string[]): string {
  const found = names.reduce<Node | undefined>(
    (current, wanted) => current?.children.find(({ name }) => name === wanted),
    node,
  );
  return found?.text ?? "";
}
