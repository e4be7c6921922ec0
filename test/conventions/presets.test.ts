import { describe, expect, it } from "vitest";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { problemText } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { root } from "./repository.ts";

describe("presets", () => {
  it("are the three that every version ships, and perhaps more", () => {
    expect([...presetsIn(root).keys()]).toEqual(
      expect.arrayContaining(["library", "recommended", "regulated"]),
    );
  });

  it("say in their first line whom they are for", () => {
    const silent = [...presetsIn(root)]
      .filter(([name, text]) => !text.startsWith(`# gatehouse:${name}: `))
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });

  it("are valid, without a warning", () => {
    for (const [name, text] of presetsIn(root)) {
      expect(
        validatePolicy(text, { path: `policies/${name}.yml` }).problems.map(problemText),
        name,
      ).toEqual([]);
    }
  });

  it("stand on nothing else", () => {
    const extending = [...presetsIn(root)]
      .filter(([, text]) => /^extends:/m.test(text))
      .map(([name]) => name);
    expect(extending).toEqual([]);
  });
});
