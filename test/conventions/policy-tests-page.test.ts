import { describe, expect, it } from "vitest";
import { fencesOf, policiesOf } from "../../scripts/docs/markdown.ts";
import { runPolicyTests } from "#core/simulate/policy-tests/run.ts";
import { read } from "./repository.ts";

const page = read("docs/policy-tests.md");
const policy = policiesOf(page)[0]?.text ?? "";
const tests = fencesOf(page).find((fence) => fence.language === "yml")?.text ?? "";

describe("the example of docs/policy-tests.md", () => {
  const result = runPolicyTests({
    policy,
    tests,
    presets: new Map(),
    clock: Date.UTC(2026, 2, 2, 10),
  });

  it("comes out as it expects", () => {
    expect(result).toMatchObject({ ok: true, run: { ok: true } });
    expect(
      result.ok ? result.run.cases.flatMap(({ mismatches }) => mismatches) : result.problems,
    ).toEqual([]);
  });

  it("makes every rule pass and fail", () => {
    expect(result.ok ? result.run.coverage : []).toEqual([
      { rule: "reviewed", passed: true, failed: true },
      { rule: "tests", passed: true, failed: true },
    ]);
  });
});
