import { inflateRawSync } from "node:zlib";
import fontkit from "@pdf-lib/fontkit";
import { type Color, PDFDocument, type PDFFont, type PDFPage, rgb } from "pdf-lib";
import { regular } from "./fonts/regular.ts";
import { semibold } from "./fonts/semibold.ts";

const hex = (value: number): Color =>
  rgb((value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255);

export const colors = {
  ink: hex(0x17202b),
  muted: hex(0x5d6977),
  rule: hex(0xd4dae2),
  tint: hex(0xf3f6f9),
  accent: hex(0x1d4f7c),
  alarm: hex(0xb3261e),
};

/** A4 in points, with the margins of the design. */
export const page = { width: 595.28, height: 841.89, left: 42, right: 553.28, top: 800, bottom: 58 };

export type Weight = "regular" | "semibold";

/** How a piece of text is set. `right` aligns its end there instead of its start at `x`. */
export interface Setting {
  readonly size?: number;
  readonly weight?: Weight;
  readonly color?: Color;
  readonly right?: boolean;
}

/** The files are parsed once per process: it takes longer than the rest of a page. */
const parsed = new Map<Uint8Array, unknown>();
const files = {
  regular: inflateRawSync(Buffer.from(regular, "base64")),
  semibold: inflateRawSync(Buffer.from(semibold, "base64")),
};
const parser = {
  create(bytes: Uint8Array): unknown {
    const found = parsed.get(bytes) ?? fontkit.create(bytes);
    parsed.set(bytes, found);
    return found;
  },
};

/**
 * The paper: pages, fonts, and a pen that knows how wide text is. Widths are kept per character, because Inter is set
 * without kerning here and asking the font for every word of a long table would cost more than drawing it.
 */
export class Sheet {
  readonly document: PDFDocument;
  readonly pages: PDFPage[] = [];
  /** Where the next thing goes, from the top of the current page down. */
  y = page.top;
  private readonly fonts: Record<Weight, PDFFont>;
  private readonly widths: Record<Weight, Map<string, number>> = { regular: new Map(), semibold: new Map() };

  private constructor(document: PDFDocument, fonts: Record<Weight, PDFFont>) {
    this.document = document;
    this.fonts = fonts;
    this.turn();
  }

  static async open(): Promise<Sheet> {
    const document = await PDFDocument.create();
    document.registerFontkit(parser as Parameters<PDFDocument["registerFontkit"]>[0]);
    const embed = (weight: Weight) =>
      document.embedFont(files[weight], { subset: true, customName: `Inter-${weight}` });
    return new Sheet(document, { regular: await embed("regular"), semibold: await embed("semibold") });
  }

  /** Goes on with a fresh page. */
  turn(): void {
    this.pages.push(this.document.addPage([page.width, page.height]));
    this.y = page.top;
  }

  get current(): PDFPage {
    return this.pages.at(-1)!;
  }

  /** Whether so much height is left on the page. */
  has(height: number): boolean {
    return this.y - height >= page.bottom;
  }

  width(text: string, size = 9, weight: Weight = "regular"): number {
    const known = this.widths[weight];
    let sum = 0;
    for (const character of text) {
      let width = known.get(character);
      if (width === undefined)
        known.set(character, (width = this.fonts[weight].widthOfTextAtSize(character, 1)));
      sum += width;
    }
    return sum * size;
  }

  /** Sets one line of text with its baseline at `y`. */
  text(text: string, x: number, y: number, setting: Setting = {}, on: PDFPage = this.current): void {
    const { size = 9, weight = "regular", color = colors.ink, right = false } = setting;
    if (text === "") return;
    const start = right ? x - this.width(text, size, weight) : x;
    on.drawText(text, { x: start, y, size, color, font: this.fonts[weight] });
  }

  rule(y: number, from = page.left, to = page.right, color = colors.rule, thickness = 0.6): void {
    this.current.drawLine({ start: { x: from, y }, end: { x: to, y }, thickness, color });
  }

  box(x: number, y: number, width: number, height: number, color: Color): void {
    this.current.drawRectangle({ x, y, width, height, color });
  }

  /** Text in lines no wider than `width`; words that are wider themselves are cut. */
  wrap(text: string, width: number, size = 9, weight: Weight = "regular"): string[] {
    return printable(text)
      .split("\n")
      .flatMap((paragraph) => this.wrapParagraph(paragraph, width, size, weight));
  }

  private wrapParagraph(text: string, width: number, size: number, weight: Weight): string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(" ").flatMap((part) => this.cut(part, width, size, weight))) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (this.width(longer, size, weight) <= width) line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  }

  private cut(word: string, width: number, size: number, weight: Weight): string[] {
    if (this.width(word, size, weight) <= width) return [word];
    const pieces = [""];
    for (const character of word) {
      const last = pieces.length - 1;
      if (this.width(pieces[last] + character, size, weight) <= width) pieces[last] += character;
      else pieces.push(character);
    }
    return pieces;
  }
}

/** Control characters have no picture; tabs and odd line ends become what they mean. */
const printable = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, "");
