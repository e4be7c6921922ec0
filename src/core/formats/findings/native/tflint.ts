import { addFinding, objectsOf } from "../collect.ts";
import { isObject, lineOf, listOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** Levels of a linter, no security severities. */
const levels: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["error", "error"],
  ["warning", "warning"],
  ["info", "note"],
  ["notice", "note"],
]);

const isIssue = (item: unknown): boolean =>
  isObject(item) && isObject(item["rule"]) && isObject(item["range"]) && "message" in item;

/** `tflint --format json`. An error means that it could not look at all. */
export const tflint: NativeReader = {
  tool: "tflint",
  kinds: ["iac"],
  recognises: (document) =>
    isObject(document) &&
    Array.isArray(document["issues"]) &&
    Array.isArray(document["errors"]) &&
    document["issues"].every(isIssue) &&
    (document["issues"].length > 0 || Object.keys(document).length === 2),
  isMarked: (document) => listOf(objectOf(document)["issues"]).length > 0,
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["issues"], "issues")) {
      const rule = objectOf(item["rule"]);
      const range = objectOf(item["range"]);
      const file = textOf(range["filename"]);
      addFinding(into, "tflint", {
        kind: "iac",
        rule: textOf(rule["name"]) ?? "unknown",
        rating: rate({ kind: "iac", level: levels.get(rule["severity"]) }),
        title: textOf(item["message"]) ?? "",
        message: textOf(item["message"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(objectOf(range["start"])["line"]),
        endLine: lineOf(objectOf(range["end"])["line"]),
        url: textOf(rule["link"]),
      });
    }
    const [error] = listOf(report["errors"]);
    return {
      failed:
        error === undefined
          ? undefined
          : (textOf(objectOf(error)["message"]) ?? "it reports an error"),
    };
  },
};
