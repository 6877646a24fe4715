export { parseUbl } from "./parse.ts";
export { writeUbl } from "./write.ts";
