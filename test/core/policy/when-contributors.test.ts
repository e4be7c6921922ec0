import { describe, expect, it } from "vitest";
import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { account, teamMembers } from "#core/facts/people.ts";
import { asking } from "#core/facts/read-table.ts";
import type { Person } from "#core/model/actor.ts";
import { whenSchema } from "#core/policy/when/schema.ts";
import { askWhen, bindWhen, type WhenAnswer } from "#core/policy/when/when.ts";
import {
  aBot,
  aCommit,
  aDeployment,
  alice,
  anIdentity,
  aPerson,
  aPullRequest,
  bob,
  cannotRead,
  carol,
  eve,
  factsOf,
  tell,
  thePullRequest,
  type Told,
} from "../build.ts";

const copilot = aPerson("Copilot");
const renovate = aBot("renovate[bot]");

interface Change {
  readonly opener?: Person | null;
  readonly wrote?: readonly Person[];
  readonly pushed?: readonly Person[];
  readonly askedBy?: readonly Person[];
}

const change = ({
  opener = alice,
  wrote = [alice],
  pushed = [alice],
  askedBy,
}: Change): readonly Told[] => [
  tell(pullRequest.need(), aPullRequest({ author: opener, askedBy })),
  tell(commits.need(), [
    aCommit({ authors: wrote.map((one) => anIdentity(one)), committer: null }),
  ]),
  tell(pushers.need(), pushed),
  tell(account.need("Alice"), alice),
  tell(account.need("bob"), bob),
  tell(account.need("renovate[bot]"), renovate),
];

function answer(when: unknown, told: readonly Told[], subject = thePullRequest): WhenAnswer {
  whenSchema.parse(when);
  return asking(factsOf(...told), (ask) =>
    askWhen(bindWhen(when), { subject, owner: "acme", agents: ["acme-coder"] }, ask),
  ).answer;
}

describe("globs on logins", () => {
  const actions = aBot("github-actions[bot]");
  const bob2 = aPerson("rob-ot");
  it.each<[string, unknown, Change, WhenAnswer]>([
    ["every App's account", { authors: ["*[bot]"] }, { opener: renovate }, true],
    ["as GraphQL names it", { authors: ["*[bot]"] }, { opener: aBot("renovate") }, true],
    ["brackets are characters", { authors: ["*[bot]"] }, { opener: bob2 }, false],
    ["in any case of letters", { authors: ["ALI?e"] }, { opener: alice }, true],
    ["a dash is a character", { authors: ["*-ot"] }, { opener: bob2 }, true],
    ["anybody", { authors: "*" }, { opener: alice }, true],
    ["the whole login", { authors: ["lic*"] }, { opener: alice }, false],
    ["Apps are let off", { not: { authors: ["*[bot]"] } }, { opener: renovate }, false],
    [
      "not the account of every workflow",
      { not: { authors: ["*[bot]"] } },
      { opener: actions },
      true,
    ],
    ["but by its name", { not: { authors: ["github-actions[bot]"] } }, { opener: actions }, false],
    [
      "people are let off by name only: anybody can take a login that fits",
      { not: { authors: ["ali*"] } },
      { opener: alice },
      true,
    ],
    [
      "of contributors each",
      { not: { contributors: ["*[bot]"] } },
      { opener: renovate, wrote: [renovate, alice], pushed: [renovate] },
      true,
    ],
    [
      "of contributors all",
      { not: { contributors: ["*[bot]"] } },
      { opener: renovate, wrote: [renovate], pushed: [renovate] },
      false,
    ],
  ])("%s", (_what, when, over, expected) => {
    const told = [...change(over), tell(account.need("github-actions[bot]"), actions)];
    expect(answer(when, told)).toBe(expected);
  });

  it("takes three stars at most: more would cost time on a login that nearly fits", () => {
    expect(whenSchema.safeParse({ authors: ["*a*b*c*"] }).success).toBe(false);
  });
});

describe("author_is", () => {
  it.each<[string, unknown, Change, WhenAnswer]>([
    ["a person's", { author_is: "person" }, {}, true],
    ["a person's is no agent's", { author_is: ["agent", "bot"] }, {}, false],
    ["an agent opened it", { author_is: ["agent"] }, { opener: copilot }, true],
    ["an agent wrote with a person", { author_is: "agent" }, { wrote: [alice, copilot] }, true],
    ["an agent pushed", { author_is: "agent" }, { pushed: [alice, copilot] }, true],
    ["an agent of the policy", { author_is: "agent" }, { wrote: [aPerson("Acme-Coder")] }, true],
    ["a bot is no agent", { author_is: "agent" }, { opener: renovate }, false],
    [
      "an agent is no bot",
      { author_is: "bot" },
      { opener: aBot("Copilot"), wrote: [], pushed: [] },
      false,
    ],
    [
      "who asked an agent is a person",
      { author_is: "person" },
      { opener: copilot, wrote: [copilot], pushed: [copilot], askedBy: [bob] },
      true,
    ],
    [
      "a deleted account is nobody",
      { author_is: ["person", "bot", "agent"] },
      { opener: null, wrote: [], pushed: [] },
      false,
    ],
    [
      "bots are let off",
      { not: { author_is: "bot" } },
      { opener: renovate, wrote: [renovate], pushed: [renovate] },
      false,
    ],
    [
      "not where a person pushed to a bot's branch",
      { not: { author_is: "bot" } },
      { opener: renovate, wrote: [renovate], pushed: [renovate, eve] },
      true,
    ],
    [
      "not what a workflow did with its own token: that may be anybody's work",
      { not: { author_is: "bot" } },
      { opener: renovate, wrote: [renovate, aBot("github-actions[bot]")], pushed: [renovate] },
      true,
    ],
    [
      "not either what a workflow opened, as GraphQL names it",
      { not: { author_is: ["bot", "person"] } },
      {
        opener: { ...aBot("github-actions"), id: 41_898_282 },
        wrote: [{ ...aBot("github-actions"), id: 41_898_282 }],
        pushed: [],
      },
      true,
    ],
    [
      "a workflow's account is a bot where that restricts",
      { author_is: "bot" },
      { opener: aBot("github-actions[bot]"), wrote: [], pushed: [] },
      true,
    ],
    [
      "and a person",
      { author_is: "person" },
      { opener: aBot("github-actions[bot]"), wrote: [], pushed: [] },
      true,
    ],
    [
      "not where nobody is known",
      { not: { author_is: "bot" } },
      { opener: null, wrote: [], pushed: [] },
      true,
    ],
  ])("%s", (_what, when, over, expected) => {
    expect(answer(when, change(over))).toBe(expected);
  });

  it.each<[string, readonly Told[], WhenAnswer]>([
    ["the opener settles it", [tell(pullRequest.need(), aPullRequest({ author: copilot }))], true],
    [
      "commits that cannot be read",
      [...change({}).filter(([key]) => key !== "commits"), cannotRead(commits.need())],
      "unknown",
    ],
    [
      "pushers that cannot be read",
      [...change({}).filter(([key]) => key !== "pushers"), cannotRead(pushers.need())],
      "unknown",
    ],
  ])("what cannot be read is neither true nor false: %s", (_what, told, expected) => {
    expect(answer({ author_is: "agent" }, told)).toBe(expected);
  });

  it("says nothing of a deployment", () => {
    const { answer: said } = asking(factsOf(), (ask) =>
      askWhen(bindWhen({ author_is: "agent" }), { subject: aDeployment, owner: "acme" }, ask),
    );
    expect(said).toBe("silent");
  });

  it("knows three kinds", () => {
    expect(whenSchema.safeParse({ author_is: "robot" }).success).toBe(false);
    expect(whenSchema.safeParse({ author_is: [] }).success).toBe(false);
  });
});

describe("contributors", () => {
  it.each<[string, unknown, readonly Told[], WhenAnswer]>([
    ["the opener", { contributors: ["Alice"] }, change({}), true],
    ["a co-author", { contributors: "bob" }, change({ wrote: [alice, bob] }), true],
    ["who pushed", { contributors: "bob" }, change({ pushed: [bob] }), true],
    [
      "who asked an agent for it",
      { contributors: "bob" },
      change({ wrote: [copilot], askedBy: [bob] }),
      true,
    ],
    [
      "nobody of them",
      { contributors: "carol" },
      [...change({}), tell(account.need("carol"), carol)],
      false,
    ],
    [
      "a team",
      { contributors: { teams: ["core"] } },
      [...change({ wrote: [bob] }), tell(teamMembers.need("core"), [bob])],
      true,
    ],
    ["one App under both names", { contributors: "renovate" }, change({ opener: renovate }), true],
    [
      "all of them are let off",
      { not: { contributors: ["renovate[bot]"] } },
      change({ opener: renovate, wrote: [renovate], pushed: [renovate] }),
      false,
    ],
    [
      "one more is not",
      { not: { contributors: ["renovate[bot]"] } },
      [
        ...change({ opener: renovate, wrote: [renovate], pushed: [renovate, bob] }),
        tell(account.need("renovate[bot]"), renovate),
      ],
      true,
    ],
  ])("%s", (_what, when, told, expected) => {
    expect(answer(when, told)).toBe(expected);
  });
});
