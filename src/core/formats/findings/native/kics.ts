import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf, countsBySeverity, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** Its version, or before it was written (1.3 and older) the counts of its queries and files. */
const hasOwnCounts = (document: unknown): boolean => {
  const report = objectOf(document);
  return "kics_version" in report || ("queries_total" in report && "files_scanned" in report);
};

/** KICS, JSON report: one finding a place; `search_key` and the values quote the file and stay outside, for some queries look for passwords. */
export const kics: NativeReader = {
  tool: "kics",
  kinds: ["iac"],
  recognises: (document) =>
    isObject(document) &&
    "queries" in document &&
    (hasOwnCounts(document) ||
      (listOf(document["queries"]).length > 0 &&
        listOf(document["queries"]).every(
          (item) => isObject(item) && "query_name" in item && "files" in item,
        ))),
  isMarked: (document) =>
    hasOwnCounts(document) || listOf(objectOf(document)["queries"]).length > 0,
  read: (into, document) => {
    const report = objectOf(document);
    for (const query of objectsOf(into, report["queries"], "queries")) {
      for (const place of objectsOf(into, query["files"], "files")) {
        const file = textOf(place["file_name"]);
        addFinding(into, "kics", {
          kind: "iac",
          rule: firstText(query["query_id"], query["query_name"]) ?? "unknown",
          rating: rate({ kind: "iac", word: query["severity"] }),
          title: textOf(query["query_name"]) ?? "",
          message: textOf(query["description"]),
          path: file === undefined ? undefined : repositoryPath(file),
          startLine: lineOf(place["line"]),
          url: textOf(query["query_url"]),
        });
      }
    }
    return {
      version: textOf(report["kics_version"]),
      failed: lookedAtNothing(report, "files_scanned"),
      declared: {
        all: countOf(report["total_counter"]),
        by: countsBySeverity(report["severity_counters"]),
      },
    };
  },
};
