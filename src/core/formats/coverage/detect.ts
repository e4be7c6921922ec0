import { isRecord, type JsonRecord, recordAt } from "./json-shape.ts";
import type { CoverageFailure, CoverageFormat } from "./report.ts";
import { isSimplecov } from "./simplecov.ts";
import { rootOf } from "./xml.ts";

/** A text whose format is known; JSON comes parsed, because telling its formats apart needs that. */
export type Detected = { readonly format: CoverageFormat; readonly json?: JsonRecord };

export const knownFormats =
  "lcov, Cobertura, JaCoCo, Clover, Istanbul summary and final, Go profiles, coverage.py JSON and SimpleCov";

/** Tells the format by content, never by name: an artifact may call its files anything. Expects text without a byte order mark. */
export function detectFormat(text: string): Detected | CoverageFailure {
  const start = text.slice(0, 2000).trimStart();
  if (start.startsWith("<")) return detectXml(text);
  if (start.startsWith("{")) return detectJson(text);
  if (/^mode: /.test(start)) return { format: "go" };
  if (/^(?:TN|SF):/m.test(text)) return { format: "lcov" };
  if (text.startsWith("\u001f") || text.startsWith("PK\u0003\u0004"))
    return { error: "it is compressed: unpack it, and name the report inside" };
  return { error: `not a coverage report that can be read: ${knownFormats} can` };
}

function detectXml(text: string): Detected | CoverageFailure {
  const root = rootOf(text, 20_000);
  if (root?.name === "report") return { format: "jacoco" };
  if (root?.name === "coverage") {
    if (/\b(?:line-rate|lines-valid)=/.test(root.attributes)) return { format: "cobertura" };
    if (/<(?:project|testproject)\b/.test(root.beginning)) return { format: "clover" };
    if (/<(?:packages|sources)\b/.test(root.beginning)) return { format: "cobertura" };
  }
  return {
    error: `XML${root === undefined ? "" : ` with the root "${root.name}"`} is no coverage report that can be read: ${knownFormats} can`,
  };
}

function detectJson(text: string): Detected | CoverageFailure {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (problem) {
    return {
      error: `the JSON is broken or cut off: ${problem instanceof Error ? problem.message.slice(0, 200) : "unknown reason"}`,
    };
  }
  if (!isRecord(json)) return { error: "the JSON is no object" };
  if (
    recordAt(json, "files") !== undefined &&
    (recordAt(json, "meta") !== undefined || recordAt(json, "totals") !== undefined)
  )
    return { format: "coveragepy", json };
  const first = Object.keys(json).find((key) => key !== "total");
  const entry = first === undefined ? undefined : recordAt(json, first);
  if (isSimplecov(json, entry)) return { format: "simplecov", json };
  if (
    recordAt(recordAt(entry, "data") ?? entry, "statementMap") !== undefined ||
    recordAt(entry, "l") !== undefined
  )
    return { format: "istanbul_final", json };
  if (recordAt(entry ?? recordAt(json, "total"), "lines") !== undefined)
    return { format: "istanbul_summary", json };
  if (first === undefined) return { error: "the JSON holds no coverage: it names no file" };
  return { error: `the JSON is no coverage report that can be read: ${knownFormats} can` };
}
