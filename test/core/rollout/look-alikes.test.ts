import { describe, expect, it } from "vitest";
import { decideDeployment, wantedForDeployment } from "#core/decide/decide.ts";
import { isLookAlike } from "#core/decide/governed.ts";
import { knownEnvironment } from "#core/facts/deployment.ts";
import type { FactResult } from "#core/model/fact.ts";
import { firstQuestionId } from "#core/model/subject.ts";
import { aDeployment, monday } from "../build.ts";
import { deploymentWorld } from "../deployment-world.ts";
import { effective } from "../policy/some-policy.ts";

const rule =
  'rules: [{ name: hours, when: { environments: ["production*", live-eu] }, require: { window: w } }]\n' +
  'windows: { w: { timezone: UTC, open: [{ days: [mon], from: "00:00", to: "24:00" }] } }\n';

describe("environments that look like those that rules name", () => {
  it.each([
    "prod",
    "prod-eu",
    "eu-prod",
    "prodution",
    "produciton",
    "eu-prodution",
    "PRD",
    "my.production",
    "euproduction",
    "рroduction",
    "prоduction",
    "produсtіоn-eu",
    "pro\u200bduction",
    "\ufeffproduction",
    "próduction",
    "ｐroduction",
    "pr0duction",
    "𝐩𝐫𝐨𝐝𝐮𝐜𝐭𝐢𝐨𝐧",
    "livе-eu",
    "live",
  ])("W23: %j is one", (environment) => {
    expect(isLookAlike(effective({ own: rule }), environment, [])).toBe(true);
  });

  it.each(["production", "Production-EU", "live-eu"])(
    "W23: %j is named by a rule",
    (environment) => {
      expect(isLookAlike(effective({ own: rule }), environment, [])).toBe(false);
    },
  );

  it.each(["staging", "test", "dev", "preview-12", "docs", "github-pages", "delivery"])(
    "W23: %j is none",
    (environment) => {
      expect(isLookAlike(effective({ own: rule }), environment, ["production"])).toBe(false);
    },
  );
});

describe("ungoverned_environments: hold", () => {
  const decisionAt = (environment: string, texts: Parameters<typeof effective>[0]): string =>
    decideDeployment({
      policy: effective(texts),
      subject: { ...aDeployment, environment },
      facts: deploymentWorld({}),
      now: monday,
      holds: [],
      overrides: [],
    }).kind;
  const hold = "ungoverned_environments: hold\n";
  const approve = "ungoverned_environments: approve\n";

  it("W23: holds what no rule names, and only that", () => {
    expect(decisionAt("prod-eu", { own: rule })).toBe("allow");
    expect(decisionAt("prod-eu", { own: hold + rule })).toBe("wait");
    expect(decisionAt("production", { own: hold + rule })).toBe("allow");
    expect(decisionAt("prod-eu", { own: `${hold}enforcement: disabled\n${rule}` })).toBe("allow");
  });

  it("W23: neither organisation nor repository takes the other's away", () => {
    expect(decisionAt("prod-eu", { organization: hold + rule, own: approve })).toBe("wait");
    expect(decisionAt("prod-eu", { organization: approve + rule, own: hold })).toBe("wait");
    expect(decisionAt("prod-eu", { organization: rule, own: approve })).toBe("allow");
  });

  it("W23: the preset regulated says it", () => {
    expect(decisionAt("prodution", { own: "extends: gatehouse:regulated" })).toBe("wait");
  });
});

describe("a question over the API about an environment that looks like one that rules name", () => {
  const named = (environments: string): string =>
    rule.replace(
      '["production*", live-eu]',
      `[${environments.replace("production*", '"production*"')}]`,
    );
  const outcomeAt = (
    environment: string,
    {
      policy = rule,
      deploymentId = firstQuestionId,
      isKnown = { ok: true, value: false, evidence: [] } as FactResult<boolean>,
    } = {},
  ) =>
    decideDeployment({
      policy: effective({ own: policy }),
      subject: { ...aDeployment, environment, deploymentId },
      facts: new Map([...deploymentWorld({}), [knownEnvironment.need().key, isKnown]]),
      now: monday,
      holds: [],
      overrides: [],
    }).rules.find(({ name }) => name === "known-environment")?.verdict;

  it.each([
    ["prodution", "production", "production*"],
    ["produciton", "production", "production*"],
    ["prodution-eu", "production", '"production-*"'],
    ["pr\u043eduction", "production", "production*"],
    ["pr0duction", "production", "production*"],
    ["pr\u00f3duction", "production", "production*"],
    ["pro\u200bduction", "production", "production*"],
    ["us-e\u0430st-1", "us-east-1", "us-east-1"],
    ["live-e", "live-eu", "live-eu"],
    ["us_east", "us-east", "us-east"],
    ["useast", "us-east", "us-east"],
    ["prd", "prod", "prod"],
    ["pordeu1", "prodeu1", "prodeu1"],
  ])("W23: %j is held, and %j is said to be meant", (environment, meant, names) => {
    expect(outcomeAt(environment, { policy: named(names) })).toMatchObject({
      kind: "pending",
      need: expect.stringContaining(`looks like ${JSON.stringify(meant)}`),
      next: expect.stringMatching(/creates it in the repository's settings.*names it in the when/u),
    });
  });

  it.each([
    ["production*, live-eu", ["production", "production-eu", "Live-EU", "staging", "docs"]],
    ["production", ["pre-production", "non-production", "live-preview", "product-api", "products"]],
    ["production", ["reproduction", "prod", "prod-eu", "production-eu", "preproduction", "live"]],
    ["us-east", ["us-west", "eu-east", "ap-east", "us-east-2"]],
    ["us-east-1a", ["us-east-1b", "us-east-2a"]],
    ["eu1", ["eu2", "eu3", "us1", "eu", "eu11"]],
    ["staging", ["staging-2", "staging2", "staging-eu", "testing"]],
    ["app-a", ["app-b", "app"]],
    ["app-blue", ["app-green"]],
  ])("W23: where %s is named, none of %j is taken for a slip", (names, environments) => {
    for (const environment of environments)
      expect([environment, outcomeAt(environment, { policy: named(names) })]).toEqual([
        environment,
        undefined,
      ]);
  });

  it("W23: what is known to exist is no slip; where nobody can tell, it is held", () => {
    expect(
      outcomeAt("prodution", { isKnown: { ok: true, value: true, evidence: [] } }),
    ).toBeUndefined();
    expect(
      outcomeAt("prodution", { isKnown: { ok: false, code: "forbidden", message: "no" } }),
    ).toMatchObject({ kind: "unknown" });
  });

  it("W23: whether it exists is asked only where a name looks like another", () => {
    const asked = (environment: string): readonly string[] =>
      wantedForDeployment(
        effective({ own: rule }),
        { ...aDeployment, environment, deploymentId: firstQuestionId },
        new Map(),
        monday,
        "glance",
      ).map(({ fact }) => fact);
    expect(asked("prodution")).toContain("known_environment");
    expect(asked("staging")).not.toContain("known_environment");
  });

  it("W23: an environment of GitHub's is watched instead", () => {
    expect(outcomeAt("prodution", { deploymentId: 7 })).toBeUndefined();
  });
});
