/** Outgoing mail. The sender is an address or a domain that SES has verified. */
export const mail = new sst.aws.Email("Mail", { sender: process.env.MAIL_SENDER ?? "no-reply@example.com" });
