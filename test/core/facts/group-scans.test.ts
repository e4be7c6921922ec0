import { describe, expect, it } from "vitest";
import { scansOfGroup } from "#core/facts/group-scans.ts";
import type { ScanSourceFact } from "#core/facts/findings.ts";
import { aFinding } from "../formats/findings/builders.ts";

const fact = (over: Partial<ScanSourceFact>): ScanSourceFact => ({
  state: "on",
  note: null,
  findings: [],
  beyond: {},
  scans: [],
  failed: [],
  unreadable: [],
  waiting: [],
  ignored: [],
  dismissedAt: {},
  removed: [],
  workflows: [],
  link: null,
  evidence: [],
  ...over,
});
const scan = { tool: "semgrep", kinds: ["code" as const] };

describe("what a source says of a pull request in a merge group", () => {
  it("T46: only the group's own scan is one", () => {
    expect(scansOfGroup(fact({ scans: [scan] }), fact({})).scans).toEqual([]);
    expect(scansOfGroup(fact({ scans: [scan] }), fact({})).note).toBe(
      "no scan of the merge group's own commit",
    );
    expect(scansOfGroup(fact({}), fact({ scans: [scan] }))).toMatchObject({
      scans: [scan],
      note: null,
    });
  });

  it("findings, what is only counted, and what nobody can read are those of both", () => {
    const ours = aFinding({ fingerprint: "ours" });
    const its = aFinding({ fingerprint: "its" });
    const merged = scansOfGroup(
      fact({
        findings: [its],
        beyond: { high: 2 },
        unreadable: ["a", "b"],
        dismissedAt: { its: 1 },
      }),
      fact({
        findings: [ours],
        beyond: { high: 1, low: 3 },
        unreadable: ["b"],
        dismissedAt: { ours: 2 },
      }),
    );
    expect(merged).toMatchObject({
      findings: [ours, its],
      beyond: { high: 3, low: 3 },
      unreadable: ["b", "a"],
      dismissedAt: { its: 1, ours: 2 },
    });
  });

  it.each<[ScanSourceFact["state"], ScanSourceFact["state"], ScanSourceFact["state"]]>([
    ["on", "off", "on"],
    ["off", "on", "on"],
    ["off", "off", "off"],
  ])("%s for the pull request and %s for the group is %s", (member, group, state) => {
    expect(scansOfGroup(fact({ state: member }), fact({ state: group })).state).toBe(state);
  });
});
