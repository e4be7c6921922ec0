import { describe, expect, it } from "vitest";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";

const approvals = `version: 1
rules:
  - name: release
    when: { environments: [production] }
    require: { approvals: { count: 1, users: [bob, carol] } }
`;
const shut = `version: 1
rules:
  - name: shut
    when: { environments: [production] }
    require: { window: never }
windows: { never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] } }
overrides:
  - { name: emergency, rules: [shut], by: { users: [bob, carol] }, lasts: 4h }
`;
const titled = `version: 1
rules:
  - name: titled
    require: { title: { pattern: "^feat: " } }
overrides:
  - { name: emergency, rules: [titled], by: { users: [bob, carol] }, lasts: 4h }
`;

function decide(policy: string, facts: string, now?: string): string {
  const result = evaluateSimulated({
    policy,
    facts: `now: 2026-01-05T10:00:00Z\n${facts}`,
    clock: 0,
    presets: new Map(),
    now: now === undefined ? undefined : Date.parse(now),
  });
  return result.ok ? result.decision.kind : JSON.stringify(result.problems);
}

const asked = "deployment: { environment: production, sha: m1, actor: dave }\n";
const by = (who: string, change: string): string => `${asked}${change}\n${who}`;

/** A change, told in every way in which plain words can name bob as one of its people; or nobody. */
const ofBob: readonly (readonly [string, string])[] = [
  ["opener", "pull_request: { author: bob, commits: [{ sha: m1, author: ada }] }"],
  [
    "opener of another commit than the one that goes out",
    "pull_request: { author: bob }\nchanges: [{ sha: m1, author: ada }]",
  ],
  ["pusher", "pull_request: { author: ada, pushers: [bob], commits: [{ sha: m1, author: ada }] }"],
  [
    "pusher of a squash",
    "pull_request: { author: ada, number: 7, pushers: [ada, BOB] }\nchanges: [{ sha: m1, author: ada, pull_request: 7 }]",
  ],
  [
    "committer",
    "pull_request: { author: ada, commits: [{ sha: m1, author: ada, committer: bob }] }",
  ],
  [
    "author whom a squash lost",
    "pull_request: { number: 7, commits: [{ sha: h1, author: bob }] }\nchanges: [{ sha: m1, author: ada, pull_request: 7 }]",
  ],
  [
    "co-author whom a squash lost",
    "pull_request: { number: 7, commits: [{ sha: h1, author: ada, co_authors: [bob] }] }\nchanges: [{ sha: m1, author: ada, pull_request: 7 }]",
  ],
  [
    "author of a commit that a force-push took away",
    "pull_request: { author: ada, earlier_contributors: [bob], commits: [{ sha: m1, author: ada }] }",
  ],
  [
    "author of a commit that a force-push took away before the squash",
    "pull_request: { author: ada, number: 7, earlier_contributors: [bob] }\nchanges: [{ sha: m1, author: ada, pull_request: 7 }]",
  ],
  ["author of a change", "changes: [{ sha: m1, author: bob, pull_request: 3 }]"],
  [
    "author of an earlier change",
    "changes: [{ sha: a1, author: bob, pull_request: 2 }, { sha: m1, author: ada, pull_request: 3 }]",
  ],
  ["author of a direct push", "changes: [{ sha: m1, author: bob }]"],
  [
    "change without an author, of bob's pull request",
    "pull_request: { author: bob }\nchanges: [{ sha: m1, pull_request: 1 }]",
  ],
];
const ofNobody: readonly (readonly [string, string])[] = [
  ["opener and commits", "pull_request: { author: null, commits: [{ sha: m1, author: null }] }"],
  ["an opener alone", "pull_request: { author: null }"],
  ["a direct push", "changes: [{ sha: m1, author: null }]"],
  [
    "a change of a pull request that nobody tells of",
    "changes: [{ sha: m1, author: null, pull_request: 3 }]",
  ],
  [
    "one of two changes",
    "changes: [{ sha: a1, author: null, pull_request: 2 }, { sha: m1, author: ada, pull_request: 3 }]",
  ],
];

describe("W3: whose change it is, told in plain words", () => {
  for (const [how, change] of [...ofBob, ...ofNobody]) {
    it(`nobody's own word is enough: ${how}`, () => {
      expect.soft(decide(approvals, by("approvals: [bob]", change))).toBe("wait");
      const granted = "overrides: [{ name: emergency, by: bob, reason: it is down }]";
      expect.soft(decide(shut, by(granted, change))).toBe("wait");
      const said =
        'comments: [{ by: bob, body: "/gate override emergency it is down", at: 2026-01-05T09:59:00Z }]';
      expect.soft(decide(shut, by(said, change))).toBe("wait");
    });
  }
  for (const [how, change] of ofBob) {
    it(`somebody else's is: ${how}`, () => {
      expect.soft(decide(approvals, by("approvals: [carol]", change))).toBe("allow");
      const granted = "overrides: [{ name: emergency, by: carol, reason: it is down }]";
      expect.soft(decide(shut, by(granted, change))).toBe("allow");
      const said =
        'comments: [{ by: carol, body: "/gate override emergency it is down", at: 2026-01-05T09:59:00Z }]';
      expect.soft(decide(shut, by(said, change))).toBe("allow");
    });
  }
  it.each([
    "pull_request: { author: ada, pushers: [bob] }",
    "pull_request: { author: null, commits: [{ author: null }] }",
  ])("at the pull request's own gate, too: %s", (change) => {
    const granted = "overrides: [{ name: emergency, by: bob, reason: it is down }]";
    expect(decide(titled, `${change}\n${granted}`)).toBe("deny");
    const said =
      'comments: [{ by: bob, body: "/gate override emergency it is down", at: 2026-01-05T09:59:00Z }]';
    expect(decide(titled, `${change}\n${said}`)).toBe("deny");
  });
});

describe("code of another repository, told in plain words", () => {
  it.each(["", ", ref: main", ", ref: refs/tags/v1", ", ref: refs/pull/3/merge"])(
    "is held whatever the ref says%s",
    (ref) => {
      const facts = (fork: boolean): string =>
        `deployment: { environment: production, sha: m1, actor: dave, fork: ${fork}${ref} }\napprovals: [carol]`;
      expect(decide(approvals, facts(true))).toBe("wait");
      expect(decide(approvals, facts(false))).toBe(ref.includes("refs/pull/") ? "wait" : "allow");
    },
  );
});

describe("W27: what has not happened yet", () => {
  const frozen = `version: 1
rules:
  - { name: calm, when: { environments: [production] }, require: { not_frozen: true } }
freezes:
  - { name: close, timezone: UTC, environments: [production], during: { from: "2020-01-01T00:00", until: "2090-01-01T00:00" }, exempt: { labels: [hot] } }
`;
  const labelled = (at: string): string =>
    `${asked}pull_request: { author: ada, labels: [{ name: hot, by: bob, at: ${at} }] }`;
  it("a label that is put on later exempts nothing now", () => {
    expect(decide(frozen, labelled("2026-01-05T10:00:01Z"))).toBe("wait");
    expect(decide(frozen, labelled("2026-01-05T10:00:00Z"))).toBe("allow");
  });
  it("nor does one that was put on after the instant that is asked about", () => {
    expect(decide(frozen, labelled("2026-01-05T09:00:00Z"), "2026-01-05T08:00:00Z")).toBe("wait");
  });
  it("a review that is given later approves nothing now", () => {
    const reviewed = `version: 1
rules:
  - { name: reviewed, require: { reviews: { approvals: 1 } } }
`;
    const review = (at: string): string =>
      `pull_request: { author: ada }\nreviews: [{ by: bob, state: approved, at: ${at} }]`;
    expect(decide(reviewed, review("2026-01-05T10:00:01Z"))).toBe("wait");
    expect(decide(reviewed, review("2026-01-05T10:00:00Z"))).toBe("allow");
  });
});

describe("W25: what the gate said of a pull request, told twice", () => {
  const gated = `version: 1
rules:
  - { name: gated, when: { environments: [production] }, require: { changes_gated: true } }
`;
  it.each(["deny", "wait", "none"])(
    "the worse of allow and %s counts, in either order",
    (worse) => {
      for (const [first, second] of [
        ["allow", worse],
        [worse, "allow"],
      ]) {
        const changes = `changes: [{ sha: a, pull_request: 1, gate: ${first} }, { sha: m1, pull_request: 1, gate: ${second} }]`;
        expect(decide(gated, `${asked}${changes}`)).toBe("deny");
      }
    },
  );
});
