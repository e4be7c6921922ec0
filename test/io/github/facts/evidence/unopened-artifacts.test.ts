import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scanArtifacts, type ScanSourceFact } from "#core/facts/findings.ts";
import { mayHoldScan } from "#core/formats/findings/artifact-name.ts";
import { evidenceWorld, repo, type EvidenceWorld } from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

async function read(): Promise<ScanSourceFact> {
  const result = await world.fact(scanArtifacts.need());
  if (result?.ok !== true) throw new Error(`not readable: ${JSON.stringify(result)}`);
  return result.value;
}

const sarif = (...levels: readonly string[]): string =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Semgrep OSS" } },
        results: levels.map((level, n) => ({ ruleId: `r${n}`, level, message: { text: "x" } })),
      },
    ],
  });
const clean = { "semgrep.sarif": sarif() };
type Artifacts = NonNullable<Parameters<EvidenceWorld["sim"]["workflowRun"]>[0]["artifacts"]>;
const upload = (artifacts: Artifacts, over: { event?: string; branch?: string } = {}) =>
  world.sim.workflowRun({ repo, sha: world.headSha, jobs: ["scan"], artifacts, ...over });

describe("W28: an artifact that was not opened and may hold a scan", () => {
  it("is found behind many small ones", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`part-${n}`, { "a.txt": "x" }]),
    );
    upload({ semgrep: clean, ...many, zz: { "x.sarif": sarif("error", "error") } });
    expect((await read()).findings).toHaveLength(2);
  });

  it("is unreadable where there are more than anybody opens", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 110 }, (_, n) => [`part-${n}`, { "a.txt": "x" }]),
    );
    upload({ semgrep: clean, ...many });
    const { unreadable, scans } = await read();
    expect(scans).toHaveLength(1);
    expect(unreadable.join()).toContain("may hold a scan report");
  });

  it.each([
    ["results", true],
    ["report", true],
    ["trivy", true],
    ["dist", false],
    ["app-linux-x64", false],
  ])("expired, by the name %s: unreadable %s", async (name, isUnreadable) => {
    const run = upload({ semgrep: clean });
    world.sim.artifact({
      repo,
      run: run.id,
      name,
      files: { "a.sarif": sarif("error") },
      expired: true,
    });
    const { unreadable, ignored } = await read();
    expect(unreadable.length > 0).toBe(isUnreadable);
    expect([...unreadable, ...ignored].join()).toContain(`artifact ${name}: expired`);
  });

  it("may expire once it was looked through and held nothing", async () => {
    const run = upload({ semgrep: clean });
    const { id } = world.sim.artifact({
      repo,
      run: run.id,
      name: "handover",
      files: { "a.txt": "x" },
    });
    expect((await read()).unreadable).toEqual([]);
    const kept = [...world.sim.world.repos.values()].find(({ artifacts }) => artifacts.has(id));
    const artifact = kept?.artifacts.get(id);
    if (artifact === undefined) throw new Error("unreachable");
    artifact.expired = true;
    world.facts.forget({ name: "workflow_run.completed", installationId: 1, repository: null });
    expect((await read()).unreadable).toEqual([]);
  });

  it("a broken archive of whatever name is unreadable; one that was built is not", async () => {
    const broken = { zipBase64: Buffer.from("no archive at all").toString("base64") };
    upload({ semgrep: clean, dist: broken });
    expect((await read()).unreadable).toEqual([]);
    upload({ results: broken });
    expect((await read()).unreadable.join()).toContain("artifact results");
  });

  it("a packed report is told by its name", async () => {
    upload({ semgrep: clean, other: { "trivy.sarif.gz": { base64: "H4sIAAAA" } } });
    expect((await read()).unreadable.join()).toContain("trivy.sarif.gz is packed");
  });
});

describe("W12: scans of other runs", () => {
  it("an empty report of a dispatched run, or by another event, hides nothing", async () => {
    upload({ semgrep: { "semgrep.sarif": sarif("error") } });
    upload({ semgrep: clean }, { event: "push", branch: "topic" });
    upload({ semgrep: clean });
    upload({ semgrep: clean }, { event: "workflow_dispatch", branch: "scratch" });
    expect((await read()).findings).toHaveLength(1);
  });

  it.each([
    { event: "workflow_dispatch", branch: "scratch" },
    { event: "schedule", branch: "main" },
    { event: "push", branch: "scratch" },
  ])("a report of a run by $event of $branch proves no scan", async (over) => {
    upload({ semgrep: clean }, over);
    expect((await read()).scans).toEqual([]);
  });
});

describe("names of artifacts", () => {
  it.each<[string, boolean]>([
    ["semgrep-results", true],
    ["security-report", true],
    ["results", true],
    ["output", true],
    ["reports", true],
    ["build-scan", true],
    ["dist", false],
    ["build-output", false],
    ["MyApp_windows_amd64", false],
    ["github-pages", false],
    ["test-results-node20", false],
    ["coverage-unit", false],
    ["junit", false],
    ["docker-image", false],
  ])("%s may hold a scan: %s", (name, expected) => {
    expect(mayHoldScan(name)).toBe(expected);
  });
});
