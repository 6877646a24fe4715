import * as z from "zod";
import type { ProfileName } from "#core/rules/index.ts";
import { validationResult } from "#core/model/finding.ts";
import { file, Hono, limited, type PublicEnv, query, rates } from "../route.ts";

const PROFILES = ["ro", "en-ubl", "xr-ubl"] satisfies ProfileName[];
const Question = z.object({ profile: z.enum(PROFILES).default("ro") });

/**
 * What the official rules say of a posted XML document, without an account. Nothing is stored. The verdict is the
 * answer, so an invalid document is answered 200 too.
 */
export const validate = new Hono<PublicEnv>().post("/xml", limited(rates.validateXml), async (c) => {
  const { profile } = query(c, Question);
  const bytes = await file(c);
  const { judge, profileNamed } = await import("#core/rules/index.ts");
  const { xsd, rules, valid, findings } = judge(bytes, await profileNamed(profile));
  return c.json({ profile, xsd, rules, ...validationResult(findings, true), valid });
});
