import { describe, expect, it } from "vitest";
import { pullRequest, text } from "#core/facts/pull-request.ts";
import { body, branchName, title } from "#core/rules/text-patterns/rule.ts";
import { aPullRequest, anEvent, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const texts = (title: string, body: string) => factsOf(tell(text.need(), { title, body }));

describe("title and body", () => {
  it.each([
    { rule: title, pattern: "^(feat|fix): ", title: "feat: a door", body: "", kind: "pass" },
    { rule: title, pattern: "^(feat|fix): ", title: "a door", body: "feat: no", kind: "fail" },
    { rule: title, pattern: "(?i)^FEAT", title: "feat: x", body: "", kind: "pass" },
    { rule: body, pattern: "## Why", title: "", body: "## Why\nbecause", kind: "pass" },
    {
      rule: body,
      pattern: "(?m)^## Why$",
      title: "",
      body: "Hello\n## Why\nbecause",
      kind: "pass",
    },
    { rule: body, pattern: "## Why", title: "## Why", body: "", kind: "fail" },
    { rule: body, pattern: "## Why", title: "", body: "<!-- ## Why -->\nno", kind: "fail" },
    { rule: body, pattern: "## Why", title: "", body: "<!-- fill in -->\n## Why", kind: "pass" },
    { rule: title, pattern: "-- x", title: "<!-- x -->", body: "", kind: "pass" },
    // A Cyrillic "а" is another letter (T31).
    { rule: title, pattern: "^feat: ", title: "fe\u0430t: x", body: "", kind: "fail" },
  ])("$rule.name like $pattern: $title / $body → $kind", ({ rule, pattern, title, body, kind }) => {
    const verdict = judge(rule, { pattern }, texts(title, body));
    expect(verdict.kind).toBe(kind);
    if (kind === "fail") expect(verdict.need).toContain(pattern);
  });

  it("says that the description is empty", () => {
    expect(judge(body, { pattern: "x" }, texts("t", " \n"))).toMatchObject({
      kind: "fail",
      found: "the description is empty",
    });
  });

  it("T19: a pattern that would stall a backtracking engine is answered at once", () => {
    const verdict = judge(title, { pattern: "^(a+)+$" }, texts(`${"a".repeat(50_000)}!`, ""));
    expect(verdict.kind).toBe("fail");
  });

  it.each(["(", "(?=x)", "(a)\\1", ""])("refuses the pattern %j", (pattern) => {
    expect(title.params.safeParse({ pattern }).success).toBe(false);
  });

  it("refuses unknown keys", () => {
    expect(title.params.safeParse({ pattern: "x", flags: "i" }).success).toBe(false);
  });

  it.each([
    { name: "pull_request.edited", changed: ["title"], heard: true },
    { name: "pull_request.edited", changed: ["body"], heard: false },
    { name: "pull_request.edited", changed: [], heard: true },
    { name: "pull_request.opened", changed: [], heard: true },
  ])("title hears $name of $changed: $heard", ({ name, changed, heard }) => {
    const event = anEvent(name, {
      pullRequest: {
        number: 7,
        headSha: "b",
        baseRef: "main",
        headRef: "x",
        state: "open",
        draft: false,
        changed,
        before: null,
      },
    });
    expect(title.bind({ pattern: "x" }).isAffectedBy(event)).toBe(heard);
  });
});

describe("branch_name", () => {
  it.each([
    { headRef: "feature/door", kind: "pass" },
    { headRef: "door", kind: "fail" },
  ])("$headRef → $kind", ({ headRef, kind }) => {
    const facts = factsOf(tell(pullRequest.need(), aPullRequest({ headRef })));
    expect(judge(branchName, { pattern: "^feature/" }, facts).kind).toBe(kind);
  });
});

describe("tighten", () => {
  it("knows equal patterns only", () => {
    expect(title.compare({ pattern: "a" }, { pattern: "a" })).toBe("same");
    expect(title.compare({ pattern: "a" }, { pattern: "ab" })).toBe("looser");
  });
});
