import { describe, expect, it } from "vitest";
import { absentNotices, namesAsked } from "#core/policy/absent-names.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import type { AbsentName } from "#core/policy/named.ts";
import { validatePolicy, type ParsedPolicy } from "#core/policy/validate.ts";
import { nextOfPresent } from "#core/rules/present-actors/rule.ts";

function parsed(text: string): ParsedPolicy {
  const { policy, problems } = validatePolicy(text);
  if (policy === undefined) throw new Error(JSON.stringify(problems));
  return policy;
}

const alone = (text: string): Parameters<typeof namesAsked>[0] => ({
  organization: null,
  own: parsed(text),
  extended: new Map(),
});
const asked = (text: string): readonly string[] =>
  namesAsked(alone(text), "acme").map(({ kind, name }) => `${kind} ${name}`);
const rule = (body: string): string => `version: 1\nrules:\n  - name: one\n${body}`;

describe("names in a policy that stand at GitHub", () => {
  it.each([
    [
      "reviews",
      "    require: { reviews: { teams: [security, acme/ops], users: [ada] } }\n",
      ["team security", "team acme/ops", "user ada"],
    ],
    [
      "each",
      "    require: { reviews: { each: [{ teams: [a] }, { users: [b] }] } }\n",
      ["team a", "user b"],
    ],
    [
      "alternatives",
      "    require: { any: [{ reviews: { teams: [a] } }, { all: [{ labels: { all: [qa] } }] }] }\n",
      ["team a", "label qa"],
    ],
    [
      "conditions",
      '    when: { authors: [ada, "x[bot]"], labels: ["a*", b], not: { authors: { teams: [t] } } }\n    require: { title: { pattern: x } }\n',
      ["user ada", "label b", "team t"],
    ],
    [
      "environments",
      '    when: { environments: [production, "eu-*"] }\n    require: { promoted_from: { environment: staging } }\n',
      ["environment production", "environment staging"],
    ],
    [
      "nothing that is disabled",
      "    enforcement: disabled\n    require: { reviews: { teams: [a] } }\n",
      [],
    ],
    [
      "one name once, however it is written",
      '    require: { any: [{ reviews: { teams: [a] } }, { reviews: { teams: ["@acme/A"] } }] }\n',
      ["team a"],
    ],
  ])("%s", (_what, body, names) => {
    expect(asked(rule(body))).toEqual(names);
  });

  it("overrides, freezers, freezes, tickets", () => {
    expect(
      asked(
        `${rule("    require: { title: { pattern: x } }\n")}overrides:
  - { name: o, label: emergency, rules: [one], by: { teams: [a] }, post_review: { within: 1d, users: [b] } }
freezers: { users: [c] }
freezes:
  - { name: f, timezone: UTC, environments: [production], during: { from: "2026-01-01T00:00", until: "2026-01-02T00:00" }, exempt: { teams: [d], labels: [e] } }
tickets:
  high: { assign: { users: [g] }, labels: [made-anew] }
`,
      ).toSorted(),
    ).toEqual([
      "environment production",
      "label e",
      "label emergency",
      "team a",
      "team d",
      "user b",
      "user c",
      "user g",
    ]);
  });
});

const text = rule("    require:\n      reviews:\n        teams: [nope]\n        users: [nobody]\n");
const absent: readonly AbsentName[] = [
  { kind: "team", name: "nope", nearest: "node" },
  { kind: "user", name: "nobody", nearest: null },
];

describe("W36: names that are not there are said, with the remedy and the line", () => {
  it.each<[AbsentName, string, RegExp]>([
    [
      { kind: "team", name: "nope", nearest: "node" },
      "require: { reviews: { teams: [nope] } }",
      /^@acme\/nope does not exist; did you mean @acme\/node\? Else an administrator names a team/,
    ],
    [
      { kind: "team", name: "nope", nearest: null },
      "require: { reviews: { teams: [acme/nope] } }",
      /^@acme\/nope does not exist; an administrator/,
    ],
    [
      { kind: "user", name: "adaa", nearest: "ada" },
      "require: { reviews: { users: [adaa] } }",
      /^@adaa does not exist; did you mean @ada\?/,
    ],
    [
      { kind: "environment", name: "Prodution", nearest: "production" },
      "when: { environments: [prodution] }\n    require: { approvals: { count: 1 } }",
      /^the environment "prodution" does not exist; did you mean "production"\?/,
    ],
    [
      { kind: "label", name: "qa ok", nearest: null },
      "require: { labels: { all: [qa ok] } }",
      /^the label "qa ok" does not exist; an administrator/,
    ],
  ])("%j", (name, body, words) => {
    const [notice] = absentNotices(alone(rule(`    ${body}\n`)), [name], "acme");
    expect(notice?.problem.message).toMatch(words);
    expect(notice?.problem).toMatchObject({ line: 4, severity: "warning" });
  });

  it("is a warning of the policy, and never changes what is asked", () => {
    const made = (names: readonly AbsentName[]): ReturnType<typeof effectivePolicy> =>
      effectivePolicy({
        repository: { owner: "acme", name: "shop", properties: null },
        organization: null,
        own: parsed(text),
        presets: new Map(),
        extended: new Map(),
        digest: "d",
        absent: names,
      });
    const result = made(absent);
    expect(result.ok && result.policy.warnings).toEqual([
      expect.stringMatching(
        /^policy, line 6: rules\[0\]\.require\.reviews\.teams\[0\]: @acme\/nope does not exist/,
      ),
      expect.stringMatching(/^policy, line 7: .*@nobody does not exist/),
    ]);
    const plain = made([]);
    expect(plain.ok && plain.policy.warnings).toEqual([]);
  });

  it("of an organisation's policy only people are looked for, and what is extended is told of where it is named", () => {
    const texts = {
      organization: parsed(
        rule("    when: { labels: [a] }\n    require: { reviews: { teams: [nope] } }\n"),
      ),
      own: parsed('version: 1\nextends: "acme/shared:p.yml@main"\n'),
      extended: new Map([["acme/shared:p.yml@main", text]]),
    };
    expect(namesAsked(texts, "acme").map(({ name }) => name)).toEqual(["nope", "nobody"]);
    expect(
      absentNotices(texts, absent, "acme").map(({ file, problem }) => [
        file,
        problem.line,
        problem.path,
      ]),
    ).toEqual([
      ["organization", 5, "rules[0].require.reviews.teams[0]"],
      ["repository", 2, "extends"],
      ["repository", 2, "extends"],
    ]);
  });

  it.each([
    [
      { teams: ["nope"] },
      "Nobody can do it: @acme/nope does not exist. An administrator corrects the name in the policy, or makes what it names.",
    ],
    [
      { teams: ["acme/Nope", "ops"] },
      "One of @acme/ops approves. @acme/Nope does not exist: an administrator corrects the policy.",
    ],
    [
      { teams: ["nope"], users: ["nobody"] },
      "Nobody can do it: @acme/nope, @nobody do not exist. An administrator corrects the name in the policy, or makes what it names.",
    ],
    [
      { teams: ["nope"], roles: ["maintain" as const] },
      "One of people with the role maintain approves. @acme/nope does not exist: an administrator corrects the policy.",
    ],
    [{ teams: ["ops"] }, "One of @acme/ops approves."],
  ])("next step of %j", (actors, words) => {
    expect(
      nextOfPresent(
        actors,
        { owner: "acme", absent: { teams: new Set(["nope"]), users: new Set(["nobody"]) } },
        (who) => `One of ${who} approves.`,
      ),
    ).toBe(words);
  });
});
