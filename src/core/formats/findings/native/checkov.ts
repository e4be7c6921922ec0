import { addFinding, addProblem, objectsOf, type Collector } from "../collect.ts";
import type { FindingKind, Suppression } from "../finding.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** What a framework of Checkov looks into; all others are configuration of some kind. */
const kinds: ReadonlyMap<string | undefined, FindingKind> = new Map<
  string | undefined,
  FindingKind
>([
  ["secrets", "secret"],
  ["sca_package", "dependency"],
  ["sca_package_scan", "dependency"],
  ["sca_image", "container"],
  ["sast_python", "code"],
  ["sast_javascript", "code"],
  ["sast_java", "code"],
]);

/** `package@version` of a vulnerability; no ecosystem is named. */
function packageOf(item: JsonObject): string | undefined {
  const details = objectOf(item["vulnerability_details"]);
  const name = textOf(details["package_name"]);
  return name === undefined
    ? undefined
    : writePackage(undefined, name, textOf(details["package_version"]));
}

function addCheck(
  into: Collector,
  item: JsonObject,
  checkType: string | undefined,
  suppression?: Suppression,
): void {
  const file = firstText(item["repo_file_path"], item["file_path"]);
  const range = listOf(item["file_line_range"]);
  const kind = kinds.get(checkType) ?? "iac";
  addFinding(into, "checkov", {
    kind,
    rule: textOf(item["check_id"]) ?? "unknown",
    rating: rate({ kind, word: item["severity"] }),
    title: textOf(item["check_name"]) ?? "",
    message: `${textOf(item["check_name"]) ?? ""} (${textOf(item["resource"]) ?? "no resource named"})`,
    package: packageOf(item),
    // Checkov writes paths relative to the scanned folder with a slash before them.
    path: file === undefined ? undefined : repositoryPath(file.replace(/^\//, "")),
    startLine: lineOf(range[0]),
    endLine: lineOf(range[1]),
    url: textOf(item["guideline"]),
    suppression,
  });
}

const isReport = (document: unknown): boolean =>
  isObject(document) &&
  (("check_type" in document && "results" in document) ||
    ("checkov_version" in document && "failed" in document));

/** `checkov -o json`: one framework, a list of them, or the bare summary it writes when there was nothing to check. */
export const checkov: NativeReader = {
  tool: "checkov",
  kinds: ["iac", "secret"],
  recognises: (document) =>
    isReport(document) ||
    (Array.isArray(document) && document.length > 0 && document.every(isReport)),
  isMarked: (document) =>
    (Array.isArray(document) ? document : [document]).some((one) => {
      const report = objectOf(one);
      return (
        "checkov_version" in report ||
        "checkov_version" in objectOf(report["summary"]) ||
        listOf(objectOf(report["results"])["failed_checks"]).some((check) =>
          textOf(objectOf(check)["check_id"])?.startsWith("CKV"),
        )
      );
    }),
  read: (into, document) => {
    let version: string | undefined;
    let failed: string | undefined;
    let declared = 0;
    for (const report of objectsOf(
      into,
      Array.isArray(document) ? document : [document],
      "the list of frameworks",
    )) {
      const type = textOf(report["check_type"]);
      const results = objectOf(report["results"]);
      version ??= firstText(
        objectOf(report["summary"])["checkov_version"],
        report["checkov_version"],
      );
      for (const item of objectsOf(into, results["failed_checks"], "failed_checks"))
        addCheck(into, item, type);
      for (const item of objectsOf(into, results["skipped_checks"], "skipped_checks")) {
        addCheck(into, item, type, {
          kind: "inSource",
          accepted: true,
          justification: textOf(objectOf(item["check_result"])["suppress_comment"]),
        });
      }
      into.passed += listOf(results["passed_checks"]).length;
      // Old versions write the bare summary without underscores.
      const summary = isObject(report["summary"]) ? report["summary"] : report;
      const unread = Math.max(
        listOf(results["parsing_errors"]).length,
        countOf(summary["parsing_errors"] ?? summary["parsingerrors"]) ?? 0,
      );
      declared += countOf(summary["failed"]) ?? 0;
      const checked = ["passed", "failed", "skipped"].some(
        (field) =>
          (countOf(summary[field]) ?? 0) > 0 || listOf(results[`${field}_checks`]).length > 0,
      );
      if (unread > 0 && !checked) failed ??= "it could read none of the files";
      if (unread > 0)
        addProblem(into, `checkov could not read ${unread} ${unread === 1 ? "file" : "files"}`);
    }
    return { version, failed, declared: { all: declared } };
  },
};
