import { describe, expect, it } from "vitest";
import { decideDeployment } from "#core/decide/decide.ts";
import { isLookAlike } from "#core/decide/governed.ts";
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
  const outcomeAt = (environment: string, deploymentId: number) =>
    decideDeployment({
      policy: effective({ own: rule }),
      subject: { ...aDeployment, environment, deploymentId },
      facts: deploymentWorld({}),
      now: monday,
      holds: [],
      overrides: [],
    }).rules.find(({ name }) => name === "known-environment")?.verdict;

  it.each([
    ["prodution", "production"],
    ["prod-eu", "production"],
    ["pr\u043eduction", "production"],
    ["live-e", "live-eu"],
  ])("W23: %j is held, and %j is said to be near", (environment, meant) => {
    expect(outcomeAt(environment, firstQuestionId)).toMatchObject({
      kind: "pending",
      need: expect.stringContaining(meant),
    });
  });

  it.each(["production", "production-eu", "Live-EU", "staging", "docs"])(
    "W23: %j is not held for its name",
    (environment) => {
      expect(outcomeAt(environment, firstQuestionId)).toBeUndefined();
    },
  );

  it("W23: an environment of GitHub's is watched instead", () => {
    expect(outcomeAt("prodution", 7)).toBeUndefined();
  });
});
