import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { settings } from "#core/lib/settings.ts";

/** How the text of an API key may begin; `af_` and bare `sk_` are older keys that were brought along. */
const beginnings = ["sk_", "af_"];

/** Whether a credential is an API key, by its beginning. */
export const isKeyText = (text: string): boolean =>
  beginnings.some((beginning) => text.startsWith(beginning));

/**
 * A new key: `sk_live_` where documents reach the authority, `sk_test_` elsewhere, then 224 random bits and a checksum
 * of all of it, in hex: a double click selects it, a scanner recognises it.
 */
export function newKeyText(): string {
  const text = `sk_${settings.isLive ? "live" : "test"}_${randomBytes(28).toString("hex")}`;
  return text + checksum(text);
}

/** Whether the text was mistyped or cut; told without asking the table. Older keys have no checksum. */
export function isMistyped(text: string): boolean {
  if (!/^sk_(live|test)_/.test(text)) return false;
  return checksum(text.slice(0, -8)) !== text.slice(-8);
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0");
