import { describe, expect, it } from "vitest";
import { recordedFreezes } from "#core/facts/deployment-approvals.ts";
import { commits, labels, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import type { Person } from "#core/model/actor.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import {
  aBot,
  aCommit,
  aDeployment,
  alice,
  anIdentity,
  aPullRequest,
  bob,
  factsOf,
  monday,
  tell,
  thePullRequest,
} from "../build.ts";
import { effective, type Together } from "./some-policy.ts";

const rule = (when: string): string =>
  `rules: [{ name: held, when: ${when}, require: { labels: { all: [x] } } }]`;

const of = (author: Person, name: string) =>
  factsOf(
    tell(pullRequest.need(), aPullRequest({ author })),
    tell(commits.need(), [
      aCommit({ authors: [anIdentity(author)], committer: anIdentity(author) }),
    ]),
    tell(pushers.need(), [author]),
    tell(labels.need(), []),
    tell(recordedFreezes.need(), []),
    tell(repository.need(), { id: 1, owner: "acme", name, private: true, defaultBranch: "main" }),
  );

/** Whether the rule, which asks for a label, applies to somebody's change. */
function applies(together: Together, author: Person = alice): boolean {
  const decision = evaluate({
    policy: effective(together),
    subject: thePullRequest,
    facts: of(author, together.repository?.name ?? "shop"),
    now: monday,
    holds: [],
    overrides: [],
  });
  return decision.rules.find(({ name }) => name === "held")?.verdict.kind !== "skipped";
}

describe("a list of agents that only the repository keeps", () => {
  const people = "{ author_is: person }";
  const neither = "{ not: { author_is: [bot, agent] } }";
  const own = "agents: [alice]";

  it.each([
    ["of people", people],
    ["of all but bots and agents", neither],
    ["of agents", "{ author_is: agent }"],
  ])("lets nobody off a rule of the organisation %s", (_what, when) => {
    expect(applies({ organization: rule(when), own })).toBe(true);
  });

  it.each([
    ["in the organisation's own list", { organization: `agents: [Alice]\n${rule(people)}`, own }],
    ["in a rule of the repository", { own: `${own}\n${rule(people)}` }],
    [
      "in a rule of the repository under an organisation",
      { organization: "rules: []", own: `${own}\n${rule(neither)}` },
    ],
  ])("counts %s", (_what, together) => {
    expect(applies(together)).toBe(false);
    expect(applies(together, bob)).toBe(true);
  });

  it("makes no bot's change one of a person", () => {
    const listed = "agents: ['renovate[bot]']";
    const renovate = aBot("renovate[bot]");
    expect(applies({ organization: rule("{ author_is: bot }"), own: listed }, renovate)).toBe(true);
    expect(
      applies({ organization: rule("{ not: { author_is: bot } }"), own: listed }, renovate),
    ).toBe(true);
    expect(applies({ organization: rule(people), own: listed }, renovate)).toBe(false);
  });
});

describe("a repository that was renamed", () => {
  const renamed = { name: "pay", earlierNames: ["payments"] };

  it.each([
    ["out of its names", "{ repositories: [payments] }"],
    ["into names that are let off", "{ not: { repositories: ['pay'] } }"],
    [
      "out of names in an alternative",
      "{ any: [{ repositories: [payments] }, { branches: [none] }] }",
    ],
  ])("stays under a rule of the organisation it was renamed %s", (_what, when) => {
    const together = { organization: rule(when), repository: renamed };
    expect(applies(together)).toBe(true);
    expect(effective(together).warnings).toEqual([
      expect.stringContaining('rule "held" goes on to mean it by the name payments too'),
    ]);
  });

  it("is let go as the warning says", () => {
    const when = "{ repositories: [payments], not: { repositories: [payments, pay] } }";
    expect(applies({ organization: rule(when), repository: renamed })).toBe(false);
  });

  it("is known by its present name alone to its own policy, and to a rule that means both or neither", () => {
    expect(applies({ own: rule("{ repositories: [payments] }"), repository: renamed })).toBe(false);
    for (const [globs, is] of [
      ["['pay*']", true],
      ["[web]", false],
    ] as const) {
      const together = { organization: rule(`{ repositories: ${globs} }`), repository: renamed };
      expect(applies(together)).toBe(is);
      expect(effective(together).warnings).toEqual([]);
    }
  });

  it("stays frozen by the organisation under the name that was frozen", () => {
    const freeze =
      "freezes: [{ name: stop, timezone: UTC, during: { from: 2026-01-01T00:00, until: 2027-01-01T00:00 }, repositories: [payments] }]";
    const asks = "rules: [{ name: calm, applies_to: deployment, require: { not_frozen: true } }]";
    const kindAt = (together: Together): string | undefined =>
      evaluate({
        policy: effective(together),
        subject: aDeployment,
        facts: of(alice, "pay"),
        now: monday,
        holds: [],
        overrides: [],
      }).rules[0]?.verdict.kind;
    expect(kindAt({ organization: `${freeze}\n${asks}`, repository: renamed })).toBe("pending");
    expect(kindAt({ own: `${freeze}\n${asks}`, repository: renamed })).toBe("pass");
  });
});
