import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const isVersion8 = (item: unknown): boolean => isObject(item) && "RuleID" in item && "File" in item;
const isVersion7 = (item: unknown): boolean =>
  isObject(item) && "offender" in item && "rule" in item;

/**
 * `gitleaks … --report-format json`, 7 and 8. Only rule and place are taken: `line`, `offender`, `Match`, `Secret`,
 * messages, authors and fingerprints (which hold paths and commits) stay outside.
 */
export const gitleaks: NativeReader = {
  tool: "gitleaks",
  kinds: ["secret"],
  recognises: (document) =>
    Array.isArray(document) &&
    document.length > 0 &&
    document.every((item) => isVersion8(item) || isVersion7(item)),
  isMarked: () => true,
  blanks: ["[]", "null"],
  read: (into, document) => {
    for (const item of objectsOf(into, document, "the list of leaks")) {
      const file = firstText(item["File"], item["file"]);
      addFinding(into, "gitleaks", {
        kind: "secret",
        rule: firstText(item["RuleID"], item["rule"]) ?? "unknown",
        rating: rate({ kind: "secret" }),
        title:
          firstText(isVersion8(item) ? item["Description"] : undefined, item["rule"]) ??
          "Secret found",
        path: file === undefined ? undefined : repositoryPath(file.replace(/^\//, "")),
        startLine: lineOf(item["StartLine"]) ?? lineOf(item["lineNumber"]),
        endLine: lineOf(item["EndLine"]),
      });
    }
    return {};
  },
};
