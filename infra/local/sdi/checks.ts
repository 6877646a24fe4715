import { cents, CENT, distance, times, type Units, units } from "./arithmetic.ts";
import { all, type Element, textAt } from "./xml.ts";

/** An error the exchange discards a file for: its official code and what it says. */
export interface Fault {
  readonly code: string;
  readonly description: string;
}

/** What a file is looked at by, beyond itself. */
export interface Surroundings {
  /** The day in Italy on which it is looked at. */
  readonly today: string;
  /** Recipients that nobody has. */
  readonly isUnknownRecipient: (code: string) => boolean;
}

const header = (path: string): string => `FatturaElettronicaHeader/${path}`;
const sellerData = header("CedentePrestatore/DatiAnagrafici");
const buyerData = header("CessionarioCommittente/DatiAnagrafici");
const transmission = header("DatiTrasmissione");

/** The checks of the exchange on the content of a file whose structure is right; each says its official code. */
export function contentFaults(root: Element, around: Surroundings): Fault[] {
  const faults = [...partyFaults(root), ...recipientFaults(root, around)];
  for (const body of all(root, "FatturaElettronicaBody"))
    faults.push(...documentFaults(body, around), ...lineFaults(body), ...summaryFaults(body));
  return faults.map(([code, description]) => ({ code, description }));
}

type Said = readonly [code: string, description: string];

const LUHN = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

/** Whether eleven digits carry the right check digit, as a partita IVA does. */
const isNumber = (digits: string): boolean =>
  /^\d{11}$/.test(digits) &&
  Array.from(digits).reduce(
    (total, digit, at) => total + (at % 2 ? LUHN[Number(digit)]! : Number(digit)),
    0,
  ) %
    10 ===
    0;

function* partyFaults(root: Element): Iterable<Said> {
  const id = (path: string) => [textAt(root, `${path}/IdPaese`), textAt(root, `${path}/IdCodice`)] as const;
  const [senderCountry, sender] = id(`${transmission}/IdTrasmittente`);
  const [sellerCountry, seller] = id(`${sellerData}/IdFiscaleIVA`);
  const [buyerCountry, buyer] = id(`${buyerData}/IdFiscaleIVA`);
  const code = textAt(root, `${buyerData}/CodiceFiscale`);
  if (senderCountry === "IT" && !isNumber(sender) && sender.length !== 16)
    yield ["00300", `1.1.1.2 IdCodice non valido: ${sender}`];
  if (sellerCountry === "IT" && !isNumber(seller))
    yield ["00301", `1.2.1.1.2 IdCodice non valido: ${seller}`];
  if (buyerCountry === "IT" && !isNumber(buyer)) yield ["00305", `1.4.1.1.2 IdCodice non valido: ${buyer}`];
  if (code && !isNumber(code) && code.length !== 16)
    yield ["00306", `1.4.1.2 CodiceFiscale non valido: ${code}`];
  if (!buyer && !code) yield ["00417", "1.4.1.1 IdFiscaleIVA e 1.4.1.2 CodiceFiscale non valorizzati"];
  if (buyer && seller === buyer && sellerCountry === buyerCountry)
    yield ["00471", "Il cedente e il cessionario sono lo stesso soggetto"];
}

function* recipientFaults(root: Element, { isUnknownRecipient }: Surroundings): Iterable<Said> {
  const format = textAt(root, `${transmission}/FormatoTrasmissione`);
  const recipient = textAt(root, `${transmission}/CodiceDestinatario`);
  const country = textAt(root, `${buyerData}/IdFiscaleIVA/IdPaese`);
  if (format !== root.attributes["versione"])
    yield ["00428", "1.1.3 FormatoTrasmissione non coerente con versione"];
  if (recipient.length !== (format === "FPA12" ? 6 : 7))
    yield ["00427", "1.1.4 CodiceDestinatario non coerente con 1.1.3 FormatoTrasmissione"];
  if (recipient === "XXXXXXX" && country === "IT")
    yield ["00313", "1.1.4 CodiceDestinatario XXXXXXX non ammesso per un cessionario italiano"];
  if (isUnknownRecipient(recipient))
    yield [format === "FPA12" ? "00312" : "00311", `1.1.4 CodiceDestinatario ${recipient} non trovato`];
}

function* documentFaults(body: Element, { today }: Surroundings): Iterable<Said> {
  const document = "DatiGenerali/DatiGeneraliDocumento";
  const day = textAt(body, `${document}/Data`);
  if (day.slice(0, 10) > today) yield ["00403", "2.1.1.3 Data successiva alla data di ricezione"];
  if (!/\d/.test(textAt(body, `${document}/Numero`)))
    yield ["00425", "2.1.1.4 Numero non contiene caratteri numerici"];
  for (const related of all(body, "DatiGenerali/DatiFattureCollegate"))
    if (textAt(related, "Data") > day) yield ["00418", "2.1.6.3 Data successiva alla data della fattura"];
}

function* lineFaults(body: Element): Iterable<Said> {
  for (const line of all(body, "DatiBeniServizi/DettaglioLinee")) {
    const number = textAt(line, "NumeroLinea");
    const rate = units(textAt(line, "AliquotaIVA"));
    const natura = textAt(line, "Natura");
    if (rate === 0n && !natura) yield ["00400", `Linea ${number}: Natura non presente`];
    if (rate !== 0n && natura) yield ["00401", `Linea ${number}: Natura presente`];
    if (["N2", "N3", "N6"].includes(natura))
      yield ["00445", `Linea ${number}: Natura ${natura} non più ammessa`];
    if (rate > 0n && rate < units("1"))
      yield ["00424", `Linea ${number}: AliquotaIVA non indicata in percentuale`];
    if (cents(priceOf(line)) !== cents(units(textAt(line, "PrezzoTotale"))))
      yield ["00423", `Linea ${number}: PrezzoTotale non calcolato secondo le regole`];
  }
}

/** Unit price less its reductions, each of which sees what the ones before left, times the quantity. */
function priceOf(line: Element): Units {
  let price = units(textAt(line, "PrezzoUnitario"));
  for (const reduction of all(line, "ScontoMaggiorazione")) {
    const amount = textAt(reduction, "Importo");
    const percent = times(price, units(textAt(reduction, "Percentuale"))) / 100n;
    const by = amount ? units(amount) : percent;
    price += textAt(reduction, "Tipo") === "SC" ? -by : by;
  }
  return times(price, units(textAt(line, "Quantita") || "1"));
}

function* summaryFaults(body: Element): Iterable<Said> {
  const goods = "DatiBeniServizi";
  const key = (element: Element) => `${textAt(element, "AliquotaIVA")} ${textAt(element, "Natura")}`;
  const sums = new Map<string, Units>();
  const add = (of: string, amount: Units) => sums.set(of, (sums.get(of) ?? 0n) + amount);
  for (const line of all(body, `${goods}/DettaglioLinee`))
    add(key(line), units(textAt(line, "PrezzoTotale")));
  for (const fund of all(body, "DatiGenerali/DatiGeneraliDocumento/DatiCassaPrevidenziale"))
    add(key(fund), units(textAt(fund, "ImportoContributoCassa")));
  const summaries = all(body, `${goods}/DatiRiepilogo`);
  for (const of of sums.keys())
    if (!summaries.some((summary) => key(summary) === of))
      yield ["00419", `DatiRiepilogo mancante per ${of}`];
  for (const summary of summaries) {
    const rate = units(textAt(summary, "AliquotaIVA"));
    const natura = textAt(summary, "Natura");
    const base = units(textAt(summary, "ImponibileImporto"));
    const expected = (sums.get(key(summary)) ?? 0n) + units(textAt(summary, "Arrotondamento"));
    if (rate === 0n && !natura) yield ["00429", "2.2.2.2 Natura non presente"];
    if (rate !== 0n && natura) yield ["00430", "2.2.2.2 Natura presente"];
    if (distance(base, expected) >= 100n * CENT)
      yield ["00422", "2.2.2.5 ImponibileImporto non calcolato secondo le regole"];
    if (distance(units(textAt(summary, "Imposta")), cents(times(base, rate) / 100n)) > CENT)
      yield ["00421", "2.2.2.6 Imposta non calcolata secondo le regole"];
  }
}
