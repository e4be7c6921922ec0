import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecisionKind } from "#core/model/decision.ts";
import { decide, policyFor, type SimulatedPolicy } from "#core/simulate/evaluate.ts";
import { simulateFacts } from "#core/simulate/facts/facts.ts";

type Data = Readonly<Record<string, unknown>>;

const now = Date.parse("2026-03-30T12:00:00Z");

/** Everything that people can turn: reviews of all kinds, deployment approvals, overrides, freezes, windows. */
const policy: Data = {
  version: 1,
  commands: { bare: true },
  rules: [
    { name: "reviewed", require: { reviews: { approvals: 1 } } },
    { name: "by-backend", require: { reviews: { teams: ["backend"] } } },
    { name: "owned", require: { reviews: { approvals: 0, code_owners: true } } },
    {
      name: "tested",
      applies_to: ["pull_request", "deployment"],
      require: { checks: { names: ["unit"] } },
    },
    {
      name: "release",
      when: { environments: ["production"] },
      require: { approvals: { count: 1, teams: ["seniors"] } },
    },
    { name: "hours", when: { environments: ["production"] }, require: { window: "shut" } },
    {
      name: "not-frozen",
      applies_to: ["pull_request", "deployment"],
      require: { not_frozen: true },
    },
  ],
  windows: { shut: { timezone: "UTC", open: [{ days: ["tue"], from: "09:00", to: "17:00" }] } },
  freezes: [
    {
      name: "quarter",
      timezone: "UTC",
      environments: ["production"],
      during: [{ from: "2026-03-01T00:00", until: "2026-04-30T00:00" }],
      exempt: { teams: ["seniors"] },
    },
  ],
  freezers: { teams: ["seniors"] },
  overrides: [
    {
      name: "emergency",
      label: "emergency",
      rules: ["reviewed", "by-backend", "owned", "tested", "hours", "not-frozen", "release"],
      by: { teams: ["commanders"] },
      confirmations: 1,
    },
    { name: "hotfix", label: "hotfix", rules: ["tested", "hours"], by: { users: ["cat"] } },
  ],
};

/** ann opens; ben is of the backend and owns, cat commands, dan is a senior. The others have no say in anything. */
const people: Data = {
  ann: { role: "write" },
  ben: { role: "write", teams: ["acme/backend"] },
  cat: { role: "maintain", teams: ["acme/commanders"] },
  dan: { role: "write", teams: ["acme/seniors"] },
  mallory: { role: "none" },
  reader: { role: "read" },
  "helper[bot]": {
    role: "write",
    teams: ["acme/backend", "acme/seniors", "acme/commanders"],
    bot: true,
  },
  "App[bot]": { role: "admin", bot: true },
};
const strangers = ["mallory", "reader", "helper[bot]", "App[bot]", "nobody-told"] as const;
const insiders = ["ann", "ben", "cat", "dan"] as const;

const commands = [
  "/gate approve production",
  "/approve production",
  "/gate rollback production it is broken",
  "/gate override emergency we are down, OPS-1",
  "/gate override tested we are down, OPS-1",
  "/gate emergency we are down, OPS-1",
  "/gate override hotfix now, #12",
  "/gate confirm",
  "/gate unhold",
  "/gate unfreeze production it is over",
  "/gate unfreeze quarter it is over",
  "/gate override-cancel",
  "we are down, OPS-1",
];

const review = (who: readonly string[]) =>
  fc.record({
    by: fc.constantFrom(...who),
    state: fc.constantFrom("approved", "commented", "dismissed"),
    commit: fc.constantFrom("head", "old"),
  });
const comment = (who: readonly string[]) =>
  fc.record({ by: fc.constantFrom(...who), body: fc.constantFrom(...commands) });
const label = (who: readonly string[]) =>
  fc.record({
    by: fc.constantFrom(...who),
    name: fc.constantFrom("emergency", "hotfix", "anything"),
  });

interface Said {
  readonly reviews: readonly Data[];
  readonly comments: readonly Data[];
  readonly labels: readonly Data[];
}
const said = (who: readonly string[], most: number): fc.Arbitrary<Said> =>
  fc.record({
    reviews: fc.array(review(who), { maxLength: most }),
    comments: fc.array(comment(who), { maxLength: most }),
    labels: fc.uniqueArray(label(who), { maxLength: 2, selector: ({ name }) => name }),
  });

const held = fc.array(
  fc.record({
    by: fc.constantFrom("cat", "dan"),
    body: fc.constantFrom("/gate hold wait", "/gate freeze production books"),
  }),
  { maxLength: 2 },
);

let inForce: SimulatedPolicy | undefined;

function decisionOf(all: Said, isDeployed: boolean, check: string): DecisionKind {
  const at = (index: number): string => new Date(now - 3_600_000 + index * 1_000).toISOString();
  const facts: Data = {
    people: { ...people, "nobody-told": { role: "none" } },
    repository: { owner: "acme", name: "shop" },
    codeowners: "* @ben",
    pull_request: {
      author: "ann",
      files: ["src/a.ts"],
      commits: [
        { sha: "old", author: "ann" },
        { sha: "head", author: "ann" },
      ],
      pushers: ["ann"],
      labels: all.labels.map((each, index) => ({ ...each, at: at(index) })),
    },
    checks: [{ name: "unit", status: check }],
    reviews: all.reviews.map((each, index) => ({ ...each, at: at(index) })),
    comments: all.comments.map((each, index) => ({ ...each, at: at(100 + index) })),
    ...(isDeployed
      ? { deployment: { environment: "production", sha: "head", actor: "ann", at: at(0) } }
      : {}),
  };
  const read = simulateFacts(JSON.stringify(facts), now, undefined, now);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  // One policy for all: reading it anew each time would be most of the law's time.
  inForce ??= policyFor({ policy: JSON.stringify(policy), presets: new Map() }, read.facts);
  if (!inForce.ok) throw new Error(JSON.stringify(inForce.problems));
  return decide(inForce.policy, read.facts).kind;
}

const rank: Readonly<Record<DecisionKind, number>> = { deny: 0, wait: 1, allow: 2 };

describe("authority", () => {
  it("no act of a person without authority changes a decision towards allow", () => {
    const seen = new Set<DecisionKind>();
    fc.assert(
      fc.property(
        said(insiders, 4),
        held,
        said(strangers, 5),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom("success", "failure", "in_progress"),
        (ours, holds, theirs, isFirst, isDeployed, check) => {
          const base: Said = { ...ours, comments: [...ours.comments, ...holds] };
          const mixed = <Kind extends keyof Said>(kind: Kind): readonly Data[] =>
            isFirst ? [...theirs[kind], ...base[kind]] : [...base[kind], ...theirs[kind]];
          const taken = new Set(base.labels.map((each) => each["name"]));
          const more: Said = {
            reviews: mixed("reviews"),
            comments: mixed("comments"),
            labels: [...base.labels, ...theirs.labels.filter((each) => !taken.has(each["name"]))],
          };
          const before = decisionOf(base, isDeployed, check);
          seen.add(before);
          expect(rank[decisionOf(more, isDeployed, check)]).toBeLessThanOrEqual(rank[before]);
        },
      ),
      { numRuns: 400 },
    );
    // A law about nothing but one decision would say little.
    expect(seen.size).toBeGreaterThan(1);
  });

  it("those with authority can turn it: what is above could fail", () => {
    const none: Said = { reviews: [], comments: [], labels: [] };
    const approved = [{ by: "ben", state: "approved", commit: "head" }];
    expect(decisionOf({ ...none, reviews: approved }, false, "success")).toBe("allow");
    const emergency = [
      { by: "cat", body: "/gate emergency down, OPS-1" },
      { by: "dan", body: "/gate approve production" },
    ];
    expect(decisionOf({ ...none, comments: emergency }, false, "failure")).toBe("deny");
    const hotfix = [{ by: "cat", body: "/gate override hotfix now, #12" }];
    expect(decisionOf({ ...none, reviews: approved, comments: hotfix }, false, "failure")).toBe(
      "allow",
    );
  });
});
