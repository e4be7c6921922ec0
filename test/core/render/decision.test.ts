import { describe, expect, it } from "vitest";
import type { Decision, RuleOutcome } from "#core/model/decision.ts";
import { fail, pass, pending, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import { renderDecision, unmetRules } from "#core/render/decision.ts";
import { inZone } from "#core/render/in-zone.ts";
import { all } from "#core/rules/kit/compose.ts";
import { renderShared } from "#core/render/several.ts";
import { span } from "#core/text/time.ts";

const now = Date.UTC(2026, 0, 5, 12);
const rule = (name: string, verdict: Verdict, more: Partial<RuleOutcome> = {}): RuleOutcome => ({
  name,
  description: "",
  source: "repository",
  enforcement: "active",
  verdict,
  ...more,
});
const decision = (
  kind: Decision["kind"],
  rules: readonly RuleOutcome[],
  more: Partial<Decision> = {},
): Decision => ({
  kind,
  subject: { kind: "pull_request", repository: 1, number: 2 },
  rules,
  warnings: [],
  holds: [],
  now,
  ...more,
});

const needsApproval = pending({
  found: "none",
  required: "1 approval",
  need: "Needs 1 approval from @acme/security",
  next: "Somebody of @acme/security approves.",
});
const lowCoverage = fail({ found: "71%", required: "80%", need: "Patch coverage 71% < 80%" });
const fine = pass({ found: "yes", required: "yes" });

describe("the title", () => {
  it("names the unmet needs in the order of the policy", () => {
    expect(
      renderDecision(decision("deny", [rule("a", needsApproval), rule("b", lowCoverage)])).title,
    ).toBe("Needs 1 approval from @acme/security; patch coverage 71% < 80%");
  });

  it.each([
    ["no rule at all", [], "No rule applies"],
    ["only skipped rules", [rule("a", skipped({ found: "", required: "" }))], "No rule applies"],
    ["one rule", [rule("a", fine)], "1 rule passes"],
    ["several rules", [rule("a", fine), rule("b", fine)], "All 2 rules pass"],
    [
      "a rule in dry run that would fail",
      [rule("a", fine), rule("b", lowCoverage, { enforcement: "evaluate" })],
      "1 rule passes",
    ],
  ])("for %s", (_name, rules, title) => {
    expect(renderDecision(decision("allow", rules)).title).toBe(title);
  });

  it("fits GitHub's 255 characters and counts what does not", () => {
    const many = Array.from({ length: 40 }, (_, n) =>
      rule(
        `r${n}`,
        pending({
          found: "no",
          required: "x",
          need: `Needs something rather long to say, number ${n}`,
        }),
      ),
    );
    const { title } = renderDecision(decision("wait", many));
    expect(title.length).toBeLessThanOrEqual(255);
    expect(title).toMatch(/; and \d+ more$/);
  });

  it("says who holds the pull request", () => {
    expect(
      renderDecision(
        decision("wait", [rule("a", fine)], { holds: [{ by: "ada", reason: "not yet", at: now }] }),
      ).title,
    ).toBe("On hold by @ada: not yet");
  });

  it("names an override", () => {
    const override = {
      id: "1",
      name: "emergency",
      rules: ["a"],
      sha: "x",
      by: { id: 1, login: "ada", type: "User" as const },
      confirmedBy: [],
      reason: "fire",
      grantedAt: now,
      expiresAt: now + 3_600_000,
    };
    const rendered = renderDecision(
      decision("allow", [rule("a", needsApproval, { overridden: override })]),
    );
    expect(rendered.title).toBe("Allowed by override emergency of @ada (a)");
    expect(rendered.summary).toContain("overridden (pending)");
    expect(rendered.summary).toContain("fire");
  });

  it("begins with trouble of the policy", () => {
    expect(
      renderDecision(decision("allow", [rule("a", fine)]), { notice: "Policy error at line 3" })
        .title,
    ).toBe("Policy error at line 3 — 1 rule passes");
  });
});

describe("the summary", () => {
  it("is a table of rule, verdict, found, required and next step", () => {
    const { summary } = renderDecision(
      decision("wait", [rule("reviewed", needsApproval, { source: "organization" })]),
    );
    expect(summary).toContain("| Rule | Verdict | Found | Required | Next step |");
    expect(summary).toMatch(
      /\| `reviewed` \(organisation\) \| ⏳ pending \| none \| 1 approval \| Somebody of @\u2060acme\/security approves\. \|/,
    );
  });

  it("shows a dry run and never counts it", () => {
    const rules = [
      rule("b", lowCoverage, { enforcement: "evaluate" }),
      rule("c", unknown({ found: "?", required: "x" }), { enforcement: "evaluate" }),
    ];
    expect(renderDecision(decision("allow", rules)).summary).toMatch(
      /would fail; evaluate only[\s\S]*would wait; evaluate only/,
    );
    expect(unmetRules(decision("allow", rules))).toEqual([]);
  });

  it("says when the answer may change by itself, and lists warnings and evidence", () => {
    const verdict = pending({
      found: "closed",
      required: "open",
      changesAt: now + 60_000,
      evidence: [{ label: "calendar", url: "https://github.com/acme/shop", sha: "abcdef0123" }],
      warnings: ["odd form"],
    });
    const rendered = renderDecision(
      decision("wait", [rule("window", verdict)], {
        changesAt: now + 60_000,
        warnings: ["policy, line 3: ignored"],
      }),
      { policy: "policy 1a2b3c4", subject: "#2" },
    );
    expect(rendered.summary).toContain("2026-01-05 12:01 UTC");
    expect(rendered.summary).toContain("window: odd form");
    expect(rendered.summary).toContain("policy, line 3: ignored");
    expect(rendered.summary).toMatch(/Judged \\#\u20602 by policy 1a2b3c4\./);
    expect(rendered.text).toContain("[calendar](https://github.com/acme/shop) at `abcdef0`");
  });
});

describe("what a reader looks for", () => {
  it("stands in the table in this order: unmet, would be, let through, met, does not apply", () => {
    const override = {
      id: "1",
      name: "emergency",
      rules: ["d"],
      sha: "x",
      by: { id: 1, login: "ada", type: "User" as const },
      confirmedBy: [],
      reason: "fire",
      grantedAt: now,
      expiresAt: now + 3_600_000,
    };
    const { summary, title } = renderDecision(
      decision("deny", [
        rule("a", skipped({ found: "", required: "" })),
        rule("b", fine),
        rule("c", lowCoverage, { enforcement: "evaluate" }),
        rule("d", lowCoverage, { overridden: override }),
        rule("e", needsApproval),
        rule("f", lowCoverage),
      ]),
    );
    expect([...summary.matchAll(/^\| `(.)`/gm)].map(([, name]) => name).join("")).toBe("efcdba");
    expect(title).toBe("Needs 1 approval from @acme/security; patch coverage 71% < 80%");
  });

  it("a rule that is only evaluated warns, whatever it would do", () => {
    const { summary } = renderDecision(
      decision("allow", [rule("b", lowCoverage, { enforcement: "evaluate" })]),
    );
    expect(summary).toContain("| ⚠️ fail (would fail; evaluate only) |");
    expect(summary).not.toContain("❌");
  });

  it.each([
    [
      "Titles follow Conventional Commits.",
      "The title must fit: Titles follow Conventional Commits",
    ],
    ["", "The title must match ^(feat|fix): "],
  ])("a description %j is in the title in place of a regular expression", (description, title) => {
    const named = fail({
      found: "no",
      required: "a title like ^(feat|fix): ",
      need: "The title must match ^(feat|fix): ",
      patterns: ["^(feat|fix): "],
    });
    expect(renderDecision(decision("deny", [rule("a", all([named]), { description })])).title).toBe(
      title.trim(),
    );
  });

  it("has one time zone, the policy's, with UTC in brackets; what is quoted stays as it was", () => {
    const closed = pending({
      found: "business is closed, which opens Mon 2026-03-30 09:00 Europe/Berlin",
      required: 'title "until 2026-03-30 07:00 UTC"',
      next: "Gatehouse judges again by itself at 2026-03-29 22:30 UTC.",
    });
    const rules = [rule("w", closed)];
    const { summary } = renderDecision(decision("wait", rules), { zone: "Europe/Berlin" });
    expect(summary).toContain(String.raw`opens Mon 2026-03-30 09:00 Europe/Berlin \(07:00 UTC\) |`);
    expect(summary).toContain(
      String.raw`at Mon 2026-03-30 00:30 Europe/Berlin \(2026-03-29 22:30 UTC\).`,
    );
    expect(summary).toContain('"until 2026-03-30 07:00 UTC"');
    expect(renderDecision(decision("wait", rules)).summary).toContain("2026-03-29 22:30 UTC.");
  });

  it("does not say what a clock that shows a time twice means", () => {
    expect(inZone("from Sun 2026-10-25 02:30 Europe/Berlin", "Europe/Berlin")).toBe(
      "from Sun 2026-10-25 02:30 Europe/Berlin",
    );
  });

  it("can be followed: rules to their lines, the policy, commits", () => {
    const sha = "abcdef0123".padEnd(40, "0");
    const root = "https://github.com/acme/shop";
    const verdict = pending({
      found: "no",
      required: "x",
      next: 'Say `/gate approve "a b"`.',
      evidence: [{ label: "head", sha }],
    });
    const { summary, text } = renderDecision(decision("wait", [rule("w", verdict)]), {
      policy: "policy 1a2b3c4",
      subject: "#2 at abcdef0 onto main",
      sha,
      links: {
        policy: `${root}/blob/main/p.yml`,
        rule: ({ name }) => `${root}/blob/main/p.yml#L3-L4${name === "w" ? "" : "?"}`,
        commit: (each) => `${root}/commit/${each}`,
      },
    });
    expect(summary).toContain(`| [\`w\`](${root}/blob/main/p.yml#L3-L4) |`);
    expect(summary).toContain(`[policy 1a2b3c4](${root}/blob/main/p.yml)`);
    expect(summary).toContain(`at [abcdef0](${root}/commit/${sha}) onto main`);
    expect(summary).toContain('| Say `/gate approve "a b"`. |');
    expect(text).toContain(`at [\`abcdef0\`](${root}/commit/${sha})`);
  });
});

describe("the check run", () => {
  it.each([
    ["allow", "completed", "success"],
    ["deny", "completed", "failure"],
    ["wait", "in_progress", null],
  ] as const)("%s is %s/%s and never neutral", (kind, status, conclusion) => {
    expect(checkRunContent(kind, renderDecision(decision(kind, [])), "id")).toMatchObject({
      status,
      conclusion,
      externalId: "id",
    });
  });

  it("puts the worst annotations first and counts those it leaves out", () => {
    const annotation = (n: number, level: "failure" | "notice") => ({
      path: "a.ts",
      startLine: n,
      endLine: n,
      level,
      title: "t",
      message: `m${n}`,
    });
    const annotations = [
      ...Array.from({ length: 300 }, (_, n) => annotation(n, "notice")),
      annotation(1000, "failure"),
    ];
    const content = checkRunContent(
      "deny",
      { title: "t", summary: "s", text: null, annotations },
      "id",
    );
    expect(content.annotations[0]).toMatchObject({ startLine: 1000, level: "failure" });
    expect(content.annotations).toHaveLength(250);
    expect(content.annotations.at(-1)?.message).toMatch(/and 52 more/);
    expect(
      content.annotations.every((each) => each.startLine >= 1 && each.endLine >= each.startLine),
    ).toBe(true);
  });

  it("keeps within GitHub's bytes and says that it cut", () => {
    const content = checkRunContent(
      "deny",
      { title: "t", summary: "ü".repeat(70_000), text: "x".repeat(70_000), annotations: [] },
      "id",
    );
    for (const text of [content.summary, content.text ?? ""]) {
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(65_535);
      expect(text).toContain("cut here");
    }
  });

  it("cuts a long table between two rows", () => {
    const rows = Array.from({ length: 300 }, (_, n) =>
      rule(`r${n}`, pending({ found: "x".repeat(250), required: "y", next: "Say `/gate ok`." })),
    );
    const { summary } = checkRunContent("wait", renderDecision(decision("wait", rows)), "id");
    expect(summary.split("\n").filter((line) => line.startsWith("| `r"))).not.toHaveLength(300);
    for (const line of summary.split("\n").filter((each) => each.startsWith("| `r")))
      expect(line.endsWith("| Say `/gate ok`. |")).toBe(true);
  });
});

describe("several pull requests on one commit", () => {
  const answer = (label: string, kind: Decision["kind"], title: string) => ({
    label,
    kind,
    rendered: { title, summary: `summary of ${label}`, text: null, annotations: [] },
  });

  it("T15: the strictest answer counts and is named", () => {
    const shared = renderShared([
      answer("#1", "allow", "fine"),
      answer("#2", "deny", "bad"),
      answer("#3", "wait", "later"),
    ]);
    expect(shared).toMatchObject({ kind: "deny", rendered: { title: "#2: bad" } });
    expect(shared?.rendered.summary).toContain("summary of #1");
  });

  it("says it once where all agree", () => {
    expect(
      renderShared([answer("#1", "allow", "fine"), answer("#2", "allow", "fine")])?.rendered.title,
    ).toBe("fine");
    expect(renderShared([])).toBeUndefined();
  });
});

it.each([
  [0, "0 s"],
  [61_000, "1 min 1 s"],
  [90_000_000, "1 d 1 h"],
])("a span of %s ms reads %s", (ms, text) => {
  expect(span(ms)).toBe(text);
});
