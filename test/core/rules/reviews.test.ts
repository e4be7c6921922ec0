import { describe, expect, it } from "vitest";
import { softly } from "#core/facts/if-readable.ts";
import { commits, pushers } from "#core/facts/pull-request.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { reviews as reviewsFact, sameDiff } from "#core/facts/reviews.ts";
import { reviews } from "#core/rules/reviews/rule.ts";
import {
  aBot,
  aCommit,
  aDeployment,
  alice,
  anIdentity,
  aPerson,
  aReview,
  bob,
  cannotRead,
  carol,
  dave,
  eve,
  minute,
  monday,
  olderSha,
  sha,
  type Told,
} from "../build.ts";
import { aDeployedCommit, aDeployedPull, deploymentWorld } from "../deployment-world.ts";
import { judge, judgeInRounds } from "../judge.ts";
import { type World, world } from "./reviews/facts.ts";

const verdictOn = (params: unknown, over: World) => judge(reviews, params, world(over));

describe("row a: who had a hand in the change", () => {
  const author = aPerson("author");
  const committer = aPerson("committer");
  const approvals = [alice, author, committer, carol, dave].map((person, i) =>
    aReview(person, { submittedAt: monday + i }),
  );
  const change = {
    reviews: approvals,
    commits: [aCommit({ authors: [anIdentity(author)], committer: anIdentity(committer) })],
  };

  it.each([
    { params: {}, who: "2 approvals (@carol, @dave)" },
    { params: { allow_author: true }, who: "3 approvals (@alice, @carol, @dave)" },
    {
      params: { allow_contributors: true },
      who: "4 approvals (@author, @committer, @carol, @dave)",
    },
    {
      params: { allow_author: true, allow_contributors: true },
      who: "5 approvals (@alice, @author, @committer, @carol, @dave)",
    },
  ])("$params → $who", ({ params, who }) => {
    expect(verdictOn(params, change).found).toContain(who);
  });

  it("says why the others do not count", () => {
    const { found } = verdictOn({}, change);
    expect(found).toContain("@alice (opened it)");
    expect(found).toContain("@author (wrote commits)");
    expect(found).toContain("@committer (committed)");
  });

  it("lets the opener approve their own commits under allow_author", () => {
    expect(verdictOn({ allow_author: true }, { reviews: [aReview(alice)] }).kind).toBe("pass");
  });
});

describe("row b: the latest decisive review", () => {
  const then = (
    state: "approved" | "changes_requested" | "commented" | "dismissed" | "pending",
    minutes: number,
  ) => aReview(bob, { state, submittedAt: monday + minutes * minute });

  it.each([
    { history: [then("approved", 0)], kind: "pass" },
    { history: [then("approved", 0), then("changes_requested", 1)], kind: "fail" },
    {
      history: [then("approved", 0), then("changes_requested", 1), then("commented", 2)],
      kind: "fail",
    },
    {
      history: [
        then("approved", 0),
        then("changes_requested", 1),
        then("commented", 2),
        then("dismissed", 3),
      ],
      kind: "pending",
    },
    { history: [then("changes_requested", 0), then("approved", 1)], kind: "pass" },
    { history: [then("approved", 0), then("commented", 1)], kind: "pass" },
    { history: [then("approved", 0), then("dismissed", 1)], kind: "pending" },
    { history: [then("approved", 0), then("pending", 1)], kind: "pass" },
    { history: [then("commented", 0)], kind: "pending" },
  ])("$history.length reviews, the last $history.0.state … → $kind", ({ history, kind }) => {
    expect(verdictOn({}, { reviews: history }).kind).toBe(kind);
  });

  it("names who blocks, and lets another's approval not outweigh them", () => {
    const verdict = verdictOn({}, { reviews: [then("changes_requested", 0), aReview(carol)] });
    expect(verdict).toMatchObject({ kind: "fail", need: "@bob requested changes" });
    expect(verdict.next).toContain("@bob approves");
  });

  it("does not block where the policy says so", () => {
    const verdict = verdictOn(
      { block_on_changes_requested: false },
      { reviews: [then("changes_requested", 0), aReview(carol)] },
    );
    expect(verdict.kind).toBe("pass");
  });

  it.each([
    {
      who: "an outsider",
      review: aReview(eve, { state: "changes_requested", canPush: false }),
      kind: "pass",
    },
    { who: "a bot", review: aReview(aBot("noisy"), { state: "changes_requested" }), kind: "pass" },
    {
      who: "a deleted account",
      review: aReview(null, { state: "changes_requested" }),
      kind: "pass",
    },
    {
      who: "a contributor who may push",
      review: aReview(dave, { state: "changes_requested" }),
      kind: "fail",
    },
  ] as const)("a request for changes by $who → $kind", ({ review, kind }) => {
    expect(
      verdictOn(
        {},
        { reviews: [aReview(carol), review], commits: [aCommit({ authors: [anIdentity(dave)] })] },
      ).kind,
    ).toBe(kind);
  });

  it("blocks for somebody whom the policy counts without write access", () => {
    const facts = {
      reviews: [aReview(eve, { state: "changes_requested", canPush: false })],
      teams: { security: [eve] },
    };
    expect(verdictOn({ teams: ["security"] }, facts).kind).toBe("fail");
  });
});

describe("rows c and d: approvals of an earlier commit", () => {
  const approved = [aReview(bob, { commitSha: olderSha })];

  it.each([
    { stale: "dismiss", changedSince: {}, kind: "pending" },
    { stale: "keep_if_same_diff", changedSince: {}, kind: "pass" },
    { stale: "keep_if_same_diff", changedSince: { [olderSha]: ["src/owned.ts"] }, kind: "pending" },
    { stale: "keep", changedSince: { [olderSha]: ["src/owned.ts"] }, kind: "pass" },
  ])("$stale, changed since: $changedSince → $kind", ({ stale, changedSince, kind }) => {
    expect(verdictOn({ stale }, { reviews: approved, changedSince }).kind).toBe(kind);
  });

  it("keeps an approval over a pure rebase by default, and says which file voided it otherwise", () => {
    expect(verdictOn({}, { reviews: approved }).kind).toBe("pass");
    const verdict = verdictOn(
      {},
      { reviews: approved, changedSince: { [olderSha]: ["src/a.ts", "src/b.ts"] } },
    );
    expect(verdict.found).toContain(
      "@bob (approved aaaaaaa; since then src/a.ts and 1 more changed)",
    );
    expect(verdict.next).toContain("@bob approved something older and can look again");
  });

  it("T12: an edit hidden in a merge of the base voids the approval, a clean merge keeps it", () => {
    const merged = {
      reviews: approved,
      commits: [aCommit({ sha: olderSha }), aCommit({ parents: 2 })],
    };
    expect(verdictOn({}, merged).kind).toBe("pass");
    expect(
      verdictOn({}, { ...merged, changedSince: { [olderSha]: ["src/conflict.ts"] } }).kind,
    ).toBe("pending");
  });

  it("T5: a push between approval and evaluation leaves the approval behind", () => {
    const pushed = {
      reviews: [aReview(bob, { commitSha: sha("b") })],
      pull: { headSha: sha("e") },
      changedSince: { [sha("b")]: ["src/a.ts"] },
    };
    expect(verdictOn({}, pushed).kind).toBe("pending");
    expect(verdictOn({ stale: "dismiss" }, pushed).kind).toBe("pending");
  });

  it("T7: commits count, not dates: an approval that is younger than a back-dated commit still speaks of another commit", () => {
    const late = aReview(bob, { commitSha: olderSha, submittedAt: monday + 600 * minute });
    expect(verdictOn({ stale: "dismiss" }, { reviews: [late] }).kind).toBe("pending");
  });

  it("a commit that was collected after a force-push covers nothing, except where every approval is kept", () => {
    const gone = { reviews: [aReview(bob, { commitSha: null })] };
    expect(verdictOn({}, gone)).toMatchObject({
      kind: "pending",
      found: expect.stringContaining("@bob (approved a commit that is gone)"),
    });
    expect(verdictOn({ stale: "keep" }, gone).kind).toBe("pass");
  });

  it("compares diffs only of approvals that would otherwise count, and only where they are needed", () => {
    const facts = world({
      reviews: [
        aReview(alice, { commitSha: olderSha }),
        aReview(eve, { commitSha: olderSha, canPush: false }),
      ],
    });
    expect(judgeInRounds(reviews, {}, facts).rounds.flat()).not.toContain(
      sameDiff.need(olderSha).key,
    );
    const enough = world({ reviews: [aReview(carol), aReview(bob, { commitSha: olderSha })] });
    expect(judgeInRounds(reviews, {}, enough).rounds.flat()).not.toContain(
      sameDiff.need(olderSha).key,
    );
    const needed = world({ reviews: [aReview(carol), aReview(bob, { commitSha: olderSha })] });
    expect(judgeInRounds(reviews, { approvals: 2 }, needed)).toMatchObject({
      verdict: { kind: "pass" },
    });
  });
});

describe("T14: a pull request whose base changed after approval", () => {
  const retargeted = {
    reviews: [aReview(bob)],
    pull: { baseRef: "main", baseChangedAt: monday + minute },
  };

  it.each([
    { stale: "dismiss", kind: "pending" },
    { stale: "keep_if_same_diff", kind: "pending" },
    { stale: "keep", kind: "pass" },
  ])("T14: $stale → $kind", ({ stale, kind }) => {
    expect(verdictOn({ stale }, retargeted).kind).toBe(kind);
  });

  it("T14: a branch that was rewritten is told apart from another one", () => {
    const pull = { ...retargeted.pull, baseRewritten: true };
    const verdict = verdictOn({}, { ...retargeted, pull });
    expect(verdict.kind).toBe("pending");
    expect(JSON.stringify(verdict)).toContain("force-pushed, deleted or made anew");
  });

  it("W8: an approval in the second of the change is not one of the new base", () => {
    const reviews = [aReview(bob, { submittedAt: monday + minute })];
    expect(verdictOn({}, { ...retargeted, reviews }).kind).toBe("pending");
  });

  it("T14: an approval after the change counts", () => {
    expect(
      verdictOn(
        {},
        { ...retargeted, reviews: [aReview(bob, { submittedAt: monday + 2 * minute })] },
      ).kind,
    ).toBe("pass");
  });
});

describe("contributors that git alone does not show", () => {
  it("row e: the author of a commit behind a second parent is a contributor", () => {
    const commitList = [
      aCommit({ sha: sha("c"), authors: [anIdentity(bob)] }),
      aCommit({ parents: 2 }),
    ];
    expect(verdictOn({}, { reviews: [aReview(bob)], commits: commitList }).kind).toBe("pending");
  });

  it("T8: a co-author does not count", () => {
    expect(
      verdictOn(
        {},
        {
          reviews: [aReview(bob)],
          commits: [aCommit({ authors: [anIdentity(alice), anIdentity(bob)] })],
        },
      ).kind,
    ).toBe("pending");
  });

  it("T8: the next step says that applying a suggestion made the reviewer a co-author", () => {
    const commits = [aCommit({ authors: [anIdentity(alice), anIdentity(bob)] })];
    expect(verdictOn({}, { reviews: [aReview(bob)], commits })).toMatchObject({
      found: expect.stringContaining("@bob (is a co-author of commits)"),
      next: expect.stringMatching(/@bob cannot: .*suggestion is applied.*allow_contributors: true/),
    });
    const own = [aCommit({ authors: [anIdentity(bob)] })];
    expect(verdictOn({}, { reviews: [aReview(bob)], commits: own })).toMatchObject({
      next: expect.not.stringContaining("suggestion"),
    });
  });

  it("T8: the last pusher does not count, whatever the commits say", () => {
    const verdict = verdictOn({}, { reviews: [aReview(bob)], pushers: [alice, bob] });
    expect(verdict).toMatchObject({
      kind: "pending",
      found: expect.stringContaining("@bob (pushed to the branch)"),
    });
    expect(
      verdictOn({ allow_contributors: true }, { reviews: [aReview(bob)], pushers: [alice, bob] })
        .kind,
    ).toBe("pass");
  });

  it("row f, T11: an identity without an account clears nobody, and the summary says so", () => {
    const unmapped = aCommit({ authors: [anIdentity(null, "Mallory")], committer: null });
    const pushed = verdictOn({}, { reviews: [aReview(bob)], commits: [unmapped], pushers: [bob] });
    expect(pushed.kind).toBe("pending");
    expect(pushed.warnings).toEqual([
      expect.stringContaining("1 contributor unknown to GitHub (Mallory)"),
    ]);
    const outside = verdictOn(
      {},
      { reviews: [aReview(carol)], commits: [unmapped], pushers: [bob] },
    );
    expect(outside.kind).toBe("pass");
    expect(outside.warnings).toHaveLength(1);
    expect(
      verdictOn({}, { reviews: [aReview(carol)], commits: [unmapped], pushers: [] }).warnings[0],
    ).toContain("no record of who pushed");
  });

  it("T11: a forged author line bars the one it names, and clears nobody else", () => {
    const forged = aCommit({
      authors: [anIdentity(carol)],
      committer: anIdentity(carol),
      verified: false,
    });
    expect(
      verdictOn({}, { reviews: [aReview(bob), aReview(carol)], commits: [forged], pushers: [bob] })
        .kind,
    ).toBe("pending");
  });

  it("takes GitHub itself for no committer", () => {
    expect(
      verdictOn({}, { reviews: [aReview(bob)], commits: [aCommit({ committer: null })] }),
    ).toMatchObject({ kind: "pass", warnings: [] });
  });

  it("counts nobody whose account is gone", () => {
    const verdict = verdictOn({}, { reviews: [aReview(null)], pull: { author: null } });
    expect(verdict.kind).toBe("pending");
    expect(verdict.warnings).toEqual(["1 review by deleted accounts does not count."]);
  });
});

describe("row g: rights of now", () => {
  it("T10: the approval of somebody without write access is worth nothing", () => {
    const verdict = verdictOn({}, { reviews: [aReview(eve, { canPush: false })] });
    expect(verdict).toMatchObject({
      kind: "pending",
      need: "Needs 1 approval",
      found: expect.stringContaining("@eve (has no write access)"),
    });
  });

  it("somebody who is not in the team (any more, or not yet) does not count", () => {
    const verdict = verdictOn(
      { teams: ["backend"] },
      { reviews: [aReview(bob)], teams: { backend: [carol] } },
    );
    expect(verdict).toMatchObject({
      kind: "pending",
      need: "Needs 1 approval from @acme/backend",
      required: "1 approval from @acme/backend, no request for changes",
    });
    expect(
      verdictOn({ teams: ["backend"] }, { reviews: [aReview(carol)], teams: { backend: [carol] } })
        .kind,
    ).toBe("pass");
  });

  it.each([
    { minimum: "triage", role: "triage", canPush: false, kind: "pass" },
    { minimum: "triage", role: "read", canPush: false, kind: "pending" },
    { minimum: "triage", role: "write", canPush: true, kind: "pass" },
    { minimum: "triage", role: "admin", canPush: true, kind: "pass" },
    { minimum: "write", role: "write", canPush: true, kind: "pass" },
    { minimum: "maintain", role: "write", canPush: true, kind: "pending" },
    { minimum: "maintain", role: "maintain", canPush: true, kind: "pass" },
    { minimum: "admin", role: "maintain", canPush: true, kind: "pending" },
    { minimum: "admin", role: "read", canPush: false, kind: "pending" },
  ] as const)("minimum role $minimum, $role → $kind", ({ minimum, role, canPush, kind }) => {
    expect(
      verdictOn(
        { roles: [minimum] },
        { reviews: [aReview(bob, { canPush })], roles: { bob: role } },
      ).kind,
    ).toBe(kind);
  });

  it("asks for a role only where the right to push does not tell", () => {
    const asked = (roles: readonly string[], canPush: boolean) =>
      judgeInRounds(
        reviews,
        { roles },
        world({ reviews: [aReview(bob, { canPush })], roles: { bob: "admin" } }),
      ).rounds.flat();
    expect(asked(["write"], true)).not.toContain(roleOf.need(bob).key);
    expect(asked(["triage"], true)).not.toContain(roleOf.need(bob).key);
    expect(asked(["maintain"], false)).not.toContain(roleOf.need(bob).key);
    expect(asked(["maintain"], true)).toContain(roleOf.need(bob).key);
    expect(asked(["triage"], false)).toContain(roleOf.need(bob).key);
  });
});

describe("row h: people are ids", () => {
  it("a login in another case, or renamed since, is the same person", () => {
    const renamed = { ...bob, login: "bobby" };
    expect(
      verdictOn({ users: ["BOB"] }, { reviews: [aReview(bob)], accounts: { BOB: bob } }).kind,
    ).toBe("pass");
    expect(verdictOn({ users: ["bob"] }, { reviews: [aReview(renamed)] }).kind).toBe("pass");
    // As a contributor, too.
    expect(
      verdictOn(
        {},
        { reviews: [aReview(renamed)], commits: [aCommit({ authors: [anIdentity(bob)] })] },
      ).kind,
    ).toBe("pending");
  });

  it("a login that somebody else took over is another person", () => {
    const thief = aPerson("bob", { id: 666 });
    expect(verdictOn({ users: ["bob"] }, { reviews: [aReview(thief)] }).kind).toBe("pending");
  });

  it("two reviews under two logins of one person count once", () => {
    const twice = [
      aReview(bob),
      aReview({ ...bob, login: "BOB" }, { submittedAt: monday + minute }),
    ];
    expect(verdictOn({ approvals: 2 }, { reviews: twice })).toMatchObject({
      kind: "pending",
      need: "Needs 1 more approval",
    });
  });

  it.each(["b\u043eb", "bob\u200b", "\u202ebob"])("T31: %j only looks like bob", (login) => {
    expect(verdictOn({ users: ["bob"] }, { reviews: [aReview(aPerson(login))] }).kind).toBe(
      "pending",
    );
  });
});

describe("bots", () => {
  const renovate = aBot("renovate[bot]");

  it.each([
    { bots: [], kind: "pending" },
    { bots: ["renovate[bot]"], kind: "pass" },
    { bots: ["Renovate"], kind: "pass" },
    { bots: [renovate.id], kind: "pass" },
    { bots: ["dependabot"], kind: "pending" },
  ])("T9: a bot's approval with $bots listed → $kind", ({ bots, kind }) => {
    expect(verdictOn({ bots }, { reviews: [aReview(renovate)] }).kind).toBe(kind);
  });

  it("T9: a listed bot still has to be among those whom the policy names", () => {
    expect(
      verdictOn(
        { bots: ["renovate"], teams: ["security"] },
        { reviews: [aReview(renovate)], teams: { security: [carol] } },
      ).kind,
    ).toBe("pending");
  });

  it.each(["Organization", "Mannequin"] as const)("an %s is no person", (type) => {
    expect(verdictOn({}, { reviews: [aReview({ ...bob, type })] }).kind).toBe("pending");
  });
});

describe("coding agents", () => {
  const copilot = aPerson("Copilot");

  it.each([
    { who: "an agent with a person's account", person: copilot, params: {} },
    { who: "one that the policy names", person: copilot, params: { users: ["Copilot"] } },
    {
      who: "one that is listed among the bots",
      person: aBot("claude[bot]"),
      params: { bots: ["claude[bot]"] },
    },
  ])("T9: the approval of $who never counts", ({ person, params }) => {
    const verdict = verdictOn(params, {
      reviews: [aReview(person)],
      accounts: { Copilot: copilot },
    });
    expect(verdict.kind).toBe("pending");
    expect(verdict.found).toContain("(is a coding agent)");
  });

  it("T9: nor that of one that the policy lists, and its request for changes blocks nobody", () => {
    const policy = { owner: "acme", agents: ["bob"] };
    const kindOf = (...given: readonly ReturnType<typeof aReview>[]) =>
      judge(reviews, {}, world({ reviews: given }), { policy }).kind;
    expect(kindOf(aReview(bob))).toBe("pending");
    expect(kindOf(aReview(bob, { state: "changes_requested" }), aReview(carol))).toBe("pass");
  });

  it("T8: who asked an agent for the change is a contributor", () => {
    const asked = { pull: { author: copilot, askedBy: [bob] } };
    const verdict = verdictOn({}, { ...asked, reviews: [aReview(bob)] });
    expect(verdict.kind).toBe("pending");
    expect(verdict.found).toContain("@bob (asked an agent for it)");
    expect(verdictOn({}, { ...asked, reviews: [aReview(carol)] }).kind).toBe("pass");
    // Who asked an agent for something that it did not do had no hand in it.
    const ofAlice = { pull: { askedBy: [bob] }, reviews: [aReview(bob)] };
    expect(verdictOn({}, ofAlice).kind).toBe("pass");
    expect(
      verdictOn({ allow_contributors: true }, { ...asked, reviews: [aReview(bob)] }).kind,
    ).toBe("pass");
  });
});

describe("counts", () => {
  const each = [{ teams: ["security"] }, { teams: ["backend"], approvals: 2 }];

  it("N=2, one person in both teams: counts once in the total", () => {
    const facts = { reviews: [aReview(bob)], teams: { a: [bob], b: [bob, carol] } };
    expect(verdictOn({ approvals: 2, teams: ["a", "b"] }, facts)).toMatchObject({
      kind: "pending",
      need: "Needs 1 more approval from @acme/a or @acme/b",
    });
    expect(
      verdictOn(
        { approvals: 2, teams: ["a", "b"] },
        { ...facts, reviews: [aReview(bob), aReview(carol)] },
      ).kind,
    ).toBe("pass");
  });

  it.each([
    { given: [bob, carol], kind: "pass" },
    { given: [bob], kind: "pending" },
    { given: [carol, dave], kind: "pending" },
    { given: [bob, dave], kind: "pass" },
  ])("each: one person may stand for several entries: $given → $kind", ({ given, kind }) => {
    const facts = {
      reviews: given.map((person) => aReview(person, { canPush: false })),
      teams: { security: [bob], backend: [bob, carol, dave] },
    };
    expect(verdictOn({ each }, facts).kind).toBe(kind);
  });

  it("each: says what each entry lacks", () => {
    const verdict = verdictOn(
      { each },
      { reviews: [aReview(carol)], teams: { security: [bob], backend: [bob, carol] } },
    );
    expect(verdict.need).toBe(
      "Needs 1 approval from @acme/security; needs 1 more approval from @acme/backend",
    );
  });

  it("each: a total that is asked for besides is a demand of its own", () => {
    const facts = { reviews: [aReview(bob)], teams: { security: [bob] } };
    expect(verdictOn({ each: [{ teams: ["security"] }] }, facts).kind).toBe("pass");
    expect(verdictOn({ approvals: 2, each: [{ teams: ["security"] }] }, facts)).toMatchObject({
      kind: "pending",
      need: "Needs 1 more approval",
    });
  });

  it("row n: warns where nobody could ever give so many", () => {
    const facts = { reviews: [aReview(bob)], teams: { security: [bob] } };
    expect(
      verdictOn({ approvals: 3, teams: ["security"], users: ["carol"] }, facts).warnings,
    ).toEqual([
      "3 approvals from @acme/security or @carol can never be reached: there are fewer people who could give them.",
    ]);
    expect(verdictOn({ approvals: 2, users: ["bob", "carol"] }, facts).warnings).toEqual([]);
  });

  it("asks for none where none is wanted", () => {
    const judged = judgeInRounds(reviews, { approvals: 0 }, world({ reviews: [aReview(bob)] }));
    expect(judged.verdict).toMatchObject({ kind: "pass", found: "no request for changes" });
    expect(judged.rounds).toEqual([["pull_request", "reviews"]]);
  });
});

describe("threads", () => {
  it.each([
    { unresolved: 0, kind: "pass" },
    { unresolved: 2, kind: "pending" },
  ])("$unresolved unresolved → $kind", ({ unresolved, kind }) => {
    expect(
      verdictOn(
        { resolved_threads: true },
        { reviews: [aReview(bob)], threads: { unresolved, total: 5 } },
      ).kind,
    ).toBe(kind);
    expect(verdictOn({}, { reviews: [aReview(bob)], threads: { unresolved, total: 5 } }).kind).toBe(
      "pass",
    );
  });

  it("adds to what else is needed", () => {
    const verdict = verdictOn({ resolved_threads: true }, { threads: { unresolved: 1, total: 1 } });
    expect(verdict.need).toBe("Needs 1 approval; 1 review thread unresolved");
  });
});

describe("facts and events", () => {
  it("reads nothing that no approval needs", () => {
    const justOpened = { createdAt: monday - 1 };
    expect(
      judgeInRounds(reviews, { teams: ["security"], users: ["bob"] }, world({ pull: justOpened }))
        .rounds,
    ).toEqual([["pull_request", "reviews", "commits"]]);
    // Whoever approves in vain is told who could: that costs a look at the team, and never who pushed.
    const own = world({ pull: justOpened, reviews: [aReview(alice)] });
    expect(judgeInRounds(reviews, { teams: ["security"] }, own).rounds).toEqual([
      expect.not.arrayContaining([pushers.need().key]),
      [softly(teamMembers.need("security")).key],
    ]);
  });

  it("reads who pushed, and who is in the team, once there is an approval", () => {
    const facts = world({ reviews: [aReview(bob)], teams: { security: [bob] } });
    expect(judgeInRounds(reviews, { teams: ["security"] }, facts).rounds).toEqual([
      expect.not.arrayContaining([pushers.need().key]),
      [pushers.need().key, teamMembers.need("security").key],
    ]);
  });

  it("names a team of the own organisation by its slug, however the policy writes it", () => {
    const facts = world({
      reviews: [aReview(bob)],
      teams: { security: [bob], "other/security": [] },
    });
    expect(judge(reviews, { teams: ["ACME/security"] }, facts).kind).toBe("pass");
    expect(judge(reviews, { teams: ["other/security"] }, facts)).toMatchObject({
      kind: "pending",
      need: "Needs 1 approval from @other/security",
    });
  });

  it.each([
    { fact: reviewsFact.need(), params: {} },
    { fact: commits.need(), params: {} },
    { fact: pushers.need(), params: {} },
    { fact: teamMembers.need("security"), params: { teams: ["security"] } },
    { fact: account.need("carol"), params: { users: ["carol"] } },
  ])("is unknown when $fact.key cannot be read", ({ fact, params }) => {
    const facts = new Map([
      ...world({ reviews: [aReview(bob)], teams: { security: [bob] } }),
      cannotRead(fact),
    ]);
    expect(judge(reviews, params, facts).kind).toBe("unknown");
  });

  it("judges at a deployment every pull request that goes out, each by its own facts", () => {
    const inner = (number: number, over: World): readonly Told[] =>
      [...world(over)].map(([key, result]): Told => [`of_pull_request:${number}:${key}`, result]);
    const out = {
      range: { commits: [aDeployedCommit(sha("1")), aDeployedCommit(sha("2"))] },
      pulls: [aDeployedPull(7, [sha("1")]), aDeployedPull(8, [sha("2")])],
    };
    const reviewed = deploymentWorld(
      out,
      ...inner(7, { reviews: [aReview(bob)] }),
      ...inner(8, { reviews: [aReview(carol)] }),
    );
    expect(judge(reviews, {}, reviewed, { subject: aDeployment }).kind).toBe("pass");
    const half = deploymentWorld(out, ...inner(7, { reviews: [aReview(bob)] }), ...inner(8, {}));
    expect(judge(reviews, {}, half, { subject: aDeployment })).toMatchObject({
      kind: "pending",
      need: expect.stringContaining("#8: Needs 1 approval"),
    });
    const bare = deploymentWorld(
      { ...out, pulls: [aDeployedPull(7, [sha("1")])] },
      ...inner(7, { reviews: [aReview(bob)] }),
    );
    expect(judge(reviews, {}, bare, { subject: aDeployment })).toMatchObject({
      kind: "fail",
      need: expect.stringContaining("1 commit without a pull request"),
    });
  });

  it.each([
    { approvals: -1 },
    { approvals: 1.5 },
    { each: [{ approvals: 1 }] },
    { each: [] },
    { stale: "never" },
    { roles: ["none"] },
    { roles: ["owner"] },
    { teams: [] },
    { teems: ["a"] },
    { users: ["not a login"] },
  ])("refuses %j", (params) => {
    expect(reviews.params.safeParse(params).success).toBe(false);
  });
});
