/** The bytes are not XML we accept: broken, unsafe (a DOCTYPE) or beyond the limits. Lines and columns start at 1. */
export class XmlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "XmlError";
    this.line = line;
    this.column = column;
  }
}

/** Where the last question was answered: findings ask for many places of one document, mostly one behind the other. */
let last = { source: "", offset: 0, line: 1, lineStart: 0 };

/** Line and column (both from 1) of an offset in the source of a document. Only called for what is shown to people. */
export function positionOf(source: string, offset: number): { line: number; column: number } {
  if (source !== last.source || offset < last.offset) last = { source, offset: 0, line: 1, lineStart: 0 };
  let { line, lineStart } = last;
  for (let at = last.offset; at < offset; at++) {
    if (source.charCodeAt(at) !== 0x0a) continue;
    line++;
    lineStart = at + 1;
  }
  last = { source, offset, line, lineStart };
  let column = 1;
  // The source holds bytes: those that continue a character begin no column.
  for (let at = lineStart; at < offset; at++) if ((source.charCodeAt(at) & 0xc0) !== 0x80) column++;
  return { line, column };
}

/** Builds the error for an offset in the text being read. */
export function xmlErrorAt(source: string, offset: number, message: string): XmlError {
  const { line, column } = positionOf(source, Math.min(offset, source.length));
  return new XmlError(message, line, column);
}
