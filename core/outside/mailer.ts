import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { linked } from "#core/store/linked.ts";

/** A mail as it goes out. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

let client: SESv2Client | undefined;

/** Sends one mail through SES, from the stage's verified sender. Throws when SES does not take it. */
export async function sendMail({ to, subject, text, html }: Mail): Promise<void> {
  // Loaded at the first mail: only one worker ever sends any.
  const { SendEmailCommand, SESv2Client } = await import("@aws-sdk/client-sesv2");
  client ??= new SESv2Client({ maxAttempts: 4 });
  const content = { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } };
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: linked.Mail.sender,
      Destination: { ToAddresses: [to] },
      Content: { Simple: content },
    }),
  );
}

const utf8 = (text: string) => ({ Data: text, Charset: "UTF-8" });
