import { describe, expect, it } from "vitest";
import { repository } from "#core/facts/repository.ts";
import { dependabotAlerts, type ScanSourceFact } from "#core/facts/findings.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { decideDeployment, wantedForDeployment } from "#core/decide/decide.ts";
import { freezesPassedOwingReview, reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import { expiresAt } from "#core/decide/expiry.ts";
import { isNamed, judgesDeployments, looksLikeProduction } from "#core/decide/governed.ts";
import { openingOf } from "#core/decide/opening.ts";
import { aDeployment, bob, carol, eve, headSha, minute, monday, tell } from "../build.ts";
import { aFinding } from "../formats/findings/builders.ts";
import { effective } from "../policy/some-policy.ts";
import { anAct, aRow, deploymentWorld, type DeploymentWorld } from "../deployment-world.ts";

const policyOf = (text: string): EffectivePolicy => effective({ own: `version: 1\n${text}` });

const decide = (policy: EffectivePolicy, facts: FactTable, now = monday) =>
  decideDeployment({ policy, subject: aDeployment, facts, now, holds: [], overrides: [] });
const on = (text: string, over: DeploymentWorld, now = monday) =>
  decide(policyOf(text), deploymentWorld(over), now);

const day = 86_400_000;
const windows =
  'windows: { soon: { timezone: UTC, open: [{ from: "2026-03-05T09:00", until: "2026-03-05T17:00" }] }, late: { timezone: UTC, open: [{ from: "2026-06-05T09:00", until: "2026-06-05T17:00" }] }, never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] } }\n';

describe("what Gatehouse itself says of a deployment", () => {
  const empty = "rules: [{ name: approved, require: { approvals: { count: 1 } } }]";

  it("asks for what it always looks at, and for the past only where somebody marked a roll back", () => {
    const keys = (over: DeploymentWorld): readonly string[] => {
      const facts = deploymentWorld(over);
      const known = new Map([...facts].filter(([key]) => key === "approvals"));
      return wantedForDeployment(policyOf(empty), aDeployment, known, monday).map(({ key }) => key);
    };
    expect(keys({})).toEqual(expect.arrayContaining(["deployment", "freezes"]));
    expect(keys({})).not.toContain("deployments_of_commit");
    expect(keys({ words: [anAct("rollback", bob)] })).toContain("deployments_of_commit");
  });

  it("a /reject denies, by whom and why, whatever the rules say", () => {
    const rejected = on(empty, {
      words: [anAct("approve", carol), anAct("reject", bob, { reason: "wrong build" })],
    });
    expect(rejected.kind).toBe("deny");
    expect(rejected.rules[0]).toMatchObject({
      name: "not-rejected",
      verdict: { need: "Rejected by @bob: wrong build" },
    });
  });

  const lost = (key: string): FactTable =>
    new Map([
      ...deploymentWorld({ words: [anAct("approve", carol)] }),
      [key, { ok: false, code: "invalid", message: "the reader failed" }],
    ]);
  const freezeHere = {
    name: "incident",
    environment: "production",
    from: 0,
    until: null,
    reason: "down",
    by: bob,
  };
  it.each([
    ["that begins in a minute", { from: monday + minute }, monday + minute],
    ["that begins later than another", { from: monday + minute }, monday + minute, 5],
    ["of another environment", { from: monday + minute, environment: "staging" }, undefined],
  ])("a yes ends where a freeze begins %s, though no rule looks at freezes", (...row) => {
    const [, freeze, at, later = 1] = row;
    const freezes = [
      { ...freezeHere, ...freeze },
      { ...freezeHere, ...freeze, from: monday + later * minute },
    ];
    const decision = decide(
      withRule("{ name: a, require: { not_frozen: true }, enforcement: evaluate }"),
      deploymentWorld({ freezes }),
    );
    expect([decision.kind, decision.changesAt]).toEqual(["allow", at]);
  });

  const withRule = (rule: string): EffectivePolicy => policyOf(`rules: [${rule}]\n${windows}`);

  it.each([
    {
      what: "words, and no rule asks for any",
      rule: "{ name: a, require: { checks: { names: [never] } }, enforcement: evaluate }",
      key: "approvals",
      says: "not-rejected",
    },
    {
      what: "words, and the rule that asks is in evaluation",
      rule: "{ name: a, enforcement: evaluate, require: { approvals: {} } }",
      key: "approvals",
      says: "not-rejected",
    },
    {
      what: "words, and another way passes",
      rule: "{ name: a, require: { any: [{ not_frozen: true }, { approvals: {} }] } }",
      key: "approvals",
      says: "not-rejected",
    },
    {
      what: "words that a rule asks for: it says so itself",
      rule: "{ name: a, require: { approvals: {} } }",
      key: "approvals",
      says: "a",
    },
    {
      what: "freezes, and no rule asks for any",
      rule: "{ name: a, require: { approvals: {} } }",
      key: "freezes",
      says: "not-frozen",
    },
    {
      what: "freezes, and the rule is for another environment",
      rule: "{ name: a, when: { environments: [staging] }, require: { not_frozen: true } }",
      key: "freezes",
      says: "not-frozen",
    },
    {
      what: "freezes, and the rule is in evaluation",
      rule: "{ name: a, enforcement: evaluate, require: { not_frozen: true } }",
      key: "freezes",
      says: "not-frozen",
    },
    {
      what: "freezes that a rule asks for: it says so itself",
      rule: "{ name: a, require: { not_frozen: true } }",
      key: "freezes",
      says: "a",
    },
  ])("what cannot be read holds: $what", ({ rule, key, says }) => {
    const decision = decide(withRule(rule), lost(key));
    expect(decision.kind).toBe("wait");
    const unknown = decision.rules.filter(
      ({ verdict, enforcement }) => verdict.kind === "unknown" && enforcement === "active",
    );
    expect(unknown.map(({ name }) => name)).toEqual([says]);
    expect(unknown[0]?.verdict).toMatchObject({
      found: expect.stringContaining("the reader failed"),
      next: expect.stringMatching(/\S/),
    });
  });

  it("an override of the rule that asks for words does not pass by a /reject that cannot be read", () => {
    const policy = policyOf(
      "rules: [{ name: a, require: { approvals: {} } }]\noverrides: [{ name: emergency, rules: [a], by: { teams: [ops] } }]",
    );
    const override = {
      id: "o",
      name: "emergency",
      rules: ["a"],
      sha: headSha,
      by: bob,
      confirmedBy: [],
      reason: "down",
      grantedAt: monday,
      expiresAt: monday + day,
    };
    const decision = decideDeployment({
      policy,
      subject: aDeployment,
      facts: lost("approvals"),
      now: monday,
      holds: [],
      overrides: [override],
    });
    expect(decision.kind).toBe("wait");
    expect(decision.rules.map(({ name, overridden }) => [name, overridden?.name])).toEqual([
      ["not-rejected", undefined],
      ["a", "emergency"],
    ]);
  });

  it.each([
    {
      what: "no rule looks at freezes",
      rule: "{ name: a, require: { approvals: {} } }",
      kind: "wait",
    },
    {
      what: "the rule speaks of another environment",
      rule: "{ name: a, when: { environments: [staging] }, require: { not_frozen: true } }",
      kind: "wait",
    },
    {
      what: "the rule only tries itself out",
      rule: "{ name: a, enforcement: evaluate, require: { not_frozen: true } }",
      kind: "wait",
    },
    {
      what: "the rule is switched off",
      rule: "{ name: a, enforcement: disabled, require: { not_frozen: true } }",
      kind: "wait",
    },
    {
      what: "the rule offers another way, which is met",
      rule: "{ name: a, require: { any: [{ approvals: {} }, { not_frozen: true }] } }",
      kind: "wait",
    },
    {
      what: "a rule offers another way, and another one is in evaluation",
      rule: "{ name: a, require: { any: [{ not_frozen: true }, { all: [{ approvals: {} }] }] } }, { name: b, enforcement: evaluate, require: { not_frozen: true } }",
      kind: "wait",
    },
    {
      what: "the rule looks at another freeze",
      rule: "{ name: a, require: { any: [{ approvals: {} }, { not_frozen: true }] } }, { name: b, when: { environments: [staging] }, require: { not_frozen: true } }",
      kind: "wait",
    },
  ])("W29: a person's /freeze where $what → $kind", ({ rule, kind }) => {
    expect(
      decide(
        withRule(rule),
        deploymentWorld({ words: [anAct("approve", carol)], freezes: [freezeHere] }),
      ).kind,
    ).toBe(kind);
  });

  it("W29: an override of a rule that looks at freezes lets the recorded one through, whatever that rule says", () => {
    const policy = policyOf(
      'rules: [{ name: a, require: { any: [{ window: always }, { not_frozen: true }] } }]\nwindows: { always: { timezone: UTC, open: [{ from: "2026-01-01T00:00", until: "2027-01-01T00:00" }] } }\noverrides: [{ name: emergency, rules: [a], by: { teams: [ops] } }]',
    );
    const input = {
      policy,
      subject: aDeployment,
      facts: deploymentWorld({ freezes: [freezeHere] }),
      now: monday,
      holds: [],
    };
    expect(decideDeployment({ ...input, overrides: [] }).kind).toBe("wait");
    const granted = {
      id: "o1",
      name: "emergency",
      rules: ["a"],
      sha: aDeployment.sha,
      by: carol,
      confirmedBy: [],
      reason: "fire",
      grantedAt: monday - 1,
      expiresAt: monday + 1,
    };
    expect(decideDeployment({ ...input, overrides: [granted] }).kind).toBe("allow");
    expect(
      decideDeployment({ ...input, overrides: [{ ...granted, expiresAt: monday }] }).kind,
    ).toBe("wait");
  });

  const scanned =
    "rules: [{ name: scans, applies_to: deployment, require: { findings: { block: critical, require_scan: none, from: [dependabot] } } }]";
  const critical: ScanSourceFact = {
    state: "on",
    note: null,
    findings: [aFinding({ severity: "critical", source: "dependabot", kind: "dependency" })],
    beyond: {},
    scans: [],
    failed: [],
    unreadable: [],
    waiting: [],
    ignored: [],
    dismissedAt: {},
    removed: [],
    workflows: [],
    link: null,
    evidence: [],
  };

  it.each([
    { what: "an unknown commit", over: {}, kind: "deny" },
    {
      what: "a marked commit that never ran here",
      over: { words: [anAct("rollback", bob)] },
      kind: "deny",
    },
    {
      what: "a commit that ran here, unmarked",
      over: { before: [aRow("production", headSha)] },
      kind: "deny",
    },
    {
      what: "a commit that ran here, marked for a roll back",
      over: {
        before: [aRow("production", headSha)],
        words: [anAct("rollback", bob, { reason: "checkout broken" })],
      },
      kind: "allow",
    },
  ])("a critical finding in $what → $kind", ({ over, kind }) => {
    const facts = deploymentWorld(
      over,
      tell(dependabotAlerts.need(), critical),
      tell(repository.need(), {
        id: 1,
        owner: "acme",
        name: "shop",
        private: true,
        defaultBranch: "main",
      }),
    );
    const decision = decide(policyOf(scanned), facts);
    const scans = decision.rules.find((rule) => rule.name === "scans");
    expect(scans?.verdict).toMatchObject({ kind: "fail" });
    expect(decision.kind).toBe(kind);
    expect(scans?.overridden).toEqual(
      kind === "allow"
        ? expect.objectContaining({ name: "rollback", by: bob, reason: "checkout broken" })
        : undefined,
    );
  });
});

describe("when time alone opens it", () => {
  it.each([
    {
      what: "a window that opens",
      rules: "[{ name: a, require: { window: soon } }]",
      opening: { kind: "at", at: Date.parse("2026-03-05T09:00:00Z") },
    },
    {
      what: "a window beyond the horizon",
      rules: "[{ name: a, require: { window: late } }]",
      opening: { kind: "none" },
    },
    {
      what: "a window that never opens",
      rules: "[{ name: a, require: { window: never } }]",
      opening: { kind: "none" },
    },
    {
      what: "windows that are never open together",
      rules: "[{ name: a, require: { window: soon } }, { name: b, require: { window: late } }]",
      opening: { kind: "none" },
    },
    {
      what: "another way to pass",
      rules: "[{ name: a, require: { any: [{ window: never }, { approvals: { count: 1 } }] } }]",
      opening: { kind: "at", at: monday },
    },
    {
      what: "people alone",
      rules: "[{ name: a, require: { approvals: { count: 1 } } }]",
      opening: { kind: "at", at: monday },
    },
    {
      what: "a rule in evaluation",
      rules:
        "[{ name: a, enforcement: evaluate, require: { window: never } }, { name: b, require: { approvals: { count: 1 } } }]",
      opening: { kind: "at", at: monday },
    },
  ])("$what", ({ rules, opening }) => {
    const policy = policyOf(`rules: ${rules}\n${windows}`);
    const facts = deploymentWorld();
    expect(openingOf(policy, decide(policy, facts), facts, expiresAt(monday))).toEqual(opening);
  });

  it("a window and a freeze: the first instant at which both let it through", () => {
    const text = `rules: [{ name: a, require: { window: days } }, { name: b, require: { not_frozen: true } }]
windows: { days: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "10:00" }] } }
freezes: [{ name: f, timezone: UTC, during: [{ from: "2026-03-02T00:00", until: "2026-03-04T09:30" }, { from: "2026-03-05T00:00", until: "2026-03-06T00:00" }] }]`;
    const policy = policyOf(text);
    const facts = deploymentWorld();
    const decision = decide(policy, facts, monday + 60 * minute);
    expect(openingOf(policy, decision, facts, expiresAt(monday))).toEqual({
      kind: "at",
      at: Date.parse("2026-03-04T09:30:00Z"),
    });
    const later = decide(policy, facts, Date.parse("2026-03-04T10:00:00Z"));
    expect(openingOf(policy, later, facts, expiresAt(monday))).toEqual({
      kind: "at",
      at: Date.parse("2026-03-06T09:00:00Z"),
    });
  });

  it("when a freeze without an end is lifted, nobody can say: it holds, and rejects nothing", () => {
    const policy = policyOf("rules: [{ name: a, require: { not_frozen: true } }]");
    const facts = deploymentWorld({
      freezes: [
        { name: "x", environment: "production", from: 0, until: null, reason: "", by: bob },
      ],
    });
    expect(openingOf(policy, decide(policy, facts), facts, expiresAt(monday)).kind).toBe("unknown");
  });
});

describe("reviews that an exemption owes", () => {
  const text = `rules: [{ name: calm, require: { not_frozen: true } }]
freezes: [{ name: month-end, timezone: UTC, during: { from: "2026-03-02T00:00", until: "2026-03-03T00:00" }, exempt: { labels: [hotfix], teams: [finance] } }]
overrides: [{ name: emergency, rules: [calm], by: { teams: [ops] }, post_review: { within: 3d, teams: [security] } }, { name: other, rules: [calm], by: { teams: [ops] }, post_review: { within: 1d, users: [eve] } }]`;
  const teams = { finance: [carol] };

  it("a label owes one, who asked does not", () => {
    const policy = policyOf(text);
    const labelled = deploymentWorld({
      teams,
      deployment: { actor: eve },
      labels: { 7: [{ name: "hotfix", by: carol, at: monday }] },
    });
    expect(decide(policy, labelled).kind).toBe("allow");
    expect(freezesPassedOwingReview(policy, aDeployment, labelled, monday)).toEqual([
      { freeze: "month-end", because: expect.stringContaining("put on by @carol") },
    ]);
    const asked = deploymentWorld({ teams, deployment: { actor: carol } });
    expect(freezesPassedOwingReview(policy, aDeployment, asked, monday)).toEqual([]);
  });

  it("is due as the strictest override says, by the people of all of them", () => {
    expect(reviewWithin(policyOf(text))).toBe(day);
    expect(reviewersOf(policyOf(text))).toEqual({ users: ["eve"], teams: ["security"] });
    expect(reviewWithin(policyOf("rules: [{ name: a, require: { not_frozen: true } }]"))).toBe(
      2 * day,
    );
  });
});

describe("which environments are meant", () => {
  const policy = policyOf(
    'rules: [{ name: a, when: { environments: ["production*", "eu/live"] }, require: { approvals: { count: 1 } } }, { name: b, applies_to: [pull_request, deployment], require: { checks: { names: [unit] } } }]',
  );

  it.each([
    { environment: "production", named: true },
    { environment: "Production-EU", named: true },
    { environment: "eu/live", named: true },
    { environment: "dev", named: false },
  ])("$environment is named: $named", ({ environment, named }) => {
    expect(isNamed(policy, environment)).toBe(named);
    expect(judgesDeployments(policy)).toBe(true);
  });

  it.each([
    { environment: "prodution", looks: true },
    { environment: "prod-eu", looks: true },
    { environment: "live", looks: true },
    { environment: "Producton", looks: true },
    { environment: "dev", looks: false },
    { environment: "preview-12", looks: false },
    { environment: "test", looks: false },
  ])("T40: $environment looks like production: $looks", ({ environment, looks }) => {
    expect(looksLikeProduction(environment, ["production"])).toBe(looks);
  });
});
