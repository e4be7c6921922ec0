import { describe, expect, it } from "vitest";
import { outcome } from "./ask.ts";

type Row = readonly [what: string, when: string, facts: string, applies: boolean | "unknown"];

/** A rule that always fails where it applies: `when` alone decides. */
const pullRequests: readonly Row[] = [
  ["branches", "{ branches: [main] }", "pull_request: { base: main }", true],
  ["another branch", "{ branches: [main] }", "pull_request: { base: dev }", false],
  ["branches as one word", "{ branches: main }", "pull_request: { base: main }", true],
  ["a glob", "{ branches: ['release/*'] }", "pull_request: { base: release/1.0 }", true],
  [
    "a star stays inside its segment",
    "{ branches: ['release/*'] }",
    "pull_request: { base: release/1/0 }",
    false,
  ],
  ["lists are OR", "{ branches: [main, 'release/*'] }", "pull_request: { base: release/1 }", true],
  [
    "head_branches",
    "{ head_branches: ['feature/**'] }",
    "pull_request: { head: feature/a/b }",
    true,
  ],
  ["another head", "{ head_branches: ['feature/**'] }", "pull_request: { head: fix/a }", false],
  [
    "paths: any changed file",
    "{ paths: ['src/**'] }",
    "pull_request: { files: [{ path: README.md }, { path: src/a/b.ts }] }",
    true,
  ],
  ["paths: none", "{ paths: ['src/**'] }", "pull_request: { files: [{ path: README.md }] }", false],
  ["paths: no files", "{ paths: ['**'] }", "pull_request: { files: [] }", false],
  [
    "paths: dotfiles",
    "{ paths: ['**/*.yml'] }",
    "pull_request: { files: [.github/workflows/ci.yml] }",
    true,
  ],
  ["paths: braces", "{ paths: ['**/*.{ts,tsx}'] }", "pull_request: { files: [a/b.tsx] }", true],
  [
    "row j: a rename counts under its old name",
    "{ paths: ['old/**'] }",
    "pull_request: { files: [{ path: new/a, previous: old/a, status: renamed, additions: 2, deletions: 4 }] }",
    true,
  ],
  [
    "row j: and under its new one",
    "{ paths: ['new/**'] }",
    "pull_request: { files: [{ path: new/a, previous: old/a, status: renamed }] }",
    true,
  ],
  [
    "only_paths: every changed file",
    "{ only_paths: ['docs/**', '*.md'] }",
    "pull_request: { files: [docs/a, README.md] }",
    true,
  ],
  [
    "only_paths: one other",
    "{ only_paths: ['docs/**'] }",
    "pull_request: { files: [docs/a, src/a] }",
    false,
  ],
  [
    "row j: only_paths over no files is false",
    "{ only_paths: ['**'] }",
    "pull_request: { files: [] }",
    false,
  ],
  [
    "only_paths: a rename from elsewhere",
    "{ only_paths: ['docs/**'] }",
    "pull_request: { files: [{ path: docs/a, previous: src/a, status: renamed }] }",
    false,
  ],
  ["authors", "{ authors: [ada] }", "pull_request: { author: ADA }", true],
  ["another author", "{ authors: [ada] }", "pull_request: { author: bob }", false],
  [
    "authors by team",
    "{ authors: { teams: [backend] } }",
    "pull_request: { author: ada }\npeople: { ada: { teams: [backend] } }",
    true,
  ],
  [
    "authors by role",
    "{ authors: { roles: [maintain] } }",
    "pull_request: { author: ada }\npeople: { ada: { role: write } }",
    false,
  ],
  [
    "a bot as author",
    "{ authors: ['dependabot[bot]'] }",
    "pull_request: { author: 'dependabot[bot]' }",
    true,
  ],
  ["labels", "{ labels: [hotfix] }", "pull_request: { labels: [{ name: Hotfix }] }", true],
  ["labels: none", "{ labels: [hotfix] }", "pull_request: { labels: [] }", false],
  ["labels: a glob", "{ labels: ['area/*'] }", "pull_request: { labels: [area/x] }", true],
  ["without_labels", "{ without_labels: [hotfix] }", "pull_request: { labels: [other] }", true],
  [
    "without_labels: there",
    "{ without_labels: [hotfix, wip] }",
    "pull_request: { labels: [wip] }",
    false,
  ],
  ["title", "{ title: '^feat' }", "pull_request: { title: 'feat: x' }", true],
  ["title: another", "{ title: '^feat' }", "pull_request: { title: 'fix: x' }", false],
  ["draft: true", "{ draft: true }", "pull_request: { draft: true }", true],
  ["draft: true, ready", "{ draft: true }", "pull_request: {}", false],
  ["draft: false, ready", "{ draft: false }", "pull_request: { draft: false }", true],
  ["fork", "{ fork: true }", "pull_request: { fork: true }", true],
  ["fork: not", "{ fork: true }", "pull_request: {}", false],
  [
    "changed_lines",
    "{ changed_lines: '>500' }",
    "pull_request: { files: [{ path: a, additions: 300, deletions: 201 }] }",
    true,
  ],
  [
    "changed_lines: exactly",
    "{ changed_lines: '>500' }",
    "pull_request: { files: [{ path: a, additions: 500 }] }",
    false,
  ],
  [
    "changed_lines: at least",
    "{ changed_lines: '>=500' }",
    "pull_request: { files: [{ path: a, additions: 500 }] }",
    true,
  ],
  [
    "changed_lines: less, with a space",
    "{ changed_lines: '< 10' }",
    "pull_request: { files: [{ path: a, additions: 9 }] }",
    true,
  ],
  [
    "row j: a rename's lines count once",
    "{ changed_lines: '>6' }",
    "pull_request: { files: [{ path: new, previous: old, additions: 2, deletions: 4 }] }",
    false,
  ],
  ["repositories", "{ repositories: ['widget-*'] }", "repository: { name: widget-a }", true],
  ["repositories: owner/name", "{ repositories: [acme/widget] }", "repository: acme/widget", true],
  ["repositories: another", "{ repositories: [widget] }", "repository: { name: gadget }", false],
  [
    "properties",
    "{ properties: { tier: gold } }",
    "repository: { properties: { tier: gold } }",
    true,
  ],
  [
    "properties: a list of values is OR",
    "{ properties: { tier: [gold, silver] } }",
    "repository: { properties: { tier: silver } }",
    true,
  ],
  [
    "properties: of several, all must hold",
    "{ properties: { tier: gold, pci: 'true' } }",
    "repository: { properties: { tier: gold } }",
    false,
  ],
  [
    "properties: at the top level",
    "{ properties: { tier: gold } }",
    "properties: { tier: gold }",
    true,
  ],
  ["properties: a truth value", "{ properties: { pci: true } }", "properties: { pci: true }", true],
  ["environments at a pull request", "{ environments: [production] }", "pull_request: {}", false],
  ["refs at a pull request", "{ refs: [main] }", "pull_request: {}", false],
  ["actors at a pull request", "{ actors: [ada] }", "pull_request: { author: ada }", false],
  [
    "all that are given must hold",
    "{ branches: [main], labels: [x] }",
    "pull_request: { base: main, labels: [y] }",
    false,
  ],
  [
    "both hold",
    "{ branches: [main], labels: [x] }",
    "pull_request: { base: main, labels: [x] }",
    true,
  ],
  ["not", "{ not: { labels: [wip] } }", "pull_request: { labels: [wip] }", false],
  ["not: nothing there", "{ not: { labels: [wip] } }", "pull_request: {}", true],
  [
    "not: both of two",
    "{ not: { labels: [wip], draft: true } }",
    "pull_request: { labels: [wip], draft: false }",
    true,
  ],
  [
    "any: one of two",
    "{ any: [{ labels: [a] }, { draft: true }] }",
    "pull_request: { draft: true }",
    true,
  ],
  ["any: none of two", "{ any: [{ labels: [a] }, { draft: true }] }", "pull_request: {}", false],
  [
    "any beside another key",
    "{ branches: [main], any: [{ labels: [a] }, { labels: [b] }] }",
    "pull_request: { base: dev, labels: [a] }",
    false,
  ],
  ["not inside any", "{ any: [{ not: { labels: [a] } }] }", "pull_request: {}", true],
  ["empty", "{}", "{}", true],
  ["case matters in paths", "{ paths: ['SRC/**'] }", "pull_request: { files: [src/a] }", false],
  ["case matters in branches", "{ branches: [Main] }", "pull_request: { base: main }", false],
  [
    "case matters in head_branches",
    "{ head_branches: [Feature] }",
    "pull_request: { head: feature }",
    false,
  ],
  [
    "case does not matter in without_labels",
    "{ without_labels: [WIP] }",
    "pull_request: { labels: [wip] }",
    false,
  ],
  [
    "case does not matter in repositories",
    "{ repositories: [ACME/Widget] }",
    "repository: acme/widget",
    true,
  ],
  [
    "a label with a number sign",
    "{ labels: ['#urgent'] }",
    "pull_request: { labels: ['#urgent'] }",
    true,
  ],
  [
    "a glob that leaves one out",
    "{ paths: ['src/!(gen)/**'] }",
    "pull_request: { files: [src/gen/a] }",
    false,
  ],
  [
    "a glob that leaves another out",
    "{ paths: ['src/!(gen)/**'] }",
    "pull_request: { files: [src/lib/a] }",
    true,
  ],
  [
    "a class of characters",
    "{ paths: ['src/[a-c].ts'] }",
    "pull_request: { files: [src/b.ts] }",
    true,
  ],
  ["a character that is escaped", "{ paths: ['a\\*b'] }", "pull_request: { files: [axb] }", false],
  [
    "a folder's name is no glob of its files",
    "{ paths: [src] }",
    "pull_request: { files: [src/a] }",
    false,
  ],
  [
    "only_paths: a rename inside",
    "{ only_paths: ['docs/**'] }",
    "pull_request: { files: [{ path: docs/a, previous: docs/b, status: renamed }] }",
    true,
  ],
  ["changed_lines: no lines", "{ changed_lines: '=0' }", "{}", true],
  [
    "changed_lines: a bare number",
    "{ changed_lines: '5' }",
    "pull_request: { files: [{ path: a, additions: 2, deletions: 3 }] }",
    true,
  ],
  [
    "changed_lines: at most",
    "{ changed_lines: '<=5' }",
    "pull_request: { files: [{ path: a, additions: 5 }] }",
    true,
  ],
  [
    "changed_lines: less, exactly",
    "{ changed_lines: '<5' }",
    "pull_request: { files: [{ path: a, additions: 5 }] }",
    false,
  ],
  [
    "changed_lines: lists are OR",
    "{ changed_lines: ['<5', '>10'] }",
    "pull_request: { files: [{ path: a, additions: 17 }] }",
    true,
  ],
  [
    "changed_lines: lists are OR, between them",
    "{ changed_lines: ['<5', '>10'] }",
    "pull_request: { files: [{ path: a, additions: 7 }] }",
    false,
  ],
  ["title: one of several", "{ title: ['^a', '^b'] }", "pull_request: { title: bx }", true],
  ["authors with an at sign", "{ authors: ['@ada'] }", "pull_request: { author: ada }", true],
  [
    "authors: users or teams",
    "{ authors: { users: [bob], teams: [backend] } }",
    "pull_request: { author: ada }\npeople: { ada: { teams: [backend] } }",
    true,
  ],
  [
    "authors: a role is the minimum",
    "{ authors: { roles: [write] } }",
    "pull_request: { author: ada }\npeople: { ada: { role: admin } }",
    true,
  ],
  ["an author who is gone", "{ authors: [ada] }", "pull_request: { author: null }", false],
  ["fork: false", "{ fork: false }", "pull_request: {}", true],
  [
    "properties: one of several values it has",
    "{ properties: { langs: go } }",
    "properties: { langs: [go, rust] }",
    true,
  ],
  ["properties: not there", "{ properties: { tier: gold } }", "{}", false],
  ["properties: a number", "{ properties: { level: 1 } }", "properties: { level: '1' }", true],
  ["properties: false", "{ properties: { pci: false } }", "properties: { pci: 'false' }", true],
  ["not in not", "{ not: { not: { draft: true } } }", "pull_request: { draft: true }", true],
  ["any in any", "{ any: [{ any: [{ draft: true }] }] }", "pull_request: { draft: true }", true],
  [
    "T19: stars that would run for ever",
    `{ paths: ['${"*a".repeat(60)}'] }`,
    `pull_request: { files: [${"a".repeat(900)}b] }`,
    false,
  ],
  [
    "T19: braces that would fill the memory",
    `{ paths: ['${"{a,b}".repeat(30)}'] }`,
    "pull_request: { files: [x] }",
    false,
  ],
  [
    "unreadable people, for a team",
    "{ authors: { teams: [backend] } }",
    "pull_request: { author: ada }\nunreadable: [people]",
    "unknown",
  ],
  [
    "unreadable roles",
    "{ authors: { roles: [write] } }",
    "pull_request: { author: ada }\nunreadable: [roles]",
    "unknown",
  ],
  [
    "unreadable labels, for without_labels",
    "{ without_labels: [wip] }",
    "unreadable: [labels]",
    "unknown",
  ],
  ["unreadable files, for only_paths", "{ only_paths: ['**'] }", "unreadable: [files]", "unknown"],
  [
    "unreadable files, for changed_lines",
    "{ changed_lines: '>1' }",
    "unreadable: [files]",
    "unknown",
  ],
  ["unreadable title", "{ title: x }", "unreadable: [title]", "unknown"],
  [
    "unreadable pull request, for draft",
    "{ draft: true }",
    "unreadable: [pull_request]",
    "unknown",
  ],
  [
    "any: false beside unknown",
    "{ any: [{ branches: [dev] }, { paths: [a] }] }",
    "unreadable: [files]",
    "unknown",
  ],
  [
    "not: false beside unknown is true",
    "{ not: { branches: [dev], paths: [a] } }",
    "unreadable: [files]",
    true,
  ],
  [
    "not: true beside unknown is unknown",
    "{ not: { branches: [main], paths: [a] } }",
    "unreadable: [files]",
    "unknown",
  ],
  [
    "a free fact that is false spares the paid one",
    "{ draft: true, properties: { a: b } }",
    "unreadable: [properties]",
    false,
  ],
  ["unreadable files", "{ paths: ['src/**'] }", "unreadable: [files]", "unknown"],
  ["unreadable labels, under not", "{ not: { labels: [a] } }", "unreadable: [labels]", "unknown"],
  [
    "unreadable, and false all the same",
    "{ branches: [dev], paths: ['src/**'] }",
    "unreadable: [files]",
    false,
  ],
  [
    "any: true beside unknown",
    "{ any: [{ branches: [main] }, { paths: ['src/**'] }] }",
    "unreadable: [files]",
    true,
  ],
  [
    "unreadable properties",
    "{ properties: { tier: gold } }",
    "unreadable: [properties]",
    "unknown",
  ],
];

const deployments: readonly Row[] = [
  [
    "environments",
    "{ environments: [production] }",
    "deployment: { environment: production, sha: a }",
    true,
  ],
  [
    "environments: case",
    "{ environments: [production] }",
    "deployment: { environment: Production, sha: a }",
    true,
  ],
  [
    "environments: a glob",
    "{ environments: ['production*'] }",
    "deployment: { environment: production-eu, sha: a }",
    true,
  ],
  [
    "environments: another",
    "{ environments: ['production*'] }",
    "deployment: { environment: staging, sha: a }",
    false,
  ],
  [
    "refs: a branch",
    "{ refs: [main] }",
    "deployment: { environment: production, ref: main }",
    true,
  ],
  [
    "refs: a full ref",
    "{ refs: [refs/heads/main] }",
    "deployment: { environment: production, ref: main }",
    true,
  ],
  [
    "refs: a tag",
    "{ refs: ['v*'] }",
    "deployment: { environment: production, ref: refs/tags/v1.2 }",
    true,
  ],
  ["refs: another", "{ refs: [main] }", "deployment: { environment: production, ref: dev }", false],
  ["actors", "{ actors: [ada] }", "deployment: { environment: production, actor: Ada }", true],
  [
    "actors: another",
    "{ actors: [ada] }",
    "deployment: { environment: production, actor: bob }",
    false,
  ],
  [
    "actors by team",
    "{ actors: { teams: [release] } }",
    "deployment: { environment: production, actor: ada }\npeople: { ada: { teams: [release] } }",
    true,
  ],
  [
    "repositories",
    "{ repositories: [widget] }",
    "deployment: { environment: production }\nrepository: { name: widget }",
    true,
  ],
];

async function applies(
  rule: string,
  when: string,
  facts: string,
): Promise<boolean | "unknown" | string> {
  const found = await outcome({
    policy: `version: 1\nrules:\n  - name: r\n${rule}    when: ${when}\n`,
    facts,
  });
  switch (found) {
    case "deny r=fail":
    case "wait r=pending":
      return true;
    case "allow r=skipped":
      return false;
    case "wait r=unknown":
      return "unknown";
    default:
      return found;
  }
}

describe("when, at pull requests", () => {
  it.each(pullRequests)("%s", async (_what, when, facts, expected) => {
    expect(await applies("    require: { title: { pattern: '^never$' } }\n", when, facts)).toBe(
      expected,
    );
  });
});

describe("when, at deployments", () => {
  it.each(deployments)("%s", async (_what, when, facts, expected) => {
    expect(
      await applies(
        "    applies_to: deployment\n    require: { checks: { names: [never] } }\n",
        when,
        facts,
      ),
    ).toBe(expected);
  });
});
