import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { Suppression } from "../finding.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf, countsBySeverity, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

function addViolation(into: Collector, item: JsonObject, suppression?: Suppression): void {
  const file = textOf(item["file"]);
  addFinding(into, "terrascan", {
    kind: "iac",
    rule: firstText(item["rule_id"], item["rule_name"]) ?? "unknown",
    rating: rate({ kind: "iac", word: item["severity"] }),
    title: firstText(item["rule_name"], item["description"]) ?? "",
    message: `${textOf(item["description"]) ?? ""} (${textOf(item["resource_name"]) ?? "no resource named"})`,
    path: file === undefined ? undefined : repositoryPath(file),
    startLine: lineOf(item["line"]),
    suppression,
  });
}

/** `terrascan scan -o json`. Its `scan_errors` tell of every kind of file that is not there, so they prove no failure. */
export const terrascan: NativeReader = {
  tool: "terrascan",
  kinds: ["iac"],
  recognises: (document) =>
    isObject(document) && isObject(document["results"]) && "violations" in document["results"],
  isMarked: (document) => {
    const results = objectOf(objectOf(document)["results"]);
    return (
      "policies_validated" in objectOf(results["scan_summary"]) ||
      listOf(results["scan_errors"]).some((item) => "errMsg" in objectOf(item)) ||
      listOf(results["violations"]).some((item) => "rule_name" in objectOf(item))
    );
  },
  read: (into, document) => {
    const results = objectOf(objectOf(document)["results"]);
    for (const item of objectsOf(into, results["violations"], "violations"))
      addViolation(into, item);
    for (const item of objectsOf(into, results["skipped_violations"], "skipped_violations")) {
      addViolation(into, item, {
        kind: "inSource",
        accepted: true,
        justification: textOf(item["skip_comment"]),
      });
    }
    into.passed += listOf(results["passed_rules"]).length;
    const summary = objectOf(results["scan_summary"]);
    return {
      failed: lookedAtNothing(summary, "policies_validated"),
      declared: {
        all: countOf(summary["violated_policies"]),
        by: countsBySeverity({
          high: summary["high"],
          medium: summary["medium"],
          low: summary["low"],
        }),
      },
    };
  },
};
