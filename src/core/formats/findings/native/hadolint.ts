import { addFinding, objectsOf } from "../collect.ts";
import { firstLine } from "../clean-text.ts";
import { isObject, lineOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** Levels of a linter, no security severities. */
const levels: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["error", "error"],
  ["warning", "warning"],
  ["info", "note"],
  ["style", "note"],
]);

/** Its own rules are `DL`, those of ShellCheck inside it `SC`. */
const isRemark = (item: unknown): boolean =>
  isObject(item) &&
  typeof item["code"] === "string" &&
  /^(?:DL|SC)\d{4}$/.test(item["code"]) &&
  "level" in item &&
  "file" in item;

/** `hadolint -f json`. */
export const hadolint: NativeReader = {
  tool: "hadolint",
  kinds: ["iac"],
  recognises: (document) =>
    Array.isArray(document) && document.length > 0 && document.every(isRemark),
  isMarked: () => true,
  blanks: ["[]"],
  read: (into, document) => {
    for (const item of objectsOf(into, document, "the list of remarks")) {
      const file = textOf(item["file"]);
      addFinding(into, "hadolint", {
        kind: "iac",
        rule: textOf(item["code"]) ?? "unknown",
        rating: rate({ kind: "iac", level: levels.get(item["level"]) }),
        title: firstLine(textOf(item["message"])) ?? "",
        message: textOf(item["message"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(item["line"]),
      });
    }
    return {};
  },
};
