import { describe, expect, it } from "vitest";
import { withSeen, type KeptRun } from "#io/github/facts/evidence/kept-evidence.ts";

const aRun = (parts: Partial<KeptRun> = {}): KeptRun => ({
  id: 1,
  attempt: 1,
  over: false,
  name: "ci",
  path: ".github/workflows/ci.yml",
  workflow: "ci",
  event: "push",
  startedAt: 0,
  fork: false,
  artifacts: [],
  ...parts,
});
const anArtifact = (id: number, kinds: KeptRun["artifacts"][number]["kinds"]) => ({
  id,
  name: `a${id}`,
  digest: null,
  attempt: 1,
  kinds,
});

describe("what is kept of a commit's evidence", () => {
  it("is the same in whichever order readers come", () => {
    const one = [aRun({ artifacts: [anArtifact(1, ["tests"])] }), aRun({ id: 2 })];
    const other = [
      aRun({ over: true, artifacts: [anArtifact(1, ["coverage"]), anArtifact(2, ["scan"])] }),
      aRun({ id: 3 }),
    ];
    const kept = withSeen(withSeen([], one), other);
    expect(withSeen(withSeen([], other), one)).toEqual(kept);
    expect(kept.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(kept[0]).toMatchObject({
      over: true,
      artifacts: [
        { id: 1, kinds: ["tests", "coverage"] },
        { id: 2, kinds: ["scan"] },
      ],
    });
  });

  it("is not taken back by a reader that saw an earlier attempt", () => {
    const rerun = aRun({ attempt: 2, over: true });
    expect(withSeen([rerun], [aRun({ attempt: 1 })])).toEqual([rerun]);
    expect(withSeen([aRun({ attempt: 1, over: true })], [aRun({ attempt: 2 })])).toEqual([
      aRun({ attempt: 2 }),
    ]);
  });
});
