export { writeUbl } from "./write.ts";
