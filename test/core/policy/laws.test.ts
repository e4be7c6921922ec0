import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecisionKind } from "#core/model/decision.ts";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import type { AnswerData } from "#core/render/answer-data.ts";

// Whole policies over whole facts: JSON is YAML, so both are written as data.
type Data = Readonly<Record<string, unknown>>;

const clock = Date.parse("2026-03-30T12:00:00Z");
const windows = {
  open: { timezone: "UTC", open: [{ days: ["mon"], from: "09:00", to: "17:00" }] },
  shut: { timezone: "UTC", open: [{ days: ["tue"], from: "09:00", to: "17:00" }] },
};

function answerOf(policy: Data, facts: Data, now = clock): AnswerData {
  const result = evaluateSimulated({
    policy: JSON.stringify(policy),
    facts: JSON.stringify(facts),
    now,
    clock,
    presets: new Map(),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.answer;
}
const decisionOf = (policy: Data, facts: Data): DecisionKind => answerOf(policy, facts).decision;

const leaves: readonly Data[] = [
  { reviews: {} },
  { reviews: { approvals: 2, stale: "dismiss" } },
  { reviews: { teams: ["backend"], resolved_threads: true } },
  { reviews: { code_owners: true, block_on_changes_requested: false } },
  { checks: { names: ["unit"] } },
  { checks: { all: true, conclusions: ["success", "neutral"] } },
  { checks: { names: ["un*"], app: "github-actions", trusted: true } },
  { coverage: { project: 70, patch: 80, max_drop: 1 } },
  { findings: { block: "high" } },
  { findings: { require_scan: "none", new_only: true } },
  { licenses: { allow: ["MIT"] } },
  { commits: { signed: true, linear: true } },
  { title: { pattern: "^feat" } },
  { labels: { any: ["ready"], none: ["wip"] } },
  { size: { max_lines: 10 } },
  { up_to_date: true },
  { ticket: { pattern: "ABC-[0-9]+", linked_issue: true } },
  { separate: { paths: ["db/**"], from: ["src/**"] } },
];
const leaf = fc.constantFrom(...leaves);
const requirement: fc.Arbitrary<Data> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
);
const condition: fc.Arbitrary<Data> = fc.constantFrom<Data>(
  {},
  { branches: ["main"] },
  { paths: ["src/**"] },
  { not: { labels: ["ready"] } },
  { any: [{ draft: true }, { only_paths: ["src/**"] }] },
  { changed_lines: ">5" },
  { authors: { teams: ["backend"] } },
  { properties: { tier: "gold" } },
);
const rules = fc
  .array(
    fc.record({
      require: requirement,
      when: condition,
      enforcement: fc.constantFrom("active", "active", "active", "evaluate", "disabled"),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((rule, index) => ({ name: `r${index}`, ...rule })));
const policy = rules.map((list): Data => ({ version: 1, rules: list }));

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const who = fc.constantFrom("ann", "ben", "cat");
const parts: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  pull_request: fc.record({
    author: fc.constantFrom("ann", "dan"),
    base: fc.constantFrom("main", "dev"),
    title: fc.constantFrom("feat: ABC-1", "x"),
    draft: fc.boolean(),
    behind: fc.nat(1),
    labels: fc.subarray(["ready", "wip"]),
    files: fc.subarray([
      { path: "src/a", additions: 4 },
      { path: "db/a", additions: 9 },
      { path: "x", previous: "src/x", status: "renamed" },
    ]),
    commits: fc
      .array(
        fc.record({
          author: fc.constantFrom("ann", "dan"),
          verified: fc.boolean(),
          parents: fc.constantFrom(1, 1, 2),
        }),
        { minLength: 1, maxLength: 2 },
      )
      .map((list) => list.map((commit, index) => ({ sha: `c${index}`, ...commit }))),
  }),
  reviews: fc.array(
    fc.record({
      by: who,
      state: fc.constantFrom("approved", "approved", "changes_requested", "commented", "dismissed"),
      commit: fc.constantFrom("c0", "c1", null),
    }),
    { maxLength: 4 },
  ),
  threads: fc.record({ unresolved: fc.nat(1) }),
  codeowners: fc.constantFrom("* @ben", "src/ @acme/backend\n"),
  checks: fc.array(
    fc.record({
      name: fc.constantFrom("unit", "lint"),
      app: fc.constantFrom("github-actions", "other"),
      conclusion: fc.constantFrom("success", "failure", "neutral", "skipped"),
      workflow: fc.constantFrom(".github/workflows/ci.yml", "src/a"),
    }),
    { maxLength: 3 },
  ),
  coverage: fc.record({
    project: fc.constantFrom(60, 70, 90),
    patch: fc.constantFrom(70, 90),
    base: fc.constantFrom(70, 91),
  }),
  findings: fc.array(
    fc.record({
      id: fc.constant("F"),
      severity: fc.constantFrom("critical", "high", "low"),
      new: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  scans: fc.subarray(["codeql", "trivy"]),
  licenses: fc.constantFrom({}, { x: "MIT" }, { x: "GPL-3.0-only" }),
  people: fc.constant({
    ann: { teams: ["backend"] },
    ben: { teams: ["backend"] },
    cat: { role: "read" },
  }),
  properties: fc.constantFrom({ tier: "gold" }, { tier: "silver" }),
};
const facts = fc
  .record(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, maybe(part)])))
  .map((given): Data =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );

const runs = { numRuns: 100 };
const rank: Readonly<Record<DecisionKind, number>> = { deny: 0, wait: 1, allow: 2 };

describe("the laws of a decision, over whole policies and facts", () => {
  it("the same inputs give the same decision, to the letter", () => {
    fc.assert(
      fc.property(policy, facts, (written, given) => {
        expect(answerOf(written, given)).toEqual(answerOf(written, given));
      }),
      runs,
    );
  });

  it("the order of rules says nothing", () => {
    fc.assert(
      fc.property(rules, facts, fc.nat(3), (list, given, by) => {
        const turned = [
          ...list.slice(by % list.length),
          ...list.slice(0, by % list.length),
        ].toReversed();
        const [one, other] = [answerOf({ rules: list }, given), answerOf({ rules: turned }, given)];
        expect(other.decision).toBe(one.decision);
        expect(Object.fromEntries(other.rules.map(({ name, verdict }) => [name, verdict]))).toEqual(
          Object.fromEntries(one.rules.map(({ name, verdict }) => [name, verdict])),
        );
      }),
      runs,
    );
  });

  it("what cannot be read never allows: where it is allowed without, it is allowed whatever stands there", () => {
    const words = Object.keys(parts).filter((name) => name !== "people");
    fc.assert(
      fc.property(
        policy,
        facts,
        fc
          .constantFrom(...words)
          .chain((word) => fc.tuple(fc.constant(word), parts[word] ?? fc.constant(null))),
        (written, given, [word, other]) => {
          if (decisionOf(written, { ...given, unreadable: [word] }) !== "allow") return;
          expect(decisionOf(written, { ...given, [word]: other })).toBe("allow");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("what cannot be read makes nothing better than it is", () => {
    fc.assert(
      fc.property(
        policy,
        facts,
        fc.subarray(
          Object.keys(parts).filter((name) => name !== "codeowners"),
          { minLength: 1 },
        ),
        (written, given, unreadable) => {
          const [known, blind] = [
            decisionOf(written, given),
            decisionOf(written, { ...given, unreadable }),
          ];
          expect(blind === "allow" && known !== "allow").toBe(false);
        },
      ),
      runs,
    );
  });

  it("an active rule more makes nothing better", () => {
    fc.assert(
      fc.property(rules, requirement, facts, (list, more, given) => {
        expect(
          rank[decisionOf({ rules: [...list, { name: "more", require: more }] }, given)],
        ).toBeLessThanOrEqual(rank[decisionOf({ rules: list }, given)]);
      }),
      runs,
    );
  });

  it("a rule that is only evaluated or disabled changes nothing", () => {
    fc.assert(
      fc.property(
        rules,
        requirement,
        facts,
        fc.constantFrom("evaluate", "disabled"),
        (list, more, given, enforcement) => {
          expect(
            decisionOf({ rules: [...list, { name: "more", enforcement, require: more }] }, given),
          ).toBe(decisionOf({ rules: list }, given));
        },
      ),
      runs,
    );
  });

  it("evidence for a change makes nothing worse: an approval, a check that passed, a scan", () => {
    const favourable: fc.Arbitrary<(given: Data) => Data> = fc.constantFrom(
      (given: Data) => ({
        ...given,
        reviews: [...listOf(given["reviews"]), { by: "zoe", state: "approved" }],
      }),
      (given: Data) => ({
        ...given,
        checks: [
          ...listOf(given["checks"]),
          {
            name: "unit",
            app: "github-actions",
            conclusion: "success",
            workflow: ".github/workflows/other.yml",
          },
        ],
      }),
      (given: Data) => ({ ...given, scans: [...listOf(given["scans"]), "semgrep"] }),
    );
    fc.assert(
      fc.property(policy, facts, favourable, (written, given, add) => {
        expect(rank[decisionOf(written, add(given))]).toBeGreaterThanOrEqual(
          rank[decisionOf(written, given)],
        );
      }),
      runs,
    );
  });

  it("evidence against a change makes nothing better: a request for changes, a failed check, a finding", () => {
    const adverse: fc.Arbitrary<(given: Data) => Data> = fc.constantFrom(
      (given: Data) => ({
        ...given,
        reviews: [...listOf(given["reviews"]), { by: "zoe", state: "changes_requested" }],
      }),
      (given: Data) => ({
        ...given,
        checks: [
          ...listOf(given["checks"]),
          { name: "other", app: "other", conclusion: "failure" },
        ],
      }),
      (given: Data) => ({
        ...given,
        findings: [
          ...listOf(given["findings"]),
          { id: "G", kind: "dependency", severity: "critical" },
        ],
      }),
    );
    fc.assert(
      fc.property(policy, facts, adverse, (written, given, add) => {
        expect(rank[decisionOf(written, add(given))]).toBeLessThanOrEqual(
          rank[decisionOf(written, given)],
        );
      }),
      runs,
    );
  });

  it("a freeze beats a window, and a hold beats both", () => {
    const frozen = {
      name: "f",
      timezone: "UTC",
      during: { from: "2026-03-30T00:00", until: "2026-03-31T00:00" },
    };
    fc.assert(
      fc.property(
        fc.constantFrom("open", "shut"),
        fc.boolean(),
        fc.boolean(),
        (window, isFrozen, isHeld) => {
          const written = {
            rules: [
              {
                name: "w",
                applies_to: "pull_request",
                require: { all: [{ window }, { not_frozen: true }] },
              },
            ],
            windows,
            freezes: isFrozen ? [frozen] : [],
          };
          const given = isHeld ? { holds: [{ by: "zoe", reason: "x" }] } : {};
          expect(decisionOf(written, given)).toBe(
            window === "open" && !isFrozen && !isHeld ? "allow" : "wait",
          );
        },
      ),
    );
  });

  it("a title is never empty, and says that nothing applies only where nothing counts", () => {
    fc.assert(
      fc.property(policy, facts, (written, given) => {
        const { title, rules: outcomes } = answerOf(written, given);
        expect(title).not.toBe("");
        const counted = outcomes.filter(
          ({ enforcement, verdict }) => enforcement !== "disabled" && verdict !== "skipped",
        );
        expect(title === "No rule applies").toBe(counted.length === 0);
      }),
      runs,
    );
  });

  it("every unmet rule says what is needed and what to do next", () => {
    fc.assert(
      fc.property(policy, facts, fc.subarray(Object.keys(parts)), (written, given, unreadable) => {
        for (const { verdict, reason, next } of answerOf(written, { ...given, unreadable }).rules) {
          expect(reason).not.toBe("");
          if (verdict === "fail" || verdict === "pending" || verdict === "unknown")
            expect(next).toMatch(/\.$/);
        }
      }),
      runs,
    );
  });
});

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
