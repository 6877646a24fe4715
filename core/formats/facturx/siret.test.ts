import { expect, it } from "vitest";
import { isSiret } from "./siret.ts";

it.each([
  ["73282932000074", true],
  ["732 829 320 00074", true],
  ["35600000049837", true],
  ["35600000012342", false],
  ["73282932000075", false],
  ["732829320", false],
  ["", false],
])("%j is a SIRET: %s", (written, is) => {
  expect(isSiret(written)).toBe(is);
});
