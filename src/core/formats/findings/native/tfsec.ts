import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** Before 0.40 tfsec wrote levels where severities are now. */
const levels: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["ERROR", "error"],
  ["WARNING", "warning"],
  ["INFO", "note"],
]);

/** 0 is failed, 1 passed, 2 ignored in versions that write numbers; old ones say `passed`. */
function statusOf(item: JsonObject): "failed" | "passed" | "ignored" {
  const status = textOf(item["status"])?.toLowerCase();
  if (status === "passed" || status === "1" || item["passed"] === true) return "passed";
  return status === "ignored" || status === "2" ? "ignored" : "failed";
}

/** `tfsec --format json`; without findings it writes `{"results": null}`. */
export const tfsec: NativeReader = {
  tool: "tfsec",
  kinds: ["iac"],
  recognises: (document) => {
    if (!isObject(document) || !("results" in document)) return false;
    const results = document["results"];
    if (results === null || (Array.isArray(results) && results.length === 0))
      return Object.keys(document).length === 1;
    return (
      Array.isArray(results) &&
      results.every(
        (item) => isObject(item) && ("rule_id" in item || "long_id" in item) && "location" in item,
      )
    );
  },
  isMarked: (document) =>
    listOf(objectOf(document)["results"]).some(
      (item) => "long_id" in objectOf(item) || "rule_provider" in objectOf(item),
    ),
  read: (into, document) => {
    for (const item of objectsOf(into, objectOf(document)["results"], "results")) {
      const status = statusOf(item);
      if (status === "passed") {
        into.passed += 1;
        continue;
      }
      const location = objectOf(item["location"]);
      const file = textOf(location["filename"]);
      addFinding(into, "tfsec", {
        kind: "iac",
        rule: firstText(item["long_id"], item["rule_id"]) ?? "unknown",
        rating: rate({
          kind: "iac",
          ...(levels.has(item["severity"])
            ? { level: levels.get(item["severity"]) }
            : { word: item["severity"] }),
        }),
        title: firstText(item["rule_description"], item["description"]) ?? "",
        message: textOf(item["description"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(location["start_line"]),
        endLine: lineOf(location["end_line"]),
        url: textOf(listOf(item["links"])[0]),
        suppression: status === "ignored" ? { kind: "inSource", accepted: true } : undefined,
      });
    }
    return {};
  },
};
