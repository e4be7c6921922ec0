import { addFinding, addProblem, objectsOf } from "../collect.ts";
import { isObject, lineOf, listOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** `bandit -f json`. */
export const bandit: NativeReader = {
  tool: "bandit",
  kinds: ["code"],
  recognises: (document) => {
    if (!isObject(document) || !("results" in document)) return false;
    return (
      (isObject(document["metrics"]) && "_totals" in document["metrics"]) ||
      listOf(document["results"]).some((item) => isObject(item) && "issue_severity" in item)
    );
  },
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      "SEVERITY.HIGH" in objectOf(objectOf(report["metrics"])["_totals"]) ||
      listOf(report["results"]).some((item) =>
        /^B\d{3}$/.test(textOf(objectOf(item)["test_id"]) ?? ""),
      )
    );
  },
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["results"], "results")) {
      const file = textOf(item["filename"]);
      const lines = listOf(item["line_range"]).flatMap((line) => lineOf(line) ?? []);
      addFinding(into, "bandit", {
        kind: "code",
        rule: textOf(item["test_id"]) ?? "unknown",
        rating: rate({ kind: "code", word: item["issue_severity"] }),
        title: textOf(item["issue_text"]) ?? textOf(item["test_name"]) ?? "",
        message: textOf(item["issue_text"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(item["line_number"]),
        endLine: lines.at(-1),
        url: textOf(item["more_info"]),
      });
    }
    const unread = listOf(report["errors"]).length;
    if (unread > 0)
      addProblem(into, `bandit could not read ${unread} ${unread === 1 ? "file" : "files"}`);
    const totals = objectOf(objectOf(report["metrics"])["_totals"]);
    const of = (word: string): number | undefined => countOf(totals[`SEVERITY.${word}`]);
    return {
      failed: unread > 0 ? lookedAtNothing(totals, "loc") : undefined,
      declared: {
        all: ["HIGH", "MEDIUM", "LOW", "UNDEFINED"].reduce((sum, word) => sum + (of(word) ?? 0), 0),
        by: { high: of("HIGH") ?? 0, medium: of("MEDIUM") ?? 0, low: of("LOW") ?? 0 },
      },
    };
  },
};
