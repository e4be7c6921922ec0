import { addProblem, newCollector, type Collector } from "./collect.ts";
import type { FindingKind, FindingsReading, ScanReport } from "./finding.ts";
import { isObject } from "./json.ts";
import { nativeReaders } from "./native/index.ts";
import type { NativeReader, NativeScan } from "./native/reader.ts";
import { parseJson, parseJsonLines } from "./parse-json.ts";
import { isSarif, readSarif } from "./sarif/read-sarif.ts";
import { kindOf, toolOfFileName } from "./tool-name.ts";

/** `null`, `[]` and `{}` are what several scanners write when they found nothing; only the file's name tells which. */
function isBlank(document: unknown): boolean {
  return (
    document === null ||
    (Array.isArray(document) && document.length === 0) ||
    (isObject(document) && Object.keys(document).length === 0)
  );
}

/** Takes the findings in; answers the kinds of problem that this run looked for. */
function readNative(
  into: Collector,
  reader: NativeReader,
  document: unknown,
): readonly FindingKind[] {
  const before = into.findings.length;
  const scan: NativeScan = isBlank(document) ? {} : reader.read(into, document);
  if (scan.failed !== undefined) addProblem(into, `${reader.tool} did not finish: ${scan.failed}`);
  into.runs.push({
    tool: reader.tool,
    toolName: reader.tool,
    toolVersion: scan.version ?? null,
    results: into.findings.length - before,
    scanned: scan.failed === undefined,
  });
  return scan.kinds ?? reader.kinds;
}

function reportOf(
  into: Collector,
  format: ScanReport["format"],
  kinds: readonly FindingKind[],
): FindingsReading {
  if (into.defect !== null) return { kind: "unreadable", reason: into.defect };
  const named = into.runs.find((run) => run.tool !== "unknown");
  return {
    kind: "report",
    report: {
      tool: named?.tool ?? "unknown",
      toolVersion: named?.toolVersion ?? undefined,
      format,
      kinds: [...new Set([...kinds, ...into.findings.map((finding) => finding.kind)])],
      findings: into.findings,
      passed: into.passed,
      runs: into.runs,
      problems: into.problems,
    },
  };
}

function readDocument(fileName: string, document: unknown): FindingsReading {
  const into = newCollector();
  if (isSarif(document)) {
    readSarif(into, document);
    return reportOf(into, "sarif", [...new Set(into.runs.map((run) => kindOf(run.toolName, [])))]);
  }
  const hinted = nativeReaders.find((one) => one.tool === toolOfFileName(fileName));
  // Several tools write `{"results": []}`: the name tells which.
  const reader =
    isBlank(document) || hinted?.recognises(document) === true
      ? hinted
      : nativeReaders.find((one) => one.recognises(document));
  if (reader !== undefined) {
    return reportOf(into, "native", readNative(into, reader, document));
  }
  if (isBlank(document))
    return {
      kind: "unreadable",
      reason:
        "it is an empty document, and its name does not say which scanner wrote it: name the file after the scanner",
    };
  return {
    kind: "unreadable",
    reason: `it is neither SARIF 2.1.0 nor the JSON of a known scanner (${nativeReaders.map((one) => one.tool).join(", ")}): let the scanner write SARIF`,
  };
}

/** Whether text that is not one JSON document may be one document a line. */
const mayBeLines = (text: string): boolean =>
  /^\uFEFF?\s*\{[^\n]*\}[ \t\r]*\n[ \t\r\n]*\{/.test(text.slice(0, 200_000));

/**
 * Reads a scanner's report, whatever the scanner: SARIF 2.1.0 or native JSON, told by content; the file name helps only
 * where the content is `null` or empty. Hostile input: capped, never throws; what is not understood whole is unreadable.
 */
export function readFindings(fileName: string, text: string): FindingsReading {
  try {
    const whole = parseJson(text);
    if (whole.kind === "json") return readDocument(fileName, whole.value);
    const lines = mayBeLines(text) ? parseJsonLines(text) : whole;
    return lines.kind === "json"
      ? readDocument(fileName, lines.value)
      : { kind: "unreadable", reason: lines.reason };
  } catch {
    // Not expected; but a report that makes a reader fail must not be able to stop the judgement either.
    return { kind: "unreadable", reason: "reading it failed" };
  }
}
