import type { DatabaseSync } from "node:sqlite";
import { instant } from "#core/lib/clock.ts";
import { AwsError } from "../aws/error.ts";
import type { AwsService } from "../aws/listener.ts";
import { type AwsRequest, json } from "../aws/request.ts";

/** A mail the product sent. */
export interface Mail {
  readonly id: string;
  readonly sentAt: string;
  readonly from: string;
  /** All recipients, separated by a comma. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { name: string; sizeBytes: number }[];
}

interface Part {
  Data: string;
}

/** The part of SES v2's SendEmail that we keep. */
interface SendEmail {
  FromEmailAddress: string;
  Destination?: Partial<Record<"ToAddresses" | "CcAddresses" | "BccAddresses", string[]>>;
  Content?: {
    Simple?: {
      Subject: Part;
      Body: { Text?: Part; Html?: Part };
      Attachments?: { FileName: string; RawContent: string }[];
    };
  };
}

/** SES v2 that delivers into a table, to be read at `GET /__local/mail`. */
export class Mailbox {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      "CREATE TABLE IF NOT EXISTS mail (n INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL) STRICT;",
    );
  }

  /** Every mail, newest first. */
  list(): Mail[] {
    const rows = this.#database.prepare("SELECT mail FROM mail ORDER BY n DESC").all();
    return rows.map((row) => JSON.parse(String(row.mail)) as Mail);
  }

  keep(input: SendEmail): string {
    const simple = input.Content?.Simple;
    if (!simple) throw new AwsError("BadRequestException", "Only simple messages are emulated.");
    const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = input.Destination ?? {};
    const to = [...ToAddresses, ...CcAddresses, ...BccAddresses];
    if (to.length === 0) throw new AwsError("BadRequestException", "Missing a recipient.");
    const mail: Mail = {
      id: crypto.randomUUID(),
      sentAt: instant(),
      from: input.FromEmailAddress,
      to: to.join(", "),
      subject: simple.Subject.Data,
      text: simple.Body.Text?.Data ?? "",
      html: simple.Body.Html?.Data ?? "",
      attachments: (simple.Attachments ?? []).map(({ FileName, RawContent }) => ({
        name: FileName,
        sizeBytes: Buffer.from(RawContent, "base64").length,
      })),
    };
    this.#database.prepare("INSERT INTO mail (mail) VALUES (?)").run(JSON.stringify(mail));
    return mail.id;
  }
}

export function mailService(mailbox: Mailbox): AwsService {
  return {
    handle(request: AwsRequest) {
      if (request.method !== "POST" || request.path !== "/v2/email/outbound-emails")
        throw new AwsError("NotFoundException", "Only SendEmail is emulated.", 404);
      return json({ MessageId: mailbox.keep(JSON.parse(request.body.toString("utf8")) as SendEmail) });
    },
    refuse(error) {
      const known = error instanceof AwsError;
      if (!known) console.error("The mail emulator failed:", error);
      const { code, message, status } = known ? error : new AwsError("InternalError", String(error), 500);
      return json({ message }, status, { "x-amzn-errortype": code });
    },
  };
}
