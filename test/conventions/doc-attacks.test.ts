import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { policiesOf } from "../../scripts/docs/markdown.ts";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { writtenLeaves } from "#core/policy/requirement.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { pages, read, root } from "./repository.ts";

/** Each once: a sample policy that stands on two pages is attacked on one. */
const distinct = <T>(list: readonly T[], key: (one: T) => string): readonly T[] => [
  ...new Map(list.map((one) => [key(one), one])).values(),
];

const presets = presetsIn(root);
const policies = distinct(
  [
    ...pages().flatMap((page) =>
      policiesOf(read(page)).map(({ line, text }) => ({ place: `${page}:${line}`, text })),
    ),
    ...[...presets].map(([name, text]) => ({ place: `policies/${name}.yml`, text })),
  ],
  ({ text }) => text,
);

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);

/** Every text under a key of that name, wherever it stands. */
function under(data: unknown, names: readonly string[]): readonly string[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    ...(names.includes(key) ? list.parse(value) : []),
    ...under(value, names),
  ]);
}

/** A text that a glob or a simple pattern matches, as somebody would choose it who reads the policy. */
const sample = (pattern: string): string =>
  pattern
    .replace(/^\(\?i\)/u, "")
    .replace(/\{([^,}]*)[^}]*\}/gu, "$1")
    .replaceAll(/\[0-9\]\+?|\\d\+?/gu, "1")
    .replaceAll(/\*\*\/|[\^$]/gu, "")
    .replaceAll(/\*+/gu, "x");

/** What its author, or anybody with the triage role, calls a pull request. */
interface Called {
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  /** The login that its author took: anybody may take one, but none that ends in `[bot]`. */
  readonly author: string;
  /** Whose commit it is: anybody with write access pushes onto the branch of a bot. */
  readonly wrote?: string;
}

const plain: Called = {
  head: "topic",
  title: "a change",
  body: "",
  draft: false,
  labels: [],
  author: "mallory",
};

function attacksOn(text: string): readonly Called[] {
  const data: unknown = parse(text);
  const heads = [
    ...under(data, ["head_branches", "branch_name", "pattern"]).map(sample),
    "dependabot/npm_and_yarn/x",
    "renovate/x",
    "release/1.0",
    "hotfix/x",
  ];
  const titles = [...under(data, ["title", "pattern"]).map(sample), "Bump x from 1 to 2", "WIP"];
  const labels = [
    ...under(data, ["label", "labels", "without_labels", "all", "any", "none"]).map(sample),
    "dependencies",
    "skip-review",
  ];
  // An App's login without what marks it as one.
  const authors = [
    ...under(data, ["authors", "users"])
      .filter((login) => login.endsWith("[bot]"))
      .map((login) => login.slice(0, -"[bot]".length)),
    "dependabot",
    "renovate",
  ];
  const bots = [
    ...under(data, ["authors", "contributors", "users"]).filter((login) => login.endsWith("[bot]")),
    "dependabot[bot]",
  ];
  const attacks = [
    ...bots.map((author) => ({ ...plain, author, wrote: plain.author })),
    ...authors.map((author) => ({ ...plain, author })),
    ...heads.map((head) => ({ ...plain, head })),
    ...titles.flatMap((title) => [
      { ...plain, title },
      { ...plain, body: title },
    ]),
    ...labels.map((label) => ({ ...plain, labels: [label] })),
    { ...plain, labels },
    { ...plain, draft: true },
  ];
  return distinct(attacks, (called) => JSON.stringify(called));
}

/** What a change touches: an ordinary file, or what the policy names. */
function touchedFiles(text: string): readonly (readonly string[])[] {
  const paths = under(parse(text), ["paths", "only_paths"]).map(sample);
  const touched = [["src/a.ts"], ...paths.map((path) => [path]), [...paths, "src/a.ts"]];
  return distinct(touched, (files) => JSON.stringify(files));
}

/** Verdicts of the rules, on the change of a stranger that nobody has looked at. */
function verdicts(
  text: string,
  called: Called,
  files: readonly string[],
): ReadonlyMap<string, string> {
  const { labels, wrote = called.author, ...pull } = called;
  const result = evaluateSimulated({
    policy: text,
    facts: JSON.stringify({
      pull_request: {
        ...pull,
        base: "main",
        labels: labels.map((name) => ({ name, by: called.author })),
        files: files.map((path) => ({ path, additions: 3 })),
        commits: [{ sha: "c0", author: wrote, verified: true }],
      },
      people: { [called.author]: { role: "write" }, [wrote]: { role: "write" } },
      codeowners: "* @mona\n",
    }),
    clock: Date.parse("2026-03-04T10:00:00Z"),
    presets,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return new Map(result.answer.rules.map(({ name, verdict }) => [name, verdict]));
}

describe("W48: what a pull request is called exempts it from no rule of a documented policy", () => {
  const exempting = policies.flatMap(({ place, text }) => {
    const rules = validatePolicy(text, { presets }).policy?.policy.rules ?? [];
    const bound = rules.filter((rule) => rule.when !== undefined).map(({ name }) => name);
    return bound.length === 0 ? [] : [{ place, text, bound }];
  });

  it("W48: there are documented policies to attack", () => {
    expect(exempting.length).toBeGreaterThan(20);
  });

  it.each(exempting)("$place", ({ text, bound }) => {
    for (const files of touchedFiles(text)) {
      const before = verdicts(text, plain, files);
      const live = bound.filter(
        (rule) => before.get(rule) !== "skipped" && before.get(rule) !== undefined,
      );
      if (live.length === 0) continue;
      // A rule that is met by a title or a label may be: it is not to be escaped by one. A draft merges nowhere.
      for (const called of attacksOn(text).filter(({ draft }) => !draft)) {
        const after = verdicts(text, called, files);
        for (const rule of live)
          expect([rule, after.get(rule), called]).not.toEqual([rule, "skipped", called]);
      }
    }
  });
});

describe("W48: what a pull request is called lets no documented policy off a review", () => {
  const reviewed = policies.flatMap(({ place, text }) => {
    const rules = validatePolicy(text, { presets }).policy?.policy.rules ?? [];
    const asking = rules
      .filter((rule) =>
        writtenLeaves(rule.require).some(({ rule: { name } }) => name === "reviews"),
      )
      .map(({ name }) => name);
    return asking.length === 0 ? [] : [{ place, text, asking }];
  });

  it("W48: there are documented policies to attack", () => {
    expect(reviewed.length).toBeGreaterThan(20);
  });

  it.each(reviewed)("$place", ({ text, asking }) => {
    for (const files of touchedFiles(text)) {
      const before = verdicts(text, plain, files);
      const unmet = asking.filter(
        (rule) => before.get(rule) === "pending" || before.get(rule) === "fail",
      );
      if (unmet.length === 0) continue;
      for (const called of attacksOn(text)) {
        const after = verdicts(text, called, files);
        for (const rule of unmet)
          expect([rule, after.get(rule), called]).toEqual([
            rule,
            expect.stringMatching(/^(?:pending|fail)$/),
            called,
          ]);
      }
    }
  });
});
