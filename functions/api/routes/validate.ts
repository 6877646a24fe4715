import { Hono } from "hono";
import * as z from "zod";
import type { ProfileName } from "#core/rules/index.ts";
import { validationResult } from "#core/model/finding.ts";
import { file, query } from "../body.ts";
import type { PublicEnv } from "../env.ts";
import { limited, rates } from "../limits.ts";

const Question = z.object({ profile: z.enum(["ro", "en-ubl"] satisfies ProfileName[]).default("ro") });

/**
 * What the official rules say of a posted XML document, without an account. Nothing is stored. The verdict is the
 * answer, so an invalid document is answered 200 too.
 */
export const validate = new Hono<PublicEnv>().post("/xml", limited(rates.validateXml), async (c) => {
  const { profile } = query(c, Question);
  const bytes = await file(c);
  const { judge } = await import("#core/rules/index.ts");
  const { xsd, rules, valid, findings } = judge(bytes, profile);
  return c.json({ profile, xsd, rules, ...validationResult(findings, true), valid });
});
