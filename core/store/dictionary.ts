/**
 * Preset dictionaries for pack.ts, oldest first. A row names the one it was written with, so an entry may be added
 * but never changed or removed. Deflate prefers matches near the end: the most common text stands last.
 */
export const dictionaries: readonly Buffer[] = [Buffer.alloc(0)];
