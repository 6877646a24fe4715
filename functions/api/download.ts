import type { Context } from "hono";

interface Download {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly contentType: string;
}

/** Answers a file to be saved. */
export const attachment = (c: Context, file: Download): Response => answer(c, file, "attachment");

/** Answers a file to be looked at in the browser. */
export const inline = (c: Context, file: Download): Response => answer(c, file, "inline");

function answer(c: Context, { bytes, fileName, contentType }: Download, disposition: string): Response {
  c.header("Content-Type", contentType);
  c.header("Content-Disposition", `${disposition}; ${named(fileName)}`);
  return c.body(Uint8Array.from(bytes).buffer);
}

/** The name twice (RFC 6266): in plain ASCII for everybody, and as it is for who reads UTF-8. */
function named(fileName: string): string {
  const plain = fileName.replaceAll(/[^\w. -]/g, "_");
  return plain === fileName
    ? `filename="${plain}"`
    : `filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
