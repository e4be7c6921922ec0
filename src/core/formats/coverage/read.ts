import { oneLine } from "#core/text/plain-text.ts";
import { readClover } from "./clover.ts";
import { readCobertura } from "./cobertura.ts";
import { readCoveragePy } from "./coverage-py.ts";
import { decodeText } from "../decode-text.ts";
import { type Detected, detectFormat } from "./detect.ts";
import { readGoProfile } from "./go-profile.ts";
import { readIstanbulFinal } from "./istanbul-final.ts";
import { readIstanbulSummary } from "./istanbul-summary.ts";
import { readJacoco } from "./jacoco.ts";
import { readLcov } from "./lcov.ts";
import type { CoverageFailure, CoverageReport } from "./report.ts";
import { readSimplecov } from "./simplecov.ts";

/** Errors name paths of the report, which may be as long as it is. */
const longestError = 1_000;
const largestReport = 100 * 1024 * 1024;

/**
 * Reads a hostile file as a coverage report. Whatever is wrong with it is an `error` that names the file and the
 * place; it never throws, and nothing that failed to be read ever looks like a measurement.
 */
export function readCoverage(
  fileName: string,
  content: string | Uint8Array,
): CoverageReport | CoverageFailure {
  const answer = readContent(content);
  return "error" in answer
    ? { error: oneLine(`${fileName}: ${answer.error}`, longestError) }
    : answer;
}

function readContent(content: string | Uint8Array): CoverageReport | CoverageFailure {
  if (content.length > largestReport)
    return { error: `larger than ${largestReport / 1024 / 1024} MiB` };
  const decoded = typeof content === "string" ? content : decodeText(content);
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  if (text.trim() === "") return { error: "the file is empty" };
  const detected = detectFormat(text);
  return "error" in detected ? detected : readDetected(detected, text);
}

function readDetected(
  { format, json = {} }: Detected,
  text: string,
): CoverageReport | CoverageFailure {
  switch (format) {
    case "lcov":
      return readLcov(text);
    case "cobertura":
      return readCobertura(text);
    case "jacoco":
      return readJacoco(text);
    case "clover":
      return readClover(text);
    case "go":
      return readGoProfile(text);
    case "istanbul_summary":
      return readIstanbulSummary(json);
    case "istanbul_final":
      return readIstanbulFinal(json);
    case "coveragepy":
      return readCoveragePy(json);
    case "simplecov":
      return readSimplecov(json);
  }
}
