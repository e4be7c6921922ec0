import { detectFormat } from "./detect.ts";
import { readCoverage } from "./read.ts";
import type { CoverageReport } from "./report.ts";

/** Endings of what coverage tools write; pages and pictures of a report are none. */
const endings = /\.(?:info|lcov|xml|json|out|txt|cov|coverprofile)$/i;

/** Names under which the known tools write: such a file is meant as a report, whatever is in it. */
const reportNames =
  /^(?:lcov\.info|\.resultset\.json|.*\.lcov|.*\.coverprofile|(?:.*[._-])?cover(?:age)?(?:[._-].*)?\.(?:xml|json|out|info|txt)|(?:.*[._-])?(?:cobertura|jacoco|clover)(?:[._-].*)?\.xml)$/i;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whether an archive's entry is worth opening. */
export function mayBeCoverage(name: string): boolean {
  return endings.test(name) && !/(?:^|\/)(?:node_modules|lcov-report)\//.test(name);
}

/**
 * One file of an artifact. `broken`: meant as a coverage report and none that can be used, so that the whole measurement
 * is in doubt; `other`: some other file.
 */
export type CoverageEntry =
  | { readonly kind: "report"; readonly name: string; readonly report: CoverageReport }
  | { readonly kind: "broken"; readonly problem: string }
  | { readonly kind: "other"; readonly problem: string };

export function readEntry(name: string, text: string): CoverageEntry {
  const answer = readCoverage(name, text);
  if (!("error" in answer)) return { kind: "report", name, report: answer };
  return { kind: isMeant(name, text) ? "broken" : "other", problem: answer.error };
}

/** Of a known format, or named like a report and empty or cut off; valid data of another kind is not. */
function isMeant(name: string, text: string): boolean {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (plain.trim() !== "" && !("error" in detectFormat(plain))) return true;
  return reportNames.test(baseName(name)) && !isWholeJson(plain);
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
