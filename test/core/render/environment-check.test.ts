import { describe, expect, it } from "vitest";
import { environmentCheckName } from "#core/render/environment-check.ts";

describe("W47: the check run of an environment", () => {
  it.each(["production", "production EU", "policy-test", "my policy"])(
    "bears its name: %s",
    (name) => {
      expect(environmentCheckName(name)).toBe(`gatehouse / ${name}`);
    },
  );

  it("is never taken for that of policies, nor for another's", () => {
    const names = [
      "policy",
      "Policy",
      " policy ",
      "ｐolicy",
      "policy (environment)",
      "policy (environment) (environment)",
    ];
    const made = names.map(environmentCheckName);
    expect(new Set(made).size).toBe(names.length);
    for (const name of made) expect(name).toMatch(/^gatehouse \/ .*\(environment\)$/);
  });
});
