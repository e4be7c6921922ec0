import { firstLine } from "../clean-text.ts";
import { addFinding, addProblem, objectsOf, type Collector } from "../collect.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** Semgrep's older words for how bad a rule is (its rule syntax page): they are severities, not SARIF levels. */
const olderWords: ReadonlyMap<string, string> = new Map([
  ["ERROR", "high"],
  ["WARNING", "medium"],
  ["INFO", "low"],
]);

/** Supply-chain results bring the package they are about; secret rules say so in their metadata. */
function kindOf(metadata: JsonObject, found: JsonObject): "code" | "secret" | "dependency" {
  if ("package" in found) return "dependency";
  return firstText(metadata["category"])?.toLowerCase() === "secrets" ||
    textOf(metadata["secret_type"]) !== undefined
    ? "secret"
    : "code";
}

/** What Semgrep's service exports of a supply-chain scan. */
const isExport = (document: unknown): boolean =>
  isObject(document) &&
  Array.isArray(document["vulns"]) &&
  document["vulns"].every(
    (item) => isObject(item) && isObject(item["advisory"]) && isObject(item["matchedDependency"]),
  );

function addExported(into: Collector, item: JsonObject): void {
  const advisory = objectOf(item["advisory"]);
  const dependency = objectOf(item["matchedDependency"]);
  const place = objectOf(item["dependencyFileLocation"]);
  const file = textOf(place["path"]);
  const name = textOf(dependency["name"]) ?? "unknown package";
  addFinding(into, "semgrep", {
    kind: "dependency",
    rule: textOf(advisory["ruleId"]) ?? "unknown",
    rating: rate({ kind: "dependency", word: advisory["severity"] }),
    title: firstText(item["title"], advisory["title"]) ?? `Vulnerability in ${name}`,
    message: textOf(advisory["description"]),
    // The advisory's ecosystem is that of the first package it names, not of this one.
    package: writePackage(undefined, name, textOf(dependency["versionSpecifier"])),
    path: file === undefined ? undefined : repositoryPath(file),
    startLine: lineOf(place["startLine"]),
    aliases: listOf(objectOf(advisory["references"])["cveIds"])
      .filter((id) => typeof id === "string")
      .slice(0, 20)
      .map(String),
    url: textOf(listOf(objectOf(advisory["references"])["urls"])[0]),
  });
}

/** Before 0.55 a scan that found nothing said no more than this. */
const isBareEmpty = (document: JsonObject): boolean =>
  "errors" in document && ("paths" in document || Object.keys(document).length === 2);

/** Its own trouble; a file that it could parse in part only is told of as a warning. */
const isError = (error: unknown): boolean =>
  textOf(objectOf(error)["level"])?.toLowerCase() === "error";

/** Exit codes that end the run, in words that its errors bear: rules that cannot be used, no rule at all. */
const ending =
  /invalid.{0,40}(?:config|rule|pattern|schema)|(?:no|missing|unparseable|failed to (?:load|download)).{0,40}(?:config|rules?\b)/i;

/** Nothing was looked at, or not by the rules that were asked for. */
function failureOf(report: JsonObject, errors: number): string | undefined {
  if ("vulns" in report) return undefined;
  const first = listOf(report["errors"]).map(objectOf).find(isError);
  const said = (firstText(first?.["message"], first?.["long_msg"], first?.["type"]) ?? "").slice(
    0,
    200,
  );
  const scanned = objectOf(report["paths"])["scanned"];
  const isNothing =
    Array.isArray(scanned) && scanned.length === 0 && listOf(report["results"]).length === 0;
  if (isNothing && errors > 0) return `it looked at no file: ${said}`;
  // Versions that do not name themselves did not list the files either.
  if (isNothing && "version" in report) return "it looked at no file";
  const isEnding = listOf(report["errors"])
    .map(objectOf)
    .some(
      (error) =>
        isError(error) &&
        (error["code"] === 4 ||
          error["code"] === 5 ||
          error["code"] === 7 ||
          error["code"] === 8 ||
          ending.test(
            `${textOf(error["type"]) ?? ""} ${(firstText(error["message"], error["long_msg"]) ?? "").slice(0, 2_000)}`,
          )),
    );
  return isEnding ? said : undefined;
}

/** `semgrep --json`. `lines` and `metavars` quote the code and stay outside. */
export const semgrep: NativeReader = {
  tool: "semgrep",
  kinds: ["code"],
  recognises: (document) => {
    if (isExport(document)) return true;
    if (!isObject(document) || !Array.isArray(document["results"])) return false;
    const results = document["results"];
    return results.length === 0
      ? isBareEmpty(document)
      : results.every((item) => isObject(item) && "check_id" in item && "extra" in item);
  },
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      listOf(report["vulns"]).length > 0 ||
      listOf(report["results"]).length > 0 ||
      "skipped_rules" in report ||
      "interfile_languages_used" in report ||
      "engine_requested" in report ||
      ("version" in report && Array.isArray(objectOf(report["paths"])["scanned"]))
    );
  },
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["vulns"], "vulns")) addExported(into, item);
    for (const item of objectsOf(into, report["results"], "results")) {
      const extra = objectOf(item["extra"]);
      const metadata = objectOf(extra["metadata"]);
      const found = objectOf(
        objectOf(objectOf(extra["sca_info"])["dependency_match"])["found_dependency"],
      );
      const kind = kindOf(metadata, found);
      const name = textOf(found["package"]);
      const word = textOf(extra["severity"]) ?? "";
      const file = textOf(item["path"]);
      const given = textOf(extra["fingerprint"]);
      const rule = textOf(item["check_id"]) ?? "unknown";
      addFinding(into, "semgrep", {
        kind,
        rule,
        rating: rate({ kind, word: olderWords.get(word.toUpperCase()) ?? word }),
        title: kind === "secret" ? rule : (firstLine(textOf(extra["message"])) ?? rule),
        message: textOf(extra["message"]),
        package:
          name === undefined
            ? undefined
            : writePackage(textOf(found["ecosystem"]), name, textOf(found["version"])),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(objectOf(item["start"])["line"]),
        endLine: lineOf(objectOf(item["end"])["line"]),
        // Without a login the tool writes the words "requires login" here.
        toolFingerprint:
          given !== undefined && /^[0-9a-f]{16,}(_\d+)?$/i.test(given) ? given : undefined,
        url: firstText(
          metadata["shortlink"],
          metadata["source"],
          listOf(metadata["references"])[0],
        ),
        suppression:
          extra["is_ignored"] === true ? { kind: "inSource", accepted: true } : undefined,
      });
    }
    const errors = listOf(report["errors"]).filter(isError).length;
    if (errors > 0)
      addProblem(into, `semgrep reports ${errors} ${errors === 1 ? "error" : "errors"}`);
    return {
      version: textOf(report["version"]),
      failed: failureOf(report, errors),
      kinds: "vulns" in report ? ["dependency"] : undefined,
    };
  },
};
