import { stringify } from "yaml";

/** What a first policy is made of. `preset` names a shipped one and leaves the rest out. */
export type Wishes =
  | { readonly preset: string }
  | {
      /** Approvals a pull request needs. */
      readonly approvals: number;
      /** Names of checks that must pass; none: every check that reports. */
      readonly checks: readonly string[];
      /** Per cent of the project's lines that tests cover; undefined: not asked. */
      readonly coverage: number | undefined;
      /** Environments whose deployments somebody else than the requester approves. */
      readonly environments: readonly string[];
    };

export interface Starter {
  readonly policy: string;
  readonly tests: string;
}

/** The line by which the YAML language server finds a schema; the path is relative to the file it stands in. */
const schemaLine = (file: string): string => `# yaml-language-server: $schema=./${file}\n`;

export const schemaFiles = {
  policy: "gatehouse.schema.json",
  tests: "gatehouse.test.schema.json",
} as const;

/**
 * A first policy and its tests, which say what the policy does and hold it to that.
 * @param presetTests the tests of the chosen preset, as shipped.
 */
export function starterFor(wishes: Wishes, presetTests: (preset: string) => string): Starter {
  if ("preset" in wishes)
    return {
      policy: `${schemaLine(schemaFiles.policy)}version: 1
extends: gatehouse:${wishes.preset}
# A rule of yours takes the place of the preset's rule of the same name:
# rules:
#   - name: reviewed
#     require: { reviews: { approvals: 2 } }
`,
      tests: schemaLine(schemaFiles.tests) + presetTests(wishes.preset).replace(/^(?:#.*\n)+/, ""),
    };
  return {
    policy: schemaLine(schemaFiles.policy) + written({ version: 1, rules: rulesFor(wishes) }),
    tests: schemaLine(schemaFiles.tests) + written(testsFor(wishes)),
  };
}

type Answers = Exclude<Wishes, { preset: string }>;

const written = (value: unknown): string => stringify(value, { lineWidth: 0 });

function rulesFor({ approvals, checks, coverage, environments }: Answers): readonly object[] {
  return [
    {
      name: "reviewed",
      description: "People who did not write the change have looked at it.",
      require: { reviews: { approvals } },
    },
    {
      name: "tests",
      description: checks.length > 0 ? "These checks passed." : "Every check that reports passed.",
      require: { checks: checks.length > 0 ? { names: checks } : { all: true } },
    },
    ...(coverage === undefined
      ? []
      : [
          {
            name: "covered",
            description: "Tests cover enough of the project.",
            require: { coverage: { project: coverage } },
          },
        ]),
    ...(environments.length === 0
      ? []
      : [
          {
            name: "release-approval",
            description: "Somebody who did not ask for the release approved it.",
            when: { environments },
            require: { approvals: { count: 1 } },
          },
        ]),
  ];
}

function testsFor({ approvals, checks, coverage, environments }: Answers): object {
  const reviewers = Array.from({ length: approvals }, (_, index) => `reviewer-${index + 1}`);
  const names = checks.length > 0 ? checks : ["unit"];
  const passed = names.map((name) => ({ name, conclusion: "success" }));
  const reviews = reviewers.map((by) => ({ by, state: "approved", commit: "a1" }));
  const [environment] = environments;
  return {
    version: 1,
    defaults: {
      pull_request: { author: "mona", commits: [{ sha: "a1", author: "mona" }] },
      reviews,
      checks: passed,
      ...(coverage === undefined ? {} : { coverage: { project: coverage } }),
    },
    cases: [
      {
        name: "approved and green",
        expect: { decision: "allow", rules: { reviewed: "pass", tests: "pass" } },
      },
      {
        name: "nobody has looked at it yet",
        given: { reviews: [] },
        expect: { decision: "wait", rules: { reviewed: "pending" } },
      },
      {
        name: "the author's own approval does not count",
        given: { reviews: [{ by: "mona", state: "approved", commit: "a1" }] },
        expect: { decision: "wait", rules: { reviewed: "pending" } },
      },
      {
        name: "a check failed",
        given: { checks: [...passed.slice(1), { name: names[0], conclusion: "failure" }] },
        expect: { decision: "deny", rules: { tests: "fail" } },
      },
      ...(coverage === undefined || coverage <= 0
        ? []
        : [
            {
              name: "too little is covered",
              given: { coverage: { project: coverage - 1 } },
              expect: { decision: "deny", rules: { covered: "fail" } },
            },
          ]),
      ...(environment === undefined
        ? []
        : [
            {
              name: "nobody has approved the release",
              given: { deployment: { environment, sha: "a1", ref: "main", actor: "mona" } },
              expect: { decision: "wait", rules: { "release-approval": "pending" } },
            },
            {
              name: "somebody else approved the release",
              given: {
                deployment: { environment, sha: "a1", ref: "main", actor: "mona" },
                people: { keeper: "write" },
                approvals: [{ by: "keeper", environment, sha: "a1" }],
              },
              expect: { decision: "allow", rules: { "release-approval": "pass" } },
            },
          ]),
    ],
  };
}
