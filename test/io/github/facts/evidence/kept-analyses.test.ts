import { describe, expect, it } from "vitest";
import {
  type CodeScanningAnalysis,
  codeScanningAnalysisSchema,
} from "#core/formats/findings/github/code-scanning.ts";
import { lostAnalyses } from "#io/github/facts/evidence/kept-analyses.ts";

const nightly = ".github/workflows/nightly.yml";
let ids = 0;
const found = (results: number, workflow: string | null = nightly): CodeScanningAnalysis =>
  codeScanningAnalysisSchema.parse({
    id: (ids += 1),
    results_count: results,
    analysis_key: workflow === null ? "(default)" : `${workflow}:scan`,
    commit_sha: "a".repeat(40),
    ref: "refs/heads/main",
    category: "scan",
    error: "",
    tool: { name: "Trivy", version: "1" },
  });
const lost = async (
  own: readonly CodeScanningAnalysis[],
  changed: readonly string[] = [],
): Promise<readonly string[]> =>
  (await lostAnalyses(own, [], () => Promise.resolve(changed))).map(({ what }) => what);

describe("A12: scans of the same commit, one after the other", () => {
  const evil = ".github/workflows/evil.yml";
  const github = "dynamic/github-code-scanning/codeql";

  it.each([
    ["its own workflow finds less", [found(5), found(4)]],
    ["its own workflow finds less, and then more", [found(5), found(4), found(7)]],
    ["GitHub's own set-up finds less", [found(5, github), found(0, github)]],
    ["another workflow finds as much", [found(5), found(5, evil)]],
    ["its own workflow comes after another", [found(5), found(0, evil), found(4)]],
  ])("%s: nothing is lost", async (_what, own) => {
    expect(await lost(own)).toEqual([]);
  });

  it.each([
    [
      "another workflow finds less",
      [found(5), found(0, evil)],
      /with 5 results.*evil\.yml with 0/u,
    ],
    ["its own finds less, then another", [found(5), found(4), found(0, evil)], /with 4 results/u],
    [
      "an upload without a workflow finds less",
      [found(5), found(4, null)],
      /from elsewhere with 4/u,
    ],
    ["neither has a workflow", [found(5, null), found(4, null)], /from elsewhere with 4/u],
  ])("%s: what it found is lost", async (_what, own, says) => {
    expect(await lost(own)).toEqual([expect.stringMatching(says)]);
  });

  it("nothing takes the place by a workflow that the change edits; what it edits is asked only then", async () => {
    expect(await lost([found(5), found(4)], [nightly])).toEqual([
      expect.stringContaining("which this change edits"),
    ]);
    const never = (): Promise<never> => Promise.reject(new Error("asked"));
    expect(await lostAnalyses([found(4), found(5), found(0, evil)], [], never)).toHaveLength(1);
  });
});
