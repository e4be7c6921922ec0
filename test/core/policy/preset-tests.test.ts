import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPolicyTests } from "#core/simulate/policy-tests/run.ts";
import { presets } from "./some-policy.ts";

/** Outside every window: a case that forgot to say when would come out otherwise. */
const someNight = Date.UTC(2026, 11, 25, 2);

describe.each([...presets])("the tests that ship with gatehouse:%s", (name, policy) => {
  const tests = readFileSync(
    new URL(`../../../policies/${name}.test.yml`, import.meta.url),
    "utf8",
  );
  const run = (text: string, clock: number): ReturnType<typeof runPolicyTests> =>
    runPolicyTests({ tests, policy: text, presets, clock });

  it.each([
    ["the preset itself", policy],
    ["a policy that extends it", `version: 1\nextends: gatehouse:${name}\n`],
  ])("come out as they say over %s, whenever they are run", (_what, text) => {
    const [byDay, byNight] = [run(text, Date.UTC(2026, 2, 4, 10)), run(text, someNight)];
    if (!byDay.ok || !byNight.ok) throw new Error(JSON.stringify([byDay, byNight]));
    expect(byDay.run.cases.filter(({ ok }) => !ok)).toEqual([]);
    expect(byNight.run.cases.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("make every rule pass, and fail", () => {
    const result = run(policy, someNight);
    if (!result.ok) throw new Error(JSON.stringify(result));
    const [rulesOnly = ""] = policy.split(/^(?:windows|overrides|tickets):/m);
    const rules = [...rulesOnly.matchAll(/^ {2}- name: (\S+)/gm)].map(([, rule = ""]) => rule);
    expect(result.run.coverage.map(({ rule }) => rule)).toEqual(rules);
    expect(result.run.coverage.filter(({ passed, failed }) => !passed || !failed)).toEqual([]);
  });
});
