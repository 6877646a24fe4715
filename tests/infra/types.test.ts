import { expect, it } from "vitest";
import { checkTypes } from "./sst.ts";

it("sst.config.ts, infra/ and stacks/ are sound under SST's real types, which refuse known mistakes", async () => {
  expect(await checkTypes()).toBe("");
}, 120_000);
