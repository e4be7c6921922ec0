import { describe, expect, it } from "vitest";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import { effective, parsed, presets } from "./some-policy.ts";

const ruleOf = (policy: EffectivePolicy, name: string): unknown => {
  const rule = policy.rules.find((each) => each.name === name);
  return rule === undefined
    ? undefined
    : {
        source: rule.source,
        enforcement: rule.enforcement,
        gates: rule.gates,
        describe:
          rule.requirement.kind === "one" ? rule.requirement.bound.describe : rule.requirement.kind,
      };
};
const names = (policy: EffectivePolicy): readonly string[] => policy.rules.map((rule) => rule.name);

describe("extends", () => {
  it("puts a file on top of a preset: its rules replace, the rest follows", () => {
    const policy = effective({
      own: `extends: gatehouse:recommended
rules:
  - { name: reviewed, require: { reviews: { approvals: 3 } } }
  - { name: mine, require: { up_to_date: true } }`,
    });
    expect(names(policy)).toEqual([
      "reviewed",
      "checks-green",
      "covered",
      "no-critical-findings",
      "mine",
    ]);
    expect(ruleOf(policy, "reviewed")).toMatchObject({
      describe: expect.stringMatching(/3 approvals/),
    });
  });

  it("a rule without a requirement changes only what it says", () => {
    const policy = effective({
      own: "extends: gatehouse:recommended\nrules: [{ name: covered, enforcement: disabled }, { name: reviewed, when: { branches: [main] } }]",
    });
    expect(ruleOf(policy, "covered")).toMatchObject({
      enforcement: "disabled",
      describe: expect.stringMatching(/80%/),
    });
    expect(policy.rules.find((rule) => rule.name === "reviewed")?.when?.tests).toHaveLength(1);
  });

  it("the file's enforcement is the default of what it extends; what a rule says itself stands", () => {
    const policy = effective({
      own: "extends: gatehouse:library\nenforcement: disabled\nrules: [{ name: mine, enforcement: active, require: { up_to_date: true } }]",
    });
    expect(policy.rules.map((rule) => [rule.name, rule.enforcement])).toContainEqual([
      "reviewed",
      "disabled",
    ]);
    expect(ruleOf(policy, "mine")).toMatchObject({ enforcement: "active" });
    expect(ruleOf(policy, "signed-off")).toMatchObject({ enforcement: "evaluate" });
  });

  it("windows, freezes and overrides of the same name are replaced", () => {
    const policy = effective({
      own: "extends: gatehouse:regulated\nwindows: { change-window: { timezone: Europe/Berlin, open: { days: [tue], from: '10:00', to: '12:00' } } }",
    });
    expect(policy.windows["change-window"]).toMatchObject({ timezone: "Europe/Berlin" });
    expect(policy.overrides.map((override) => override.name)).toEqual(["emergency"]);
  });

  const shared = new Map([
    ["acme/policies:base.yml@v1", "rules: [{ name: shared, require: { up_to_date: true } }]"],
    ["acme/policies:chain.yml@v1", "extends: acme/policies:base.yml@v1\nrules: []"],
    ["acme/policies:loop.yml@v1", "extends: acme/policies:loop.yml@v1\nrules: []"],
    ["acme/policies:broken.yml@v1", "rules: [{ name: Bad }]"],
  ]);

  it("takes a file of the same organisation, whatever the case of its name", () => {
    expect(
      names(effective({ own: "extends: acme/policies:base.yml@v1", extended: shared })),
    ).toEqual(["shared"]);
  });

  it.each([
    [
      "another organisation",
      "extends: evil/policies:base.yml@v1",
      /evil is another organisation; only files of acme/,
    ],
    [
      "a chain",
      "extends: acme/policies:chain.yml@v1",
      /itself extends acme\/policies:base.yml@v1; extends is one level deep/,
    ],
    ["a loop", "extends: acme/policies:loop.yml@v1", /itself extends/],
    [
      "a file that cannot be read",
      "extends: acme/policies:gone.yml@v1",
      /acme\/policies:gone.yml@v1 cannot be read/,
    ],
    [
      "a broken file",
      "extends: acme/policies:broken.yml@v1",
      /is not a valid policy: line 1: not a kebab-case name/,
    ],
    [
      "an unknown preset",
      "extends: gatehouse:strict",
      /there is no preset gatehouse:strict; there are gatehouse:recommended/,
    ],
  ])("T17: refuses %s, at its place", (_name, own, words) => {
    const made = effectivePolicy({
      repository: { owner: "acme", name: "shop", properties: {} },
      organization: null,
      own: parsed(own, { presets: new Map() }),
      presets,
      extended: shared,
      digest: "",
    });
    expect(made).toMatchObject({
      ok: false,
      file: "repository",
      problems: [{ line: 1, column: 10, path: "extends", message: expect.stringMatching(words) }],
    });
  });
});

describe("organisation and repository", () => {
  const floor = (may: string, requirement = "reviews: { approvals: 2 }"): string => `rules:
  - name: reviewed
    repositories_may: ${may}
    when: { branches: [main] }
    require: { ${requirement} }
`;

  it("adds the repository's rules to the organisation's", () => {
    const policy = effective({
      organization: floor("nothing"),
      own: "rules: [{ name: mine, require: { up_to_date: true } }]",
    });
    expect(policy.rules.map((rule) => [rule.name, rule.source])).toEqual([
      ["reviewed", "organization"],
      ["mine", "repository"],
    ]);
    expect(policy.warnings).toEqual([]);
  });

  it("nothing: the organisation's value stands, and the attempt is named with its line", () => {
    const policy = effective({
      organization: floor("nothing"),
      own: "version: 1\nrules:\n  - { name: reviewed, when: { branches: [main] }, require: { reviews: { approvals: 1 } } }",
    });
    expect(ruleOf(policy, "reviewed")).toMatchObject({
      source: "organization",
      describe: expect.stringMatching(/2 approvals/),
    });
    expect(policy.warnings).toEqual([
      expect.stringMatching(
        /^policy, line 3: rules\[0\]: rule "reviewed": the organisation lets repositories change nothing of it; ignored, the organisation's stands$/,
      ),
    ]);
    expect(policy.notices).toMatchObject([
      { file: "repository", problem: { line: 3, severity: "warning" } },
    ]);
  });

  it("nothing: saying the same is no attempt", () => {
    const policy = effective({
      organization: floor("nothing"),
      own: "rules: [{ name: reviewed, when: { branches: [main] }, require: { reviews: { approvals: 2 } } }]",
    });
    expect(policy.warnings).toEqual([]);
  });

  it.each<[string, string, boolean, RegExp?]>([
    ["more approvals", "when: { branches: [main] }, require: { reviews: { approvals: 3 } }", true],
    ["the same and no when", "require: { reviews: { approvals: 2 } }", true],
    [
      "the same and something more",
      "when: { branches: [main] }, require: { all: [{ reviews: { approvals: 2 } }, { up_to_date: true }] }",
      true,
    ],
    ["only another description", "description: ours", true],
    [
      "fewer approvals",
      "when: { branches: [main] }, require: { reviews: { approvals: 1 } }",
      false,
      /asks for less/,
    ],
    [
      "a way round",
      "when: { branches: [main] }, require: { any: [{ reviews: { approvals: 2 } }, { up_to_date: true }] }",
      false,
      /asks for less/,
    ],
    [
      "something else",
      "when: { branches: [main] }, require: { up_to_date: true }",
      false,
      /something else/,
    ],
    [
      "another when",
      "when: { branches: [other] }, require: { reviews: { approvals: 2 } }",
      false,
      /its when differs/,
    ],
    [
      "less enforcement",
      "enforcement: evaluate",
      false,
      /enforcement evaluate is less than active/,
    ],
    [
      "another gate",
      "applies_to: deployment, when: { branches: [main] }, require: { reviews: { approvals: 2 } }",
      false,
      /no longer applies to pull_request/,
    ],
  ])("tighten: %s", (_name, rule, isTaken, words) => {
    const policy = effective({
      organization: floor("tighten"),
      own: `rules: [{ name: reviewed, ${rule} }]`,
    });
    expect(policy.warnings).toEqual(isTaken ? [] : [expect.stringMatching(words ?? /./)]);
    if (!isTaken)
      expect(ruleOf(policy, "reviewed")).toMatchObject({
        source: "organization",
        enforcement: "active",
        describe: expect.stringMatching(/2 approvals/),
      });
  });

  it("tighten: field by field, each refusal at its own line, and what is left out as a note", () => {
    const organization =
      "rules: [{ name: reviewed, repositories_may: tighten, require: { reviews: { approvals: 2, code_owners: true, resolved_threads: true } } }]";
    const policy = effective({
      organization,
      own: "version: 1\nrules:\n  - name: reviewed\n    enforcement: evaluate\n    require:\n      reviews:\n        approvals: 3\n        code_owners: false\n",
    });
    expect(ruleOf(policy, "reviewed")).toMatchObject({
      enforcement: "active",
      describe: expect.stringMatching(
        /3 approvals, an owner of each owned file, all threads resolved/,
      ),
    });
    expect(
      policy.notices.map(({ isAttempt, problem }) => [isAttempt, problem.line, problem.message]),
    ).toEqual([
      [
        true,
        4,
        expect.stringMatching(
          /enforcement evaluate is less than active; ignored, the organisation's value stands/,
        ),
      ],
      [true, 8, expect.stringMatching(/code_owners of its reviews asks for less/)],
      [
        false,
        3,
        expect.stringMatching(
          /resolved_threads is left out of its reviews; ignored, the organisation's value stands/,
        ),
      ],
    ]);
  });

  it.each<[string, string, string, boolean]>([
    ["more branches", "branches: [main]", "branches: [main, dev]", true],
    ["fewer branches", "branches: [main, dev]", "branches: [main]", false],
    ["one branch written as a list", "branches: main", "branches: [main]", true],
    ["a predicate less", "branches: [main], paths: ['src/**']", "branches: [main]", true],
    ["a predicate more", "branches: [main]", "branches: [main], paths: ['src/**']", false],
    ["more paths", "paths: ['a/**']", "paths: ['a/**', 'b/**']", true],
    ["more labels that call it off", "without_labels: [a]", "without_labels: [a, b]", false],
    ["fewer labels that call it off", "without_labels: [a, b]", "without_labels: [a]", true],
    ["another number of lines", "changed_lines: '>500'", "changed_lines: '>900'", false],
    ["other authors", "authors: [ada]", "authors: [ada, bob]", false],
    ["drafts no more", "draft: true", "draft: false", false],
    ["less left out", "not: { branches: [a, b] }", "not: { branches: [a] }", false],
    [
      "the same",
      "any: [{ branches: [a] }, { labels: [b] }]",
      "any: [{ branches: [a] }, { labels: [b] }]",
      true,
    ],
  ])("tighten: a when of %s", (_name, ours, theirs, isTaken) => {
    const rule = (when: string, more = ""): string =>
      `rules: [{ name: reviewed, ${more}when: { ${when} }, require: { reviews: {} } }]`;
    const policy = effective({
      organization: rule(ours, "repositories_may: tighten, "),
      own: rule(theirs),
    });
    expect(policy.warnings).toEqual(isTaken ? [] : [expect.stringMatching(/its when differs/)]);
  });

  it("tighten: a file's enforcement: evaluate does not soften the organisation's rule", () => {
    const policy = effective({
      organization: floor("tighten"),
      own: "enforcement: evaluate\nrules: [{ name: reviewed, require: { reviews: { approvals: 3 } } }]",
    });
    expect(ruleOf(policy, "reviewed")).toMatchObject({ enforcement: "active" });
    expect(policy.warnings).toHaveLength(1);
  });

  it("override: the repository's rule stands", () => {
    const policy = effective({
      organization: floor("override"),
      own: "rules: [{ name: reviewed, enforcement: disabled }]",
    });
    expect(ruleOf(policy, "reviewed")).toMatchObject({
      source: "repository",
      enforcement: "disabled",
    });
    expect(policy.warnings).toEqual([]);
  });

  it("a repository's enforcement: disabled leaves the organisation's rules in force", () => {
    expect(
      ruleOf(
        effective({ organization: floor("nothing"), own: "enforcement: disabled" }),
        "reviewed",
      ),
    ).toMatchObject({ enforcement: "active" });
  });

  it("a change of a rule that is not there is ignored and named", () => {
    const unresolved = { presets: new Map<string, string>() };
    const made = effectivePolicy({
      repository: { owner: "acme", name: "shop", properties: {} },
      organization: parsed(
        "extends: gatehouse:recommended\nrules: [{ name: nowhere, enforcement: disabled }]",
        unresolved,
      ),
      own: parsed(
        "extends: gatehouse:library\nrules: [{ name: neither, enforcement: disabled }]",
        unresolved,
      ),
      presets,
      extended: new Map(),
      digest: "",
    });
    if (!made.ok) throw new Error("must be usable");
    const { policy } = made;
    expect(policy.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/organisation policy, line 2: .*"nowhere"/),
        expect.stringMatching(/policy, line 2: .*"neither"/),
      ]),
    );
  });

  it("windows and freezes of the organisation cannot be defined anew", () => {
    const window = (from: string): string =>
      `windows: { w: { timezone: UTC, open: { days: [mon], from: '${from}', to: '12:00' } } }\nfreezes: [{ name: f, timezone: UTC, during: { days: [mon], from: '${from}', to: '12:00' } }]\nrules: [{ name: ${from === "09:00" ? "a" : "b"}, require: { window: w } }]`;
    const policy = effective({ organization: window("09:00"), own: window("00:00") });
    expect(policy.windows["w"]).toMatchObject({ open: { from: "09:00" } });
    expect(policy.freezes).toHaveLength(1);
    expect(policy.warnings).toEqual([
      expect.stringMatching(/defined "w" already/),
      expect.stringMatching(/freeze "f" already/),
    ]);
    expect(policy.rules[0]?.context.windows).toEqual(policy.windows);
  });

  it("a repository's waivers do not soften the organisation's rules", () => {
    const waiver = (finding: string): string =>
      `waivers: [{ finding: ${finding}, until: 2027-01-31, owner: octocat, reason: x }]`;
    const policy = effective({
      organization: `rules: [{ name: a, require: { findings: {} } }]\n${waiver("CVE-1")}`,
      own: `rules: [{ name: b, require: { findings: {} } }]\n${waiver("CVE-2")}`,
    });
    expect(
      policy.rules.map((rule) => [rule.name, rule.context.waivers?.map((each) => each.finding)]),
    ).toEqual([
      ["a", ["CVE-1"]],
      ["b", ["CVE-1", "CVE-2"]],
    ]);
  });
});

describe("overrides of organisation and repository", () => {
  const organization = (
    may: string,
  ): string => `rules: [{ name: reviewed, repositories_may: ${may}, require: { reviews: {} } }]
overrides: [{ name: emergency, rules: [reviewed], by: { teams: [ic, sre] }, confirmations: 1, lasts: 4h, ticket: required }]`;
  const own = (override: string): string =>
    `rules: [{ name: mine, require: { up_to_date: true } }]\noverrides:\n  - { ${override} }\n`;

  it.each<[string, string, string, string, RegExp | null]>([
    [
      "fewer people",
      "tighten",
      "name: emergency, rules: [reviewed], by: { teams: [ic] }, confirmations: 1, lasts: 2h, ticket: required",
      "2h",
      null,
    ],
    [
      "more people",
      "tighten",
      "name: emergency, rules: [reviewed], by: { teams: [ic, all] }, confirmations: 1, ticket: required",
      "4h",
      /more people may grant it/,
    ],
    [
      "anybody who may write",
      "tighten",
      "name: emergency, rules: [reviewed], by: { roles: [write] }, confirmations: 1, ticket: required",
      "4h",
      /more people/,
    ],
    [
      "no confirmation",
      "tighten",
      "name: emergency, rules: [reviewed], by: { teams: [ic] }, ticket: required",
      "4h",
      /fewer confirmations/,
    ],
    [
      "longer",
      "tighten",
      "name: emergency, rules: [reviewed], by: { teams: [ic] }, confirmations: 1, lasts: 2d, ticket: required",
      "4h",
      /lasts longer/,
    ],
    [
      "no ticket",
      "tighten",
      "name: emergency, rules: [reviewed], by: { teams: [ic] }, confirmations: 1",
      "4h",
      /no ticket/,
    ],
    [
      "anything",
      "nothing",
      "name: emergency, rules: [reviewed], by: { teams: [ic] }, confirmations: 2, lasts: 1h, ticket: required",
      "4h",
      /change nothing/,
    ],
    [
      "anything where it may",
      "override",
      "name: emergency, rules: [reviewed], by: { roles: [write] }, lasts: 9h",
      "9h",
      null,
    ],
  ])("%s (%s)", (_name, may, override, lasts, words) => {
    const policy = effective({ organization: organization(may), own: own(override) });
    expect(policy.overrides.find((each) => each.name === "emergency")).toMatchObject({ lasts });
    expect(policy.warnings).toEqual(words === null ? [] : [expect.stringMatching(words)]);
  });

  it("tighten: an override is tightened field by field, too", () => {
    const policy = effective({
      organization: organization("tighten"),
      own: own(
        "name: emergency, rules: [reviewed], by: { teams: [ic] }, confirmations: 0, lasts: 1h, label: hot",
      ),
    });
    expect(policy.overrides).toMatchObject([
      { by: { teams: ["ic"] }, confirmations: 1, lasts: "1h", ticket: "required" },
    ]);
    expect(policy.overrides[0]?.label).toBeUndefined();
    expect(policy.notices.map(({ isAttempt, problem }) => [isAttempt, problem.message])).toEqual([
      [
        true,
        expect.stringMatching(/fewer confirmations; ignored, the organisation's value stands/),
      ],
      [false, expect.stringMatching(/no ticket is required; ignored/)],
      [true, expect.stringMatching(/a label may ask for it/)],
    ]);
  });

  it("a new override of the repository reaches its own rules only", () => {
    const policy = effective({
      organization: organization("tighten"),
      own: own("name: quick, rules: [reviewed, mine], by: { roles: [write] }"),
    });
    expect(policy.overrides.find((each) => each.name === "quick")?.rules).toEqual(["mine"]);
    expect(policy.warnings).toEqual([
      expect.stringMatching(/override "quick" cannot cover reviewed/),
    ]);
    const none = effective({
      organization: organization("nothing"),
      own: own("name: quick, rules: [reviewed], by: { roles: [write] }"),
    });
    expect(none.overrides.map((each) => each.name)).toEqual(["emergency"]);
  });
});

describe("repositories", () => {
  const organization = (selection: string): string =>
    `repositories: ${selection}\nrules: [{ name: a, require: { up_to_date: true } }]`;

  it.each<[string, string, Readonly<Record<string, string>> | null, boolean]>([
    ["by name", '["svc-*"]', {}, false],
    ["by name", "[shop]", {}, true],
    ["by name in any case", "[SHOP]", {}, true],
    ["by owner and name", '["acme/*"]', {}, true],
    ["but for some", '{ except: ["sh*"] }', {}, false],
    ["by property", "{ properties: { tier: [gold] } }", { tier: "gold" }, true],
    ["by property", "{ properties: { tier: gold } }", { tier: "bronze" }, false],
    ["by property that cannot be read", "{ properties: { tier: gold } }", null, true],
    ["by both", "{ names: [shop], properties: { tier: gold } }", {}, false],
  ])("selects %s: %s", (_name, selection, properties, applies) => {
    const policy = effective({
      organization: organization(selection),
      own: "rules: [{ name: b, require: { up_to_date: true } }]",
      repository: { properties },
    });
    expect(names(policy)).toEqual(applies ? ["a", "b"] : ["b"]);
    expect(policy.warnings).toEqual(
      properties === null ? [expect.stringMatching(/custom properties cannot be read/)] : [],
    );
  });
});
