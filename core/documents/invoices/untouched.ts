import { ZERO } from "#core/lib/decimal.ts";
import type { InvoiceProgress } from "#core/model/invoice.ts";

/** Nothing is paid, sent, cancelled or flagged yet. */
export const untouched: InvoiceProgress = {
  amountPaid: ZERO,
  balance: ZERO,
  paidAt: null,
  anafMessageId: null,
  anafUploadId: null,
  anafDownloadId: null,
  anafStatus: null,
  anafErrorMessage: null,
  signatureValid: null,
  syncedAt: null,
  isDuplicate: false,
  isLateSubmission: false,
  cancelledAt: null,
  cancellationReason: null,
  scheduledSendAt: null,
};
