import { describe, expect, it } from "vitest";
import type { WrittenFreeze } from "#core/calendar/schema.ts";
import { labelsAdded } from "#core/facts/labels-added.ts";
import { teamMembers } from "#core/facts/people.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import type { FreezeByPerson } from "#core/model/freeze.ts";
import { notFrozen } from "#core/rules/not-frozen/rule.ts";
import {
  aDeployment,
  aMergeGroup,
  alice,
  aPullRequest,
  bob,
  carol,
  dave,
  eve,
  factsOf,
  headSha,
  minute,
  monday,
  sha,
  tell,
  thePullRequest,
} from "../build.ts";
import {
  aDeployedCommit,
  aDeployedPull,
  aRow,
  deploymentWorld,
  type DeploymentWorld,
} from "../deployment-world.ts";
import { judge } from "../judge.ts";

/** On all of Monday, Berlin time, unless a test says otherwise. */
const freeze = (over: Partial<WrittenFreeze> = {}): WrittenFreeze => ({
  name: "month-end",
  timezone: "Europe/Berlin",
  during: { from: "2026-03-02T00:00", until: "2026-03-03T00:00" },
  reason: "Books close.",
  ...over,
});

const underFreezes = (
  freezes: readonly WrittenFreeze[],
  over: DeploymentWorld = {},
  now = monday,
  asked: unknown = true,
) =>
  judge(notFrozen, asked, deploymentWorld(over), {
    subject: aDeployment,
    policy: { owner: "acme", freezes },
    now,
  });

describe("not_frozen", () => {
  it("holds while a freeze is on, with its reason, until it ends", () => {
    const verdict = underFreezes([freeze()]);
    expect(verdict).toMatchObject({
      kind: "pending",
      changesAt: Date.parse("2026-03-02T23:00:00Z"),
    });
    expect(verdict.need).toContain("month-end");
    expect(verdict.need).toContain("Books close.");
  });

  it.each([
    { instant: "2020-04-10T22:59:59Z", kind: "pass" },
    { instant: "2020-04-10T23:01:00Z", kind: "pending" },
    { instant: "2020-04-13T06:59:00Z", kind: "pending" },
    { instant: "2020-04-13T07:01:00Z", kind: "pass" },
  ])("Friday 23:00 to Monday 07:00, $instant → $kind", ({ instant, kind }) => {
    const weekend = freeze({
      timezone: "UTC",
      during: [
        { days: ["fri"], from: "23:00", to: "24:00" },
        { days: ["sat", "sun"], from: "00:00", to: "24:00" },
        { days: ["mon"], from: "00:00", to: "07:00" },
      ],
    });
    expect(underFreezes([weekend], {}, Date.parse(instant)).kind).toBe(kind);
  });

  it("of a repeated hour a freeze takes both", () => {
    const night = freeze({ during: [{ days: ["sun"], from: "01:00", to: "02:30" }] });
    expect(underFreezes([night], {}, Date.parse("2026-10-25T01:29:59Z")).kind).toBe("pending");
    expect(underFreezes([night], {}, Date.parse("2026-10-25T01:30:00Z")).kind).toBe("pass");
  });

  it("a day that begins without midnight is frozen from its first instant", () => {
    const cairo = freeze({
      timezone: "Africa/Cairo",
      during: { from: "2026-04-24T00:00", until: "2026-04-25T00:00" },
    });
    expect(underFreezes([cairo], {}, Date.parse("2026-04-23T21:59:59Z")).kind).toBe("pass");
    expect(underFreezes([cairo], {}, Date.parse("2026-04-23T22:00:00Z"))).toMatchObject({
      kind: "pending",
      changesAt: Date.parse("2026-04-24T21:00:00Z"),
    });
  });

  it("a freeze that is not on allows", () => {
    expect(
      underFreezes([freeze({ during: { from: "2026-06-01T00:00", until: "2026-06-02T00:00" } })]),
    ).toMatchObject({ kind: "pass", changesAt: Date.parse("2026-05-31T22:00:00Z") });
  });

  it("freezes that follow each other without a gap end with the last", () => {
    const verdict = underFreezes([
      freeze(),
      freeze({ name: "next-day", during: { from: "2026-03-03T00:00", until: "2026-03-04T00:00" } }),
    ]);
    expect(verdict.changesAt).toBe(Date.parse("2026-03-02T23:00:00Z"));
    expect(
      underFreezes([
        freeze(),
        freeze({ name: "both", during: { from: "2026-03-02T00:00", until: "2026-03-04T00:00" } }),
      ]).changesAt,
    ).toBe(Date.parse("2026-03-03T23:00:00Z"));
  });

  it("looks only at the freezes it names, and shows without holding those in evaluation", () => {
    expect(underFreezes([freeze()], {}, monday, "other").kind).toBe("pass");
    expect(underFreezes([freeze()], {}, monday, ["month-end"]).kind).toBe("pending");
    expect(underFreezes([freeze({ enforcement: "disabled" })]).kind).toBe("pass");
    expect(underFreezes([freeze({ enforcement: "evaluate" })])).toMatchObject({
      kind: "pass",
      warnings: [expect.stringContaining("evaluation")],
    });
  });

  it.each([
    { scope: { environments: ["production*"] }, covers: true },
    { scope: { environments: ["PRODUCTION"] }, covers: true },
    { scope: { environments: ["staging"] }, covers: false },
    { scope: { branches: ["main"] }, covers: true },
    { scope: { branches: ["release/*"] }, covers: false },
    { scope: { paths: ["src/**"] }, covers: true },
    { scope: { paths: ["db/**"] }, covers: false },
    { scope: { labels: ["risky"] }, covers: true },
    { scope: { labels: ["calm"] }, covers: false },
    { scope: { environments: ["production"], paths: ["db/**"] }, covers: false },
  ])("covers by $scope: $covers", ({ scope, covers }) => {
    const world = { labels: { 7: [{ name: "risky", by: bob, at: monday }] } };
    expect(underFreezes([freeze(scope)], world).kind).toBe(covers ? "pending" : "pass");
  });

  it("a commit without a pull request can touch anything, so a freeze of paths covers it", () => {
    expect(underFreezes([freeze({ paths: ["db/**"] })], { pulls: [] }).kind).toBe("pending");
  });

  it("where nothing that ran is below it, anything may be new, so a freeze of paths covers it", () => {
    const first = { since: null, relation: "first" as const };
    const frozen = [freeze({ paths: ["db/**"] })];
    expect(underFreezes(frozen, { range: first }).kind).toBe("pending");
    expect(underFreezes([freeze({ labels: ["risky"] })], { range: first }).kind).toBe("pending");
  });

  it.each([
    { undoes: "src/old.ts", relation: "behind" as const, kind: "pass" },
    { undoes: "db/schema.sql", relation: "behind" as const, kind: "pending" },
    { undoes: "db/schema.sql", relation: "diverged" as const, kind: "pending" },
    { undoes: "db/schema.sql", relation: "ahead" as const, kind: "pass" },
    { undoes: null, relation: "behind" as const, kind: "pending" },
  ])("a roll back is covered by what it undoes: $undoes, $relation → $kind", (row) => {
    const world: DeploymentWorld = {
      range: { relation: row.relation, commits: [] },
      pulls: [],
      before: [aRow("production", headSha)],
      undone: [
        aDeployedPull(8, [sha("8")], row.undoes === null ? { elsewhere: "dev" } : {}),
        aDeployedPull(9, [sha("9")]),
      ],
      files: { 8: [row.undoes ?? "src/b.ts"] },
    };
    expect(underFreezes([freeze({ paths: ["db/**"] })], world).kind).toBe(row.kind);
    const exempt = { paths: ["db/**"], exempt: { rollbacks: true as const } };
    expect(underFreezes([freeze(exempt)], world).kind).toBe("pass");
    expect(underFreezes([freeze(exempt)], { ...world, before: [] }).kind).toBe(row.kind);
  });

  it.each([
    { who: "a member of the exempt team", deployment: { actor: dave }, kind: "pass" },
    { who: "somebody else", deployment: { actor: eve }, kind: "pending" },
    {
      who: "somebody else, running a member's run again",
      deployment: { actor: dave, triggeredBy: eve },
      kind: "pending",
    },
    {
      who: "a member, running somebody's run again",
      deployment: { actor: eve, triggeredBy: dave },
      kind: "pass",
    },
    { who: "nobody (the account is gone)", deployment: { actor: null }, kind: "pending" },
    {
      who: "W26: a schedule, also when a member runs it again",
      deployment: { actor: null, triggeredBy: dave, scheduled: true },
      kind: "pending",
    },
  ])("an exempt team exempts what its members ask for: $who → $kind", ({ deployment, kind }) => {
    expect(
      underFreezes([freeze({ exempt: { teams: ["finance"] } })], {
        deployment,
        teams: { finance: [dave] },
      }).kind,
    ).toBe(kind);
  });

  it.each([
    { by: eve, kind: "pending", who: "an outsider" },
    { by: carol, kind: "pass", who: "the exempt team" },
    { by: null, kind: "pending", who: "an account that is gone" },
  ])("the label hotfix by $who → $kind", ({ by, kind }) => {
    const world: DeploymentWorld = {
      deployment: { actor: alice },
      labels: { 7: [{ name: "hotfix", by, at: monday }] },
      teams: { finance: [carol] },
    };
    const verdict = underFreezes(
      [freeze({ exempt: { labels: ["hotfix"], teams: ["finance"] } })],
      world,
    );
    expect(verdict.kind).toBe(kind);
    if (kind === "pass") expect(verdict.warnings[0]).toContain("put on by @carol");
  });

  it("T28: a label without a team exempts only when somebody with write access put it on", () => {
    const exempt = { labels: ["hotfix"] };
    const labels = { 7: [{ name: "hotfix", by: eve, at: monday }] };
    expect(underFreezes([freeze({ exempt })], { labels, roles: { eve: "triage" } }).kind).toBe(
      "pending",
    );
    expect(underFreezes([freeze({ exempt })], { labels, roles: { eve: "write" } }).kind).toBe(
      "pass",
    );
  });

  it("only the pull request of the deployed commit carries the label", () => {
    const world = {
      range: { commits: [] },
      labels: { 7: [{ name: "hotfix", by: bob, at: monday }] },
    };
    const older = {
      ...world,
      range: undefined,
      pulls: [aDeployedPull(6, [sha("1")]), aDeployedPull(7, [headSha])],
    };
    expect(
      underFreezes([freeze({ exempt: { labels: ["hotfix"] } })], {
        pulls: older.pulls,
        labels: { 6: [{ name: "hotfix", by: bob, at: monday }] },
      }).kind,
    ).toBe("pending");
    // A commit that was pushed straight after it is nobody's: the newest pull request that goes out says nothing of it.
    expect(
      underFreezes([freeze({ exempt: { labels: ["hotfix"] } })], {
        range: { commits: [aDeployedCommit(sha("1")), aDeployedCommit(headSha)] },
        pulls: [aDeployedPull(7, [sha("1")])],
        labels: world.labels,
      }).kind,
    ).toBe("pending");
    expect(
      underFreezes([freeze({ exempt: { labels: ["hotfix"] } })], {
        pulls: [aDeployedPull(7, [headSha], { unfinished: true })],
        labels: world.labels,
      }).kind,
    ).toBe("pending");
    expect(
      underFreezes([freeze({ exempt: { labels: ["hotfix"] } })], {
        pulls: older.pulls,
        labels: world.labels,
      }).kind,
    ).toBe("pass");
  });

  it("exempts roll backs where it says so", () => {
    const before = [aRow("production", headSha)];
    expect(underFreezes([freeze({ exempt: { rollbacks: true } })], { before }).kind).toBe("pass");
    expect(underFreezes([freeze({ exempt: { rollbacks: true } })]).kind).toBe("pending");
    expect(underFreezes([freeze()], { before }).kind).toBe("pending");
  });

  it("is unknown where a calendar cannot say whether it is on", () => {
    const filed = freeze({ during: { ics: ".github/freeze.ics" } });
    expect(underFreezes([filed], { calendars: { ".github/freeze.ics": null } }).kind).toBe(
      "unknown",
    );
  });

  describe("a freeze that a person made", () => {
    const made = (over: Partial<FreezeByPerson> = {}): FreezeByPerson => ({
      name: "incident",
      environment: "production",
      from: monday - minute,
      until: monday + 60 * minute,
      reason: "database down",
      by: bob,
      ...over,
    });

    it("holds until it ends, and says by whom and why", () => {
      const verdict = underFreezes([], { freezes: [made()] });
      expect(verdict).toMatchObject({ kind: "pending", changesAt: monday + 60 * minute });
      expect(verdict.need).toBe(
        "freeze incident is on until 2026-03-02 11:00 UTC, made by @bob: database down",
      );
      expect(verdict.next).toContain("`/gate unfreeze incident <reason>`");
    });

    it.each([
      ["books closed", '`/gate unfreeze "books closed" <reason>`'],
      ["prod*", "`/gate unfreeze prod* <reason>`"],
    ])("what lifts %s is printed as it works", (name, printed) => {
      expect(underFreezes([], { freezes: [made({ name })] }).next).toContain(printed);
    });

    it.each([
      { over: { environment: "staging" }, kind: "pass" },
      { over: { environment: "prod*" }, kind: "pending" },
      { over: { environment: "Production" }, kind: "pending" },
      { over: { from: monday + minute }, kind: "pass" },
      { over: { until: null }, kind: "pending" },
    ])("$over → $kind", ({ over, kind }) => {
      expect(underFreezes([], { freezes: [made(over)] }).kind).toBe(kind);
    });

    it("counts also where the rule names freezes of the policy", () => {
      expect(
        underFreezes(
          [freeze({ during: { from: "2026-06-01T00:00", until: "2026-06-02T00:00" } })],
          { freezes: [made()] },
          monday,
          "month-end",
        ).kind,
      ).toBe("pending");
    });
  });

  it("holds merges: by base branch and author, and never by environment", () => {
    const around = (freezes: readonly WrittenFreeze[]) => ({
      subject: thePullRequest,
      policy: { owner: "acme", freezes },
      now: monday,
    });
    const facts = factsOf(tell(pullRequest.need(), aPullRequest()), tell(labelsAdded.need(), []));
    expect(judge(notFrozen, true, facts, around([freeze({ branches: ["main"] })])).kind).toBe(
      "pending",
    );
    expect(judge(notFrozen, true, facts, around([freeze({ branches: ["dev"] })])).kind).toBe(
      "pass",
    );
    expect(
      judge(notFrozen, true, facts, around([freeze({ environments: ["production"] })])).kind,
    ).toBe("pass");
    expect(
      judge(notFrozen, true, facts, around([freeze({ exempt: { labels: ["hotfix"] } })])).kind,
    ).toBe("pending");
  });

  it.each([
    { who: "nobody", exempt: undefined, kind: "pending" },
    { who: "the author of the member", exempt: { teams: ["devs"] }, kind: "pass" },
    {
      who: "a label of the member",
      exempt: { labels: ["hotfix"], teams: ["finance"] },
      kind: "pass",
    },
    {
      who: "a label by somebody else",
      exempt: { labels: ["hotfix"], teams: ["ops"] },
      kind: "pending",
    },
  ])("a member of a merge group is exempt as it is by itself: $who → $kind", ({ exempt, kind }) => {
    const added = { name: "hotfix", by: carol, at: monday - minute };
    const facts = factsOf(
      tell(pullRequest.need(), aPullRequest()),
      tell(labelsAdded.need(), [added]),
      tell(teamMembers.need("devs"), [alice]),
      tell(teamMembers.need("finance"), [carol]),
      tell(teamMembers.need("ops"), [bob]),
    );
    for (const subject of [thePullRequest, aMergeGroup])
      expect(
        judge(notFrozen, true, facts, {
          subject,
          policy: { owner: "acme", freezes: [freeze({ branches: ["main"], exempt })] },
        }).kind,
        subject.kind,
      ).toBe(kind);
  });
});
