/**
 * The schema of FatturaPA 1.2.3 as tables. A model is a sequence of `Name:Type`; `?` is 0..1, `*` 0..n, `+` 1..n, no
 * sign exactly one. A type that is no model is a value. Models with `|` may follow either sequence.
 */
export const MODELS: Readonly<Record<string, string>> = {
  FatturaElettronica: "FatturaElettronicaHeader:Header FatturaElettronicaBody:Body+",
  Header:
    "DatiTrasmissione:Transmission CedentePrestatore:Seller RappresentanteFiscale:Representative? " +
    "CessionarioCommittente:Buyer TerzoIntermediarioOSoggettoEmittente:Third? SoggettoEmittente:Issuer?",
  Body: "DatiGenerali:General DatiBeniServizi:Goods DatiVeicoli:Vehicle? DatiPagamento:Payment* Allegati:Attachment*",
  Transmission:
    "IdTrasmittente:TaxId ProgressivoInvio:S10 FormatoTrasmissione:Format CodiceDestinatario:Recipient " +
    "ContattiTrasmittente:Contacts? PECDestinatario:Mail?",
  TaxId: "IdPaese:Country IdCodice:Code",
  Contacts: "Telefono:Phone? Email:ContactMail?",
  Seller:
    "DatiAnagrafici:SellerData Sede:Address StabileOrganizzazione:Address? IscrizioneREA:Register? " +
    "Contatti:SellerContacts? RiferimentoAmministrazione:S20?",
  SellerData:
    "IdFiscaleIVA:TaxId CodiceFiscale:FiscalCode? Anagrafica:Name AlboProfessionale:L60? ProvinciaAlbo:Province? " +
    "NumeroIscrizioneAlbo:S60? DataIscrizioneAlbo:Date? RegimeFiscale:Regime",
  Name: "Denominazione:L80 Titolo:Title? CodEORI:Eori?|Nome:L60 Cognome:L60 Titolo:Title? CodEORI:Eori?",
  Address: "Indirizzo:L60 NumeroCivico:S8? CAP:Five Comune:L60 Provincia:Province? Nazione:Home",
  Register:
    "Ufficio:Province NumeroREA:S20 CapitaleSociale:Amount? SocioUnico:Shareholder? StatoLiquidazione:Liquidation",
  SellerContacts: "Telefono:Phone? Fax:Phone? Email:ContactMail?",
  Representative: "DatiAnagrafici:RepresentativeData",
  RepresentativeData: "IdFiscaleIVA:TaxId CodiceFiscale:FiscalCode? Anagrafica:Name",
  Buyer:
    "DatiAnagrafici:BuyerData Sede:Address StabileOrganizzazione:Address? RappresentanteFiscale:BuyerRepresentative?",
  BuyerData: "IdFiscaleIVA:TaxId? CodiceFiscale:FiscalCode? Anagrafica:Name",
  BuyerRepresentative: "IdFiscaleIVA:TaxId Denominazione:L80|IdFiscaleIVA:TaxId Nome:L60 Cognome:L60",
  Third: "DatiAnagrafici:BuyerData",
  General:
    "DatiGeneraliDocumento:Document DatiOrdineAcquisto:Related* DatiContratto:Related* DatiConvenzione:Related* " +
    "DatiRicezione:Related* DatiFattureCollegate:Related* DatiSAL:Progress* DatiDDT:Delivery* " +
    "DatiTrasporto:Transport? FatturaPrincipale:Principal?",
  Document:
    "TipoDocumento:Kind Divisa:Currency Data:Date Numero:S20 DatiRitenuta:Withholding* DatiBollo:Stamp? " +
    "DatiCassaPrevidenziale:Fund* ScontoMaggiorazione:Reduction* ImportoTotaleDocumento:Amount? " +
    "Arrotondamento:Amount? Causale:L200* Art73:Yes?",
  Withholding:
    "TipoRitenuta:WithholdingKind ImportoRitenuta:Amount AliquotaRitenuta:Rate CausalePagamento:Cause",
  Stamp: "BolloVirtuale:Yes ImportoBollo:Amount?",
  Fund:
    "TipoCassa:FundKind AlCassa:Rate ImportoContributoCassa:Amount ImponibileCassa:Amount? AliquotaIVA:Rate " +
    "Ritenuta:Yes? Natura:Natura? RiferimentoAmministrazione:S20?",
  Reduction: "Tipo:Direction Percentuale:Rate? Importo:Price?",
  Related:
    "RiferimentoNumeroLinea:LineNumber* IdDocumento:S20 Data:Date? NumItem:S20? CodiceCommessaConvenzione:L100? " +
    "CodiceCUP:S15? CodiceCIG:S15?",
  Progress: "RiferimentoFase:LineNumber",
  Delivery: "NumeroDDT:S20 DataDDT:Date RiferimentoNumeroLinea:LineNumber*",
  Transport:
    "DatiAnagraficiVettore:Carrier? MezzoTrasporto:L80? CausaleTrasporto:L100? NumeroColli:LineNumber? " +
    "Descrizione:L100? UnitaMisuraPeso:S10? PesoLordo:Weight? PesoNetto:Weight? DataOraRitiro:Instant? " +
    "DataInizioTrasporto:Date? TipoResa:Currency? IndirizzoResa:Address? DataOraConsegna:Instant?",
  Carrier: "IdFiscaleIVA:TaxId CodiceFiscale:FiscalCode? Anagrafica:Name NumeroLicenzaGuida:S20?",
  Principal: "NumeroFatturaPrincipale:S20 DataFatturaPrincipale:Date",
  Goods: "DettaglioLinee:Line+ DatiRiepilogo:Summary+",
  Line:
    "NumeroLinea:LineNumber TipoCessionePrestazione:LineKind? CodiceArticolo:Article* Descrizione:L1000 " +
    "Quantita:Quantity? UnitaMisura:S10? DataInizioPeriodo:Date? DataFinePeriodo:Date? PrezzoUnitario:Price " +
    "ScontoMaggiorazione:Reduction* PrezzoTotale:Price AliquotaIVA:Rate Ritenuta:Yes? Natura:Natura? " +
    "RiferimentoAmministrazione:S20? AltriDatiGestionali:Other*",
  Article: "CodiceTipo:S35 CodiceValore:Any35",
  Other: "TipoDato:S10 RiferimentoTesto:L60? RiferimentoNumero:Price? RiferimentoData:Date?",
  Summary:
    "AliquotaIVA:Rate Natura:Natura? SpeseAccessorie:Amount? Arrotondamento:Price? ImponibileImporto:Amount " +
    "Imposta:Amount EsigibilitaIVA:Due? RiferimentoNormativo:L100?",
  Vehicle: "Data:Date TotalePercorso:S15",
  Payment: "CondizioniPagamento:Terms DettaglioPagamento:PaymentDetail+",
  PaymentDetail:
    "Beneficiario:L200? ModalitaPagamento:Means DataRiferimentoTerminiPagamento:Date? GiorniTerminiPagamento:Days? " +
    "DataScadenzaPagamento:Date? ImportoPagamento:Amount CodUfficioPostale:S20? CognomeQuietanzante:L60? " +
    "NomeQuietanzante:L60? CFQuietanzante:PersonCode? TitoloQuietanzante:Title? IstitutoFinanziario:L80? IBAN:Iban? " +
    "ABI:Five? CAB:Five? BIC:Bic? ScontoPagamentoAnticipato:Amount? DataLimitePagamentoAnticipato:Date? " +
    "PenalitaPagamentiRitardati:Amount? DataDecorrenzaPenale:Date? CodicePagamento:S60?",
  Attachment:
    "NomeAttachment:L60 AlgoritmoCompressione:S10? FormatoAttachment:S10? DescrizioneAttachment:L100? Attachment:Base64",
};

/** A text in ASCII (`S`) or Latin-1 (`L`) of at most so many characters. */
const lengths = (sign: string, last: string, all: readonly number[]): [string, RegExp][] =>
  all.map((length) => [`${sign}${length}`, new RegExp(`^[\\u0000-\\u00${last}]{1,${length}}$`, "u")]);

const DAY = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])";
const ZONE = "(?:Z|[+-]\\d{2}:\\d{2})?";

/** Values around which blanks do not count, as XML Schema has it for numbers and dates. */
export const COLLAPSED: ReadonlySet<string> = new Set(
  "Amount Price Quantity Weight Rate LineNumber Days Date Instant Base64".split(" "),
);

export const VALUES: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(lengths("S", "7f", [8, 10, 15, 20, 35, 60])),
  ...Object.fromEntries(lengths("L", "ff", [60, 80, 100, 200, 1000])),
  Any35: /^.{1,35}$/su,
  Country: /^[A-Z]{2}$/,
  // Left empty it is Italy.
  Home: /^(?:[A-Z]{2})?$/,
  Province: /^[A-Z]{2}$/,
  Currency: /^[A-Z]{3}$/,
  Code: /^.{1,28}$/su,
  FiscalCode: /^[A-Z0-9]{11,16}$/,
  PersonCode: /^[A-Z0-9]{16}$/,
  Title: /^[\u0020-\u007f]{2,10}$/,
  Eori: /^.{13,17}$/su,
  Format: /^FP[AR]12$/,
  Recipient: /^[A-Z0-9]{6,7}$/,
  Five: /^\d{5}$/,
  Phone: /^[\u0020-\u007f]{5,12}$/,
  Mail: /^[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*@[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*$/,
  ContactMail: /^(?=.{7,256}$).+@.+\..+$/,
  Date: new RegExp(`^${DAY}${ZONE}$`),
  Instant: new RegExp(`^${DAY}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?${ZONE}$`),
  Amount: /^-?\d{1,11}\.\d{2}$/,
  Price: /^-?\d{1,11}\.\d{2,8}$/,
  Quantity: /^\d{1,12}\.\d{2,8}$/,
  Weight: /^\d{1,4}\.\d{1,2}$/,
  Rate: /^(?:\d{1,2}\.\d{2}|0?\d{2}\.\d{2}|100\.00)$/,
  LineNumber: /^[1-9]\d{0,3}$/,
  Days: /^\d{1,3}$/,
  Kind: /^TD(?:0[1-6]|1[6-9]|2\d)$/,
  Regime: /^RF(?:0[124-9]|1\d|20)$/,
  Natura: /^N(?:1|2|2\.[12]|3|3\.[1-6]|4|5|6|6\.[1-9]|7)$/,
  Means: /^MP(?:0[1-9]|1\d|2[0-3])$/,
  Terms: /^TP0[123]$/,
  Direction: /^(?:SC|MG)$/,
  LineKind: /^(?:SC|PR|AB|AC)$/,
  Due: /^[DIS]$/,
  Yes: /^SI$/,
  Issuer: /^(?:CC|TZ)$/,
  Shareholder: /^S[UM]$/,
  Liquidation: /^L[SN]$/,
  FundKind: /^TC(?:0[1-9]|1\d|2[0-2])$/,
  WithholdingKind: /^RT0[1-6]$/,
  Cause: /^(?:[A-EG-Z]|L1|M[12]|O1|V1|ZO)$/,
  Iban: /^[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}$/,
  Bic: /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/,
  Base64: /^[A-Za-z0-9+/\s]+={0,2}\s*$/,
};
