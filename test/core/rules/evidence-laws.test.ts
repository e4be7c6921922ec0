import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  baseCoverage,
  coverageReport,
  type CoverageFact,
  type UnseenFile,
} from "#core/facts/coverage.ts";
import {
  baseFindings,
  comparedSources,
  findingTickets,
  scanSources,
  type ScanSourceFact,
} from "#core/facts/findings.ts";
import { changedFiles, commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import {
  findingSources,
  severities,
  type Finding,
  type FindingSource,
} from "#core/formats/findings/finding.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { coverage } from "#core/rules/coverage/rule.ts";
import { findings } from "#core/rules/findings/rule.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { aCommit, aFile, anIdentity, aPullRequest, bob, dave, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

type Sources = Readonly<Partial<Record<FindingSource, ScanSourceFact>>>;

const empty: ScanSourceFact = {
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
};

const scansSay = (sources: Sources, params: unknown): VerdictKind =>
  judge(
    findings,
    params,
    factsOf(
      ...findingSources.map((source) =>
        tell(scanSources[source].need(), sources[source] ?? { ...empty, state: "off" }),
      ),
      tell(repository.need(), {
        id: 1,
        owner: "acme",
        name: "shop",
        private: true,
        defaultBranch: "main",
      }),
      tell(pullRequest.need(), aPullRequest()),
      tell(commits.need(), [aCommit({ authors: [anIdentity(bob)] })]),
      tell(pushers.need(), [dave]),
      tell(changedFiles.need(), [aFile("src/a.ts")]),
      ...comparedSources.map((source) => tell(baseFindings.need(source), null)),
      tell(findingTickets.need(), []),
    ),
  ).kind;

const tools = ["codeql", "trivy", "semgrep"] as const;
const aFinding = fc
  .record({
    n: fc.nat({ max: 9_999 }),
    tool: fc.constantFrom(...tools),
    severity: fc.constantFrom(...severities),
    suppressed: fc.boolean(),
  })
  .map(({ n, ...one }): Finding => ({
    ...one,
    id: `${one.tool}:r${n}:x`,
    kind: "code",
    source: "artifacts",
    rule: `r${n}`,
    severitySource: "word",
    title: `Problem ${n}`,
    path: `src/${n}.ts`,
    startLine: 1,
    fingerprint: `f${n}`,
    aliases: [],
  }));
const aSource = fc
  .record({
    findings: fc.array(aFinding, { maxLength: 4 }),
    scans: fc.subarray([...tools]),
    unreadable: fc.subarray(["a broken report"]),
    waiting: fc.subarray(["Scan"]),
    failed: fc.subarray(["snyk"]),
  })
  .map(({ scans, failed, ...one }): ScanSourceFact => ({
    ...empty,
    ...one,
    scans: scans.map((tool) => ({ tool, kinds: ["code"] })),
    failed: failed.map((tool) => ({ tool, reason: "no network" })),
  }));
const worlds = fc.record({ artifacts: aSource, "code-scanning": aSource });
const demands = fc.constantFrom<unknown>(
  {},
  { block: "high" },
  { block: "low", require_scan: "none" },
  { require_scan: ["codeql", "trivy"] },
  { from: ["artifacts"] },
  { tools: ["codeql"], require_scan: "any" },
);

describe("laws of evidence: findings", () => {
  it("more evidence never turns wait or deny into allow unless it is a scan", () => {
    fc.assert(
      fc.property(worlds, aSource, demands, (world, more, params) => {
        fc.pre(scansSay(world, params) !== "pass");
        const { artifacts } = world;
        const grown: ScanSourceFact = {
          ...artifacts,
          findings: [...artifacts.findings, ...more.findings],
          unreadable: [...artifacts.unreadable, ...more.unreadable],
          waiting: [...artifacts.waiting, ...more.waiting],
          failed: [...artifacts.failed, ...more.failed],
        };
        expect(scansSay({ ...world, artifacts: grown }, params)).not.toBe("pass");
      }),
    );
  });

  it("a scan more never makes a deny an allow", () => {
    fc.assert(
      fc.property(worlds, aSource, demands, (world, more, params) => {
        fc.pre(scansSay(world, params) === "fail");
        const { artifacts } = world;
        const grown = { ...artifacts, scans: [...artifacts.scans, ...more.scans] };
        expect(scansSay({ ...world, artifacts: grown }, params)).toBe("fail");
      }),
    );
  });

  it("removing evidence never turns deny into allow: a scan, what is awaited, any other finding", () => {
    fc.assert(
      fc.property(worlds, demands, (world, params) => {
        fc.pre(scansSay(world, params) === "fail");
        const { artifacts } = world;
        const without = (over: Partial<ScanSourceFact>): VerdictKind =>
          scansSay({ ...world, artifacts: { ...artifacts, ...over } }, params);
        for (const over of [{ scans: [] }, { waiting: [] }, { unreadable: [] }, { failed: [] }])
          expect(without(over)).toBe("fail");
        expect(
          without({ findings: artifacts.findings.filter(({ suppressed }) => !suppressed) }),
        ).toBe("fail");
      }),
    );
  });

  it("removing a scan never turns wait into allow", () => {
    fc.assert(
      fc.property(worlds, demands, (world, params) => {
        fc.pre(scansSay(world, params) !== "pass");
        const artifacts = { ...world.artifacts, scans: world.artifacts.scans.slice(1) };
        expect(scansSay({ ...world, artifacts }, params)).not.toBe("pass");
      }),
    );
  });

  it("a report from which findings were taken out is no clean scan", () => {
    const words = ["critical", "high", "moderate", "low"] as const;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (all, pick) => {
          const counts = Object.fromEntries(
            words.map((word) => [word, all.filter((one) => one === word).length]),
          );
          const listed = (list: readonly string[]): unknown => ({
            auditReportVersion: 2,
            vulnerabilities: Object.fromEntries(
              list.map((severity, n) => [`p${n}`, { name: `p${n}`, severity, via: [] }]),
            ),
            metadata: { vulnerabilities: { ...counts, total: all.length } },
          });
          const isScan = (list: readonly string[]): boolean => {
            const reading = readFindings("npm-audit.json", JSON.stringify(listed(list)));
            return reading.kind === "report" && reading.report.runs.every(({ scanned }) => scanned);
          };
          expect(isScan(all)).toBe(true);
          expect(isScan(all.filter((_one, at) => at !== pick % all.length))).toBe(false);
        },
      ),
    );
  });
});

type Figures = Extract<CoverageFact, { kind: "figures" }>;

const coverageSays = (fact: CoverageFact, params: unknown): VerdictKind =>
  judge(
    coverage,
    params,
    factsOf(
      tell(coverageReport.need({}), fact),
      tell(baseCoverage.need({}), null),
      tell(changedFiles.need(), [aFile("src/a.ts")]),
    ),
  ).kind;

/** Covered and all lines of a project, or of what a change adds to it. */
const measured = (covered: number, valid: number) => ({
  percent: valid === 0 ? 0 : (covered * 100) / valid,
  covered,
  valid,
});
const ofPatch = (covered: number, valid: number) => ({
  ...measured(covered, valid),
  percent: valid === 0 ? null : (covered * 100) / valid,
});
const unseenFile: UnseenFile = { path: "src/a.ts", lines: 3, why: "unmeasured" };

const someFigures = fc
  .record({
    valid: fc.integer({ min: 1, max: 50 }),
    covered: fc.nat({ max: 50 }),
    patchValid: fc.integer({ min: 0, max: 20 }),
    patchCovered: fc.nat({ max: 20 }),
    waiting: fc.subarray(["CI"]),
    unseen: fc.subarray([unseenFile]),
  })
  .map(({ valid, covered, patchValid, patchCovered, waiting, unseen }): Figures => ({
    kind: "figures",
    from: "artifact",
    reports: [],
    waiting,
    project: measured(Math.min(covered, valid), valid),
    patch: {
      ...ofPatch(Math.min(patchCovered, patchValid), patchValid),
      unseen,
      uncovered: [],
      uncoveredRanges: 0,
      uncoveredLines: 0,
    },
    noPatch: null,
    workflows: [],
    called: [],
    warnings: [],
    evidence: [],
  }));
const shares = fc.constantFrom<unknown>(
  {},
  { project: 50 },
  { patch: 80 },
  { project: 60, patch: 60 },
);

describe("laws of evidence: coverage", () => {
  it("less of it, a file that nobody saw, or a run that may still report never makes an allow", () => {
    fc.assert(
      fc.property(someFigures, fc.nat({ max: 5 }), shares, (fact, less, params) => {
        fc.pre(coverageSays(fact, params) !== "pass");
        const worse: Figures[] = [{ ...fact, waiting: ["CI"] }];
        const { project, patch } = fact;
        if (project?.covered !== null && project?.valid !== null && project !== null)
          worse.push({
            ...fact,
            project: measured(Math.max(0, project.covered - less), project.valid),
          });
        if (patch?.covered !== null && patch?.valid !== null && patch !== null)
          worse.push(
            {
              ...fact,
              patch: { ...patch, ...ofPatch(Math.max(0, patch.covered - less), patch.valid) },
            },
            { ...fact, patch: { ...patch, unseen: [...patch.unseen, unseenFile] } },
          );
        for (const one of worse) expect(coverageSays(one, params)).not.toBe("pass");
      }),
    );
  });

  it("removing the report, or what it says of the patch, never turns deny into allow", () => {
    fc.assert(
      fc.property(someFigures, shares, (fact, params) => {
        fc.pre(coverageSays(fact, params) === "fail");
        expect(coverageSays({ kind: "absent", waiting: [], ignored: [] }, params)).not.toBe("pass");
        const noPatch: Figures = { ...fact, patch: null, noPatch: "it gives totals alone" };
        const isOfPatch = JSON.stringify(params).includes("patch");
        if (isOfPatch) expect(coverageSays(noPatch, params)).not.toBe("pass");
      }),
    );
  });
});
