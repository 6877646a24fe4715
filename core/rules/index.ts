export type { Finding } from "./finding.ts";
export { judge, type Verdict } from "./judge.ts";
export { profiles, type ProfileName } from "./profiles.ts";
