import type { ScanFact } from "#core/facts/findings.ts";
import { cleanLine } from "#core/formats/findings/clean-text.ts";
import { dedupe } from "#core/formats/findings/dedupe.ts";
import { bySeverity, type Finding, type Severity } from "#core/formats/findings/finding.ts";
import { mayHoldScan } from "#core/formats/findings/artifact-name.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { toolOfFileName } from "#core/formats/findings/tool-name.ts";
import { readArchive } from "../archive.ts";
import { digestProblem } from "./check-digest.ts";
import type { ZipInput } from "./zip-input.ts";

/** What the scan reports of one artifact say; their findings are handed on in portions. */
export interface ScanResult {
  readonly kind: "scanned";
  readonly beyond: Readonly<Partial<Record<Severity, number>>>;
  readonly scans: readonly ScanFact[];
  readonly failed: readonly { readonly tool: string; readonly reason: string }[];
  readonly unreadable: readonly string[];
}

/** Kept one by one, the gravest first; the rest is counted. */
const mostFindings = 20_000;
/** What of a message is kept, beyond the findings that are likely to be shown. */
const shortMessage = 200;
const fullMessages = 1_000;
/** Large portions would hold up the thread that receives them. */
const portion = 400;

const isSarifName = (name: string): boolean => /\.sarif(?:\.json)?$/i.test(name);
const isJsonName = (name: string): boolean =>
  /\.jsonl?$/i.test(name) && !/(?:^|\/)node_modules\//.test(name);

/** Words that scan reports are named by, of whatever tool. */
const scanWords =
  /(?:^|[^a-z])(?:sarif|sast|scan(?:s|ner)?|findings?|security|vuln(?:s|erabilit(?:y|ies))?|audit|leaks?|secrets?)(?:[^a-z]|$)/i;

const baseName = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** A file that is meant as a scan report: by its ending, or because it bears a scanner's name. */
const isMeant = (name: string): boolean =>
  isSarifName(name) || (isJsonName(name) && toolOfFileName(name) !== null);

/** JSON that cannot be read at all, where a scan report is to be expected. */
const mayBeReport = (name: string, artifact: string): boolean =>
  isJsonName(name) &&
  (scanWords.test(baseName(name)) || scanWords.test(artifact) || toolOfFileName(artifact) !== null);

/**
 * Reads the scan reports of one artifact. A file that is meant as one and cannot be read is `unreadable`: it may hold
 * anything; so is broken JSON whose name, or whose artifact's, speaks of scans. Other JSON is looked into and left alone
 * when no scanner wrote it.
 */
export async function scanArchive(
  { artifact, digest, bytes }: ZipInput,
  found: (findings: readonly Finding[]) => void,
): Promise<ScanResult> {
  const spoiled = digestProblem({ digest, bytes });
  if (spoiled !== null) return { ...nothing, unreadable: [`artifact ${artifact}: ${spoiled}`] };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen: string[] = [];
  let archive = await readArchive(buffer, (name) => {
    seen.push(name);
    return isSarifName(name) || isJsonName(name);
  });
  // A build's own data may be too much to look through: then only what is meant as a report is opened.
  const whole = archive;
  if ("error" in archive) archive = await readArchive(buffer, isMeant);
  if ("error" in archive) {
    return seen.some(isMeant) || mayHoldScan(artifact)
      ? { ...nothing, unreadable: [`artifact ${artifact}: ${archive.error}`] }
      : nothing;
  }
  const findings: Finding[] = [];
  const scans: ScanFact[] = [];
  const failed: { tool: string; reason: string }[] = [];
  // What was left closed then may be the report of a tool that its file's name does not tell.
  const closed =
    "error" in whole && mayHoldScan(artifact)
      ? [`artifact ${artifact}: ${whole.error}; not all of it was looked through`]
      : [];
  const unreadable: string[] = archive.skipped
    .filter(isMeant)
    .map(
      (name) =>
        `artifact ${artifact}: ${name} is an archive inside an archive, which is not opened`,
    );
  unreadable.push(...closed, ...nested(seen, artifact));
  for (const { name, text } of archive.entries) {
    const reading = readFindings(name, text, artifact);
    if (reading.kind === "unreadable") {
      if (isMeant(name) || (reading.broken === true && mayBeReport(name, artifact)))
        unreadable.push(`artifact ${artifact}: ${name}: ${reading.reason}`);
      continue;
    }
    const { report } = reading;
    for (const finding of report.findings) findings.push(finding);
    for (const run of report.runs) {
      if (run.scanned) scans.push({ tool: run.tool, kinds: report.kinds });
      // By its own word it does not tell what is there: what it leaves out may be anything.
      else if (run.doubt !== undefined)
        unreadable.push(`artifact ${artifact}: ${name}: ${clipped(run.doubt)}`);
      else
        failed.push({
          tool: run.tool,
          reason: report.problems[0] ?? "its report says that it did not finish",
        });
    }
  }
  return {
    kind: "scanned",
    beyond: handOn(findings, found),
    scans,
    failed: failed.slice(0, 20),
    unreadable: unreadable.slice(0, 20),
  };
}

const clipped = (text: string): string => cleanLine(text, 300);

/** A packed report that its name gives away (`trivy.sarif.gz`). */
const nested = (names: readonly string[], artifact: string): readonly string[] =>
  names
    .filter((name) => packed.test(name) && isMeant(name.replace(packed, "")))
    .map((name) => `artifact ${artifact}: ${name} is packed, and was not opened`);
const packed = /\.(?:zip|gz|tgz|bz2|xz|zst|7z)$/i;

const nothing: ScanResult = { kind: "scanned", beyond: {}, scans: [], failed: [], unreadable: [] };

/** Gravest first, in portions; answers what is left over, by severity. */
function handOn(
  all: readonly Finding[],
  found: (findings: readonly Finding[]) => void,
): ScanResult["beyond"] {
  const sorted = dedupe(all).toSorted(bySeverity);
  const kept = sorted
    .slice(0, mostFindings)
    .map((finding, index) => (index < fullMessages ? finding : shortened(finding)));
  for (let from = 0; from < kept.length; from += portion) found(kept.slice(from, from + portion));
  const beyond: Partial<Record<Severity, number>> = {};
  for (const { severity } of sorted.slice(mostFindings))
    beyond[severity] = (beyond[severity] ?? 0) + 1;
  return beyond;
}

function shortened(finding: Finding): Finding {
  const { message } = finding;
  return message === undefined || message.length <= shortMessage
    ? finding
    : { ...finding, message: `${message.slice(0, shortMessage).replace(/[\uD800-\uDBFF]$/, "")}…` };
}
