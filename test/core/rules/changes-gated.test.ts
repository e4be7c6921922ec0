import { describe, expect, it } from "vitest";
import { deployedPullRequests, deployedRange } from "#core/facts/deployed-range.ts";
import { changesGated } from "#core/rules/changes-gated/rule.ts";
import {
  aDeployment,
  alice,
  anIdentity,
  bob,
  cannotRead,
  carol,
  eve,
  headSha,
  sha,
  tell,
} from "../build.ts";
import {
  aDeployedCommit,
  aDeployedPull,
  deploymentWorld,
  type DeploymentWorld,
} from "../deployment-world.ts";
import { judge } from "../judge.ts";

const out = (over: DeploymentWorld) =>
  judge(changesGated, { since: "last_deployment" }, deploymentWorld(over), {
    subject: aDeployment,
  });
const two = {
  commits: [aDeployedCommit(sha("1"), { people: [anIdentity(carol)] }), aDeployedCommit(headSha)],
};

describe("changes_gated", () => {
  it("passes where each commit came through a pull request that the gate allowed, and lists what goes out", () => {
    const verdict = out({
      range: two,
      pulls: [
        aDeployedPull(6, [sha("1")], { author: carol, title: "Fix it" }),
        aDeployedPull(7, [headSha]),
      ],
    });
    expect(verdict).toMatchObject({
      kind: "pass",
      found: "2 commits in 2 pull requests, since 0000000",
    });
    expect(verdict.evidence.map(({ label }) => label)).toEqual([
      '#6 "Fix it" by @carol, 1 commit, approved by @bob, gate: allowed',
      '#7 "Add a thing" by @alice, 1 commit, approved by @bob, gate: allowed',
    ]);
  });

  it("names direct pushes, and fails", () => {
    const verdict = out({ range: two, pulls: [aDeployedPull(7, [headSha])] });
    expect(verdict).toMatchObject({
      kind: "fail",
      need: "1 commit went to the branch without a pull request: 1111111",
    });
    expect(verdict.found).toContain("1111111 by @carol: direct push");
    expect(verdict.evidence.at(-1)?.label).toContain("without a pull request");
  });

  it.each([
    {
      what: "denied",
      gate: { kind: "deny" as const, overrides: [] },
      words: "merged by @eve although the gate denied it",
    },
    {
      what: "not yet allowed",
      gate: { kind: "wait" as const, overrides: [] },
      words: "merged by @eve although the gate had not allowed it",
    },
    { what: "never judged", gate: null, words: "merged by @eve, never judged by this gate" },
    {
      what: "judged only as a draft",
      gate: { kind: "allow" as const, overrides: [], asDraft: true as const },
      words: "merged by @eve, judged by this gate only as a draft",
    },
  ])("T41: an administrator's merge of what was $what is named, and fails", ({ gate, words }) => {
    const verdict = out({
      pulls: [aDeployedPull(7, [headSha], { gate, mergedBy: eve, approvedBy: [] })],
    });
    expect(verdict).toMatchObject({ kind: "fail", need: "#7 was merged past the gate" });
    expect(verdict.found).toContain(words);
  });

  it("a recorded override is an allowance, and is shown", () => {
    const verdict = out({
      pulls: [aDeployedPull(7, [headSha], { gate: { kind: "allow", overrides: ["emergency"] } })],
    });
    expect(verdict).toMatchObject({
      kind: "pass",
      evidence: [{ label: expect.stringContaining("gate: allowed by override emergency") }],
    });
  });

  it("a commit that a gated pull request brought too is gated", () => {
    const pulls = [aDeployedPull(6, [headSha], { gate: null }), aDeployedPull(7, [headSha])];
    expect(out({ pulls }).kind).toBe("pass");
  });

  it.each([
    {
      what: "never judged by itself",
      over: { unfinished: true as const },
      need: "1 commit of a pull request that was judged as a whole, not there: bbbbbbb",
      found:
        "an earlier commit of #7, which goes out neither as it was judged nor as it was merged",
    },
    {
      what: "allowed for a branch where not all rules speak",
      over: { gate: { kind: "allow" as const, overrides: [], unruled: true as const } },
      need: "#7 was merged past the gate",
      found: "#7: merged by @bob onto a branch where not all rules of the default one speak",
    },
  ])("a commit of a pull request that was $what was not gated", ({ over, need, found }) => {
    const verdict = out({ pulls: [aDeployedPull(7, [headSha], over)] });
    expect(verdict).toMatchObject({ kind: "fail", need });
    expect(verdict.found).toContain(found);
  });

  it.each([{ unfinished: true as const }, { elsewhere: "dev" }])(
    "an allowance of %j is none for who brought the same commit past the gate",
    (over) => {
      const pulls = [
        aDeployedPull(6, [headSha], over),
        aDeployedPull(7, [headSha], { gate: null }),
      ];
      expect(out({ pulls }).kind).toBe("fail");
    },
  );

  it("an older state that is not proven to have run answers for all since what ran below it", () => {
    const behind = { ...two, relation: "behind" as const };
    const pulls = [aDeployedPull(7, [headSha])];
    expect(out({ range: behind, pulls })).toMatchObject({
      kind: "fail",
      need: "1 commit went to the branch without a pull request: 1111111",
      found: expect.stringContaining("not proven to have run here: since 0000000"),
    });
    expect(out({ range: behind, pulls: [...pulls, aDeployedPull(6, [sha("1")])] }).kind).toBe(
      "pass",
    );
  });

  it.each([
    { relation: "behind" as const, found: "an older state: nothing new goes out" },
    { relation: "same" as const, found: "nothing new goes out" },
  ])("$relation: nothing goes out, nobody is asked", ({ relation, found }) => {
    const facts = deploymentWorld(
      {},
      tell(deployedRange.need(), { since: { sha: sha("0"), at: 0 }, relation, commits: [] }),
      cannotRead(deployedPullRequests.need()),
    );
    expect(judge(changesGated, true, facts, { subject: aDeployment })).toMatchObject({
      kind: "pass",
      found,
    });
  });

  it("where nothing that ran is below it, it answers for its own commit", () => {
    const first = {
      since: null,
      relation: "first" as const,
      commits: [aDeployedCommit(headSha, { people: [anIdentity(alice), anIdentity(bob)] })],
    };
    expect(out({ range: first })).toMatchObject({
      kind: "pass",
      found: expect.stringContaining("nothing below it is proven to have run here"),
    });
    expect(out({ range: first, pulls: [] }).kind).toBe("fail");
  });

  it("is unknown where it cannot be read what goes out", () => {
    expect(
      judge(
        changesGated,
        true,
        deploymentWorld({}, cannotRead(deployedRange.need(), "incomplete")),
        { subject: aDeployment },
      ).kind,
    ).toBe("unknown");
    expect(
      judge(changesGated, true, deploymentWorld({}, cannotRead(deployedPullRequests.need())), {
        subject: aDeployment,
      }).kind,
    ).toBe("unknown");
  });
});
