import { addProblem, newCollector, type Collector } from "./collect.ts";
import type { Finding, FindingKind, FindingsReading, ScanReport } from "./finding.ts";
import { isObject } from "./json.ts";
import { nativeReaders } from "./native/index.ts";
import { unlisted } from "./native/declared.ts";
import type { NativeReader, NativeScan } from "./native/reader.ts";
import { parseJson, parseJsonLines, parseJsonStream } from "./parse-json.ts";
import { isSarif, readSarif } from "./sarif/read-sarif.ts";
import { kindOf, toolId, toolOfFileName } from "./tool-name.ts";

/** What several scanners write when they found nothing; only the file's name tells which, and not each writes each. */
const blankOf = (document: unknown): "[]" | "null" | null =>
  document === null ? "null" : Array.isArray(document) && document.length === 0 ? "[]" : null;

/** Takes the findings in; answers the kinds of problem that this run looked for, and whether it says anything at all. */
function readNative(
  into: Collector,
  { reader, isNamed }: Recognised,
  document: unknown,
): { readonly kinds: readonly FindingKind[]; readonly saysNothing: boolean } {
  const before = into.findings.length;
  const scan: NativeScan = blankOf(document) !== null ? {} : reader.read(into, document);
  const results = into.findings.length - before;
  const doubt = doubtOf(reader.tool, scan, into.findings.slice(before));
  if (doubt !== undefined) addProblem(into, doubt, "first");
  else if (!isNamed)
    addProblem(
      into,
      `it looks like ${reader.tool}'s, ${namesNobody}; its findings count, and it proves no scan`,
    );
  into.runs.push({
    tool: reader.tool,
    toolName: reader.tool,
    toolVersion: scan.version ?? null,
    results,
    scanned: doubt === undefined && isNamed,
    doubt,
  });
  return {
    kinds: scan.kinds ?? reader.kinds,
    saysNothing: !isNamed && results === 0 && doubt === undefined,
  };
}

/** What makes a report by its own word no report of a scan: it failed, or there is more than it lists. */
function doubtOf(tool: string, scan: NativeScan, findings: readonly Finding[]): string | undefined {
  if (scan.failed !== undefined) return `${tool} did not finish: ${scan.failed}`;
  const more = scan.declared === undefined ? undefined : unlisted(scan.declared, findings);
  return more === undefined
    ? undefined
    : `${tool}'s list is not its whole report: ${more}; let it list everything it finds`;
}

const namesNobody = "and neither its content nor its name says which scanner wrote it";

/** Who wrote a document, and whether that is said or only guessed by its shape. */
interface Recognised {
  readonly reader: NativeReader;
  readonly isNamed: boolean;
}

/**
 * A tool's own mark in the content goes first, then the tool's name in the file's or the artifact's; a shape alone is
 * read too, because what it reports must not be lost, but proves nothing.
 */
function recognise(document: unknown, hint: string | null): Recognised | null {
  const hinted = nativeReaders.find((one) => one.tool === hint);
  const blank = blankOf(document);
  if (blank !== null)
    return hinted?.blanks?.includes(blank) === true ? { reader: hinted, isNamed: true } : null;
  const alike = nativeReaders.filter((one) => one.recognises(document));
  const marked = alike.find((one) => one.isMarked(document));
  if (marked !== undefined) return { reader: marked, isNamed: true };
  const named = alike.find((one) => one === hinted);
  if (named !== undefined) return { reader: named, isNamed: true };
  return alike[0] === undefined ? null : { reader: alike[0], isNamed: false };
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

function readDocument(document: unknown, hint: string | null): FindingsReading {
  const into = newCollector();
  if (isSarif(document)) {
    readSarif(into, document, hint);
    return reportOf(into, "sarif", [
      ...new Set(
        into.runs.map((run) =>
          kindOf(toolId(run.toolName) === run.tool ? run.toolName : run.tool, []),
        ),
      ),
    ]);
  }
  const recognised = recognise(document, hint);
  if (recognised !== null) {
    const { kinds, saysNothing } = readNative(into, recognised, document);
    return saysNothing && into.defect === null
      ? { kind: "unreadable", reason: provesNothing(recognised.reader.tool) }
      : reportOf(into, "native", kinds);
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

const isBlank = (document: unknown): boolean =>
  blankOf(document) !== null || (isObject(document) && Object.keys(document).length === 0);

const provesNothing = (tool: string): string =>
  `it reports nothing, ${namesNobody} (it could be ${tool}'s): that proves no scan; name the file after the scanner`;

/** Whether text that is not one JSON document may be one document a line. */
const mayBeLines = (text: string): boolean =>
  /^\uFEFF?\s*\{[^\n]*\}[ \t\r]*\n[ \t\r\n]*\{/.test(text.slice(0, 200_000));

/**
 * Reads a scanner's report, whatever the scanner: SARIF 2.1.0 or native JSON, told by content. Which tool has scanned is
 * proved by its mark in the content, or by its name in the file's name or in `artifact`, that of the archive it lay in.
 * Hostile input: capped, never throws; what is not understood whole is unreadable.
 */
export function readFindings(fileName: string, text: string, artifact = ""): FindingsReading {
  try {
    const hint = toolOfFileName(fileName) ?? toolOfFileName(artifact);
    const whole = parseJson(text);
    if (whole.kind === "json") return readDocument(whole.value, hint);
    const lines = mayBeLines(text) ? parseJsonLines(text) : whole;
    if (lines.kind === "json") return readDocument(lines.value, hint);
    const stream = parseJsonStream(text);
    return stream.kind === "json"
      ? readDocument(stream.value, hint)
      : { kind: "unreadable", reason: lines.reason, broken: true };
  } catch {
    // Not expected; but a report that makes a reader fail must not be able to stop the judgement either.
    return { kind: "unreadable", reason: "reading it failed", broken: true };
  }
}
