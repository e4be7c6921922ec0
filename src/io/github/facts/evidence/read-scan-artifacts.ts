import type { ScanSourceFact } from "#core/facts/findings.ts";
import { unnamedWorkflow } from "#core/facts/workflows.ts";
import { severities, type Finding, type Severity } from "#core/formats/findings/finding.ts";
import { isScanName, mayHoldScan } from "#core/formats/findings/artifact-name.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { artifactLimits } from "../archive.ts";
import type { Artifact } from "./artifacts.ts";
import {
  download,
  heldAgainst,
  identityOf,
  megabytes,
  type CommitArtifacts,
} from "./commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { parsedOnce, whyExpired } from "./parse-once.ts";
import type { Parsed } from "./parse-pool.ts";
import { nothingKnown } from "./source-fact.ts";

/** Artifacts whose name says that they are something else are opened up to this size and number: they are seldom a report. */
const plainBytes = 25 * 1024 * 1024;
const mostPlain = 20;
/** The others are opened up to this number and size together; what is left over is unreadable, for it may hold anything. */
const mostOpened = 100;
const mostBytes = 500 * 1024 * 1024;
/** Archives held in memory side by side. */
const atOnce = 3;

const isNamed = ({ name }: Artifact): boolean => isScanName(name);
const mayBe = ({ name }: Artifact): boolean => mayHoldScan(name);

/** Scan reports in the artifacts of a commit's own runs, put together. */
export async function readScanArtifacts(
  context: EvidenceContext,
  repository: RepositoryRecord,
  found: CommitArtifacts,
): Promise<ScanSourceFact> {
  const against = new Set(heldAgainst(found, "scan"));
  const ordered = [...found.artifacts, ...against].toSorted(
    (a, b) =>
      Number(isNamed(b)) - Number(isNamed(a)) ||
      Number(mayBe(b)) - Number(mayBe(a)) ||
      a.bytes - b.bytes,
  );
  const ignored: string[] = found.ignored.filter((line) =>
    /\bfork\b|attempt|from a run|: ended as (?!skipped$)/.test(line),
  );
  const unreadable: string[] = [];
  const opened: Artifact[] = [];
  /** What says something, or may. */
  const kept = new Set<Artifact>();
  const leave = (artifact: Artifact, why: string): void => {
    const line = `artifact ${artifact.name}: ${why}`;
    const concerns = mayBe(artifact) || artifact.gone !== undefined;
    if (concerns) kept.add(artifact);
    if (concerns) unreadable.push(`${line}, and may hold a scan report`);
    else ignored.push(line);
  };
  let bytes = 0;
  for (const artifact of ordered) {
    const limits = mayBe(artifact)
      ? { each: artifactLimits.archiveBytes, all: mostBytes, number: mostOpened }
      : { each: plainBytes, all: mostBytes, number: mostPlain };
    if (artifact.expired) {
      if (!(await heldNone(context, repository, artifact))) leave(artifact, whyExpired(artifact));
    } else if (artifact.bytes > limits.each)
      leave(artifact, `has ${megabytes(artifact.bytes)} and was not opened`);
    else if (opened.length >= limits.number || bytes + artifact.bytes > limits.all)
      leave(artifact, "not opened, there are too many");
    else {
      bytes += artifact.bytes;
      opened.push(artifact);
    }
  }
  const answers: { readonly artifact: Artifact; readonly parsed: Parsed | "expired" }[] = [];
  for (let from = 0; from < opened.length; from += atOnce) {
    answers.push(
      ...(await Promise.all(
        opened.slice(from, from + atOnce).map(async (artifact) => ({
          artifact,
          parsed: await scanOnce(context, repository, artifact),
        })),
      )),
    );
  }
  const findings: Finding[] = [];
  const beyond: Partial<Record<Severity, number>> = {};
  const scans: ScanSourceFact["scans"][number][] = [];
  const failed: ScanSourceFact["failed"][number][] = [];
  const reporting: Artifact[] = [];
  for (const { artifact, parsed } of answers) {
    if (parsed === "expired") {
      if (!(await heldNone(context, repository, artifact))) leave(artifact, whyExpired(artifact));
      continue;
    }
    if (parsed.result.kind !== "scanned") continue;
    const { result } = parsed;
    findings.push(...parsed.findings);
    for (const severity of severities)
      if (result.beyond[severity] !== undefined)
        beyond[severity] = (beyond[severity] ?? 0) + result.beyond[severity];
    // What was stopped, or replaced by nothing, proves no scan; what it found is there.
    if (!against.has(artifact)) {
      scans.push(...result.scans);
      failed.push(...result.failed);
    }
    unreadable.push(...result.unreadable);
    if (result.unreadable.length > 0) kept.add(artifact);
    if (result.scans.length > 0 || result.failed.length > 0 || parsed.findings.length > 0)
      reporting.push(artifact);
    else if (
      result.unreadable.length === 0 &&
      mayBe(artifact) &&
      !(await heldNone(context, repository, artifact))
    )
      await context.store.records.setValue(noneKey(repository, artifact), "none");
  }
  for (const artifact of reporting) kept.add(artifact);
  await found.keep("scan", [...kept]);
  return {
    ...nothingKnown,
    note:
      found.waiting.length > 0 && scans.length === 0
        ? `no scan report yet; ${found.waiting.slice(0, 3).join(", ")} still running`
        : scans.length === 0
          ? "no artifact of this commit holds a scan report"
          : null,
    findings,
    beyond,
    scans,
    failed,
    unreadable,
    waiting: found.waiting,
    cut: found.cut,
    ignored,
    workflows: [...new Set(reporting.map(({ run }) => run.path ?? unnamedWorkflow))],
    link: reporting[0]?.run.url ?? null,
    evidence: reporting.map(({ name, run, digest }) => ({
      label: `artifact ${name} of ${run.path ?? run.name}, run ${run.id}, attempt ${run.attempt}`,
      sha: run.sha,
      ...(run.url === null ? {} : { url: run.url }),
      ...(digest === null ? {} : { digest }),
    })),
  };
}

/** An artifact never changes: one that was looked through, and held no report, may expire. */
const noneKey = (repository: RepositoryRecord, artifact: Artifact): string =>
  `no-scan:${repository.id}:${artifact.id}`;
const heldNone = async (
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  artifact: Artifact,
): Promise<boolean> => (await store.records.getValue(noneKey(repository, artifact))) !== null;

/** An artifact never changes, so it is read once; one that cannot be read on its own account is a report nobody can read. */
async function scanOnce(
  context: EvidenceContext,
  repository: RepositoryRecord,
  artifact: Artifact,
): Promise<Parsed | "expired"> {
  try {
    return await parsedOnce(
      context,
      `${placeKey(repository)}scan:${identityOf(artifact)}`,
      async () => ({
        kind: "scan",
        archive: {
          artifact: artifact.name,
          digest: artifact.digest,
          bytes: await download(context, repository, artifact),
        },
      }),
      undefined,
      (parsed) => 10 + parsed.findings.length,
    );
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === "not_found") return "expired";
    if (error.code !== "invalid" && error.code !== "incomplete") throw error;
    const concerns = mayBe(artifact) ? [`artifact ${artifact.name}: ${error.message}`] : [];
    return {
      result: { kind: "scanned", beyond: {}, scans: [], failed: [], unreadable: concerns },
      findings: [],
    };
  }
}
