import { describe, expect, it } from "vitest";
import { ask, outcome } from "./ask.ts";

const two = (first: string, second: string, more = ""): string =>
  `version: 1\n${more}rules:\n  - { name: first, ${first} }\n  - { name: second, ${second} }\n`;
const met = "require: { labels: { none: [wip] } }";
const failing = "require: { title: { pattern: '^never$' } }";
const open = "require: { reviews: {} }";
const unread = "require: { checks: { names: [x] } }";
const facts = "pull_request: { title: x }\nunreadable: [checks]\n";

describe("decisions", () => {
  it.each<[string, string, string]>([
    ["all met", two(met, met), "allow first=pass second=pass"],
    ["one fails", two(met, failing), "deny first=pass second=fail"],
    ["one is open", two(met, open), "wait first=pass second=pending"],
    ["one cannot be read", two(met, unread), "wait first=pass second=unknown"],
    ["a fail beats what is open", two(open, failing), "deny first=pending second=fail"],
    ["a fail beats what cannot be read", two(unread, failing), "deny first=unknown second=fail"],
    [
      "a rule in evaluate is shown and does not count",
      two(met, `enforcement: evaluate, ${failing}`),
      "allow first=pass second=fail",
    ],
    [
      "nor does one that is open",
      two(met, `enforcement: evaluate, ${open}`),
      "allow first=pass second=pending",
    ],
    [
      "nor one that cannot be read",
      two(met, `enforcement: evaluate, ${unread}`),
      "allow first=pass second=unknown",
    ],
    [
      "a disabled rule is skipped",
      two(met, `enforcement: disabled, ${failing}`),
      "allow first=pass second=skipped",
    ],
    [
      "the file's enforcement is the default of every rule",
      two(open, failing, "enforcement: evaluate\n"),
      "allow first=pending second=fail",
    ],
    [
      "a rule's own enforcement stands",
      two(`enforcement: active, ${open}`, failing, "enforcement: evaluate\n"),
      "wait first=pending second=fail",
    ],
    [
      "a disabled file",
      two(open, failing, "enforcement: disabled\n"),
      "allow first=skipped second=skipped",
    ],
    [
      "a rule that does not apply is skipped",
      two(met, `when: { branches: [dev] }, ${failing}`),
      "allow first=pass second=skipped",
    ],
    [
      "a rule of the other gate is not there",
      two(met, "applies_to: deployment, require: { checks: { names: [x] } }"),
      "allow first=pass",
    ],
    ["no rules", "version: 1\nrules: []\n", "allow"],
  ])("%s", async (_what, policy, expected) => {
    expect(await outcome({ policy, facts })).toBe(expected);
  });

  it.each<[string, string]>([
    [
      "all skipped",
      two(`when: { branches: [dev] }, ${open}`, `when: { branches: [dev] }, ${failing}`),
    ],
    ["only deployment rules", two("require: { not_frozen: true }", "require: { approvals: {} }")],
    ["no rules", "version: 1\nrules: []\n"],
    ["retired", "version: 1\nenforcement: disabled\n"],
  ])("no rule applies: %s", async (_what, policy) => {
    const { exit, json } = await ask({ policy, facts });
    expect(exit).toBe(0);
    expect(json).toMatchObject({ decision: "allow", title: "No rule applies" });
  });

  it.each<[string, string, number]>([
    ["allow", two(met, met), 0],
    ["wait", two(met, open), 1],
    ["deny", two(met, failing), 1],
  ])("exit codes: %s", async (decision, policy, exit) => {
    expect(await ask({ policy, facts })).toMatchObject({ exit, json: { decision }, stderr: "" });
  });

  it("every rule says its name, verdict, enforcement, reason and the next step", async () => {
    const { json } = await ask({ policy: two(open, `enforcement: evaluate, ${failing}`), facts });
    expect(Object.keys(json ?? {})).toEqual(["decision", "rules", "title", "summary"]);
    expect(json?.rules).toEqual([
      {
        name: "first",
        verdict: "pending",
        enforcement: "active",
        reason: expect.stringMatching(/approval/),
        next: expect.stringMatching(/approves/),
      },
      {
        name: "second",
        verdict: "fail",
        enforcement: "evaluate",
        reason: expect.stringMatching(/title/),
        next: expect.stringMatching(/edits/),
      },
    ]);
    expect(json?.summary).toMatch(/would fail/i);
  });

  const shown = "enforcement: evaluate";
  it.each<[string, string, string]>([
    [
      "one passes",
      two(met, "when: { branches: [dev] }, require: { reviews: {} }"),
      "1 rule passes",
    ],
    ["all pass", two(met, met), "All 2 rules pass"],
    [
      "two unmet, in the policy's order",
      two(open, failing),
      "Needs 1 approval; the title must match ^never$",
    ],
    ["met ones are not named", two(met, failing), "The title must match ^never$"],
    ["what cannot be read", two(met, unread), "Waiting for GitHub: cannot read the checks"],
    ["what is only shown is not named", two(`${shown}, ${failing}`, open), "Needs 1 approval"],
    [
      "what is only shown is no rule that passes",
      two(`${shown}, ${failing}`, met),
      "1 rule passes",
    ],
    [
      "nothing but what is only shown, and unmet",
      two(`${shown}, ${failing}`, `${shown}, ${met}`),
      "No rule is enforced here; 1 would fail",
    ],
    [
      "nothing but what is only shown, and met",
      two(`${shown}, ${met}`, `${shown}, ${open}`),
      "No rule is enforced here; 2 only evaluated",
    ],
    [
      "parts of any read as one sentence",
      two(met, "require: { any: [{ reviews: {} }, { labels: { all: [a] } }] }"),
      "Needs 1 approval or needs the label a",
    ],
    [
      "parts of all that are unmet alike",
      two(met, "require: { all: [{ title: { pattern: '^never$' } }, { labels: { all: [a] } }] }"),
      "The title must match ^never$ and needs the label a",
    ],
    [
      "labels in one sentence",
      two(met, "require: { labels: { all: [a], any: [b, c] } }"),
      "Needs the label a; needs a label: b or c",
    ],
  ])("the title: %s", async (_what, policy, title) => {
    expect((await ask({ policy, facts })).json?.title).toBe(title);
  });

  it("the ways out of any are told as sentences", async () => {
    const { json } = await ask({
      policy: two(met, "require: { any: [{ reviews: {} }, { labels: { all: [a] } }] }"),
      facts,
    });
    expect(json?.rules[1]?.next).toMatch(/approves it\. Or: Somebody .* labels\.$/);
  });

  it("a summary names whose rule it is, what would fail, and leaves out what is disabled", async () => {
    const { json } = await ask({
      policy: two(`enforcement: disabled, ${failing}`, `${shown}, ${failing}`),
      organization: "rules: [{ name: floor, require: { labels: { none: [wip] } } }]",
      facts,
    });
    expect(json?.summary).toMatch(/\| `floor` \(organisation\) \|/);
    expect(json?.summary).toMatch(/\| `second` \|[^|]*would fail; evaluate only/);
    expect(json?.summary).not.toMatch(/`first`/);
    expect(
      json?.rules.map(({ name, verdict, enforcement }) => `${name} ${verdict} ${enforcement}`),
    ).toEqual(["floor pass active", "first skipped disabled", "second fail evaluate"]);
  });

  it("a title is never longer than GitHub takes", async () => {
    const rules = Array.from(
      { length: 40 },
      (_, i) =>
        `  - { name: r${i}, require: { checks: { names: [a-check-with-a-long-name-${i}] } } }\n`,
    ).join("");
    const { json } = await ask({ policy: `rules:\n${rules}`, facts: "{}" });
    expect(json?.title).toMatch(
      /^Waiting for the check a-check-with-a-long-name-0; .*; and \d+ more$/,
    );
    expect(json?.title.length).toBeLessThanOrEqual(255);
  });

  it("the title is the first unmet need", async () => {
    const policy =
      "rules:\n  - { name: r, require: { reviews: { teams: [security] } } }\n  - { name: c, require: { coverage: { project: 50, patch: 80 } } }\n";
    const { json } = await ask({ policy, facts: "coverage: { project: 75, patch: 71 }" });
    expect(json?.title).toBe("Needs 1 approval from @acme/security; patch coverage 71% < 80%");
  });

  it("the same inputs give the same answer", async () => {
    const inputs = { policy: two(open, failing), facts: "now: 2026-03-30T07:00:00Z\n" };
    expect(await ask(inputs)).toEqual(await ask(inputs));
  });
});

describe("presets", () => {
  const green =
    "reviews: [{ by: bob, state: approved }]\nchecks: [{ name: unit, conclusion: success }]\n";
  it.each<[string, string, string]>([
    [
      "nothing said",
      "{}",
      "wait reviewed=pending checks-green=pass covered=skipped no-critical-findings=pass",
    ],
    [
      "one review, green checks",
      green,
      "allow reviewed=pass checks-green=pass covered=skipped no-critical-findings=pass",
    ],
    [
      "a red check",
      `${green.replace("success", "failure")}`,
      "deny reviewed=pass checks-green=fail covered=skipped no-critical-findings=pass",
    ],
    [
      "coverage too low",
      `${green}coverage: { project: 79 }`,
      "deny reviewed=pass checks-green=pass covered=fail no-critical-findings=pass",
    ],
    [
      "coverage enough",
      `${green}coverage: { project: 80 }`,
      "allow reviewed=pass checks-green=pass covered=pass no-critical-findings=pass",
    ],
    [
      "a critical finding",
      `${green}findings: [{ id: x, severity: critical }]`,
      "deny reviewed=pass checks-green=pass covered=skipped no-critical-findings=fail",
    ],
    [
      "a high finding",
      `${green}findings: [{ id: x, severity: high }]`,
      "allow reviewed=pass checks-green=pass covered=skipped no-critical-findings=pass",
    ],
  ])("recommended: %s", async (_what, given, expected) => {
    expect(
      await outcome({ policy: "version: 1\nextends: gatehouse:recommended\n", facts: given }),
    ).toBe(expected);
  });

  it.each<[string, string, RegExp]>([
    ["two reviews", "reviews: [{ by: bob, state: approved }]", /reviewed=pending/],
    [
      "two reviews are there",
      "reviews: [{ by: bob, state: approved }, { by: eve, state: approved }]",
      /reviewed=pass/,
    ],
    [
      "resolved threads",
      "threads: { unresolved: 1 }\nreviews: [{ by: bob, state: approved }, { by: eve, state: approved }]",
      /reviewed=pending/,
    ],
    [
      "code owners",
      "codeowners: '* @dan'\npull_request: { files: [a] }\nreviews: [{ by: bob, state: approved }, { by: eve, state: approved }]",
      /reviewed=pending/,
    ],
    ["signed commits", "pull_request: { commits: [{ sha: a, verified: false }] }", /signed=fail/],
    ["licences", "licenses: { x: AGPL-3.0-only }", /licences=fail/],
    ["a scan", "{}", /no-critical-findings=pending/],
    ["coverage", "{}", /covered=pending/],
  ])("regulated asks for %s", async (_what, given, expected) => {
    expect(
      await outcome({ policy: "version: 1\nextends: gatehouse:regulated\n", facts: given }),
    ).toMatch(expected);
  });

  it("a rule of the same name replaces the preset's; others follow", async () => {
    const policy =
      "version: 1\nextends: gatehouse:recommended\nrules:\n  - { name: reviewed, require: { title: { pattern: x } } }\n  - { name: own, require: { labels: { none: [wip] } } }\n";
    expect(await outcome({ policy, facts: "pull_request: { title: x }" })).toBe(
      "allow reviewed=pass checks-green=pass covered=skipped no-critical-findings=pass own=pass",
    );
  });

  it("unknown presets and files that cannot be looked into are unusable input", async () => {
    expect(await outcome({ policy: "version: 1\nextends: gatehouse:nope\n", facts: "{}" })).toMatch(
      /^exit 2: .*policy\.yml:2:10: extends: there is no preset/,
    );
    expect(
      await outcome({ policy: "version: 1\nextends: acme/policies:base.yml@v1\n", facts: "{}" }),
    ).toMatch(/^exit 2: .*policy\.yml:2:10: extends: .*cannot be read/);
  });
});

describe("unusable input: exit 2, with file, line, column and remedy", () => {
  const fine = "rules: [{ name: a, require: { reviews: {} } }]";
  it.each<
    [
      string,
      {
        readonly policy?: string;
        readonly facts?: string;
        readonly organization?: string;
        readonly now?: string;
      },
      RegExp,
    ]
  >([
    [
      "an unknown key",
      { facts: "reviewz: []" },
      /facts\.yml:1:1: reviewz: unknown key "reviewz"; did you mean "reviews"/,
    ],
    [
      "an unknown key inside a list",
      { facts: "reviews:\n  - { by: bob, state: approved, comit: a }" },
      /facts\.yml:2:33: reviews\[0\]\.comit: .*did you mean "commit"/,
    ],
    [
      "an unknown key of the pull request",
      { facts: "pull_request:\n  tittle: x" },
      /facts\.yml:2:3: pull_request\.tittle: .*did you mean "title"/,
    ],
    [
      "an unknown key of a person",
      { facts: "people: { bob: { rolle: write } }" },
      /facts\.yml:1:18: people\.bob\.rolle: .*did you mean "role"/,
    ],
    [
      "an unknown key of coverage",
      { facts: "coverage: { projct: 1 }" },
      /facts\.yml:1:13: coverage\.projct: .*did you mean "project"/,
    ],
    [
      "an unknown key of a finding",
      { facts: "findings: [{ id: a, severty: high }]" },
      /facts\.yml:1:21: findings\[0\]\.severty: .*did you mean "severity"/,
    ],
    [
      "an unknown key of a check",
      { facts: "checks: [{ nam: a }]" },
      /facts\.yml:1:12: checks\[0\]\.nam: .*did you mean "name"/,
    ],
    [
      "an unknown key of the deployment",
      { facts: "deployment: { env: a }" },
      /facts\.yml:1:15: deployment\.env: unknown key "env"/,
    ],
    [
      "a severity that is none",
      { facts: "findings: [{ id: a, severity: terrible }]" },
      /facts\.yml:1:31: findings\[0\]\.severity: expected one of critical/,
    ],
    [
      "a state that is none",
      { facts: "reviews: [{ by: a, state: aproved }]" },
      /facts\.yml:1:27: reviews\[0\]\.state: .*did you mean "approved"/,
    ],
    [
      "a role that is none",
      { facts: "people: { bob: { role: owner } }" },
      /facts\.yml:1:24: people\.bob\.role: expected one of/,
    ],
    ["a time that is none", { facts: "now: noon" }, /facts\.yml:1:6: now: not an instant/],
    [
      "a day that is none",
      { facts: "now: 2026-02-30T07:00:00Z" },
      /facts\.yml:1:6: now: no such day/,
    ],
    [
      "a percentage beyond 100",
      { facts: "coverage: { project: 101 }" },
      /facts\.yml:1:22: coverage\.project: must be at most 100/,
    ],
    ["a list of facts", { facts: "- a" }, /facts\.yml:1:1: expected a mapping/],
    ["broken YAML", { facts: "reviews: [" }, /facts\.yml:1:\d+: /],
    [
      "an unreadable fact that is none",
      { facts: "unreadable: [chekcs]" },
      /facts\.yml:1:14: unreadable\[0\]: no such fact; did you mean "checks"/,
    ],
    ["--now that is none", { now: "noon" }, /--now noon: not an instant/],
    [
      "a broken policy",
      { policy: "rules: [{ name: a, require: { reviws: {} } }]" },
      /policy\.yml:1:31: rules\[0\]\.require\.reviws: .*did you mean "reviews"/,
    ],
    ["an empty policy", { policy: "" }, /policy\.yml:1:1: the file is empty/],
    [
      "a broken organisation's policy",
      { organization: "rules: [{ name: a, require: { reviws: {} } }]" },
      /organization\.yml:1:31: /,
    ],
  ])("%s", async (_what, { policy = fine, facts: given = "{}", organization, now }, expected) => {
    const { exit, stderr } = await ask({ policy, facts: given, organization, now });
    expect(exit).toBe(2);
    expect(stderr).toMatch(expected);
  });
});
