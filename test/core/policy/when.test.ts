import { describe, expect, it } from "vitest";
import { deployment } from "#core/facts/deployment.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { changedFiles, draftState, labels, pullRequest, text } from "#core/facts/pull-request.ts";
import { customProperties, repository } from "#core/facts/repository.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import { asking } from "#core/facts/read-table.ts";
import { predicateList } from "#core/policy/when/index.ts";
import { whenSchema } from "#core/policy/when/schema.ts";
import { askWhen, bindWhen, factsOfWhen, type WhenAnswer } from "#core/policy/when/when.ts";
import {
  aBot,
  aDeployment,
  aFile,
  alice,
  aMergeGroup,
  aPerson,
  aPullRequest,
  bob,
  cannotRead,
  factsOf,
  tell,
  thePullRequest,
  type Told,
} from "../build.ts";

function answer(when: unknown, table: FactTable, subject: Subject = thePullRequest): WhenAnswer {
  whenSchema.parse(when);
  return asking(table, (ask) => askWhen(bindWhen(when), { subject, owner: "acme" }, ask)).answer;
}

const opened = (over = {}): Told => tell(pullRequest.need(), aPullRequest(over));
const files = (...list: readonly ReturnType<typeof aFile>[]): Told =>
  tell(changedFiles.need(), list);
const labelled = (...names: readonly string[]): Told =>
  tell(
    labels.need(),
    names.map((name) => ({ name })),
  );
const titled = (title: string): Told => tell(text.need(), { title, body: "" });
const shop = tell(repository.need(), {
  id: 1,
  owner: "acme",
  name: "shop",
  private: true,
  defaultBranch: "main",
});
const asked = (actor: string | null, triggeredBy: string | null = null): Told =>
  tell(deployment.need(), {
    id: 5,
    environment: "production",
    sha: "x",
    ref: "main",
    actor: actor === null ? null : aPerson(actor),
    triggeredBy: triggeredBy === null ? null : aPerson(triggeredBy),
    scheduled: false,
    createdAt: 0,
    fork: false,
    movedTo: null,
    over: false,
  });

describe("when at a pull request", () => {
  it.each<[unknown, readonly Told[], WhenAnswer]>([
    [{}, [], true],
    [{ branches: ["main"] }, [opened()], true],
    [{ branches: "release/*" }, [opened({ baseRef: "release/1" })], true],
    [{ branches: ["dev", "release/*"] }, [opened()], false],
    [{ head_branches: ["feat*"] }, [opened()], true],
    [{ head_branches: ["fix*"] }, [opened()], false],
    [{ paths: ["src/**"] }, [files(aFile("docs/a"), aFile("src/b"))], true],
    [{ paths: ["src/**"] }, [files(aFile("docs/a"))], false],
    [{ paths: ["src/**"] }, [files()], false],
    // A submodule, or a link, is listed by the name of the folder that it is.
    [{ paths: ["lib/ssl/**"] }, [files(aFile("lib/ssl"))], true],
    [{ paths: ["lib/ssl/include/*.h"] }, [files(aFile("lib"))], true],
    [{ paths: ["**/vendor/**"] }, [files(aFile("a/b/vendor"))], true],
    [{ paths: ["{lib,ext}/ssl/*"] }, [files(aFile("ext/ssl"))], true],
    [{ paths: ["lib/ssl/**"] }, [files(aFile("lib/ssl2"))], false],
    [
      { paths: ["packages/*/src/**"] },
      [files(aFile("packages/a", { additions: 1, deletions: 1 }))],
      true,
    ],
    [
      { paths: ["packages/*/src/**"] },
      [files(aFile("packages/README.md", { additions: 2, deletions: 0 }))],
      false,
    ],
    [{ paths: ["**/*.ts"] }, [files(aFile("a", { additions: 1, deletions: 1 }))], false],
    [{ paths: ["*/src/**"] }, [files(aFile("a", { additions: 1, deletions: 1 }))], false],
    [{ not: { paths: ["docs/**"] } }, [files(aFile("docs"))], true],
    [{ not: { only_paths: ["docs/**"] } }, [files(aFile("docs"))], true],
    [{ only_paths: ["infra/**"] }, [files(aFile("infra"))], true],
    [
      { paths: ["src/**"] },
      [files(aFile("lib/b", { previousPath: "src/b", status: "renamed" }))],
      true,
    ],
    [{ only_paths: ["docs/**"] }, [files(aFile("docs/a"), aFile("docs/b"))], true],
    [{ only_paths: ["docs/**"] }, [files(aFile("docs/a"), aFile("src/b"))], false],
    [{ only_paths: ["**"] }, [files()], false],
    [
      { only_paths: ["docs/**"] },
      [files(aFile("docs/b", { previousPath: "src/b", status: "renamed" }))],
      false,
    ],
    [{ labels: ["bug"] }, [labelled("Bug", "x")], true],
    [{ labels: ["area-*"] }, [labelled("area-web")], true],
    [{ labels: ["bug"] }, [labelled()], false],
    [{ without_labels: ["wip"] }, [labelled("x")], true],
    [{ without_labels: ["wip"] }, [labelled("WIP")], false],
    [{ title: "^feat" }, [titled("feat: x")], true],
    [{ title: ["^feat", "^fix"] }, [titled("chore")], false],
    [{ draft: true }, [tell(draftState.need(), true)], true],
    [{ draft: false }, [tell(draftState.need(), true)], false],
    [{ fork: true }, [opened({ fork: true })], true],
    [{ fork: true }, [opened()], false],
    [{ changed_lines: ">5" }, [files(aFile("a", { additions: 2, deletions: 4 }))], true],
    [{ changed_lines: ">6" }, [files(aFile("a", { additions: 2, deletions: 4 }))], false],
    [{ changed_lines: ">=6" }, [files(aFile("a", { additions: 2, deletions: 4 }))], true],
    [{ changed_lines: "< 6" }, [files(aFile("a", { additions: 2, deletions: 4 }))], false],
    [{ changed_lines: "<=6" }, [files(aFile("a", { additions: 2, deletions: 4 }))], true],
    [{ changed_lines: "=6" }, [files(aFile("a", { additions: 2, deletions: 4 }))], true],
    [{ changed_lines: ["<2", ">5"] }, [files(aFile("a", { additions: 6, deletions: 0 }))], true],
    [{ repositories: ["sh*"] }, [shop], true],
    [{ repositories: ["ACME/Shop"] }, [shop], true],
    [{ repositories: ["web"] }, [shop], false],
    [{ properties: { tier: "gold" } }, [tell(customProperties.need(), { tier: "gold" })], true],
    [
      { properties: { tier: ["gold", "silver"], pci: true } },
      [tell(customProperties.need(), { tier: ["bronze", "silver"], pci: "true" })],
      true,
    ],
    [
      { properties: { tier: "gold", pci: true } },
      [tell(customProperties.need(), { tier: "gold" })],
      false,
    ],
    [{ properties: { toString: "x" } }, [tell(customProperties.need(), {})], false],
    [{ authors: ["Alice"] }, [opened(), tell(account.need("Alice"), alice)], true],
    [
      { authors: ["alice"] },
      [opened(), tell(account.need("alice"), aPerson("alice", { id: 5 }))],
      false,
    ],
    [{ authors: ["alice"] }, [opened(), tell(account.need("alice"), null)], true],
    [{ authors: ["alice"] }, [opened({ author: null })], false],
    [{ authors: ["bob"] }, [opened(), tell(account.need("bob"), bob)], false],
    [{ authors: ["al"] }, [opened(), tell(account.need("al"), alice)], true],
    ...[
      ["renovate", "renovate[bot]"],
      ["Renovate[bot]", "renovate[bot]"],
      ["dependabot[bot]", "dependabot[bot]"],
    ].map(([named = "", bot = ""]): [unknown, readonly Told[], WhenAnswer] => [
      { authors: [named] },
      [opened({ author: aBot(bot) }), tell(account.need(bot), aBot(bot))],
      true,
    ]),
    [
      { authors: ["renovate"] },
      [
        opened({ author: aBot("renovate[bot]") }),
        tell(account.need("renovate[bot]"), aPerson("renovate[bot]", { id: 5, type: "Bot" })),
      ],
      false,
    ],
    [
      { authors: { teams: ["core"] } },
      [opened(), tell(teamMembers.need("core"), [bob, alice])],
      true,
    ],
    [
      { authors: { teams: ["acme/core"] } },
      [opened(), tell(teamMembers.need("core"), [bob])],
      false,
    ],
    [
      { authors: { roles: ["maintain"] } },
      [opened(), tell(roleOf.need(alice), "admin" as const)],
      true,
    ],
    [
      { authors: { roles: ["maintain"] } },
      [opened(), tell(roleOf.need(alice), "write" as const)],
      false,
    ],
    [{ environments: ["production"] }, [], false],
    [{ refs: ["main"] }, [], false],
    [{ actors: ["alice"] }, [], false],
    [{ not: { environments: ["production"] } }, [], true],
    [{ branches: ["main"], paths: ["src/**"] }, [opened(), files(aFile("docs/a"))], false],
    [{ branches: ["main"], paths: ["src/**"] }, [opened(), files(aFile("src/a"))], true],
    [{ not: { labels: ["skip"] } }, [labelled("skip")], false],
    [{ not: { labels: ["skip"], branches: ["dev"] } }, [labelled("skip"), opened()], true],
    [{ any: [{ labels: ["a"] }, { labels: ["b"] }] }, [labelled("b")], true],
    [{ any: [{ labels: ["a"] }, { labels: ["b"] }] }, [labelled("c")], false],
    [{ fork: false, any: [{ labels: ["a"] }] }, [opened(), labelled()], false],
  ])("%j → %#", (when, told, expected) => {
    expect(answer(when, factsOf(...told))).toBe(expected);
  });

  it("asks whose a login is that reads the same: it may be somebody else's by now", () => {
    const { needs } = asking(factsOf(opened()), (ask) =>
      askWhen(bindWhen({ authors: ["ALICE"] }), { subject: thePullRequest, owner: "acme" }, ask),
    );
    expect(needs.map((need) => need.key)).toContain(account.need("ALICE").key);
  });

  it("asks for nothing after a test that is false", () => {
    const { needs } = asking(factsOf(opened()), (ask) =>
      askWhen(
        bindWhen({ branches: ["dev"], paths: ["**"], authors: ["bob"] }),
        { subject: thePullRequest, owner: "acme" },
        ask,
      ),
    );
    expect(needs.map((need) => need.key)).toEqual(["pull_request"]);
  });

  it.each<[unknown, readonly Told[], WhenAnswer]>([
    [{ paths: ["a"] }, [cannotRead(changedFiles.need())], "unknown"],
    [{ paths: ["a"] }, [], "unknown"],
    [{ not: { paths: ["a"] } }, [cannotRead(changedFiles.need())], "unknown"],
    [{ paths: ["a"], branches: ["dev"] }, [cannotRead(changedFiles.need()), opened()], false],
    [
      { any: [{ paths: ["a"] }, { branches: ["main"] }] },
      [cannotRead(changedFiles.need()), opened()],
      true,
    ],
    [
      { any: [{ paths: ["a"] }, { branches: ["dev"] }] },
      [cannotRead(changedFiles.need()), opened()],
      "unknown",
    ],
    [
      { authors: ["bob", "alice"] },
      [opened(), cannotRead(account.need("bob")), tell(account.need("alice"), alice)],
      true,
    ],
    [{ authors: ["alice"] }, [opened(), cannotRead(account.need("alice"))], "unknown"],
    [{ authors: { teams: ["core"] } }, [opened(), cannotRead(teamMembers.need("core"))], "unknown"],
  ])("what cannot be read is neither true nor false: %j", (when, told, expected) => {
    expect(answer(when, factsOf(...told))).toBe(expected);
  });
});

describe("when at a merge group", () => {
  it("takes the base of the group", () => {
    expect(
      answer({ branches: ["main"] }, factsOf(), { ...aMergeGroup, baseRef: "refs/heads/main" }),
    ).toBe(true);
    expect(answer({ branches: ["dev"] }, factsOf(), aMergeGroup)).toBe(false);
  });
});

describe("when at a deployment", () => {
  it.each<[unknown, readonly Told[], WhenAnswer]>([
    [{ environments: ["production*"] }, [], true],
    [{ environments: ["PRODUCTION"] }, [], true],
    [{ environments: ["staging"] }, [], false],
    [{ refs: ["main"] }, [], true],
    [{ refs: ["refs/heads/main"] }, [], true],
    [{ refs: ["refs/tags/v*"] }, [], false],
    [{ actors: ["alice"] }, [asked("alice"), tell(account.need("alice"), aPerson("alice"))], true],
    [
      { actors: ["alice"] },
      [asked("bob", "alice"), tell(account.need("alice"), aPerson("alice"))],
      true,
    ],
    [
      { not: { actors: ["alice"] } },
      [asked("alice"), tell(account.need("alice"), aPerson("alice"))],
      false,
    ],
    // The login is a stranger's by now.
    [
      { actors: ["alice"] },
      [asked("alice"), tell(account.need("alice"), aPerson("alice", { id: 5 }))],
      false,
    ],
    // Running alice's run again does not make it alice's.
    [
      { not: { actors: ["alice"] } },
      [asked("alice", "bob"), tell(account.need("alice"), aPerson("alice"))],
      true,
    ],
    [{ actors: ["carol"] }, [asked("bob"), tell(account.need("carol"), aPerson("carol"))], false],
    [{ actors: { teams: ["ops"] } }, [asked("bob"), tell(teamMembers.need("ops"), [bob])], true],
    [{ repositories: ["shop"] }, [shop], true],
  ])("%j", (when, told, expected) => {
    expect(answer(when, factsOf(...told), aDeployment)).toBe(expected);
  });

  it.each<[unknown, WhenAnswer]>([
    [{ paths: ["docs/**"] }, "silent"],
    [{ paths: ["docs/**"], environments: ["production"] }, true],
    [{ paths: ["docs/**"], environments: ["staging"] }, false],
    [{ not: { labels: ["x"] } }, "silent"],
    [{ any: [{ labels: ["x"] }, { environments: ["staging"] }] }, "silent"],
  ])("what speaks of a pull request never makes a rule skip: %j", (when, expected) => {
    expect(answer(when, factsOf(), aDeployment)).toBe(expected);
  });

  it("reads a full ref and a bare one alike", () => {
    expect(answer({ refs: ["v*"] }, factsOf(), { ...aDeployment, ref: "refs/tags/v1" })).toBe(true);
    expect(
      answer({ refs: ["refs/pull/*/merge"] }, factsOf(), {
        ...aDeployment,
        ref: "refs/pull/3/merge",
      }),
    ).toBe(true);
  });
});

describe("the list of predicates", () => {
  it("names its facts, so that triggers can be derived", () => {
    const samples: Readonly<Record<string, unknown>> = {
      draft: true,
      fork: true,
      changed_lines: ">1",
      properties: { a: "b" },
      author_is: "agent",
    };
    for (const { name } of predicateList) {
      const when = bindWhen({ [name]: samples[name] ?? ["x"] });
      const subject = ["actors"].includes(name) ? aDeployment : thePullRequest;
      const { needs } = asking(factsOf(opened(), asked("bob")), (ask) =>
        askWhen(when, { subject, owner: "acme" }, ask),
      );
      const declared = factsOfWhen(when).map((fact) => fact.name);
      for (const need of needs) expect(declared).toContain(need.fact);
    }
  });
});
