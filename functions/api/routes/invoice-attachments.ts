import * as Invoices from "#core/documents/invoices/index.ts";
import { malformed } from "#core/lib/error.ts";
import { attachment, bytesOf, type CompanyEnv, formFields, Hono } from "../route.ts";

/** The files attached to one invoice; mounted under its path. */
export const attachments = new Hono<CompanyEnv>()
  .get("/", async (c) => c.json((await Invoices.get(c.var.actor, c.req.param("uuid")!)).attachments))
  .get("/:attachmentId", async (c) => {
    const { uuid, attachmentId } = c.req.param() as Record<string, string>;
    const found = await Invoices.getAttachment(c.var.actor, uuid!, attachmentId!);
    const { filename: fileName, mimeType: contentType, uploadedAt } = found.attachment;
    c.header("Cache-Control", "private, max-age=3600");
    if (uploadedAt) c.header("X-Upload-Date", uploadedAt);
    return attachment(c, { bytes: found.bytes, fileName, contentType });
  })
  .post("/", async (c) => {
    const { file, description } = await formFields(c);
    if (!(file instanceof File)) throw malformed({ file: "is missing" });
    const made = await Invoices.attach(c.var.actor, c.req.param("uuid")!, {
      filename: file.name,
      mimeType: file.type || "application/octet-stream",
      description: typeof description === "string" && description !== "" ? description : null,
      bytes: await bytesOf(file),
    });
    return c.json(made, 201);
  });
