import { describe, expect, it } from "vitest";
import { baseFile, headFile } from "#core/facts/pull-request.ts";
import { unnamedWorkflow } from "#core/facts/workflows.ts";
import type { Need } from "#core/model/fact.ts";
import { partsChanged, type WorkflowPart } from "#core/rules/kit/trust/workflow-parts.ts";

const ci = ".github/workflows/ci.yml";
type Files = Readonly<Record<string, string>>;

/** Reads the files of a head commit as an evaluation does: what is not there is null. */
function partOf(
  files: Files,
  changed: readonly string[],
  workflow = ci,
  base: Files = files,
): WorkflowPart | undefined {
  const byKey = new Map([
    ...Object.entries(files).map(([path, text]) => [headFile.need(path).key, text] as const),
    ...Object.entries(base).map(([path, text]) => [baseFile.need(path).key, text] as const),
  ]);
  const ask = <Value>(need: Need<Value>): Value | undefined =>
    (byKey.get(need.key) ?? null) as Value;
  return partsChanged([workflow], new Set(changed), ask)?.get(workflow);
}

const steps = (...list: readonly string[]): string =>
  `jobs:\n  unit:\n    steps:\n${list.map((step) => `      - ${step}\n`).join("")}`;
const composite = (...list: readonly string[]): string =>
  `runs:\n  using: composite\n  steps:\n${list.map((step) => `    - ${step}\n`).join("")}`;

const deep: Files = {
  [ci]: "jobs:\n  a:\n    uses: ./.github/workflows/one.yml\n  b:\n    uses: other/repo/.github/workflows/x.yml@main\n",
  ".github/workflows/one.yml": "jobs:\n  a:\n    uses: ./.github/workflows/two.yml\n",
  ".github/workflows/two.yml": steps("uses: actions/checkout@v5", "uses: ./tools/a"),
  "tools/a/action.yaml": composite("uses: ./tools/b/", "run: echo hi"),
  "tools/b/action.yml": "runs:\n  using: node20\n  main: dist/index.js\n",
};

describe("W24: everything local that a workflow uses, to any depth", () => {
  it.each<[what: string, files: Files, changed: readonly string[], kind: string]>([
    ["nothing changed", deep, [], "unchanged"],
    ["something else changed", deep, ["src/a.ts", "tools/c/action.yml"], "unchanged"],
    ["the workflow itself", deep, [ci], "changed"],
    ["a reusable workflow", deep, [".github/workflows/one.yml"], "changed"],
    ["one that it calls", deep, [".github/workflows/two.yml"], "changed"],
    ["a composite action", deep, ["tools/a/action.yaml"], "changed"],
    ["an action that it uses", deep, ["tools/b/action.yml"], "changed"],
    ["a file of that action", deep, ["tools/b/dist/index.js"], "changed"],
    ["a file deep in that action", deep, ["tools/b/src/deep/er.ts"], "changed"],
    ["a folder whose name begins so", deep, ["tools/bb/index.js"], "unchanged"],
    [
      "the repository itself is the action",
      { [ci]: steps("uses: ./"), "action.yml": composite() },
      ["src/a.ts"],
      "changed",
    ],
    [
      "an action that starts a file outside",
      {
        [ci]: steps("uses: ./a"),
        "a/action.yml": "runs:\n  using: node20\n  main: ../dist/index.js\n",
      },
      ["dist/index.js"],
      "changed",
    ],
    [
      "a script that a step runs",
      { [ci]: steps("run: ./scripts/test.sh --all") },
      ["scripts/test.sh"],
      "changed",
    ],
    [
      "one that a shell runs",
      { [ci]: steps("run: bash -e scripts/test") },
      ["scripts/test"],
      "changed",
    ],
    [
      "one that node runs, in its folder",
      { [ci]: steps("run: cd tools && node check.mjs") },
      ["tools/check.mjs"],
      "changed",
    ],
    [
      "another script",
      { [ci]: steps("run: ./scripts/test.sh") },
      ["scripts/other.sh"],
      "unchanged",
    ],
    ["a used file is missing", { [ci]: steps("uses: ./tools/gone") }, ["src/a.ts"], "unknown"],
    [
      "the workflow is missing, and nothing changed could be a part of it",
      {},
      ["src/a.ts"],
      "unchanged",
    ],
    [
      "the workflow is missing, and an action is changed",
      { "src/action.yml": composite() },
      ["src/deep/a.ts"],
      "unknown",
    ],
    ["the workflow is missing, and a script is changed", {}, ["src/a.sh"], "unknown"],
    [
      "the workflow is missing, and another one is changed",
      {},
      [".github/workflows/b.yml"],
      "unknown",
    ],
    [
      "a used file is broken",
      { [ci]: steps("uses: ./a"), "a/action.yml": "runs: [" },
      ["src/a.ts"],
      "unknown",
    ],
    ["a use is no text", { [ci]: "jobs: { a: { uses: [x] } }" }, ["src/a.ts"], "unknown"],
    ["it leads out of the repository", { [ci]: steps("uses: ./../x") }, ["src/a.ts"], "unknown"],
    [
      "a change outweighs what cannot be told",
      { [ci]: steps("uses: ./gone", "uses: ./a"), "a/action.yml": composite() },
      ["a/x"],
      "changed",
    ],
    [
      "a circle",
      {
        [ci]: "jobs: { a: { uses: ./.github/workflows/b.yml } }",
        ".github/workflows/b.yml": "jobs: { a: { uses: ./.github/workflows/b.yml } }",
      },
      ["src/a.ts"],
      "unchanged",
    ],
    [
      "an anchor",
      {
        [ci]: "x: &x { uses: ./a }\njobs:\n  u:\n    steps:\n      - *x\n",
        "a/action.yml": composite(),
      },
      ["a/run.py"],
      "changed",
    ],
  ])("%s", (_what, files, changed, kind) => {
    expect(partOf(files, changed)?.kind).toBe(kind);
  });

  it("is asked with the ref that GitHub adds, or with no name at all", () => {
    expect(partOf(deep, ["tools/b/x"], `${ci}@refs/heads/main`)?.kind).toBe("changed");
    expect(partOf(deep, ["src/a.ts"], unnamedWorkflow)?.kind).toBe("changed");
  });

  it.each<[what: string, head: Files, base: Files, kind: string]>([
    [
      "the base has the workflow, the branch is older",
      {},
      { [ci]: steps("uses: ./a"), "a/action.yml": composite() },
      "changed",
    ],
    [
      "the base's version uses more than the branch's",
      { [ci]: steps("run: x") },
      { [ci]: steps("uses: ./a"), "a/action.yml": composite() },
      "changed",
    ],
    [
      "the branch's version uses more than the base's",
      { [ci]: steps("uses: ./a"), "a/action.yml": composite() },
      { [ci]: steps("run: x") },
      "changed",
    ],
    ["neither uses it", { [ci]: steps("run: x") }, { [ci]: steps("run: y") }, "unchanged"],
  ])("at both ends: %s", (_what, head, base, kind) => {
    expect(partOf(head, ["a/index.js"], ci, base)?.kind).toBe(kind);
  });

  it("says what was changed", () => {
    expect(partOf(deep, ["tools/b/dist/index.js"])).toEqual({
      kind: "changed",
      by: "tools/b/dist/index.js",
    });
  });

  it("more files than anybody writes are not claimed to be unchanged", () => {
    const many: Files = Object.fromEntries(
      Array.from({ length: 120 }, (_, n) => [
        n === 0 ? ci : `a/${n}/action.yml`,
        n === 0 ? steps("uses: ./a/1") : composite(`uses: ./a/${n + 1}`),
      ]),
    );
    expect(partOf(many, ["src/a.ts"])?.kind).toBe("unknown");
  });
});
