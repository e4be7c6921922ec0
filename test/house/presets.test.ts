import { describe, expect, it } from "vitest";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { problemText } from "../../src/core/policy/problem.ts";
import { validatePolicy } from "../../src/core/policy/validate.ts";
import { root } from "./repository.ts";

describe("presets", () => {
  it("are valid, without a warning", () => {
    for (const [name, text] of presetsIn(root)) {
      expect(validatePolicy(text, { path: `policies/${name}.yml` }).problems.map(problemText), name).toEqual([]);
    }
  });

  it("stand on nothing else", () => {
    const extending = [...presetsIn(root)].filter(([, text]) => /^extends:/m.test(text)).map(([name]) => name);
    expect(extending).toEqual([]);
  });
});
