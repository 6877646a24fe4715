export { parseUbl, type ParsedAttachment, type ParsedDocument } from "./parse.ts";
export { RO_CIUS, type Profile } from "./profiles.ts";
export { writeUbl } from "./write.ts";
