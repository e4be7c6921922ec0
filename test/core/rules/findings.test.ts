import { scansOfGroup } from "#core/facts/group-scans.ts";
import { describe, expect, it } from "vitest";
import {
  baseFindings,
  comparedSources,
  findingTickets,
  scanSources,
  type ComparedSource,
  type FindingTicket,
  type ScanSourceFact,
} from "#core/facts/findings.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { changedFiles, commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import {
  findingSources,
  type Finding,
  type FindingSource,
} from "#core/formats/findings/finding.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import { keysOf, packageKey } from "#core/formats/findings/same-finding.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { Verdict } from "#core/model/verdict.ts";
import { contributorsOfDeployment } from "#core/people/deployed-contributors.ts";
import { findings } from "#core/rules/findings/rule.ts";
import {
  aCheckEvent,
  aCommit,
  aDeployment,
  aFile,
  alice,
  anEvent,
  anIdentity,
  aPullRequest,
  bob,
  bothEnds,
  carol,
  dave,
  factsOf,
  minute,
  monday,
  tell,
} from "../build.ts";
import { judge as judgeRule, type Surroundings } from "../judge.ts";

let next = 0;
function aFinding(over: Partial<Finding> = {}): Finding {
  const rule = over.rule ?? "js/sqli";
  return {
    id: `${over.tool ?? "codeql"}:${rule}:${next}`,
    kind: "code",
    source: "artifacts",
    tool: "codeql",
    rule,
    severity: "critical",
    severitySource: "word",
    title: `Problem ${rule}`,
    path: "src/a.ts",
    startLine: 3,
    fingerprint: `${rule}-${(next += 1)}`,
    suppressed: false,
    aliases: [],
    ...over,
  };
}

const on = (over: Partial<ScanSourceFact> = {}): ScanSourceFact => ({
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
const off = (note = "switched off"): ScanSourceFact => on({ state: "off", note });
const scanned = (tool: string, ...kinds: Finding["kind"][]): Partial<ScanSourceFact> => ({
  scans: [{ tool, kinds: kinds.length === 0 ? ["code"] : kinds }],
});

interface World {
  readonly sources?: Partial<Record<FindingSource, ScanSourceFact>>;
  readonly isPublic?: boolean;
  readonly known?: readonly string[] | null;
  /** What each source says of the base; `known` for those that are left out. */
  readonly base?: Partial<Record<ComparedSource, readonly string[] | null>>;
  readonly tickets?: readonly FindingTicket[];
  readonly files?: readonly string[];
}

/** Sources that a test does not speak of are off. */
function world({
  sources = {},
  isPublic = false,
  known = null,
  base = {},
  tickets = [],
  files = ["src/a.ts"],
}: World = {}): FactTable {
  return factsOf(
    ...findingSources.map((source) => tell(scanSources[source].need(), sources[source] ?? off())),
    tell(repository.need(), {
      id: 1,
      owner: "acme",
      name: "shop",
      private: !isPublic,
      defaultBranch: "main",
    }),
    tell(pullRequest.need(), aPullRequest()),
    tell(commits.need(), [aCommit({ authors: [anIdentity(bob)] })]),
    tell(pushers.need(), [dave]),
    tell(
      changedFiles.need(),
      files.map((path) => aFile(path)),
    ),
    ...comparedSources.map((source) =>
      tell(baseFindings.need(source), base[source] === undefined ? known : base[source]),
    ),
    tell(findingTickets.need(), tickets),
  );
}

const judge = (params: unknown, table: FactTable, around: Surroundings = {}): Verdict =>
  judgeRule(findings, params, table, around);

const codeql = (...list: readonly Finding[]): World => ({
  sources: { artifacts: on({ ...scanned("codeql"), findings: list }) },
});

describe("findings", () => {
  it.each<[string, unknown, World, string, RegExp]>([
    [
      "nothing found by a scan of this commit",
      {},
      codeql(),
      "pass",
      /no finding; scanned by codeql/,
    ],
    ["a critical finding", {}, codeql(aFinding()), "fail", /1 critical/],
    [
      "a high one below the threshold",
      {},
      codeql(aFinding({ severity: "high" })),
      "pass",
      /1 high/,
    ],
    [
      "a high one at the threshold",
      { block: "high" },
      codeql(aFinding({ severity: "high" })),
      "fail",
      /1 high/,
    ],
    ["nothing blocks", { block: "none" }, codeql(aFinding()), "pass", /1 critical/],
    [
      "unrated counts as medium",
      { block: "medium" },
      codeql(aFinding({ severity: "unrated" })),
      "fail",
      /1 medium/,
    ],
    [
      "unrated counts as the policy says",
      { unrated: "critical" },
      codeql(aFinding({ severity: "unrated" })),
      "fail",
      /1 critical/,
    ],
    [
      "unrated below the threshold",
      { block: "high" },
      codeql(aFinding({ severity: "unrated" })),
      "pass",
      /1 medium/,
    ],
    [
      "of another kind",
      { kinds: ["secret"], require_scan: "none" },
      codeql(aFinding()),
      "pass",
      /no finding/,
    ],
    ["of the kind asked for", { kinds: ["code"] }, codeql(aFinding()), "fail", /1 critical/],
    [
      "of another tool",
      { tools: ["Semgrep OSS"], require_scan: "none" },
      codeql(aFinding()),
      "pass",
      /no finding/,
    ],
    [
      "of the tool asked for, under its own name",
      { tools: ["CodeQL command-line toolchain"] },
      codeql(aFinding()),
      "fail",
      /1 critical/,
    ],
    [
      "suppressed in the report",
      {},
      codeql(aFinding({ suppressed: true, suppression: { kind: "inSource", accepted: true } })),
      "pass",
      /no finding/,
    ],
    [
      "a suppression that is not accepted",
      {},
      codeql(aFinding({ suppressed: true, suppression: { kind: "external", accepted: false } })),
      "fail",
      /1 critical/,
    ],
    [
      "a suppression that has expired",
      {},
      codeql(
        aFinding({
          suppressed: true,
          suppression: { kind: "external", accepted: true, expires: monday },
        }),
      ),
      "fail",
      /1 critical/,
    ],
    [
      "the same finding of two sources counts once",
      {},
      (() => {
        const one = aFinding();
        return {
          sources: {
            artifacts: on({ ...scanned("codeql"), findings: [one] }),
            "code-scanning": on({
              ...scanned("codeql"),
              findings: [{ ...one, source: "code-scanning" }],
            }),
          },
        };
      })(),
      "fail",
      /^1 critical;/,
    ],
    [
      "more findings than are kept one by one",
      {},
      { sources: { artifacts: on({ ...scanned("codeql"), beyond: { critical: 7, low: 3 } }) } },
      "fail",
      /and 7 more/,
    ],
    [
      "minor ones beyond what is kept",
      {},
      { sources: { artifacts: on({ ...scanned("codeql"), beyond: { low: 3 } }) } },
      "pass",
      /no finding/,
    ],
  ])("%s", (_title, params, facts, kind, found) => {
    const verdict = judge(params, world(facts));
    expect(verdict.kind).toBe(kind);
    expect(verdict.found).toMatch(found);
  });

  it("says what must be done", () => {
    expect(judge({}, world(codeql(aFinding()))).need).toBe(
      "1 critical finding must be fixed or waived",
    );
    expect(
      judge(
        { block: "high" },
        world(codeql(aFinding(), aFinding({ severity: "high" }), aFinding({ severity: "high" }))),
      ).need,
    ).toBe("1 critical, 2 high findings (high or above) must be fixed or waived");
  });

  describe("scans", () => {
    it.each<[string, unknown, World, string, RegExp]>([
      ["T25: nothing scanned, no alert", {}, {}, "pending", /nothing scanned/],
      [
        "T25: alerts of another commit's scan",
        {},
        { sources: { "code-scanning": on({ note: "no analysis of exactly this commit" }) } },
        "pending",
        /nothing scanned/,
      ],
      ["no scan asked for", { require_scan: "none" }, {}, "pass", /nothing scanned/],
      [
        "a dependency review that found nothing is a scan",
        {},
        { sources: { "dependency-review": on(scanned("dependency-review", "dependency")) } },
        "pass",
        /dependency-review/,
      ],
      [
        "but none of code",
        { kinds: ["code"] },
        { sources: { "dependency-review": on(scanned("dependency-review", "dependency")) } },
        "pending",
        /dependency-review/,
      ],
      [
        "nor of another tool",
        { tools: ["codeql"] },
        { sources: { "dependency-review": on(scanned("dependency-review", "dependency")) } },
        "pending",
        /dependency-review/,
      ],
      [
        "T25: the tool asked for did not scan",
        { require_scan: ["codeql", "trivy"] },
        codeql(),
        "pending",
        /codeql/,
      ],
      [
        "each tool asked for scanned, in two sources",
        { require_scan: ["CodeQL", "trivy"] },
        {
          sources: {
            "code-scanning": on(scanned("codeql")),
            artifacts: on(scanned("trivy", "dependency")),
          },
        },
        "pass",
        /codeql, trivy/,
      ],
      [
        "a scan that says of itself that it failed",
        {},
        { sources: { artifacts: on({ failed: [{ tool: "snyk", reason: "no network" }] }) } },
        "pending",
        /nothing scanned/,
      ],
      [
        "Dependabot alone proves no scan of a commit",
        {},
        { sources: { dependabot: on() } },
        "pending",
        /nothing scanned/,
      ],
      [
        "unless it is what is asked for",
        { from: ["dependabot"] },
        { sources: { dependabot: on() } },
        "pass",
        /dependabot/,
      ],
      [
        "by name of the tool",
        { require_scan: ["secret-scanning"] },
        { sources: { "secret-scanning": on() } },
        "pass",
        /secret-scanning/,
      ],
      [
        "a named source that is switched off",
        { from: ["code-scanning"] },
        {},
        "pending",
        /nothing scanned/,
      ],
      [
        "also where no scan is asked for",
        { from: ["code-scanning"], require_scan: "none" },
        {},
        "pending",
        /nothing scanned/,
      ],
      [
        "a named source without an analysis, another one with",
        { from: ["code-scanning", "artifacts"] },
        { sources: { artifacts: on(scanned("trivy")), "code-scanning": on() } },
        "pending",
        /trivy/,
      ],
      ["an unnamed source that is off is listed only", {}, codeql(), "pass", /codeql/],
    ])("%s", (_title, params, facts, kind, found) => {
      const verdict = judge(params, world(facts));
      expect(verdict.kind).toBe(kind);
      expect(verdict.found).toMatch(found);
    });

    it("lists every source that did not scan, and why", () => {
      const verdict = judge(
        {},
        world({
          sources: {
            artifacts: on({
              ...scanned("codeql"),
              failed: [{ tool: "snyk", reason: "no network" }],
            }),
            "code-scanning": off("code scanning is switched off"),
          },
        }),
      );
      expect(verdict.warnings).toEqual(
        expect.arrayContaining([
          "not scanned: code-scanning: code scanning is switched off",
          "not scanned: snyk: no network",
        ]),
      );
    });

    it("waits for a run that may bring the report", () => {
      expect(
        judge({}, world({ sources: { artifacts: on({ waiting: ["Security"] }) } })).next,
      ).toContain("Security will report by itself");
    });

    it("a scan is there and a run goes on that may bring another: a pass waits, a failure does not", () => {
      const source = (over: Partial<ScanSourceFact>) =>
        world({
          sources: { artifacts: on({ ...scanned("codeql"), waiting: ["Trivy"], ...over }) },
        });
      expect(judge({}, source({}))).toMatchObject({
        kind: "pending",
        need: "CI is still running and may bring another report",
        next: expect.stringContaining("Trivy"),
        changesAt: monday + 5 * minute,
      });
      expect(judge({}, source({ findings: [aFinding({ severity: "critical" })] })).kind).toBe(
        "fail",
      );
      expect(judge({}, source({ waiting: [] })).kind).toBe("pass");
    });

    it("403/404 ambiguity: a report that nobody can read is unknown, whatever else was scanned", () => {
      const verdict = judge(
        {},
        world({
          sources: {
            artifacts: on({
              ...scanned("codeql"),
              unreadable: ["artifact scans: trivy.sarif: it is cut off"],
            }),
          },
        }),
      );
      expect(verdict).toMatchObject({
        kind: "unknown",
        need: expect.stringContaining("trivy.sarif"),
      });
    });

    it("A12: what is gone without being mended is unknown, and its own remedy is said", () => {
      const lost = [{ what: "trivy analysed it", remedy: "Run it again." }];
      for (const group of [false, true]) {
        const source = on({ ...scanned("codeql"), ...(group ? {} : { lost }) });
        const fact = group ? scansOfGroup(on({ lost }), source) : source;
        expect(judge({}, world({ sources: { "code-scanning": fact } }))).toMatchObject({
          kind: "unknown",
          need: "what a scan found is gone: trivy analysed it",
          next: "Run it again.",
        });
      }
    });

    it("W24: nor does one whose local action is changed here", () => {
      const facts = new Map([
        ...world({
          sources: {
            artifacts: on({ ...scanned("codeql"), workflows: [".github/workflows/scan.yml"] }),
          },
          files: ["tools/scan/run.sh"],
        }),
        ...bothEnds(
          ".github/workflows/scan.yml",
          "jobs: { scan: { steps: [{ uses: ./tools/scan }] } }",
        ),
      ]);
      expect(judge({ trusted: true }, facts).kind).toBe("pending");
      expect(judge({}, facts).kind).toBe("pass");
    });

    it("T23: a report of a workflow that is changed here proves nothing where only trusted ones do", () => {
      const facts: World = {
        sources: {
          artifacts: on({ ...scanned("codeql"), workflows: [".github/workflows/scan.yml"] }),
        },
        files: [".github/workflows/scan.yml"],
      };
      expect(judge({ trusted: true }, world(facts))).toMatchObject({
        kind: "pending",
        warnings: expect.arrayContaining(["not scanned: artifacts: its workflow is changed here"]),
      });
      expect(judge({}, world(facts)).kind).toBe("pass");
    });

    it("P340: another scan does not stand in for a tool that scanned an earlier head", () => {
      const sources = {
        "dependency-review": on(scanned("dependency-review", "dependency")),
        "code-scanning": on({ awaited: [{ tool: "codeql", kinds: ["code"] }] }),
      };
      const facts = world({ sources });
      expect(judge({ require_scan: "any" }, facts)).toMatchObject({
        kind: "pending",
        need: "not scanned: codeql",
      });
      expect(judge({ require_scan: "any", kinds: ["dependency"] }, facts).kind).toBe("pass");
      expect(judge({ require_scan: ["dependency-review"] }, facts).kind).toBe("pass");
    });

    it("P340: a scanner of which nothing begins on this head is waited for until its end, and warned of then", () => {
      const facts = (until?: number): FactTable =>
        world({
          sources: {
            "dependency-review": on(scanned("dependency-review", "dependency")),
            "code-scanning": on({ awaited: [{ tool: "trivy", kinds: ["container"], until }] }),
          },
        });
      const asked = { require_scan: "any" };
      expect(judge(asked, facts(monday + minute), { now: monday })).toMatchObject({
        kind: "pending",
        need: "not scanned: trivy",
        changesAt: monday + minute,
      });
      expect(judge(asked, facts(monday), { now: monday })).toMatchObject({
        kind: "pass",
        warnings: expect.arrayContaining([expect.stringContaining("not scanned: trivy")]),
      });
      expect(judge(asked, facts(), { now: monday })).not.toHaveProperty("changesAt");
      expect(judge({ ...asked, kinds: ["code"] }, facts(monday), { now: monday })).toMatchObject({
        kind: "pending",
        need: "not scanned: a scan of this commit",
      });
    });

    it("A12: nor does an analysis that such a workflow uploaded, or one beside it", () => {
      const [own, others] = [".github/workflows/evil.yml", ".github/workflows/codeql.yml"];
      const facts = (...workflows: readonly string[]): World => ({
        sources: {
          "code-scanning": on({ scans: [{ tool: "codeql", kinds: ["code"], workflows }] }),
        },
        files: [own],
      });
      const read = (...workflows: readonly string[]): FactTable =>
        new Map([...world(facts(...workflows)), ...bothEnds(others, "jobs: {}")]);
      const asked = { trusted: true, require_scan: ["codeql"] };
      expect(judge(asked, read(others)).kind).toBe("pass");
      expect(judge(asked, read(others, own))).toMatchObject({
        kind: "pending",
        warnings: expect.arrayContaining([
          "not scanned: codeql: a workflow that uploaded its results is changed here",
        ]),
      });
    });
  });

  describe("new only", () => {
    const old = aFinding({ fingerprint: "old" });
    it.each<[string, World, string]>([
      ["known in the base", { ...codeql(old), known: ["old"] }, "pass"],
      ["not known in the base", { ...codeql(old), known: ["other"] }, "fail"],
      ["a base that was never scanned excuses nothing", { ...codeql(old), known: null }, "fail"],
      [
        "Dependabot's alerts are the base's",
        {
          sources: {
            artifacts: on(scanned("codeql")),
            dependabot: on({ findings: [aFinding({ source: "dependabot", kind: "dependency" })] }),
          },
        },
        "pass",
      ],
      [
        "what a comparison adds, and nobody knows on the base, is new",
        {
          sources: {
            "dependency-review": on({
              ...scanned("dependency-review", "dependency"),
              findings: [aFinding({ source: "dependency-review", kind: "dependency" })],
            }),
          },
        },
        "fail",
      ],
    ])("%s", (_title, facts, kind) => {
      expect(judge({ new_only: true }, world(facts)).kind).toBe(kind);
    });
  });

  describe("W42: new_only asks whether the base has it, by the word of any source", () => {
    const lodash = (over: Partial<Finding> = {}): Finding =>
      aFinding({
        kind: "dependency",
        tool: "dependency-review",
        source: "dependency-review",
        rule: "GHSA-aaaa-bbbb-cccc",
        aliases: ["GHSA-AAAA-BBBB-CCCC", "CVE-2025-1"],
        package: "pkg:npm/lodash@4.17.20",
        path: "packages/b/package-lock.json",
        ...over,
      });
    const byTrivy = (over: Partial<Finding> = {}): Finding =>
      lodash({
        tool: "trivy",
        source: "artifacts",
        rule: "CVE-2025-1",
        aliases: [],
        path: "package-lock.json",
        ...over,
      });
    const reviewed = (finding: Finding): NonNullable<World["sources"]> => ({
      "dependency-review": on({
        ...scanned("dependency-review", "dependency"),
        findings: [finding],
      }),
    });
    const reported = (finding: Finding): NonNullable<World["sources"]> => ({
      artifacts: on({ ...scanned("trivy", finding.kind), findings: [finding] }),
    });
    const packages = (...texts: readonly string[]): readonly string[] =>
      texts.flatMap((text) => packageKey(text) ?? []);
    const none = { artifacts: null, "code-scanning": null, "dependency-review": [] };

    it.each<[string, World, string]>([
      [
        "a comparison adds what the base's packages list",
        {
          sources: reviewed(lodash()),
          base: { ...none, "dependency-review": packages("pkg:npm/lodash@4.17.20") },
        },
        "pass",
      ],
      [
        "a comparison adds another version",
        {
          sources: reviewed(lodash()),
          base: { ...none, "dependency-review": packages("pkg:npm/lodash@4.17.19") },
        },
        "fail",
      ],
      [
        "a comparison adds a package of that name elsewhere",
        {
          sources: reviewed(lodash()),
          base: { ...none, "dependency-review": packages("pkg:pypi/lodash@4.17.20") },
        },
        "fail",
      ],
      [
        "a comparison adds what another scanner found in the base",
        { sources: reviewed(lodash()), base: { ...none, artifacts: keysOf(byTrivy()) } },
        "pass",
      ],
      [
        "another scanner found another problem of it in the base",
        {
          sources: reviewed(lodash()),
          base: { ...none, artifacts: keysOf(byTrivy({ rule: "CVE-2025-2" })) },
        },
        "fail",
      ],
      [
        "a scanner finds what another one found in the base",
        {
          sources: reported(byTrivy()),
          base: {
            ...none,
            artifacts: keysOf(
              byTrivy({ tool: "grype", rule: "GHSA-aaaa-bbbb-cccc", aliases: ["CVE-2025-1"] }),
            ),
          },
        },
        "pass",
      ],
      [
        "a scanner finds it in another file of the same version",
        {
          sources: reported(byTrivy({ path: "other/package-lock.json" })),
          base: { ...none, artifacts: keysOf(byTrivy()) },
        },
        "pass",
      ],
      [
        "a scanner finds what the base's packages list",
        {
          sources: reported(byTrivy()),
          base: { ...none, "dependency-review": packages("pkg:npm/lodash@4.17.20") },
        },
        "pass",
      ],
      [
        "a scanner that names no version",
        {
          sources: reported(byTrivy({ package: "pkg:npm/lodash" })),
          base: {
            ...none,
            artifacts: keysOf(byTrivy({ package: "pkg:npm/lodash", fingerprint: "x" })),
            "dependency-review": packages("pkg:npm/lodash@4.17.20"),
          },
        },
        "fail",
      ],
      [
        "a container's package in the same version",
        {
          sources: reported(byTrivy({ kind: "container", package: "zlib@1.2", path: undefined })),
          base: {
            ...none,
            artifacts: keysOf(byTrivy({ kind: "container", package: "zlib@1.2", path: undefined })),
          },
        },
        "pass",
      ],
      [
        "a container's package in another version",
        {
          sources: reported(byTrivy({ kind: "container", package: "zlib@1.3", path: undefined })),
          base: {
            ...none,
            artifacts: keysOf(byTrivy({ kind: "container", package: "zlib@1.2", path: undefined })),
          },
        },
        "fail",
      ],
      [
        "nothing is known of the base",
        { sources: reviewed(lodash()), base: { ...none, "dependency-review": null } },
        "fail",
      ],
      [
        "code at the place that code scanning knows on the base",
        {
          sources: reported(aFinding({ source: "artifacts" })),
          base: { ...none, "code-scanning": keysOf(aFinding()) },
        },
        "pass",
      ],
      [
        "code at another place",
        {
          sources: reported(aFinding({ source: "artifacts", startLine: 9 })),
          base: { ...none, "code-scanning": keysOf(aFinding()) },
        },
        "fail",
      ],
      [
        "code of another rule there",
        {
          sources: reported(aFinding({ source: "artifacts", rule: "js/xss" })),
          base: { ...none, "code-scanning": keysOf(aFinding()) },
        },
        "fail",
      ],
      [
        "an alert at the place that a report of the base tells",
        {
          sources: {
            "code-scanning": on({
              ...scanned("codeql"),
              findings: [aFinding({ source: "code-scanning" })],
            }),
          },
          base: { ...none, artifacts: keysOf(aFinding()) },
        },
        "pass",
      ],
      [
        "a place is not asked for where the source itself knows the base",
        {
          sources: reported(aFinding({ source: "artifacts" })),
          base: { ...none, artifacts: [], "code-scanning": keysOf(aFinding()) },
        },
        "fail",
      ],
    ])("W42: %s", (_title, facts, kind) => {
      expect(judge({ new_only: true }, world(facts)).kind).toBe(kind);
    });
  });

  describe("waivers", () => {
    const lodash = aFinding({
      kind: "dependency",
      tool: "trivy",
      rule: "CVE-2025-1234",
      aliases: ["CVE-2025-1234"],
      package: "pkg:npm/lodash@4.17.20",
    });
    const waiver: Waiver = {
      finding: "CVE-2025-1234",
      package: "pkg:npm/lodash@4.17.20",
      until: "2026-03-02",
      owner: "octocat",
      reason: "not reachable",
    };

    it("lets a finding through and is listed with it", () => {
      const verdict = judge({}, world(codeql(lodash)), { waivers: [waiver] });
      expect(verdict).toMatchObject({ kind: "pass", found: expect.stringContaining("1 waived") });
      expect(verdict.warnings).toContain(
        "CVE-2025-1234 in pkg:npm/lodash@4.17.20: accepted by octocat through 2026-03-02 (UTC): not reachable",
      );
    });
    it("counts for nothing once it has run out, and says so", () => {
      const verdict = judge({}, world(codeql(lodash)), {
        waivers: [waiver],
        now: Date.UTC(2026, 2, 3),
      });
      expect(verdict.kind).toBe("fail");
      expect(verdict.warnings.join("\n")).toContain(
        "the waiver of octocat ended on 2026-03-02 (UTC) and counts for nothing",
      );
    });
    it.each([
      ["another package", { ...waiver, package: "pkg:npm/lodash@4.17.19" }],
      ["another finding", { ...waiver, finding: "CVE-2025-9999" }],
    ])("for %s is none for this", (_title, other) => {
      expect(judge({}, world(codeql(lodash)), { waivers: [other] }).kind).toBe("fail");
    });
    it("of one leaves the others", () => {
      expect(judge({}, world(codeql(lodash, aFinding())), { waivers: [waiver] })).toMatchObject({
        kind: "fail",
        found: expect.stringMatching(/^1 critical; 1 waived/),
      });
    });
  });

  describe("W19, T26: dismissed alerts", () => {
    const dismissed = (login: string, id: number): Finding =>
      aFinding({
        source: "code-scanning",
        fingerprint: `dismissed-${login}`,
        suppressed: true,
        suppression: {
          kind: "dismissed",
          accepted: true,
          by: { login, id },
          justification: "won't fix",
        },
      });
    const alerts = (finding: Finding, at = monday): World => ({
      sources: {
        "code-scanning": on({
          ...scanned("codeql"),
          findings: [finding],
          dismissedAt: { [finding.fingerprint]: at },
        }),
      },
    });

    it.each<[string, World, string]>([
      ["by the author blocks", alerts(dismissed("alice", alice.id)), "fail"],
      ["by the author of a commit blocks", alerts(dismissed("bob", bob.id)), "fail"],
      ["by somebody else is taken", alerts(dismissed("carol", carol.id)), "pass"],
      ["by the author, under a new name, blocks", alerts(dismissed("renamed", alice.id)), "fail"],
      [
        "by the author long before this change blocks all the same",
        alerts(dismissed("alice", alice.id), monday - 90 * minute),
        "fail",
      ],
      ["by somebody who pushed blocks", alerts(dismissed("dave", dave.id)), "fail"],
      ["by an App blocks", alerts(dismissed("github-actions[bot]", 41898282)), "fail"],
      [
        "by a coding agent with a user's account blocks",
        alerts(dismissed("claude", 81_847)),
        "fail",
      ],
      [
        "by nobody known blocks",
        alerts(aFinding({ suppressed: true, suppression: { kind: "dismissed", accepted: true } })),
        "fail",
      ],
    ])("%s", (_title, facts, kind) => {
      expect(judge({}, world(facts)).kind).toBe(kind);
    });
    it.each(
      (["dependabot", "secret-scanning"] as const).flatMap((source) =>
        [
          { who: "the opener", by: alice, kind: "fail" },
          { who: "an author or committer", by: bob, kind: "fail" },
          { who: "somebody who pushed", by: dave, kind: "fail" },
          { who: "an App", by: { login: "helper[bot]", id: 41898283 }, kind: "fail" },
          { who: "nobody known", by: null, kind: "fail" },
          { who: "somebody else", by: carol, kind: "pass" },
        ].map((each) => ({ source, ...each })),
      ),
    )("W19: of $source, by $who → $kind", ({ source, by, kind }) => {
      for (const at of [monday, monday - 90 * 24 * 60 * minute]) {
        const finding = aFinding({
          source,
          kind: source === "dependabot" ? "dependency" : "secret",
          fingerprint: `${source}-1`,
          suppressed: true,
          suppression: {
            kind: "dismissed",
            accepted: true,
            ...(by === null ? {} : { by: { login: by.login, id: by.id } }),
          },
        });
        const facts: World = {
          sources: {
            [source]: on({
              ...scanned(source),
              findings: [finding],
              dismissedAt: { [finding.fingerprint]: at },
            }),
          },
        };
        expect(judge({ block: "low", require_scan: "none" }, world(facts)).kind).toBe(kind);
      }
    });
    it("are listed, the taken and the refused", () => {
      expect(judge({}, world(alerts(dismissed("carol", carol.id)))).warnings.join("\n")).toContain(
        "js/sqli in src/a.ts: dismissed by @carol: won't fix",
      );
      expect(judge({}, world(alerts(dismissed("alice", alice.id)))).warnings.join("\n")).toContain(
        "dismissed by @alice, who has a part in this change",
      );
    });
    it.each([
      [
        "a comment in the code",
        { kind: "inSource" as const },
        "pass",
        /by a comment in the code, as/,
      ],
      ["the tool's list", { kind: "external" as const }, "pass", /suppressed in the report of/],
      [
        "the tool's list, in the author's name",
        { kind: "external" as const, by: { login: "alice" } },
        "fail",
        /by @alice, who has a part in this change/,
      ],
    ])("W19: suppressed by %s: %j → %s, and said", (_how, suppression, kind, says) => {
      const finding = aFinding({
        source: "artifacts",
        suppressed: true,
        suppression: { accepted: true, ...suppression },
      });
      const verdict = judge(
        {},
        world({ sources: { artifacts: on({ ...scanned("semgrep"), findings: [finding] }) } }),
      );
      expect(verdict.kind).toBe(kind);
      expect(verdict.warnings.join("\n")).toMatch(says);
    });
    it.each([
      ["of somebody who had a hand in what goes out", alice, "fail"],
      ["of somebody else", carol, "pass"],
    ])("at a deployment, the acceptance %s: %s → %s", (_who, by, kind) => {
      const out = contributorsOfDeployment(
        [],
        [{ number: 7, shas: [], opener: alice, commits: [], pushers: [], earlier: [], asked: [] }],
      );
      expect(
        judge(
          {},
          new Map([
            ...world(alerts(dismissed(by.login, by.id))),
            tell(deployedContributors.need(), out),
          ]),
          { subject: aDeployment },
        ).kind,
      ).toBe(kind);
    });
  });

  it("leaves out Dependabot's alert on the package that this very change removes", () => {
    const alert = aFinding({
      source: "dependabot",
      kind: "dependency",
      package: "pkg:npm/lodash",
      path: "package-lock.json",
    });
    const review = (removed: ScanSourceFact["removed"]): World => ({
      sources: {
        dependabot: on({ findings: [alert] }),
        "dependency-review": on({ ...scanned("dependency-review", "dependency"), removed }),
      },
    });
    expect(judge({}, world(review([]))).kind).toBe("fail");
    expect(
      judge({}, world(review([{ package: "pkg:npm/lodash", manifest: "package-lock.json" }]))),
    ).toMatchObject({
      kind: "pass",
      warnings: expect.arrayContaining([expect.stringContaining("1 Dependabot alert")]),
    });
    expect(
      judge({}, world(review([{ package: "pkg:npm/lodash", manifest: "web/package-lock.json" }])))
        .kind,
    ).toBe("fail");
  });

  it("judges a deployment without the comparison of dependencies", () => {
    expect(judge({}, world(codeql()), { subject: aDeployment }).kind).toBe("pass");
    expect(
      judge({ from: ["dependency-review"] }, world({ sources: { "dependency-review": off() } }), {
        subject: aDeployment,
      }).kind,
    ).toBe("pending");
  });

  describe("T51: findings on a public repository", () => {
    const secret = aFinding({
      source: "secret-scanning",
      kind: "secret",
      tool: "secret-scanning",
      rule: "mailchimp_api_key",
      title: "Leaked mailchimp_api_key",
      path: "src/leak.ts",
    });
    const alert = aFinding({
      source: "code-scanning",
      rule: "js/private-sqli",
      path: "src/private.ts",
    });
    const shared = aFinding({ source: "artifacts", rule: "js/shared", path: "src/shared.ts" });
    const facts: World = {
      sources: {
        "secret-scanning": on({ findings: [secret] }),
        "code-scanning": on({ ...scanned("codeql"), findings: [alert] }),
        artifacts: on({ findings: [shared] }),
      },
    };

    it("shows counts to everybody, and details only of what is public anyway", () => {
      const verdict = judge({}, world({ ...facts, isPublic: true }));
      expect(verdict).toMatchObject({ kind: "fail", found: expect.stringContaining("3 critical") });
      const everything = JSON.stringify(verdict);
      expect(everything).not.toMatch(/private|leak|mailchimp/);
      expect(verdict.annotations.map((one) => one.path)).toEqual(["src/shared.ts"]);
      expect(verdict.warnings.join()).toContain(
        "2 whose details are not shown on a public repository (2 critical)",
      );
    });
    it("shows them on a private one; the secret itself never", () => {
      const verdict = judge({}, world(facts));
      expect(verdict.annotations.map((one) => one.path).sort()).toEqual([
        "src/leak.ts",
        "src/private.ts",
        "src/shared.ts",
      ]);
      expect(verdict.evidence.map((one) => one.label).join("\n")).toContain("js/private-sqli");
    });
    it("names no waived or dismissed finding", () => {
      const waived = { ...facts, isPublic: true };
      const verdict = judge({}, world(waived), {
        waivers: [
          { finding: "js/private-sqli", until: "2027-01-01", owner: "octocat", reason: "known" },
          {
            finding: "mailchimp_api_key",
            until: "2027-01-01",
            owner: "octocat",
            reason: "revoked",
          },
        ],
      });
      expect(verdict.found).toContain("2 waived");
      expect(JSON.stringify(verdict)).not.toMatch(/private-sqli|mailchimp/);
    });
  });

  it("annotates the gravest first, and counts the rest with a link", () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      aFinding({
        severity: index < 5 ? "critical" : "high",
        rule: `r${index}`,
        startLine: index + 1,
      }),
    );
    const verdict = judge(
      { block: "high" },
      world({
        sources: {
          artifacts: on({
            ...scanned("codeql"),
            findings: many,
            link: "https://github.example/acme/shop/actions/runs/9",
          }),
        },
      }),
    );
    expect(verdict.annotations).toHaveLength(100);
    expect(verdict.annotations.slice(0, 5).every((one) => one.title.startsWith("critical"))).toBe(
      true,
    );
    expect(verdict.links).toEqual([
      { label: "and 50 more (50 high)", url: "https://github.example/acme/shop/actions/runs/9" },
    ]);
  });

  describe("tickets", () => {
    const high = aFinding({ severity: "high", fingerprint: "f-high" });
    it("are announced before the default branch", () => {
      expect(judge({ ticket: "high" }, world(codeql(high)))).toMatchObject({
        kind: "pass",
        warnings: expect.arrayContaining(["on the default branch these get tickets: 1 high"]),
      });
    });
    it.each<[string, FindingTicket, string | null]>([
      [
        "one that is open is not announced again",
        { fingerprint: "f-high", issue: 12, state: "open", dueAt: monday + 1 },
        null,
      ],
      [
        "one that is overdue is shown",
        { fingerprint: "f-high", issue: 12, state: "open", dueAt: monday },
        "overdue tickets of findings on the default branch: issue 12",
      ],
      [
        "one of another finding that is overdue too",
        { fingerprint: "other", issue: 13, state: "open", dueAt: monday - 1 },
        "overdue tickets of findings on the default branch: issue 13",
      ],
      [
        "one that was closed while the finding stands is shown",
        { fingerprint: "f-high", issue: 12, state: "closed", dueAt: null },
        "closed although the finding is still there: issue 12",
      ],
    ])("%s", (_title, ticket, words) => {
      const warnings = judge(
        { ticket: "high" },
        world({ ...codeql(high), tickets: [ticket] }),
      ).warnings.filter(
        (line) =>
          /ticket|closed although/.test(line) &&
          !(words === null ? false : line.startsWith("on the default")),
      );
      expect(warnings).toEqual(words === null ? [] : [words]);
    });
  });

  it.each<[string, unknown, unknown, string]>([
    ["a lower blocking severity", { block: "critical" }, { block: "high" }, "tighter"],
    ["a graver blocking severity", { block: "high" }, { block: "critical" }, "looser"],
    ["nothing blocks any more", {}, { block: "none" }, "looser"],
    ["tickets as well", {}, { ticket: "high" }, "tighter"],
    ["fewer kinds", {}, { kinds: ["code"] }, "looser"],
    ["all kinds", { kinds: ["code"] }, {}, "beside"],
    ["more tools", { tools: ["codeql"] }, { tools: ["codeql", "trivy"] }, "beside"],
    ["only new ones", {}, { new_only: true }, "looser"],
    ["a graver assumption", {}, { unrated: "high" }, "tighter"],
    ["no scan", {}, { require_scan: "none" }, "looser"],
    ["a certain scan", {}, { require_scan: ["codeql"] }, "beside"],
    [
      "any scan instead of a certain one",
      { require_scan: ["codeql"] },
      { require_scan: "any" },
      "looser",
    ],
    ["one source of all", {}, { from: ["artifacts"] }, "looser"],
    ["every source, each of which must then scan", {}, { from: [...findingSources] }, "beside"],
    [
      "one source more",
      { from: ["artifacts"] },
      { from: ["artifacts", "code-scanning"] },
      "beside",
    ],
  ])("tighten: %s", (_title, organization, repo, direction) => {
    expect(findings.compare(organization, repo)).toBe(direction);
  });

  it.each([
    ["the end of a run", anEvent("workflow_run.completed"), {}, true],
    ["an alert", anEvent("code_scanning_alert.created"), {}, true],
    ["an ordinary job", aCheckEvent("check_run.completed", "CodeQL"), {}, false],
    [
      "code scanning's own check",
      {
        ...aCheckEvent("check_run.completed", "Trivy"),
        check: {
          name: "Trivy",
          headSha: "b",
          appId: 57_789,
          pullRequests: [],
          externalId: null,
          action: null,
        },
      },
      {},
      true,
    ],
    [
      "a required tool's check of another app",
      {
        ...aCheckEvent("check_run.completed", "Snyk"),
        check: {
          name: "Snyk",
          headSha: "b",
          appId: 3,
          pullRequests: [],
          externalId: null,
          action: null,
        },
      },
      { require_scan: ["snyk"] },
      true,
    ],
  ])("hears %s: %s", (_title, event, params, heard) => {
    expect(findings.bind(params).isAffectedBy(event)).toBe(heard);
  });
});
