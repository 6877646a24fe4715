/**
 * ANAF's own words, typos included (ANAF.md §3–§8). Clients match on these strings, so a "corrected" letter here
 * would hide a bug there. Texts that ANAF has never been seen to say are marked as invented.
 */

/** Upload (ANAF.md §3). */
export const upload = {
  parametersMissing: "Parametrii standard si cif sunt obligatorii",
  bodyMissing: "Trebuie sa aveti atasat in request un fisier de tip xml",
  badStandard: "Valorile acceptate pentru parametrul standard sunt UBL, CN, CII sau RASP",
  cifNotNumeric: (cif: string) => `CIF introdus= ${cif} nu este un numar`,
  flagValue: (flag: string) => `Daca parametrul ${flag} trebuie completat, valoarea acceptata este DA`,
  noCifAtAll: "Nu exista niciun CIF pentru care sa aveti drept in SPV",
  noRight: (cif: string) => `Nu aveti drept in SPV pentru CIF=${cif}`,
  notEnforcementBody: (cif: string) =>
    `CIF introdus= ${cif} nu este inregistrat in Registrul RO e-Factura executari silite`,
  tooLarge: "Marime fisier transmis mai mare de 10 MB.",
  raspQuota: (limit: number, cif: string) =>
    `S-au incarcat deja ${limit} de mesaje de tip RASP pentru cui=${cif} in cursul zilei`,
  invalidFile: (line: number, column: number, reason: string) =>
    `Fisierul transmis nu este valid. org.xml.sax.SAXParseException; lineNumber: ${line}; columnNumber: ${column}; ${reason}`,
  unknownRoot: (root: string) => `cvc-elt.1.a: Cannot find the declaration of element '${root}'. `,
  technical: (code: number) => `A aparut o eroare tehnica. Cod: ${code}`,
};

/** stareMesaj (ANAF.md §4). */
export const status = {
  processing: "in prelucrare",
  unreadable: "XML cu erori nepreluat de sistem",
  parameterMissing: "Parametrul id_incarcare este obligatoriu",
  notNumeric: (id: string) => `Id_incarcare introdus= ${id} nu este un numar intreg`,
  unknown: (id: string) => `Nu exista factura cu id_incarcare= ${id}`,
  noRight: (id: string) => `Nu aveti dreptul de inteorgare pentru id_incarcare= ${id}`,
  noCifAtAll: "Nu exista niciun CIF petru care sa aveti drept",
  quota: (limit: number) => `S-au facut deja ${limit} descarcari de mesaj in cursul zilei`,
};

/** Message lists (ANAF.md §5). */
export const list = {
  title: "Lista Mesaje",
  daysTitle: (days: string) => `Lista Mesaje disponibile din ultimele ${days} zile`,
  intervalTitle: (from: string, to: string) => `Lista Mesaje disponibile din intervalul ${from} - ${to}`,
  parametersMissing: "Parametrii zile si cif sunt obligatorii",
  /** Invented: the missing-parameter text of the paginated list is not in our sources. */
  intervalParametersMissing: "Parametrii startTime, endTime, cif si pagina sunt obligatorii",
  emptyDays: (days: string) => `Nu exista mesaje in ultimele ${days} zile`,
  emptyInterval: "Nu exista mesaje in intervalul selectat",
  over500:
    "Lista de mesaje este mai mare decat numarul de 500 elemente permise in pagina. Folositi endpoint-ul cu paginatie.",
  daysNotNumeric: (days: string) => `Numarul de zile introdus= ${days} nu este un numar intreg`,
  daysRange: "Numarul de zile trebuie sa fie intre 1 si 60",
  badFilter: "Valorile acceptate pentru parametrul filtru sunt E, T, P sau R",
  quota: (limit: number) =>
    `S-au facut deja ${limit} interogari de lista mesaje de catre utilizator in cursul zilei`,
  timeNotNumeric: (name: string, value: string) =>
    `${name} = ${value} nu este un numar sau nu are o valoare acceptata de sistem`,
  startTooOld: (value: string) =>
    `startTime = ${value} nu poate fi mai vechi de 60 de zile fata de momentul requestului`,
  endBeforeStart: (end: string, start: string) => `endTime = ${end} nu poate fi <= startTime = ${start}`,
  endInFuture: (end: string) => `endTime = ${end} nu poate in viitor fata de momentul requestului`,
  /** Invented, in the manner of the two texts for startTime and endTime. */
  pageNotNumeric: (page: string) =>
    `pagina = ${page} nu este un numar sau nu are o valoare acceptata de sistem`,
  pastEnd: (page: number, pages: number) =>
    `Pagina solicitata ${page} este mai mare decat numarul toatal de pagini ${pages}`,
};

/** Kinds of message and their details (ANAF.md §5.3). */
export const message = {
  sent: "FACTURA TRIMISA",
  received: "FACTURA PRIMITA",
  errors: "ERORI FACTURA",
  buyer: "MESAJ CUMPARATOR PRIMIT / MESAJ CUMPARATOR TRANSMIS",
  invoice: (index: number, seller: string, buyer: string) =>
    `Factura cu id_incarcare=${index} emisa de cif_emitent=${seller} pentru cif_beneficiar=${buyer}`,
  selfBilled: (index: number, buyer: string, seller: string) =>
    `Factura cu id_incarcare=${index} transmisa de cif=${buyer}  ca autofactutra in numele cif=${seller}`,
  rejected: (index: number) => `Erori de validare identificate la factura transmisa cu id_incarcare=${index}`,
  rejectedSelfBilled: (index: number) =>
    `Erori de validare identificate la factura de tip declarat=AUTOFACTURA, transmisa cu id_incarcare=${index}`,
  /** Invented: the details of a buyer's message are not in our sources. */
  comment: (index: number, about: string) =>
    `Mesaj cu id_incarcare=${index} referitor la factura cu id_incarcare=${about}`,
};

/** descarcare (ANAF.md §6). */
export const download = {
  title: "Descarcare mesaj",
  parameterMissing: "Parametrul id este obligatoriu",
  notNumeric: (id: string) => `Id descarcare introdus= ${id} nu este un numar intreg`,
  quota: (limit: number) => `S-au facut deja ${limit} descarcari de mesaj in cursul zilei`,
  noRight: "Nu aveti dreptul sa descarcati acesta factura",
  unknown: (id: string) => `Pentru id=${id} nu exista inregistrata nici o factura`,
  expired:
    "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil",
};

/** Errors found while processing (ANAF.md §6). */
export const processing = {
  duplicate: (index: number, day: string) =>
    `Factura a mai fost transmisa anterior cu index=${index} si data incarcare=${day}`,
  sellerUnknown: (cif: string) =>
    `E: validari globale\n eroare regula: R6.1: CIF-ul vanzatorului nu figureaza in baza de date:${cif}`,
  sellerChecksum: (cif: string) =>
    `E: AccountingSupplierParty (1) sectiune Party (1) sectiune PartyTaxScheme (1) sectiune CompanyID (1)  eroare regula: R_BT_32_cui: Cui vanzator incorect / validare CUI (${cif}) `,
  /** Invented: the text for an uploader without rights over the seller is not in our sources. */
  notEntitled: (cif: string) =>
    `E: validari globale\n eroare regula: R6.2: Utilizatorul nu are drept in SPV pentru CIF=${cif}`,
  /** Invented: what ANAF does with a consumer invoice sent to /upload is unknown (ANAF.md §3, tag C). */
  consumerPath:
    "E: validari globale\n eroare regula: R7: Factura catre consumator se transmite prin uploadb2c",
  rule: (code: string, reason: string) => `E: validari globale  SCHEMATRON   eroare: [${code}]-${reason}`,
};

/** Public validation and rendering (ANAF.md §8). */
export const validation = {
  badStandard: "Valorile acceptate pentru parametrul standard sunt FACT1 si FCN",
  tooLarge: "Marime fisier transmis mai mare de 5 MB.",
  sealValid:
    "Fișierele încărcate au fost validate cu succes, din perspectiva autenticității semnăturii aplicate asupra acestora",
  sealInvalid:
    "Fișierele încărcate NU au putut fi validate cu succes, din perspectiva autenticității semnăturii aplicate asupra acestora",
  /** Invented: the 400 text of the seal check is not in our sources. */
  sealPartMissing: "Trebuie sa aveti atasate in request fisierele file si signature",
};

/** e-Transport (ANAF.md §12). */
export const transport = {
  empty: (days: string) => `Nu exista mesaje in ultimele ${days} zile`,
  noInformation: "Nu exista informatii pentru aceasta solicitare",
};
