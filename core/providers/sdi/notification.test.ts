import { describe, expect, it } from "vitest";
import { decisive, isDuplicate, meaningOf } from "./meaning.ts";
import { isAbout, readNotification } from "./notification.ts";
import { sdi } from "./network.ts";

const PUBLIC = "http://www.fatturapa.gov.it/sdi/messaggi/v1.0";
const PRIVATE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0";
const NAME = "IT01234567897_0A1B2.xml";

const message = (root: string, content: string, { namespace = PRIVATE, name = NAME } = {}) =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><types:${root} xmlns:types="${namespace}" versione="1.0">` +
      `<IdentificativoSdI>7000000001</IdentificativoSdI><NomeFile>${name}</NomeFile>${content}` +
      `<MessageId>1</MessageId></types:${root}>`,
  );

const errors =
  "<ListaErrori><Errore><Codice>00404</Codice><Descrizione>Fattura duplicata</Descrizione></Errore>" +
  "<Errore><Codice>00423</Codice><Descrizione>PrezzoTotale</Descrizione><Suggerimento>Ricalcolare</Suggerimento></Errore></ListaErrori>";
const outcome = (esito: string) =>
  `<EsitoCommittente><Esito>${esito}</Esito><Descrizione>Importo errato</Descrizione></EsitoCommittente>`;

/** What a message means, said as briefly as possible. */
function meant(bytes: Uint8Array, isPublic: boolean) {
  const status = meaningOf(readNotification(bytes)!, isPublic, "");
  if (status.result === "accepted") return `accepted ${status.officialId}`;
  return status.result === "rejected" ? status.errors : status.result;
}

describe("a notification of the exchange", () => {
  it.each([
    ["RicevutaConsegna", "", false, "accepted 7000000001"],
    ["RicevutaConsegna", "", true, "processing"],
    ["RicevutaImpossibilitaRecapito", "", false, "accepted 7000000001"],
    ["NotificaMancataConsegna", "", false, "accepted 7000000001"],
    ["NotificaMancataConsegna", "", true, "processing"],
    ["NotificaEsito", outcome("EC01"), true, "accepted 7000000001"],
    ["NotificaEsito", outcome("EC02"), true, ["EC02: Importo errato"]],
    ["NotificaDecorrenzaTermini", "", true, "accepted 7000000001"],
    ["AttestazioneTrasmissioneFattura", "", true, "accepted 7000000001"],
    ["NotificaScarto", errors, true, ["00404: Fattura duplicata", "00423: PrezzoTotale (Ricalcolare)"]],
    ["RicevutaScarto", "", false, ["NS: discarded without a reason."]],
  ])("%s %s, office %s", (root, content, isPublic, expected) =>
    expect(meant(message(root, content, { namespace: isPublic ? PUBLIC : PRIVATE }), isPublic)).toEqual(
      expected,
    ),
  );

  it("is about the document under its name, signed or not, and about no other", () => {
    const signed = readNotification(message("RicevutaConsegna", "", { name: `${NAME}.p7m` }))!;
    expect([isAbout(signed, NAME), isAbout(signed, "IT01234567897_0A1B3.xml")]).toEqual([true, false]);
  });

  it.each(["", "no xml", "<RicevutaConsegna/>", "<FileMetadati><NomeFile>x</NomeFile></FileMetadati>"])(
    "is not what %j is",
    (text) => expect(readNotification(Buffer.from(text))).toBeUndefined(),
  );

  it("decides by what it says and not by when it came", () => {
    const word = (kind: "RC" | "MC" | "NE" | "AT") => ({ kind, sdiId: null, errors: [], outcome: null });
    expect(decisive([word("NE"), word("RC"), word("MC")])?.kind).toBe("NE");
    expect(decisive([word("AT"), word("MC")])?.kind).toBe("AT");
    expect(decisive([])).toBeUndefined();
  });

  it("tells a second copy from a document that is wrong", () => {
    const rejected = (...said: string[]) => isDuplicate({ result: "rejected", errors: said, raw: "" });
    expect([
      rejected("00002: x"),
      rejected("00404: x", "00002: y"),
      rejected("00404: x", "00423: y"),
    ]).toEqual([true, true, false]);
  });
});

describe("a notice that comes by itself", () => {
  const noticeOf = (bytes: Uint8Array) => sdi.readNotice!(bytes, "application/xml");

  it("is found by the name the document left under and brings itself as a receipt", () => {
    const bytes = message("RicevutaConsegna", "", { name: `${NAME}.p7m` });
    const notice = noticeOf(bytes)!;
    expect(notice).toMatchObject({ fileName: NAME, externalId: null, status: { result: "accepted" } });
    const receipts = "receipts" in notice.status ? notice.status.receipts : [];
    expect(receipts).toEqual([
      { fileName: "IT01234567897_0A1B2_RC_001.xml", contentType: "application/xml", bytes },
    ]);
  });

  it("of a delivery to an office is not the end, whatever namespace it comes in", () => {
    const to = (code: string) => `<Destinatario><Codice>${code}</Codice></Destinatario>`;
    const results = [
      noticeOf(message("RicevutaConsegna", to("UFABCD")))?.status.result,
      noticeOf(message("RicevutaConsegna", to("ABC1234"), { namespace: PUBLIC }))?.status.result,
    ];
    expect(results).toEqual(["processing", "accepted"]);
  });

  it("is none when it is about incoming invoices", () => {
    expect(noticeOf(Buffer.from("<FileMetadati><NomeFile>x</NomeFile></FileMetadati>"))).toBeUndefined();
  });
});
