export { withJsonPaths } from "./json-paths.ts";
export { judge, type Verdict } from "./judge.ts";
export {
  type LoadedProfile,
  type Profile,
  profileNamed,
  profileNames,
  profiles,
  type ProfileName,
} from "./profiles.ts";
