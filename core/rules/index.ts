export { withJsonPaths } from "./json-paths.ts";
export { judge, type Verdict } from "./judge.ts";
export { profiles, type ProfileName } from "./profiles.ts";
