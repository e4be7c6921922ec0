import { describe, expect, it } from "vitest";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { environmentReviews } from "#core/facts/deployment-approvals.ts";
import { teamMembers } from "#core/facts/people.ts";
import { approvals } from "#core/rules/approvals/rule.ts";
import {
  aBot,
  aPerson,
  aDeployment,
  alice,
  anIdentity,
  bob,
  cannotRead,
  carol,
  dave,
  headSha,
  minute,
  monday,
  sha,
} from "../build.ts";
import {
  aDeployedCommit,
  anAct,
  deploymentWorld,
  type DeploymentWorld,
} from "../deployment-world.ts";
import { judge, judgeInRounds } from "../judge.ts";

const on = (params: unknown, over: DeploymentWorld) =>
  judge(approvals, params, deploymentWorld(over), { subject: aDeployment });

describe("approvals", () => {
  it("needs somebody with write access, says how, and counts who said it", () => {
    const none = on({}, {});
    expect(none).toMatchObject({
      kind: "pending",
      need: "Needs 1 approval for production from people with write access",
      found: "no approval that counts",
    });
    expect(none.next).toContain("`/gate approve production`");
    expect(on({}, { words: [anAct("approve", bob)] })).toMatchObject({
      kind: "pass",
      found: "1 approval (@bob)",
    });
  });

  it.each([
    { who: "the requester", actor: dave, why: "asked for this deployment" },
    { who: "an author of what goes out", actor: alice, why: "opened a pull request that goes out" },
    { who: "a bot", actor: aBot("robot"), why: "is no person" },
    { who: "a coding agent", actor: aPerson("cursoragent"), why: "is a coding agent" },
  ])("T52: $who does not count", ({ actor, why }) => {
    const verdict = on({}, { words: [anAct("approve", actor)] });
    expect(verdict.kind).toBe("pending");
    expect(verdict.found).toContain(why);
  });

  it("who runs another's run again is barred like the one who asked", () => {
    const again = { deployment: { actor: bob, triggeredBy: carol } };
    expect(on({}, { ...again, words: [anAct("approve", carol)] }).found).toContain(
      "@carol (ran this deployment again)",
    );
    expect(on({}, { ...again, words: [anAct("approve", bob)] }).found).toContain(
      "@bob (asked for this deployment)",
    );
    expect(on({}, { ...again, words: [anAct("approve", dave)] }).kind).toBe("pass");
  });

  it("excludes only whom it says", () => {
    expect(on({ exclude: [] }, { words: [anAct("approve", dave)] }).kind).toBe("pass");
    expect(on({ exclude: ["requester"] }, { words: [anAct("approve", alice)] }).kind).toBe("pass");
    expect(on({ exclude: ["authors"] }, { words: [anAct("approve", dave)] }).kind).toBe("pass");
  });

  it("somebody in both teams counts once", () => {
    const teams = { one: [bob, carol], two: [bob] };
    const params = { count: 2, teams: ["one", "two"] };
    expect(
      on(params, { teams, words: [anAct("approve", bob), anAct("approve", bob)] }),
    ).toMatchObject({
      kind: "pending",
      need: "Needs 1 more approval for production from @acme/one or @acme/two",
    });
    expect(
      on(params, {
        teams,
        words: [anAct("approve", bob)],
        reviews: [{ by: bob, state: "approved" }],
      }).kind,
    ).toBe("pending");
    expect(
      on(params, { teams, words: [anAct("approve", bob), anAct("approve", carol)] }).kind,
    ).toBe("pass");
  });

  it("asks who may at this very moment: who left the team is gone", () => {
    const params = { teams: ["release"] };
    const words = [anAct("approve", bob, { at: monday - 60 * minute })];
    expect(on(params, { words, teams: { release: [bob] } }).kind).toBe("pass");
    expect(on(params, { words, teams: { release: [] } })).toMatchObject({
      kind: "pending",
      found: expect.stringContaining("@bob (may not approve here now)"),
    });
    expect(on({}, { words, roles: { bob: "read" } }).kind).toBe("pending");
  });

  it.each([
    { what: "another commit", over: { sha: sha("e") } },
    { what: "another environment", over: { environment: "staging" } },
    { what: "a time to come", over: { at: monday + minute } },
    { what: "a time that ran out", over: { expiresAt: monday } },
  ])("T39: an approval of $what is none", ({ over }) => {
    expect(on({}, { words: [anAct("approve", bob, over)] }).kind).toBe("pending");
  });

  it("what a commit says of its date plays no part; only the SHA does", () => {
    const backdated = { commits: [aDeployedCommit(headSha, { people: [anIdentity(alice)] })] };
    expect(
      on({}, { range: backdated, words: [anAct("approve", bob, { sha: sha("e") })] }).kind,
    ).toBe("pending");
  });

  it("an approval given during a freeze stays until it runs out", () => {
    expect(on({}, { words: [anAct("approve", bob, { at: monday - 20 * 86_400_000 })] }).kind).toBe(
      "pass",
    );
  });

  it("a later /reject takes the same person's approval back, and a /rollback counts as one", () => {
    expect(
      on({}, { words: [anAct("approve", bob), anAct("reject", bob, { at: monday - 1 })] }).kind,
    ).toBe("pending");
    expect(
      on({}, { words: [anAct("reject", bob, { at: monday - 2 * minute }), anAct("approve", bob)] })
        .kind,
    ).toBe("pass");
    expect(on({}, { words: [anAct("rollback", bob)] }).kind).toBe("pass");
    expect(on({}, { words: [anAct("rollback", dave)] }).kind).toBe("pending");
  });

  it("GitHub's own environment reviews count by the same law", () => {
    expect(on({}, { reviews: [{ by: bob, state: "approved" }] })).toMatchObject({
      kind: "pass",
      evidence: [{ label: "environment review by @bob", sha: headSha }],
    });
    expect(on({}, { reviews: [{ by: dave, state: "approved" }] }).kind).toBe("pending");
    expect(
      on(
        {},
        {
          reviews: [
            { by: bob, state: "rejected" },
            { by: bob, state: "approved" },
          ],
        },
      ).kind,
    ).toBe("pending");
    expect(
      on(
        { count: 2 },
        { words: [anAct("approve", carol)], reviews: [{ by: bob, state: "approved" }] },
      ).kind,
    ).toBe("pass");
  });

  it.each([
    { what: "reject", words: [anAct("reject", bob)], kind: "pending" },
    {
      what: "reject elsewhere",
      words: [anAct("reject", bob, { environment: "staging" })],
      kind: "pass",
    },
    {
      what: "reject, and approve after it",
      words: [anAct("reject", bob), anAct("approve", bob)],
      kind: "pass",
    },
  ])("a review at GitHub and /gate $what of the same person → $kind", ({ words, kind }) => {
    expect(on({}, { words, reviews: [{ by: bob, state: "approved" }] }).kind).toBe(kind);
  });

  it("asks GitHub only for what it needs: not for reviews where commands are enough, not for commits where nobody may", () => {
    const asked = (over: DeploymentWorld) =>
      judgeInRounds(approvals, {}, deploymentWorld(over), { subject: aDeployment }).rounds.flat();
    expect(asked({ words: [anAct("approve", bob)] })).not.toContain(environmentReviews.need().key);
    expect(asked({})).not.toContain(deployedContributors.need().key);
    expect(asked({ words: [anAct("approve", bob)] })).toContain(deployedContributors.need().key);
  });

  it("says whom it could not tell, and is unknown where it cannot be told who may", () => {
    const unmapped = {
      range: {
        commits: [aDeployedCommit(headSha, { people: [anIdentity(null, "Someone Else")] })],
      },
    };
    expect(on({}, { ...unmapped, words: [anAct("approve", bob)] }).warnings[0]).toContain(
      "Someone Else",
    );
    const facts = deploymentWorld(
      { words: [anAct("approve", bob)] },
      cannotRead(teamMembers.need("release")),
    );
    expect(judge(approvals, { teams: ["release"] }, facts, { subject: aDeployment }).kind).toBe(
      "unknown",
    );
  });

  it.each([
    { ours: { count: 1 }, theirs: { count: 2 }, is: "tighter" },
    { ours: { count: 2 }, theirs: { count: 1 }, is: "looser" },
    { ours: { teams: ["a", "b"] }, theirs: { teams: ["a"] }, is: "beside" },
    { ours: { teams: ["a"] }, theirs: { teams: ["a", "b"] }, is: "looser" },
    {
      ours: { exclude: ["requester"] },
      theirs: { exclude: ["requester", "authors"] },
      is: "tighter",
    },
    { ours: {}, theirs: { exclude: [] }, is: "looser" },
    { ours: { roles: ["maintain"] }, theirs: {}, is: "looser" },
    { ours: {}, theirs: { users: ["eve"] }, is: "looser" },
  ])("$theirs against $ours of the organisation is $is", ({ ours, theirs, is }) => {
    expect(approvals.compare(ours, theirs)).toBe(is);
  });

  it("refuses people that nobody could be", () => {
    expect(approvals.params.safeParse({ count: 0 }).success).toBe(false);
    expect(approvals.params.safeParse({ exclude: ["everybody"] }).success).toBe(false);
  });
});
