export { fileNameOf, progressivoOf } from "./file-name.ts";
export { fatturapaFindings } from "./findings.ts";
export { type ItalianStanding, transmitterOf } from "./parties.ts";
export { writeFatturapa } from "./write.ts";
