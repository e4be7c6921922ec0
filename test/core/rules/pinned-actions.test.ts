import { describe, expect, it } from "vitest";
import { changedFiles, headFile } from "#core/facts/pull-request.ts";
import { pinnedActions } from "#core/rules/pinned-actions/rule.ts";
import { whyNotPinned } from "#core/rules/pinned-actions/pin.ts";
import { aFile, factsOf, sha, tell } from "../build.ts";
import { judge, judgeInRounds } from "../judge.ts";

const workflow = ".github/workflows/ci.yml";
const changed = (texts: Readonly<Record<string, string | null>>) =>
  factsOf(
    tell(
      changedFiles.need(),
      Object.keys(texts).map((path) => aFile(path)),
    ),
    ...Object.entries(texts).map(([path, text]) => tell(headFile.need(path), text)),
  );

const pinned = `actions/checkout@${sha("a")}`;
const steps = (...uses: string[]) =>
  `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${uses.map((each) => `      - uses: ${each}\n`).join("")}`;

describe("a pin", () => {
  it.each([
    [pinned, true],
    [`actions/checkout@${sha("A")}`, true],
    [`octo/repo/.github/workflows/x.yml@${sha("a")}`, true],
    [`octo/repo/path/to/action@${sha("1")}`, true],
    ["./.github/actions/mine", true],
    ["./", true],
    [`docker://alpine@sha256:${"0".repeat(64)}`, true],
    ["actions/checkout@v4", false],
    ["actions/checkout@main", false],
    [`actions/checkout@${sha("a").slice(0, 7)}`, false],
    [`actions/checkout@${sha("a")}0`, false],
    ["actions/checkout", false],
    ["docker://alpine:3.20", false],
    [`docker://alpine@sha256:${"0".repeat(63)}`, false],
    ["../other/action", false],
    ["${{ matrix.action }}", false],
    [`@${sha("a")}`, false],
    ["", false],
    [null, false],
  ])("%s → %s", (value, is) => {
    expect(whyNotPinned(value) === null).toBe(is);
  });
});

describe("pinned_actions", () => {
  it.each([
    { text: steps(pinned), kind: "pass", lines: [] },
    { text: steps(pinned, "actions/setup-node@v4"), kind: "fail", lines: [7] },
    { text: steps("a/b@v1", "c/d@v1"), kind: "fail", lines: [6, 7] },
    // A reusable workflow at the level of a job.
    {
      text: "jobs:\n  call:\n    uses: octo/repo/.github/workflows/x.yml@main\n",
      kind: "fail",
      lines: [3],
    },
    { text: "jobs:\n  call:\n    uses: ./.github/workflows/x.yml\n", kind: "pass", lines: [] },
    // Nothing but jobs and steps uses actions.
    {
      text: "jobs:\n  t:\n    steps:\n      - run: echo\n        with: { uses: a/b@v1 }\n        env:\n          uses: a/b@v1\n",
      kind: "pass",
      lines: [],
    },
    { text: "jobs:\n  t: { steps: [ { uses: 'a/b@v1' } ] }\n", kind: "fail", lines: [2] },
    { text: 'jobs:\n  t:\n    steps:\n      - "uses": "a/b@v1"\n', kind: "fail", lines: [4] },
    {
      text: "jobs:\n  t:\n    steps:\n      - uses: >-\n          a/b@v1\n",
      kind: "fail",
      lines: [4],
    },
    { text: "jobs:\n  t:\n    steps:\n      - uses: 7\n", kind: "fail", lines: [4] },
    { text: "jobs:\n  t:\n    steps:\n      - uses:\n", kind: "fail", lines: [4] },
    // Anchors: the line of the use, wherever its value stands.
    {
      text: "env:\n  A: &x a/b@v1\njobs:\n  t:\n    steps:\n      - uses: *x\n",
      kind: "fail",
      lines: [6],
    },
    {
      text: "jobs:\n  a:\n    steps: &s\n      - uses: a/b@v1\n  b:\n    steps: *s\n",
      kind: "fail",
      lines: [4, 4],
    },
    { text: "", kind: "pass", lines: [] },
    { text: "just text", kind: "pass", lines: [] },
    // What cannot be read was not checked.
    { text: "jobs: [\n", kind: "fail", lines: [2] },
    { text: "jobs: {}\njobs: {}\n", kind: "fail", lines: [2] },
    { text: "[".repeat(200_000), kind: "fail", lines: [1] },
    { text: `a: ${"x".repeat(600_000)}`, kind: "fail", lines: [1] },
    {
      text: `jobs:\n  a: &j\n    steps:\n${"      - uses: ./x\n".repeat(1000)}  b: *j\n`,
      kind: "pass",
      lines: [],
    },
    {
      text: `jobs:\n  a: &j\n    steps:\n${"      - uses: ./x\n".repeat(1000)}${["b", "c", "d", "e", "f"].map((job) => `  ${job}: *j\n`).join("")}`,
      kind: "fail",
      lines: [1],
    },
    {
      text: `jobs:\n  a: &j {}\n${Array.from({ length: 65 }, (_, i) => `  j${i}: *j\n`).join("")}`,
      kind: "fail",
      lines: [1],
    },
  ])("$text", ({ text, kind, lines }) => {
    const verdict = judge(pinnedActions, true, changed({ [workflow]: text }));
    expect(verdict.kind).toBe(kind);
    expect(verdict.annotations.map((annotation) => annotation.startLine)).toEqual(lines);
  });

  it("reads composite actions wherever they stand", () => {
    const composite = "name: x\nruns:\n  using: composite\n  steps:\n    - uses: a/b@v1\n";
    const verdict = judge(
      pinnedActions,
      true,
      changed({ "tools/setup/action.yaml": composite, "action.yml": composite }),
    );
    expect(verdict.annotations.map(({ path, startLine }) => [path, startLine])).toEqual([
      ["tools/setup/action.yaml", 5],
      ["action.yml", 5],
    ]);
  });

  it.each([
    "docs/ci.yml",
    ".github/workflows/sub/ci.yml",
    ".github/workflows/ci.yaml.txt",
    "my-action.yml",
    "src/a.ts",
  ])("does not read %s", (path) => {
    expect(
      judgeInRounds(pinnedActions, true, factsOf(tell(changedFiles.need(), [aFile(path)]))).rounds,
    ).toEqual([["files"]]);
  });

  it("does not read what is removed, and reads what is renamed under its new name", () => {
    const files = [
      aFile(workflow, { status: "removed" }),
      aFile(".github/workflows/new.yml", { status: "renamed", previousPath: "old.yml" }),
    ];
    const judged = judgeInRounds(
      pinnedActions,
      true,
      factsOf(
        tell(changedFiles.need(), files),
        tell(headFile.need(".github/workflows/new.yml"), steps(pinned)),
      ),
    );
    expect(judged.rounds[1]).toEqual([headFile.need(".github/workflows/new.yml").key]);
    expect(judged.verdict).toMatchObject({ kind: "pass", found: "1 use in 1 file, all pinned" });
  });

  it("waits for a file that is not at the head", () => {
    expect(judge(pinnedActions, true, changed({ [workflow]: null })).kind).toBe("pending");
  });

  it("names the line when it is only one", () => {
    const verdict = judge(pinnedActions, true, changed({ [workflow]: steps("a/b@v1") }));
    expect(verdict.need).toBe(
      "an action is not pinned to a commit SHA: .github/workflows/ci.yml:6",
    );
    expect(verdict.annotations[0]?.message).toContain('"a/b@v1" follows v1, which can be moved');
  });
});
