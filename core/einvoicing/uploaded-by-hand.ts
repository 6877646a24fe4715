import { series } from "#core/companies/document-series.ts";
import { placeOf } from "#core/companies/series-counter.ts";
import { columns, invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { markSubmitting } from "#core/documents/invoices/efactura.ts";
import { system } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { routeOf } from "#core/providers/anaf/route.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import { listRows } from "#core/store/listing.ts";
import {
  type Attempt,
  attemptId,
  attempts,
  bytesKey,
  claimHash,
  claimIndex,
  findByHash,
  findByIndex,
  untried,
} from "./attempts.ts";
import { parsed } from "./incoming.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Message } from "./messages.ts";

/**
 * The attempt for a document that ANAF shows as sent by the company and that is, byte for byte, an invoice which was
 * issued here and never left: somebody fetched its XML and uploaded it in SPV himself. Its upload is entered as if it had
 * been ours, so that the invoice gets its verdict and goes to ANAF no second time. Undefined when it is no such document.
 */
export async function adoptUploaded(
  mailbox: Mailbox,
  { uploadIndex, environment, archive }: Message,
  document: Uint8Array,
): Promise<Attempt | undefined> {
  const { organizationId, companyId, cif } = mailbox;
  const { sha256 } = archive!;
  const id = uploadIndex === null ? undefined : await issuedAs(companyId, document);
  if (uploadIndex === null || id === undefined) return undefined;
  await putFile(bytesKey(companyId, sha256), document, "application/xml");
  return untilCommitted(async () => {
    const invoice = await invoices.find(companyId, id);
    if (invoice?.status !== "issued" || invoice.xmlSha256 !== sha256)
      // A twin of this message was faster, or the invoice's own submission.
      return (await findByIndex(companyId, environment, uploadIndex)) ?? findByHash(companyId, sha256);
    const decided = { automatic: false, xmlSha256: sha256 };
    const submitted = markSubmitting(system(organizationId, companyId), invoice, decided)!;
    const attempt = attempts.insert(companyId, {
      ...sentAlready(submitted.value, { sha256, sizeBytes: document.length }),
      environment,
      cif,
      externalId: uploadIndex,
    });
    const claims = [claimHash(companyId, attempt.value), claimIndex(companyId, attempt.value, uploadIndex)];
    await commit([submitted, attempt, ...claims]);
    return attempt.value;
  });
}

const sentAlready = (invoice: StoredInvoice, file: Pick<Attempt, "sha256" | "sizeBytes">) => ({
  ...untried,
  ...file,
  id: attemptId(invoice.id, invoice.submission!.attempt, 1),
  invoiceId: invoice.id,
  submission: invoice.submission!.attempt,
  upload: 1,
  number: invoice.number,
  state: "sent" as const,
  route: routeOf(invoice),
  preparedAt: instant(),
});

/** The issued invoice of ours with the number of a document. Looked for only when a series here has given that number. */
async function issuedAs(companyId: string, document: Uint8Array): Promise<string | undefined> {
  const read = await parsed(document);
  const number = typeof read === "string" ? null : read.number;
  const place = number === null ? undefined : placeOf(await series.all(companyId), number);
  if (!place || place.number > place.series.highestTaken) return undefined;
  const { ids } = await listRows(companyId, invoices, columns, {
    where: (row) => row.number === number && row.status === "issued" && row.direction === "outgoing",
    sort: "id",
    descending: true,
    page: 1,
    limit: 1,
  });
  return ids[0];
}
