import { z } from "zod";
import {
  baseCoverage,
  coverageReport,
  type BaseCoverage,
  type CoverageFact,
} from "#core/facts/coverage.ts";
import {
  addedLicenses,
  baseFindings,
  branchTip,
  comparedSources,
  findingTickets,
  scanSources,
  type ScanSourceFact,
} from "#core/facts/findings.ts";
import { baseTests, testReports, type TestsFact } from "#core/facts/test-reports.ts";
import { finishFinding } from "#core/formats/findings/collect.ts";
import type { Finding, FindingKind, FindingSource } from "#core/formats/findings/finding.ts";
import { nativeReaders } from "#core/formats/findings/native/index.ts";
import { readPackage } from "#core/formats/findings/package-name.ts";
import { isKnownTool, kindOf, toolId } from "#core/formats/findings/tool-name.ts";
import { noParams, simulateFact, type SimulatedFact } from "./simulated-fact.ts";
import type { GivenFacts } from "./schema.ts";
import type { World } from "./world.ts";

type FindingWords = NonNullable<GivenFacts["findings"]>[number];

const anyTests = z.object({ from: z.array(z.string()) });
const anyPlace = z.custom<Parameters<typeof coverageReport.need>[0]>(
  (value) => typeof value === "object" && value !== null,
);

/** Percentages alone: no lines behind them. Nothing said is no report. */
function coverageFact({ given: words }: World): CoverageFact {
  const { project = null, patch = null } = words.coverage ?? {};
  if (project === null && patch === null) return { kind: "absent", waiting: [], ignored: [] };
  return {
    kind: "figures",
    from: "artifact",
    reports: [],
    waiting: [],
    project: project === null ? null : { percent: project, covered: null, valid: null },
    patch:
      patch === null
        ? null
        : {
            percent: patch,
            covered: null,
            valid: null,
            unseen: [],
            uncovered: [],
            uncoveredRanges: 0,
            uncoveredLines: 0,
          },
    noPatch: patch === null ? "the facts do not say it" : null,
    workflows: [],
    called: [],
    warnings: [],
    evidence: [],
  };
}

/** Nothing said is no report. What failed, ran. */
function testsFact({ given }: World): TestsFact {
  const { tests } = given;
  if (tests === undefined) return { kind: "absent", waiting: [], ignored: [] };
  const failed = (tests.failed ?? []).map(({ name, path, line }) => ({
    id: name,
    name,
    message: "",
    at: path === undefined ? null : { path, line: line ?? 1 },
  }));
  return {
    kind: "read",
    reports: [],
    ran: Math.max(tests.ran ?? 0, failed.length + (tests.flaky?.length ?? 0)),
    skipped: tests.skipped ?? 0,
    failed,
    failures: failed.length,
    flaky: tests.flaky ?? [],
    waiting: [],
    evidence: [],
  };
}

/** GitHub's own services are meant only where they are named; every other scanner may report in any way. */
const services: readonly string[] = ["dependabot", "dependency-review", "secret-scanning"];

const speaksThrough = (source: FindingSource, tool: string): boolean =>
  services.includes(tool) ? tool === source : source === "artifacts" || source === "code-scanning";

const serviceKinds: Readonly<Record<string, readonly FindingKind[]>> = {
  "dependency-review": ["dependency"],
  dependabot: ["dependency"],
  "secret-scanning": ["secret"],
};

/** What a known scanner looks for; of one that nobody knows, anything (an empty list). */
function kindsSearched(tool: string): readonly FindingKind[] {
  const known = serviceKinds[tool] ?? nativeReaders.find((reader) => reader.tool === tool)?.kinds;
  if (known !== undefined) return known;
  return isKnownTool(tool) ? [kindOf(tool, [])] : [];
}

function sourceFact(source: FindingSource, { given: words }: World): ScanSourceFact {
  const scans = [...new Set((words.scans ?? []).map(toolId))].filter((tool) =>
    speaksThrough(source, tool),
  );
  const found = (words.findings ?? []).filter((finding) => speaksThrough(source, toolOf(finding)));
  const on = !services.includes(source) || scans.length > 0 || found.length > 0;
  return {
    state: on ? "on" : "off",
    note: on ? null : "not among the scans of these facts",
    findings: found.map((finding) => findingOf(finding, source)),
    beyond: {},
    scans: scans.map((tool) => ({ tool, kinds: kindsSearched(tool) })),
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
}

const simulatedSource = (source: FindingSource): SimulatedFact<ScanSourceFact> =>
  simulateFact(scanSources[source], noParams, (_params, world) => sourceFact(source, world));

const toolOf = (finding: FindingWords): string => toolId(finding.tool ?? "scanner");

function findingOf(words: FindingWords, source: FindingSource): Finding {
  const id = words.id ?? words.package ?? words.path ?? "finding";
  const kind = words.kind ?? (words.package === undefined ? "code" : "dependency");
  const finding = finishFinding(
    {
      kind,
      rule: id,
      rating: {
        severity: words.severity ?? (kind === "secret" ? "critical" : "unrated"),
        severitySource: words.severity === undefined ? "none" : "word",
      },
      title: id,
      package: words.package,
      path: words.path,
      startLine: words.line,
      // Two entries of one id in one place are the same finding, whatever reports it.
      toolFingerprint: JSON.stringify([
        id,
        words.path ?? null,
        words.line ?? null,
        words.package ?? null,
      ]),
    },
    toolOf(words),
    source,
    new Map(),
  );
  return { ...finding, id };
}

export const evidenceFacts = {
  coverageReport: simulateFact(coverageReport, anyPlace, (_place, world) => coverageFact(world)),
  testReports: simulateFact(testReports, anyTests, (_place, world) => testsFact(world)),
  baseTests: simulateFact(baseTests, anyTests, (_place, { given }) =>
    given.tests?.base === undefined ? null : { ran: given.tests.base, sha: "base" },
  ),
  baseCoverage: simulateFact(baseCoverage, anyPlace, (_place, { given }): BaseCoverage | null => {
    const percent = given.coverage?.base ?? null;
    return percent === null ? null : { percent, sha: "base", from: "artifact", reports: [] };
  }),
  codeScanning: simulatedSource("code-scanning"),
  dependabotAlerts: simulatedSource("dependabot"),
  dependencyReview: simulatedSource("dependency-review"),
  secretScanning: simulatedSource("secret-scanning"),
  scanArtifacts: simulatedSource("artifacts"),
  baseFindings: simulateFact(baseFindings, z.enum(comparedSources), (source, { given: words }) =>
    (words.findings ?? [])
      .filter((finding) => finding.new === false)
      .map((finding) => findingOf(finding, source).fingerprint),
  ),
  addedLicenses: simulateFact(addedLicenses, noParams, (_params, { given: words }) => ({
    added: (words.licenses ?? []).map((entry) => {
      const named = readPackage(entry.package);
      return {
        package: entry.package,
        name: named?.name ?? entry.package,
        version: named?.version ?? null,
        manifest: null,
        scope: "runtime",
        license: entry.license ?? null,
      };
    }),
    note: null,
  })),
  findingTickets: simulateFact(findingTickets, noParams, () => []),
  branchTip: simulateFact(branchTip, z.string(), (_branch, { headSha }) => headSha),
};
