import { describe, expect, it } from "vitest";
import { checks as checksFact, jobNamed, type CheckConclusion } from "#core/facts/checks.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { environments } from "#core/policy/when/deployment.ts";
import { checks } from "#core/rules/checks/rule.ts";
import { aCheck, aDeployment, factsOf, tell } from "../build.ts";
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
