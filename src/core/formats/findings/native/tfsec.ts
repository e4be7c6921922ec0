import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** `tfsec --format json`; without findings it writes `{"results": null}`. */
export const tfsec: NativeReader = {
  tool: "tfsec",
  kinds: ["iac"],
  recognises: (document) => {
    if (!isObject(document) || !("results" in document)) return false;
    const results = document["results"];
    if (results === null || (Array.isArray(results) && results.length === 0)) return Object.keys(document).length === 1;
    return Array.isArray(results) && results.every((item) => isObject(item) && ("rule_id" in item || "long_id" in item) && "location" in item);
  },
  read: (into, document) => {
    for (const item of objectsOf(into, objectOf(document)["results"], "results")) {
      // 0 is failed, 1 passed, 2 ignored in versions that write numbers.
      const status = textOf(item["status"])?.toLowerCase();
      if (status === "passed" || status === "1") {
        into.passed += 1;
        continue;
      }
      const location = objectOf(item["location"]);
      const file = textOf(location["filename"]);
      addFinding(into, "tfsec", {
        kind: "iac",
        rule: firstText(item["long_id"], item["rule_id"]) ?? "unknown",
        rating: rate({ kind: "iac", word: item["severity"] }),
        title: firstText(item["rule_description"], item["description"]) ?? "",
        message: textOf(item["description"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(location["start_line"]),
        endLine: lineOf(location["end_line"]),
        url: textOf(listOf(item["links"])[0]),
        suppression: status === "ignored" || status === "2" ? { kind: "inSource", accepted: true } : undefined,
      });
    }
    return {};
  },
};
