export { attach, attachmentKey, getAttachment, type Upload } from "./attachments.ts";
export { type Outcome, toEach } from "./bulk.ts";
export { cancel, cancelScheduledEmail, remove, restore } from "./cancel.ts";
export { invoices, type StoredInvoice, type Submission } from "./collection.ts";
export { create, type Created } from "./create.ts";
export { exportCsv } from "./csv.ts";
export {
  followSubmission,
  isDueByItself,
  markArchived,
  markSent,
  markSubmitting,
  markVerdict,
  markWaiting,
  type SubmissionMessage,
  type Verdict,
} from "./efactura.ts";
export { fileKey, fileUrl, getFile, type InvoiceFile, storeFiles, xmlOf } from "./files.ts";
export { events, get, getInvoice, inCompanyOf, listPayments } from "./get.ts";
export { issue } from "./issue.ts";
export {
  type InvoiceFilter,
  type InvoiceList,
  type InvoiceQuery,
  list,
  matching,
  type Sort,
  SORTS,
} from "./list.ts";
export { type Neighbours, neighboursOf } from "./neighbours.ts";
export { getPayment, markPaid, markUnpaid, type Paid, recordPayment, removePayment } from "./payments.ts";
export { learnProducts } from "./products.ts";
export { assertQuota } from "./quota.ts";
export { arrivalId, type Arrival, arrived } from "./received.ts";
export { createReversal, storno } from "./storno.ts";
export { submit } from "./submit.ts";
export { update, type Updated } from "./update.ts";
export { type Mode, validate } from "./validate.ts";
