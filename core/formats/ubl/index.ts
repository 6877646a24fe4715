export { RO_CIUS, type Profile } from "./profiles.ts";
export { writeUbl } from "./write.ts";
