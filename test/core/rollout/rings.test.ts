import { describe, expect, it } from "vitest";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { pending } from "#core/model/verdict.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { ringWords, rolloutSection, rolloutTitle } from "#core/render/rollout.ts";
import { isRing, ringOrders } from "#core/rollout/order.ts";
import { rolloutOf, type Rollout } from "#core/rollout/rollout.ts";
import { aDeployment, minute, monday, sha } from "../build.ts";
import { aRow } from "../deployment-world.ts";
import { effective } from "../policy/some-policy.ts";

const policyOf = (rules: string): EffectivePolicy =>
  effective({ own: `version: 1\nrules:\n${rules}` });

const step = (to: string, from: string, bake = "30m", more = ""): string =>
  `  - { name: ${`${to}-after-${from}`
    .toLowerCase()
    .replaceAll(/[^a-z-]/g, "x")
    .replaceAll(
      /-+/g,
      "-",
    )}, when: { environments: ["${to}"] }, require: { promoted_from: { environment: ${from}, bake: ${bake} } }${more} }\n`;
const rings = step("canary", "staging") + step("production", "canary", "1h");
const names = (policy: EffectivePolicy, known: readonly string[] = []) =>
  ringOrders(policy, known).map((order) => order.map(({ environment }) => environment));

describe("the order of rings", () => {
  it.each([
    [
      "one after the other, whatever comes first in the policy",
      step("production", "canary") + step("canary", "staging"),
      [],
      [["staging", "canary", "production"]],
    ],
    [
      "two ways from one ring",
      step("eu", "staging") + step("us", "staging"),
      [],
      [["staging", "eu", "us"]],
    ],
    [
      "two orders",
      step("eu", "staging-eu") + step("us", "staging-us"),
      [],
      [
        ["staging-eu", "eu"],
        ["staging-us", "us"],
      ],
    ],
    [
      "a pattern means what is there",
      step("prod-*", "staging"),
      ["prod-eu", "PROD-us", "test"],
      [["staging", "prod-eu", "PROD-us"]],
    ],
    [
      "one name in two spellings is one ring",
      step("canary", "Staging"),
      ["staging"],
      [["staging", "canary"]],
    ],
    [
      "what is only evaluated orders nothing",
      step("canary", "staging", "30m", ", enforcement: evaluate"),
      [],
      [],
    ],
  ])("%s", (_what, rules, known, order) => {
    expect(names(policyOf(rules), known).map((each) => each.toSorted())).toEqual(
      order.map((each) => each.toSorted()),
    );
    expect(names(policyOf(rules), known).map(([begins]) => begins)).toEqual(
      order.map(([begins]) => begins),
    );
  });

  it("tells a ring from other environments", () => {
    const policy = policyOf(rings);
    expect(isRing(policy, "CANARY")).toBe(true);
    expect(isRing(policy, "test")).toBe(false);
  });
});

const [own, other, older] = [sha("a"), sha("b"), sha("c")];
const ran = (environment: string, minutesAgo: number, over: Partial<DeploymentRow> = {}) =>
  aRow(environment, own, {
    succeededAt: monday - minutesAgo * minute,
    finishedAt: monday - minutesAgo * minute,
    ...over,
  });
const held = (environment: string) =>
  aRow(environment, own, {
    state: "waiting",
    startedAt: null,
    finishedAt: null,
    succeededAt: null,
    createdAt: monday - minute,
    gateRequestedAt: monday - minute,
  });
const failed = (environment: string) =>
  aRow(environment, own, {
    state: "failure",
    succeededAt: null,
    finishedAt: monday - 5 * minute,
  });

function rollout(rows: readonly DeploymentRow[], need = "Bakes"): Rollout {
  const decision: Decision = {
    kind: "wait",
    subject: aDeployment,
    rules: [
      {
        name: "proven",
        description: "",
        source: "repository",
        enforcement: "active",
        verdict: pending({ found: "", required: "", need, next: "Wait." }),
      },
    ],
    warnings: [],
    holds: [],
    now: monday,
  };
  const [order = []] = ringOrders(policyOf(rings), []);
  return rolloutOf(order, own, monday, {
    rowsIn: (environment) => rows.filter((row) => row.environment === environment),
    decisionOf: () => decision,
  });
}
const states = (rows: readonly DeploymentRow[], need?: string) =>
  rollout(rows, need).rings.map(({ state }) => state);

describe("where a commit stands", () => {
  it.each<[string, readonly DeploymentRow[], readonly string[]]>([
    ["nothing was asked", [], ["ahead", "ahead", "ahead"]],
    ["it bakes", [ran("staging", 10)], ["bakes", "ahead", "ahead"]],
    [
      "it has baked, and the next waits",
      [ran("staging", 40), held("canary")],
      ["done", "waits", "ahead"],
    ],
    ["a ring failed", [ran("staging", 40), failed("canary")], ["done", "failed", "ahead"]],
    [
      "a ring went back",
      [
        aRow("staging", older, { succeededAt: monday - 90 * minute }),
        ran("staging", 40),
        aRow("staging", older, { succeededAt: monday - 20 * minute }),
      ],
      ["rolled_back", "ahead", "ahead"],
    ],
    [
      "another took its place too soon",
      [ran("staging", 40), aRow("staging", other, { succeededAt: monday - 20 * minute })],
      ["replaced", "ahead", "ahead"],
    ],
    [
      "another came after it had baked",
      [ran("staging", 90), aRow("staging", other, { succeededAt: monday - 20 * minute })],
      ["done", "ahead", "ahead"],
    ],
    [
      "the gate said no",
      [ran("staging", 40), { ...held("canary"), gateAnsweredAt: monday, gateAnswer: "rejected" }],
      ["done", "rejected", "ahead"],
    ],
    [
      "it went past the gate",
      [ran("staging", 40, { provesNothing: true })],
      ["unproven", "ahead", "ahead"],
    ],
    [
      "it runs again after a failure",
      [failed("staging"), { ...held("staging"), gateAnsweredAt: monday, gateAnswer: "approved" }],
      ["goes", "ahead", "ahead"],
    ],
  ])("%s", (_what, rows, expected) => {
    expect(states(rows)).toEqual(expected);
  });

  it("a ring that turned unhealthy closes all behind it", () => {
    const told = rollout(
      [ran("staging", 40), held("canary")],
      "staging turned unhealthy while aaaaaaa baked there",
    );
    expect(told.rings.map(({ state }) => state)).toEqual(["unhealthy", "waits", "ahead"]);
    expect(told.rings.map(({ closedBy }) => closedBy?.environment)).toEqual([
      undefined,
      "staging",
      "staging",
    ]);
    expect(rolloutTitle(told)).toBe("Rollout of aaaaaaa: staging turned unhealthy");
  });

  it("is told in a comment that does not change with time alone, and brings nobody's text to life", () => {
    const told = rollout([ran("staging", 10), held("canary")], "Wait for @acme/all | <b>");
    const words = told.rings.map((ring) => ringWords(told, ring, null));
    const text = rolloutSection(told, words, "https://gate.example/x");
    expect(text).toMatchInlineSnapshot(`
      "🚀 **Rollout of aaaaaaa: at canary** ([its page](https://gate.example/x))

      | Ring | State | Since | Next |
      |---|---|---|---|
      | staging | ⏳ bakes until 2026-03-02 10:20 UTC | 2026-03-02 09:50 UTC | The next ring opens by itself once it has baked. |
      | canary | ⏸ held by the gate | 2026-03-02 09:59 UTC | proven: Wait for @⁠acme/all \\| &lt;b&gt;. Wait. |
      | production | ○ not asked for yet |   | After canary. |"
    `);
    expect(told.changesAt).toBe(monday + 20 * minute);
  });
});
