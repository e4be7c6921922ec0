import { describe, expect, it } from "vitest";
import { checks as checksFact, jobNamed, type CheckConclusion } from "#core/facts/checks.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { branches } from "#core/policy/when/branches.ts";
import { environments } from "#core/policy/when/deployment.ts";
import { checks } from "#core/rules/checks/rule.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { asking } from "#core/facts/read-table.ts";
import {
  aCheck,
  aDeployment,
  aMergeGroup,
  aPullRequest,
  factsOf,
  tell,
  thePullRequest,
} from "../build.ts";
import { judge } from "../judge.ts";

const errorsIn = (text: string): readonly Problem[] =>
  validatePolicy(text).problems.filter(({ severity }) => severity === "error");

const rule = (text: string): string => `rules: [{ name: one, ${text} }]`;
const when = (text: string): string =>
  rule(
    `applies_to: [pull_request, deployment], when: { ${text} }, require: { checks: { names: [x] } }`,
  );
const require = (text: string): string => rule(`require: { ${text} }`);
const freeze = (text: string): string =>
  `freezes: [{ name: f, timezone: Europe/Berlin, during: { from: "2026-12-20T00:00", until: "2027-01-01T00:00" }, ${text} }]`;

/** Every place of the language where a pattern stands. */
const places: readonly (readonly [string, (glob: string) => string])[] = [
  ...[
    "branches",
    "head_branches",
    "paths",
    "only_paths",
    "labels",
    "without_labels",
    "environments",
    "refs",
    "repositories",
  ].flatMap((key): readonly (readonly [string, (glob: string) => string])[] => [
    [`when.${key}`, (glob) => when(`${key}: "${glob}"`)],
    [`when.${key}[]`, (glob) => when(`${key}: [a, "${glob}"]`)],
    [`when.not.${key}`, (glob) => when(`not: { ${key}: ["${glob}"] }`)],
    [`when.any.${key}`, (glob) => when(`any: [{ ${key}: ["${glob}"] }]`)],
  ]),
  ["checks.names", (glob) => require(`checks: { names: ["${glob}"] }`)],
  ["size.ignore", (glob) => require(`size: { max_lines: 1, ignore: ["${glob}"] }`)],
  ["separate.paths", (glob) => require(`separate: { paths: ["${glob}"] }`)],
  ["separate.from", (glob) => require(`separate: { paths: [a], from: ["${glob}"] }`)],
  ["coverage.ignore", (glob) => require(`coverage: { ignore: ["${glob}"] }`)],
  ["coverage.from.artifact", (glob) => require(`coverage: { from: { artifact: "${glob}" } }`)],
  ["coverage.from.check", (glob) => require(`coverage: { from: { check: "${glob}" } }`)],
  ["coverage.from.status", (glob) => require(`coverage: { from: { status: "${glob}" } }`)],
  [
    "promoted_from.checks",
    (glob) => require(`promoted_from: { environment: staging, checks: ["${glob}"] }`),
  ],
  ["attestation.subject", (glob) => require(`attestation: { subject: "${glob}" }`)],
  ["attestation.signer_workflow", (glob) => require(`attestation: { signer_workflow: "${glob}" }`)],
  ["any of requirements", (glob) => require(`any: [{ checks: { names: ["${glob}"] } }]`)],
  ...["environments", "branches", "paths", "repositories", "labels"].map(
    (key): readonly [string, (glob: string) => string] => [
      `freezes.${key}`,
      (glob) => freeze(`${key}: ["${glob}"]`),
    ],
  ),
  ["repositories", (glob) => `repositories: ["${glob}"]`],
  ["repositories.names", (glob) => `repositories: { names: ["${glob}"] }`],
  ["repositories.except", (glob) => `repositories: { except: ["${glob}"] }`],
  [
    "waivers.path",
    (glob) =>
      `waivers: [{ finding: X, until: 2027-01-01, owner: ada, reason: r, path: "${glob}" }]`,
  ],
];

describe("W39: a pattern that can never match is a policy error at its place", () => {
  it.each(places)("%s", (_name, policy) => {
    for (const [glob, character] of [
      ["main[", "["],
      ["{a,b", "{"],
      ["@(a|b", "("],
    ] as const) {
      const errors = errorsIn(policy(glob));
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toContain(`the ${character} at character`);
      expect(errors[0]?.column).toBe(policy(glob).indexOf(`"${glob}"`) + 1);
    }
    expect(errorsIn(policy("{a,b}"))).toEqual([]);
  });
});

describe("a condition that can never hold is said at its place", () => {
  it.each([
    ['branches: "~DEFAULT_BRANCH"', "error", "such as main"],
    ['branches: "main "', "error", "write main"],
    ['branches: " main"', "error", "write main"],
    ['branches: "main/"', "warning", "write main/**"],
    ['branches: "/main"', "error", "write main"],
    ['branches: "a//b"', "error", "write a/b"],
    ['branches: "main, master"', "error", "write [main, master]"],
    ['branches: "^main$"', "error", "write main"],
    ['branches: "release/.*"', "error", "write release/*"],
    ['branches: "refs/tags/v1"', "error", "the branch's name"],
    ['branches: "a..b"', "error", "Git allows no .."],
    ['branches: "a:b"', "error", "Git allows no :"],
    ['branches: "main.lock"', "error", ".lock"],
    ['head_branches: "fix~1"', "error", "Git allows no ~"],
    ['branches: ["dev", "origin/main"]', "warning", "at GitHub it is main"],
    ['branches: "main$"', "warning", "write main"],
    ['branches: "main|master"', "warning", "[main, master]"],
    ['refs: "refs/tags/v 1"', "error", "blank"],
    ['repositories: "https://github.com/acme/shop"', "error", "such as acme/shop"],
    ['repositories: "acme/"', "error", "owner/name"],
    ["paths: [src]", "warning", "write src/**"],
    ["paths: [src/db, .github]", "warning", "write src/db/**"],
    ['paths: ["src/**/"]', "warning", "write src/**"],
    ['paths: ["/src/**"]', "warning", "write src/**"],
    ['paths: ["./src/**"]', "warning", "write src/**"],
    ['only_paths: ["docs/"]', "warning", "write docs/**"],
    ['paths: ["src//a.ts"]', "warning", "write src/a.ts"],
    ['paths: ["src/../a.ts"]', "warning", "go through no . or .."],
    ['paths: ["!docs/**"]', "warning", "not: { only_paths"],
    ['not: { paths: ["docs/**"] }', "warning", "only_paths"],
    ['any: [{ not: { paths: [a, "docs/**"] } }]', "warning", "only_paths"],
    ['not: { authors: ["renovate[bot]"] }', "warning", "write contributors"],
    ['paths: "src/** "', "warning", "blank"],
    ['paths: "a.ts|b.ts"', "warning", "[a.ts, b.ts]"],
    ['labels: [" wip"]', "warning", "blank"],
    ["branches: [main], not: { branches: [main] }", "warning", "never applies"],
    ["draft: true, not: { draft: true }", "warning", "never applies"],
  ])("%s: %s", (condition, severity, remedy) => {
    const text = `version: 1\n${when(condition)}`;
    const [problem] = validatePolicy(text).problems.filter(
      ({ message }) => !message.includes("says nothing about"),
    );
    expect(problem).toMatchObject({ severity, message: expect.stringContaining(remedy) });
    expect(problem?.path).toMatch(/^rules\[0\]\.when\./);
  });

  it.each([
    "branches: main",
    "branches: refs/heads/main",
    'branches: ["release/v[0-9]*", "{main,dev}", "v{1..3}", "@(a|b)/**", "feature/#12", "*.x", "dependabot/npm_and_yarn/@types/node-1.2"]',
    "head_branches: refs/heads/x",
    'refs: ["refs/heads/main", "refs/tags/v*", "refs/pull/*/merge", "v1.2.3", "0123456789abcdef0123456789abcdef01234567"]',
    'authors: "@bob"',
    'repositories: ["shop", "acme/*", "*-service", "{shop,web}"]',
    'paths: ["src/**", Makefile, LICENSE, CODEOWNERS, gradlew, "Dockerfile", "*", "src/*/index.ts", .gitignore, ".github/**", docs/CODEOWNERS]',
    'labels: ["needs review", "a/b"]',
    "branches: [main], not: { branches: [main, dev] , draft: true }",
    "branches: [main, dev], not: { branches: [dev] }",
  ])("%s is right as it stands", (condition) => {
    const { problems } = validatePolicy(`version: 1\n${when(condition)}`);
    expect(problems.filter(({ message }) => !message.includes("says nothing about"))).toEqual([]);
  });

  it("holds for branches and freezes written in full, as GitHub's rulesets write them", () => {
    const { test } = branches.bind(["refs/heads/main"]);
    const merged = { ...aMergeGroup, baseRef: "refs/heads/main" };
    expect(test({ subject: merged, owner: "acme" }, () => undefined)).toBe(true);
    const told = factsOf(tell(pullRequest.need(), aPullRequest({ baseRef: "main" })));
    const answer = asking(told, (ask) => test({ subject: thePullRequest, owner: "acme" }, ask));
    expect(answer.answer).toBe(true);
  });

  it.each([
    ["coverage: { project: 0.8 }", "warning", "write 80"],
    ["coverage: { project: 80, patch: 0.755 }", "warning", "write 75.5"],
    ["checks: { names: [build, gatehouse] }", "error", "its own answer"],
    ["promoted_from: { environment: staging, checks: [gatehouse] }", "error", "its own answer"],
    ['checks: { names: [x], app: "Github Actions" }', "error", "github-actions"],
  ])("%s", (requirement, severity, remedy) => {
    expect(validatePolicy(`version: 1\n${require(requirement)}`).problems).toMatchObject([
      { severity, message: expect.stringContaining(remedy) },
    ]);
  });

  it.each([
    "coverage: { project: 0, patch: 1, max_drop: 0.5 }",
    "checks: { names: [gatehouse], app: other-app }",
    "checks: { names: [x], app: GitHub-Actions }",
    "checks: { names: [x], app: 15368 }",
  ])("%s is right as it stands", (requirement) => {
    expect(validatePolicy(`version: 1\n${require(requirement)}`).problems).toEqual([]);
  });
});

describe("W14: names have no segments", () => {
  const one = (...results: readonly (readonly [string, CheckConclusion])[]): string =>
    judge(
      checks,
      { names: ["build *"] },
      factsOf(
        tell(
          checksFact.need(),
          results.map(([name, conclusion], index) => aCheck(name, { id: index + 1, conclusion })),
        ),
        tell(workflowRuns.need(), []),
        ...results.map(([name]) => tell(jobNamed.need({ run: 900, name }), null)),
      ),
    ).kind;

  it("a red check with a slash in its name is not hidden by a green sibling", () => {
    expect(one(["build (a/b)", "failure"], ["build (c)", "success"])).toBe("fail");
    expect(one(["build (a/b)", "success"])).toBe("pass");
  });

  it("an environment with a slash is meant by a star; a repository only by its own name", () => {
    const holds = (pattern: string, environment: string): boolean | undefined =>
      environments
        .bind([pattern])
        .test({ subject: { ...aDeployment, environment }, owner: "acme" }, () => undefined);
    expect(holds("production*", "Production/EU")).toBe(true);
    expect(holds("*", "eu/production")).toBe(true);
    expect(holds("production", "production/eu")).toBe(false);
    expect(isRepositoryNamed(["acme*"], "acme", "shop")).toBe(false);
    expect(isRepositoryNamed(["acme/*"], "acme", "shop")).toBe(true);
    expect(isRepositoryNamed(["Shop*"], "acme", "shop-web")).toBe(true);
  });
});
