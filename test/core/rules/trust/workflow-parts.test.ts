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
    ...(
      [
        ["$GITHUB_WORKSPACE/ci/run", "ci/run"],
        ['"${GITHUB_WORKSPACE}"/ci/run', "ci/run"],
        ["${{ github.workspace }}/ci/run.sh", "ci/run.sh"],
        ["chmod +x ci/run && ci/run", "ci/run"],
        ["python -m ci.run", "ci/run.py"],
        ["cd ci && python3 -m run", "ci/run.py"],
        ["python -m ci", "ci/__main__.py"],
        ["node ci/run", "ci/run.js"],
        ["cd ci && node run", "ci/run.js"],
        ["node ./ci", "ci/index.mjs"],
        ["deno run -A ci/run.ts", "ci/run.ts"],
        ["go run ./ci/check", "ci/check/main.go"],
        ['"./ci/my run.sh"', "ci/my run.sh"],
        ["./ci/my\\ run.sh", "ci/my run.sh"],
        [".\\ci\\run.ps1", "ci/run.ps1"],
        ["cd ci && exec bash -e run.sh", "ci/run.sh"],
        ["bash < ci/run.sh", "ci/run.sh"],
        ["env X=1 ./ci/run", "ci/run"],
        ["cat ci/run.sh | bash", "ci/run.sh"],
        ["node --import ./ci/run.mjs ci/other.js", "ci/run.mjs"],
        ["source ci/env", "ci/env"],
        [". ci/env", "ci/env"],
        ["checkout/ci/run.sh", "ci/run.sh"],
        ["for f in ci/*.sh; do bash $f; done", "ci/run.sh"],
        ["awk -f ci/x.awk in", "ci/x.awk"],
      ] as const
    ).map(
      ([run, file]) =>
        [run, { [ci]: steps(`run: ${JSON.stringify(run)}`) }, [file], "changed"] as [
          string,
          Files,
          readonly string[],
          string,
        ],
    ),
    [
      "a script that an action is told to run",
      { [ci]: steps("{ uses: x/retry@v1, with: { command: ci/run } }") },
      ["ci/run"],
      "changed",
    ],
    [
      "a script that a matrix names",
      {
        [ci]: "jobs:\n  a:\n    strategy: { matrix: { s: [ci/a.sh, ci/b.sh] } }\n    steps:\n      - run: bash ${{ matrix.s }}\n",
      },
      ["ci/b.sh"],
      "changed",
    ],
    [
      "a shell of its own",
      { [ci]: steps("{ run: x, shell: 'ci/shell {0}' }") },
      ["ci/shell"],
      "changed",
    ],
    [
      "a part of its name is hidden",
      { [ci]: steps("run: ./ci/${{ vars.WHICH }}.sh") },
      ["ci/run.sh"],
      "unknown",
    ],
    [
      "a part of its name is in a variable",
      { [ci]: steps("run: bash ci/$WHICH.sh") },
      ["ci/run.sh"],
      "unknown",
    ],
    [
      "the whole command is hidden",
      { [ci]: steps("run: ${{ steps.a.outputs.command }}") },
      ["ci/run.sh"],
      "unknown",
    ],
    [
      "what is hidden could not be what is changed",
      { [ci]: steps("run: ./ci/${{ vars.WHICH }}.sh") },
      ["src/run.sh", "ci/a.md"],
      "unchanged",
    ],
    [
      "words of everyday language name no file",
      { [ci]: steps("run: npm run test && npm run build", "run: npx eslint .") },
      ["src/test.ts", "scripts/build.ts", "src/run.ts", "build"],
      "unchanged",
    ],
    [
      "a sum over a file starts none, nor does a filter of paths",
      {
        [ci]: `on: { push: { paths: [ci/run.sh] } }\n${steps("{ uses: actions/cache@v4, with: { key: \"${{ hashFiles('package-lock.json') }}\" } }")}`,
      },
      ["package-lock.json", "ci/run.sh"],
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
