import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import type { CommitFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import { contributorsOfDeployment } from "#core/people/deployed-contributors.ts";
import { approvals } from "#core/rules/approvals/rule.ts";
import { contributorsOf } from "#core/rules/reviews/contributors.ts";
import {
  aCommit,
  aDeployment,
  alice,
  anIdentity,
  aPerson,
  aPullRequest,
  bob,
  cannotRead,
  carol,
  dave,
  eve,
  headSha,
  sha,
  tell,
} from "../build.ts";
import { aDeployedCommit, anAct, deploymentWorld } from "../deployment-world.ts";
import { judge } from "../judge.ts";

const squashed = aDeployedCommit(sha("5"), { people: [anIdentity(alice)] });
const change = (over: Partial<Parameters<typeof contributorsOfDeployment>[1][number]> = {}) => ({
  number: 7,
  shas: [sha("5")],
  opener: alice,
  commits: [aCommit()],
  pushers: [],
  earlier: [],
  asked: [],
  ...over,
});

describe("who had a hand in what goes out", () => {
  it.each<[string, Parameters<typeof change>[0], Person]>([
    ["who opened it, whose commits map to nobody", { opener: bob }, bob],
    [
      "an author whom the squash left out",
      { commits: [aCommit(), aCommit({ authors: [anIdentity(bob)] })] },
      bob,
    ],
    [
      "a co-author of a trailer",
      { commits: [aCommit({ authors: [anIdentity(alice), anIdentity(bob)] })] },
      bob,
    ],
    ["who committed for another", { commits: [aCommit({ committer: anIdentity(bob) })] }, bob],
    ["who pushed to the branch", { pushers: [bob] }, bob],
    ["whose commit a force-push took away", { earlier: [bob] }, bob],
    ["who asked an agent for it", { opener: aPerson("Copilot"), asked: [bob] }, bob],
  ])("W3: %s cannot approve the deployment", (_who, over, person) => {
    const out = contributorsOfDeployment([squashed], [change(over)]);
    const verdict = judge(
      approvals,
      {},
      deploymentWorld(
        { words: [anAct("approve", person)] },
        tell(deployedContributors.need(), out),
      ),
      { subject: aDeployment },
    );
    expect(verdict).toMatchObject({ kind: "pending", found: expect.stringContaining("@bob (") });
  });

  it("W3: who merely merged or reviewed may", () => {
    const out = contributorsOfDeployment([squashed], [change()]);
    expect(out.contributors.map(({ person }) => person.login)).toEqual(["alice"]);
  });

  it("W3: what cannot be told is unknown: an unread fact, and a direct push by nobody known", () => {
    const facts = deploymentWorld(
      { words: [anAct("approve", bob)] },
      cannotRead(deployedContributors.need(), "incomplete"),
    );
    expect(judge(approvals, {}, facts, { subject: aDeployment }).kind).toBe("unknown");
    const direct = aDeployedCommit(headSha, { people: [anIdentity(null, "Nobody")] });
    expect(contributorsOfDeployment([direct], []).untold).toEqual([
      expect.stringContaining(
        "Nobody, whom GitHub knows no account of, came without a pull request",
      ),
    ]);
    expect(
      contributorsOfDeployment(
        [squashed],
        [change({ opener: null, commits: [aCommit({ authors: [anIdentity(null)] })] })],
      ).untold,
    ).toHaveLength(1);
  });

  it("W3: law: whoever is barred at review is barred at the deployment of what was reviewed", () => {
    const somebody = fc.constantFrom(alice, bob, carol, dave, eve);
    const identity = fc.option(somebody, { nil: null }).map((person) => anIdentity(person));
    const someCommits: fc.Arbitrary<readonly CommitFact[]> = fc.array(
      fc
        .record({
          authors: fc.array(identity, { minLength: 1, maxLength: 3 }),
          committer: fc.option(identity, { nil: null }),
        })
        .map((over) => aCommit(over)),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.option(somebody, { nil: null }),
        someCommits,
        fc.array(somebody, { maxLength: 3 }),
        fc.boolean(),
        (opener, commits, pushers, isSquashed) => {
          const barred = contributorsOf(aPullRequest({ author: opener }), commits, pushers, {
            allow_author: false,
            allow_contributors: false,
          });
          const outgoing = isSquashed
            ? [squashed]
            : commits.map((commit) => ({
                ...aDeployedCommit(commit.sha),
                people: commit.authors,
              }));
          const { contributors } = contributorsOfDeployment(outgoing, [
            change({ opener, commits, pushers, shas: outgoing.map((each) => each.sha) }),
          ]);
          const ids = contributors.map(({ person }) => person.id);
          for (const id of barred.keys()) expect(ids).toContain(id);
        },
      ),
    );
  });
});
