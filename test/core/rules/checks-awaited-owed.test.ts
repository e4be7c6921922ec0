import { describe, expect, it } from "vitest";
import type { ReportingFact, Triggers } from "#core/facts/reporting.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { aCheck, aFile, aMergeGroup, monday, tell } from "../build.ts";
import { jobNamed } from "#core/facts/checks.ts";
import { changedFiles } from "#core/facts/pull-request.ts";
import { aRun, ci, dco, here, judged, later, lint, type Around } from "./awaited-world.ts";

const on: Triggers = { pull_request: {} };
const places = (
  base: Readonly<Record<string, Triggers>>,
  head: Readonly<Record<string, Triggers>>,
  over: Partial<ReportingFact> = {},
): ReportingFact => ({
  ...here({}),
  workflows: [
    ...Object.entries(base).map(([path, each]) => ({ path, at: "base" as const, on: each })),
    ...Object.entries(head).map(([path, each]) => ({ path, at: "head" as const, on: each })),
  ],
  ...over,
});
const kindOf = (around: Around, params: unknown = { all: true }): VerdictKind =>
  judged(params, around).kind;

describe("a workflow of the base that the change keeps from running is missing", () => {
  it.each<[string, Triggers, Triggers | null]>([
    ["turned off", on, {}],
    ["narrowed to another base", on, { pull_request: { branches: ["x"] } }],
    ["narrowed to other files", on, { pull_request: { paths: ["docs/**"] } }],
    ["narrowed to what is opened", on, { pull_request: { types: ["opened"] } }],
    ["removed", on, null],
    ["turned off for pushes", { push: {} }, {}],
  ])("%s: held, with the way out, and no time ends it", (_what, base, head) => {
    const told = places({ [ci]: base }, head === null ? {} : { [ci]: head });
    for (const now of [monday, later])
      for (const params of [{ all: true }, { names: ["*"] }]) {
        const verdict = judged(params, { here: told, files: ["src/a.ts", ci], now });
        expect(verdict.kind).toBe("pending");
        expect(verdict.need).toBe(`No run of ${ci} has tested this commit`);
        expect(verdict.next).toContain("a pull request of its own");
        expect(verdict.next).toContain("overrides the rule");
        expect(verdict.next).not.toContain("[skip ci]");
        expect(verdict.changesAt).toBeUndefined();
      }
  });

  it("a change of workflows alone passes with a warning", () => {
    const told = places({ [ci]: on }, { [ci]: {} });
    const verdict = judged({ all: true }, { here: told, files: [ci, ".github/actions/x/a.yml"] });
    expect(verdict.kind).toBe("pass");
    expect(verdict.warnings.join()).toContain(`This change keeps ${ci} from running`);
  });

  it.each<[string, Triggers, Triggers, Around, VerdictKind]>([
    ["it runs by another event now", { push: {} }, on, { runs: [aRun()] }, "pass"],
    ["it runs by another event now, and has not", { push: {} }, on, {}, "pending"],
    ["its run is there all the same", on, {}, { runs: [aRun({ event: "push" })] }, "pass"],
    ["it is switched off at GitHub", on, {}, { off: [ci] }, "pass"],
    ["it was for another base", { pull_request: { branches: ["x"] } }, {}, {}, "pass"],
    ["it was for other files", { pull_request: { paths: ["docs/**"] } }, {}, {}, "pass"],
    ["it was for pushes, of a fork", { push: {} }, {}, { pull: { fork: true } }, "pass"],
  ])("not so where %s", (_what, base, head, around, kind) => {
    const told = places({ [ci]: base }, { [ci]: head });
    expect(kindOf({ here: told, files: ["src/a.ts", ci], ...around })).toBe(kind);
  });

  it("one that goes on under another name tests there", () => {
    const files = [
      aFile("src/a.ts"),
      { ...aFile(lint), status: "renamed" as const, previousPath: ci },
    ];
    const around = (head: Triggers): Around => ({
      here: places({ [ci]: on }, { [lint]: head }),
      more: [tell(changedFiles.need(), files)],
    });
    expect(kindOf({ ...around(on), runs: [aRun({ path: lint })] })).toBe("pass");
    expect(kindOf(around(on))).toBe("pending");
    expect(kindOf(around({}))).toBe("pending");
  });
});

describe("a commit is owed what the base started when it was first asked about", () => {
  const first = (was: Readonly<Record<string, Triggers>>): Partial<ReportingFact> => ({
    firstOnBase: Object.entries(was).map(([path, each]) => ({ path, on: each })),
    ran: [ci, lint],
  });
  const both = { [ci]: on, [lint]: on };

  it.each<[string, Readonly<Record<string, Triggers>>]>([
    ["came to the base later", { [ci]: on }],
    ["was for other branches then", { [ci]: on, [lint]: { pull_request: { branches: ["x"] } } }],
    ["was for other files then", { [ci]: on, [lint]: { pull_request: { paths: ["docs/**"] } } }],
  ])("one that %s is a warning at once", (_what, was) => {
    const told = places(both, { [ci]: on }, first(was));
    const verdict = judged({ all: true }, { here: told, runs: [aRun()] });
    expect(verdict.kind).toBe("pass");
    expect(verdict.warnings.join()).toContain(`${lint} came to the base`);
    expect(verdict.warnings.join()).toContain("closed and opened again");
    const ran = [aRun(), aRun({ id: 901, path: lint })];
    expect(judged({ all: true }, { here: told, runs: ran }).warnings).toEqual([]);
  });

  it.each<[string, Partial<ReportingFact>, Readonly<Record<string, Triggers>>]>([
    ["was there then", first(both), { [ci]: on }],
    ["could not be read then", first({ [ci]: on, [lint]: "unreadable" }), { [ci]: on }],
    [
      "is in the commit itself, for pushes",
      first({ [ci]: on }),
      { [ci]: on, [lint]: { push: {} } },
    ],
    ["of which nobody knows", { ran: [lint] }, { [ci]: on }],
  ])("one that %s is waited for", (_what, was, head) => {
    const told = places(both, head, was);
    expect(kindOf({ here: told, runs: [aRun()], now: later })).toBe("pending");
  });

  it("one of the change's own making is no news of the base's", () => {
    const told = places({ [ci]: {} }, { [ci]: on }, first({ [ci]: {} }));
    expect(kindOf({ here: told, files: [ci] })).toBe("pending");
  });
});

describe("with no check at all, if_none: pass_without_ci asks what starts for such a change", () => {
  const without = { all: true, if_none: "pass_without_ci" };
  const ofFile = `${ci} on main`;
  const elsewhere = "checks on #7";
  const signed = (
    triggers: Triggers,
    files: readonly string[] | null = [ci],
    over: Partial<ReportingFact> = {},
  ): ReportingFact => ({
    ...here(triggers),
    signs: [ofFile, elsewhere],
    signsOf: { [ofFile]: [ci], ...(files === null ? {} : { [elsewhere]: files }) },
    ...over,
  });
  const verdictOf = (told: ReportingFact, around: Around = {}, params: unknown = without) =>
    judged(params, { seen: [], here: told, ...around });

  it.each<[string, Triggers, VerdictKind, VerdictKind]>([
    ["for a clock alone", {}, "pass", "pass"],
    ["for other files", { pull_request: { paths: ["docs/**"] } }, "pass", "pass"],
    ["for another base", { pull_request: { branches: ["x"] } }, "pass", "pass"],
    ["for pushes to main", { push: { branches: ["main"] } }, "pass", "pass"],
    ["by what was pushed last", { push: { paths: ["src/**"] } }, "pending", "pass"],
    ["by a label", { pull_request: { types: ["labeled"] } }, "pending", "pass"],
    ["for it", on, "pending", "pending"],
    ["unreadable", "unreadable", "pending", "pending"],
  ])("a workflow %s (%s): %s, half an hour later %s", (_what, triggers, now, then) => {
    const told = signed(triggers);
    const first = verdictOf(told);
    expect(first.kind).toBe(now);
    if (first.kind === "pending") expect(first.changesAt).toBe(later);
    const second = verdictOf(told, { now: later });
    expect(second.kind).toBe(then);
    expect(second.changesAt).toBeUndefined();
    if (then === "pass") expect(second.found).toContain("nothing starts any for such a change");
    else expect(second.next).toContain("closing it and opening it again");
  });

  it("what anybody else reported elsewhere may come, and is waited for", () => {
    const told = signed({}, null);
    for (const now of [monday, later]) {
      const verdict = verdictOf(told, { now });
      expect(verdict.kind).toBe("pending");
      expect(verdict.next).toContain(elsewhere);
      expect(verdict.next).not.toContain(ofFile);
    }
  });

  it("who pins a reporter waits for it", () => {
    for (const pin of [{ workflow: "build.yml" }, { app: "github-actions" }, { app: "circleci" }])
      expect(verdictOf(signed({}), { now: later }, { ...without, ...pin }).kind).toBe("pending");
  });

  it("the first workflow of the base, after the commit, is no reason to wait", () => {
    const told = signed(on, [ci], { ...places({ [ci]: on }, {}), firstOnBase: [] });
    expect(verdictOf({ ...told, signs: [ofFile] }).kind).toBe("pass");
  });

  it("a change with other files that turns CI off waits; one that was switched off does not", () => {
    const { workflows } = places({ [ci]: on }, { [ci]: {} });
    const told = { ...signed({}), workflows };
    for (const now of [monday, later])
      expect(verdictOf(told, { files: ["src/a.ts", ci], now }).kind).toBe("pending");
    const alone = verdictOf(told, { files: [ci] });
    expect(alone.kind).toBe("pass");
    expect(alone.warnings.join()).toContain(`This change keeps ${ci} from running`);
    expect(verdictOf(signed(on), { off: [ci], now: later }).kind).toBe("pass");
  });

  it("a merge group that nothing tests waits", () => {
    expect(verdictOf(signed(on), { subject: aMergeGroup, now: later }).kind).toBe("pending");
  });

  it("`wait` waits, and says what people can do", () => {
    const verdict = verdictOf(signed({}), { now: later }, { all: true });
    expect(verdict.kind).toBe("pending");
    expect(verdict.next).toContain("nothing ever comes");
    expect(verdict.next).toContain("if_none: pass_without_ci");
  });

  it("what is there and does not count is not nothing", () => {
    const beside = aCheck("unit", {
      run: { id: 1, event: "schedule", path: ci, ref: "refs/heads/main" },
    });
    const noJob = tell(jobNamed.need({ run: 1, name: "unit" }), null);
    expect(verdictOf(signed({}), { seen: [beside], more: [noJob] }).kind).toBe("pending");
    expect(verdictOf(signed({}), { seen: [dco] }).kind).toBe("pass");
  });
});
