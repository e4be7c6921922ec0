import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedFiles, labels } from "#core/facts/pull-request.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { Decision } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { Override } from "#core/model/override.ts";
import type { Subject } from "#core/model/subject.ts";
import { verdictKinds, type VerdictKind } from "#core/model/verdict.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import {
  aDeployment,
  aFile,
  alice,
  cannotRead,
  factsOf,
  monday,
  tell,
  thePullRequest,
  type Told,
} from "../build.ts";
import type { Requirement } from "#core/policy/requirement.ts";
import { aPolicy, aRule, mood, moody, verdictOf } from "./a-rule.ts";
import { effective } from "./some-policy.ts";

interface Extra {
  readonly subject?: Subject;
  readonly overrides?: readonly Override[];
  readonly now?: number;
}

function decide(
  policy: EffectivePolicy,
  facts: FactTable,
  { subject = thePullRequest, overrides = [], now = monday }: Extra = {},
): Decision {
  return evaluate({ policy, subject, facts, now, holds: [], overrides });
}

const feeling = (who: string, kind: VerdictKind): Told => tell(mood.need(who), kind);

describe("evaluate", () => {
  it("allows where no rule applies", () => {
    expect(decide(aPolicy([]), factsOf())).toMatchObject({ kind: "allow", rules: [] });
    expect(
      decide(aPolicy([aRule("a", moody("x"), { gates: ["deployment"] })]), factsOf()),
    ).toMatchObject({ kind: "allow", rules: [] });
  });

  it("says what could not be read, why, and who can change that", () => {
    const decision = decide(
      effective({ own: "rules: [{name: a, require: {labels: {all: [x]}}}]" }),
      factsOf(cannotRead(labels.need(), "forbidden")),
    );
    expect(decision).toMatchObject({
      kind: "wait",
      rules: [
        {
          verdict: {
            kind: "unknown",
            need: "Cannot read the labels",
            found: "cannot read the labels: no answer",
          },
        },
      ],
    });
    expect(decision.rules[0]?.verdict.next).toMatch(/grants the App pull_requests: read/);
  });

  it("takes a fact that nobody read for unknown", () => {
    expect(decide(aPolicy([aRule("a", moody("x"))]), factsOf())).toMatchObject({
      kind: "wait",
      rules: [{ verdict: { kind: "unknown" } }],
    });
  });

  it("names the wait where the reader may come back", () => {
    const facts = factsOf([
      mood.need("x").key,
      { ok: false, code: "rate_limited", message: "limit", retryAt: monday + 5_000 },
    ]);
    expect(decide(aPolicy([aRule("a", moody("x"))]), facts)).toMatchObject({
      kind: "wait",
      changesAt: monday + 5_000,
    });
  });

  it.each([
    [
      "asking",
      () => {
        throw new Error("boom");
      },
    ],
    [
      "judging",
      (_context: unknown, ask: Ask) => {
        ask(mood.need("x"));
        throw new Error("boom");
      },
    ],
  ])("a requirement that breaks while %s is unknown, and hides no other", (_name, judge) => {
    const decision = decide(
      aPolicy([aRule("a", moody("x", { judge })), aRule("b", moody("y"))]),
      factsOf(feeling("x", "pass"), feeling("y", "fail")),
    );
    expect(decision.kind).toBe("deny");
    expect(decision.rules[0]?.verdict).toMatchObject({
      kind: "unknown",
      found: "could not be judged: boom",
      required: "a good mood of x",
      need: "Rule a could not be judged",
      next: expect.stringMatching(/defect of Gatehouse/),
    });
  });

  it("a requirement that asks for what it did not declare is unknown", () => {
    const decision = decide(
      aPolicy([aRule("a", moody("x", { needs: () => [] }))]),
      factsOf(feeling("x", "pass")),
    );
    expect(decision).toMatchObject({
      kind: "wait",
      rules: [
        {
          verdict: {
            kind: "unknown",
            found: expect.stringMatching(/did not declare that it needs mood/),
          },
        },
      ],
    });
  });

  it("skips a rule whose when is false, and waits where that cannot be told", () => {
    const policy = aPolicy([aRule("a", moody("x"), { when: { paths: ["src/**"] } })]);
    const failing = feeling("x", "fail");
    expect(
      decide(policy, factsOf(failing, tell(changedFiles.need(), [aFile("docs/a")]))),
    ).toMatchObject({ kind: "allow", rules: [{ verdict: { kind: "skipped" } }] });
    expect(
      decide(policy, factsOf(failing, tell(changedFiles.need(), [aFile("src/a")]))),
    ).toMatchObject({ kind: "deny" });
    expect(
      decide(policy, factsOf(feeling("x", "pass"), cannotRead(changedFiles.need()))),
    ).toMatchObject({
      kind: "wait",
      rules: [
        { verdict: { kind: "unknown", need: "Waiting for GitHub: cannot read the changed files" } },
      ],
    });
  });

  it.each<[string, Requirement, string]>([
    ["one", moody("x"), "a good mood of x"],
    ["all", { kind: "all", of: [moody("x"), moody("y")] }, "a good mood of x and a good mood of y"],
    ["any", { kind: "any", of: [moody("x"), moody("y")] }, "a good mood of x or a good mood of y"],
  ])(
    "a rule that is skipped, or may be, says what it would ask for: %s",
    (_name, requirement, required) => {
      const policy = aPolicy([
        aRule("a", requirement, { when: { paths: ["src/**"] } }),
        aRule("b", requirement, { enforcement: "disabled" }),
      ]);
      const [skipped, disabled] = decide(
        policy,
        factsOf(tell(changedFiles.need(), [aFile("docs/a")])),
      ).rules;
      expect(skipped?.verdict).toMatchObject({
        kind: "skipped",
        found: "does not apply here (when)",
        required,
      });
      expect(disabled?.verdict).toMatchObject({ kind: "skipped", required });
      expect(
        decide(policy, factsOf(cannotRead(changedFiles.need()))).rules[0]?.verdict,
      ).toMatchObject({ kind: "unknown", required: `${required}, where it applies` });
    },
  );

  it.each<[VerdictKind, VerdictKind, VerdictKind, VerdictKind]>([
    ["pass", "fail", "fail", "pass"],
    ["pass", "pass", "pass", "pass"],
    ["fail", "fail", "fail", "fail"],
    ["pending", "pass", "pending", "pass"],
  ])("%s and %s: all is %s, any is %s", (x, y, all, any) => {
    const of = [moody("x"), moody("y")];
    const { rules } = decide(
      aPolicy([aRule("all", { kind: "all", of }), aRule("any", { kind: "any", of })]),
      factsOf(feeling("x", x), feeling("y", y)),
    );
    expect(rules.map(({ verdict }) => verdict.kind)).toEqual([all, any]);
  });

  it("a requirement judges with the subject, the policy around it and the instant", () => {
    const seen: unknown[] = [];
    const requirement = moody("x", {
      judge: ({ subject, policy, now }, ask) => {
        seen.push({ subject, owner: policy.owner, now, mood: ask(mood.need("x")) });
        return verdictOf("pass");
      },
    });
    expect(decide(aPolicy([aRule("a", requirement)]), factsOf(feeling("x", "pass"))).kind).toBe(
      "allow",
    );
    expect(seen).toEqual([{ subject: thePullRequest, owner: "acme", now: monday, mood: "pass" }]);
  });

  it("whatever a requirement says, it is unknown as long as a fact that it asked for is", () => {
    const judge = (_context: unknown, ask: Ask) => {
      ask(mood.need("x"));
      return verdictOf("pass");
    };
    const policy = aPolicy([aRule("a", moody("x", { judge }))]);
    const unread = { kind: "wait", rules: [{ verdict: { kind: "unknown" } }] };
    expect(decide(policy, factsOf())).toMatchObject(unread);
    expect(decide(policy, factsOf(cannotRead(mood.need("x"))))).toMatchObject(unread);
    expect(decide(policy, factsOf(feeling("x", "fail"))).kind).toBe("allow");
  });

  it("a requirement that says nothing of facts that were all read is unknown", () => {
    const policy = aPolicy([aRule("a", moody("x", { judge: () => undefined }))]);
    expect(decide(policy, factsOf())).toMatchObject({
      kind: "wait",
      rules: [{ verdict: { kind: "unknown", found: expect.stringMatching(/said nothing/) } }],
    });
  });

  it("a decision that does not change by itself names no instant, and a rule that nobody overrode no override", () => {
    const decision = decide(aPolicy([aRule("a", moody("x"))]), factsOf(feeling("x", "fail")));
    expect(decision).not.toHaveProperty("changesAt");
    expect(decision.rules[0]).not.toHaveProperty("overridden");
  });

  it("shows an evaluate rule and does not count it; a disabled one is not judged", () => {
    const rules = [
      aRule("a", moody("x"), { enforcement: "evaluate" }),
      aRule("b", moody("y"), { enforcement: "disabled" }),
    ];
    expect(decide(aPolicy(rules), factsOf(feeling("x", "fail")))).toMatchObject({
      kind: "allow",
      rules: [
        { verdict: { kind: "fail" } },
        { verdict: { kind: "skipped", found: "disabled by the policy" } },
      ],
    });
  });

  it("holds a deployment where the rule says so", () => {
    const policy = aPolicy([
      aRule("a", moody("x"), { gates: ["pull_request", "deployment"], holdsOnFail: true }),
    ]);
    expect(decide(policy, factsOf(feeling("x", "fail")), { subject: aDeployment }).kind).toBe(
      "wait",
    );
    expect(decide(policy, factsOf(feeling("x", "fail"))).kind).toBe("deny");
  });

  describe("overrides", () => {
    const definitions = effective({
      own: "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: emergency, rules: [a], by: {teams: [x]}}]",
    }).overrides;
    const policy = aPolicy([aRule("a", moody("x")), aRule("b", moody("y"))], {
      overrides: definitions,
    });
    const given = (over: Partial<Override> = {}): Override => ({
      id: "1",
      name: "emergency",
      rules: ["a", "b"],
      sha: "s",
      by: alice,
      confirmedBy: [],
      reason: "fire",
      grantedAt: monday,
      expiresAt: monday + 1_000,
      ...over,
    });

    it("let through what they list, and the verdict stays what it was", () => {
      const decision = decide(policy, factsOf(feeling("x", "fail"), feeling("y", "pass")), {
        overrides: [given()],
      });
      expect(decision).toMatchObject({
        kind: "allow",
        changesAt: monday + 1_000,
        rules: [
          { verdict: { kind: "fail" }, overridden: { name: "emergency" } },
          { verdict: { kind: "pass" } },
        ],
      });
    });

    it.each<[VerdictKind, boolean]>([
      ["fail", true],
      ["pending", true],
      ["unknown", true],
      ["pass", false],
      ["skipped", false],
    ])("%s: overridden %s", (kind, isOverridden) => {
      const decision = decide(policy, factsOf(feeling("x", kind), feeling("y", "pass")), {
        overrides: [given()],
      });
      expect(decision.kind).toBe("allow");
      expect(decision.rules[0]?.overridden?.name).toBe(isOverridden ? "emergency" : undefined);
    });

    it.each([
      ["a rule that no override of the policy lists", ["pass", "fail"] as const, given()],
      ["one that has run out", ["fail", "pass"] as const, given({ expiresAt: monday })],
      ["one of another name", ["fail", "pass"] as const, given({ name: "other" })],
      ["one that was granted for other rules", ["fail", "pass"] as const, given({ rules: ["b"] })],
    ])("never reach %s", (_name, [a, b], override) => {
      expect(
        decide(policy, factsOf(feeling("x", a), feeling("y", b)), { overrides: [override] }).kind,
      ).toBe("deny");
    });
  });

  it("T13: what the pull request does to the policy file says nothing about how it is judged", () => {
    const policy = effective({
      own: "rules: [{name: small, require: {size: {max_files: 5}}}, {name: a, require: {labels: {all: [ok]}}}]",
    });
    const facts = (path: string): FactTable =>
      factsOf(tell(changedFiles.need(), [aFile(path)]), tell(labels.need(), []));
    expect(decide(policy, facts(".github/gatehouse.yml"))).toMatchObject({ kind: "deny" });
    expect(decide(policy, facts(".github/gatehouse.yml")).kind).toBe(
      decide(policy, facts("README.md")).kind,
    );
  });
});

describe("the laws", () => {
  const names = ["a", "b", "c", "d"] as const;
  type Feelings = readonly (VerdictKind | "unread" | "refused")[];
  const feelings: fc.Arbitrary<Feelings> = fc.array(
    fc.constantFrom<VerdictKind | "unread" | "refused">(...verdictKinds, "unread", "refused"),
    { minLength: 4, maxLength: 4 },
  );
  const shape = fc.constantFrom("one", "all", "any");
  const rank = { deny: 0, wait: 1, allow: 2 } as const;

  const table = (list: Feelings): FactTable =>
    factsOf(
      ...list.flatMap((feels, index): readonly Told[] => {
        const need = mood.need(names[index] ?? "a");
        return feels === "unread"
          ? []
          : [feels === "refused" ? cannotRead(need) : tell(need, feels)];
      }),
    );
  const policyOf = (kind: string): EffectivePolicy =>
    aPolicy(
      kind === "one"
        ? names.map((name) => aRule(name, moody(name)))
        : [
            aRule("first", { kind: kind === "all" ? "all" : "any", of: [moody("a"), moody("b")] }),
            aRule("second", {
              kind: "any",
              of: [moody("c"), { kind: "all", of: [moody("d"), moody("a")] }],
            }),
          ],
    );

  it("the same inputs give the same decision", () => {
    fc.assert(
      fc.property(feelings, shape, (list, kind) => {
        expect(decide(policyOf(kind), table(list))).toEqual(decide(policyOf(kind), table(list)));
      }),
    );
  });

  it("the order of rules changes nothing", () => {
    fc.assert(
      fc.property(feelings, shape, (list, kind) => {
        const policy = policyOf(kind);
        expect(decide({ ...policy, rules: policy.rules.toReversed() }, table(list)).kind).toBe(
          decide(policy, table(list)).kind,
        );
      }),
    );
  });

  it("an unreadable fact never allows what every answer to it would not", () => {
    fc.assert(
      fc.property(feelings, shape, (list, kind) => {
        const decision = decide(policyOf(kind), table(list)).kind;
        if (decision !== "allow") return;
        for (const learnt of ["pass", "pending", "fail"] as const) {
          const known = list.map((feels) =>
            feels === "unread" || feels === "refused" ? learnt : feels,
          );
          expect(decide(policyOf(kind), table(known)).kind).toBe("allow");
        }
      }),
    );
  });

  it("more evidence for it never turns an allow into less", () => {
    fc.assert(
      fc.property(feelings, shape, fc.nat(3), (list, kind, at) => {
        const before = decide(policyOf(kind), table(list)).kind;
        const better = list.map((feels, index) =>
          index === at && feels !== "skipped" ? ("pass" as const) : feels,
        );
        expect(rank[decide(policyOf(kind), table(better)).kind]).toBeGreaterThanOrEqual(
          rank[before],
        );
      }),
    );
  });

  it("it is total", () => {
    fc.assert(
      fc.property(feelings, shape, (list, kind) =>
        ["allow", "deny", "wait"].includes(decide(policyOf(kind), table(list)).kind),
      ),
    );
  });
});
