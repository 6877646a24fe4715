import { strikes } from "./faults.ts";
import type { Invoice } from "./invoices.ts";
import { read, textAt } from "./schema.ts";
import { exception } from "./refusal.ts";
import type { Session } from "./sessions.ts";
import { iso, type World } from "./world.ts";

/** The confirmation (UPO, version 4-3) of an accepted invoice. The real one carries the ministry's signature. */
export function confirmation(world: World, session: Session, invoice: Invoice): string {
  const { ksefNumber, acceptedAt, content, receivedAt, hash, number, nip } = invoice;
  if (ksefNumber === null || acceptedAt === null || strikes(world, "upo.late")) throw exception(21178);
  const xml = read(Buffer.from(content!, "base64").toString("utf8"))!;
  return `<?xml version="1.0" encoding="utf-8"?>
<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">
<NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów - symulator</NazwaPodmiotuPrzyjmujacego>
<NumerReferencyjnySesji>${session.reference}</NumerReferencyjnySesji>
<Uwierzytelnienie><IdKontekstu><Nip>${nip}</Nip></IdKontekstu>
<NumerReferencyjnyTokenaKSeF>${session.login}</NumerReferencyjnyTokenaKSeF></Uwierzytelnienie>
<NazwaStrukturyLogicznej>Schemat_FA(3)_v1-0E.xsd</NazwaStrukturyLogicznej>
<KodFormularza>FA (3)</KodFormularza>
<Dokument>
<NipSprzedawcy>${nip}</NipSprzedawcy>
<NumerKSeFDokumentu>${ksefNumber}</NumerKSeFDokumentu>
<NumerFaktury>${escaped(number ?? "")}</NumerFaktury>
<DataWystawieniaFaktury>${textAt(xml, "Fa", "P_1")}</DataWystawieniaFaktury>
<DataPrzeslaniaDokumentu>${iso(receivedAt)}</DataPrzeslaniaDokumentu>
<DataNadaniaNumeruKSeF>${iso(acceptedAt)}</DataNadaniaNumeruKSeF>
<SkrotDokumentu>${hash}</SkrotDokumentu>
<TrybWysylki>Online</TrybWysylki>
</Dokument>
</Potwierdzenie>
`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
