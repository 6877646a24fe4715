import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";

describe("csv", () => {
  it("quotes what would break a row and starts with the mark of UTF-8", () => {
    expect(
      csv(
        ["a", "b"],
        [
          ['x "y"', "1,5"],
          [null, "l\nm"],
        ],
      ),
    ).toBe('\uFEFFa,b\r\n"x ""y""","1,5"\r\n,"l\nm"\r\n');
  });

  it("keeps formulas from running, and numbers and telephone numbers as they are", () => {
    const [, row] = csv(["a"], [["=1+1", "@SUM(A1)", "-cmd", "+40 721", "-5", -5]]).split("\r\n");
    expect(row).toBe("'=1+1,'@SUM(A1),'-cmd,+40 721,-5,-5");
  });
});
