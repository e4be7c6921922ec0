import { firstLine } from "../clean-text.ts";
import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { Suppression } from "../finding.ts";
import { isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** ESLint's numbers are levels (2 error, 1 warning), no security severities. */
const levels: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [2, "error"],
  [1, "warning"],
]);

function addMessage(
  into: Collector,
  file: string | undefined,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const rule = textOf(item["ruleId"]) ?? (item["fatal"] === true ? "fatal-error" : "unknown");
  addFinding(into, "eslint", {
    kind: "code",
    rule,
    rating: rate({ kind: "code", level: levels.get(item["severity"]) }),
    title: firstLine(textOf(item["message"])) ?? rule,
    message: textOf(item["message"]),
    path: file === undefined ? undefined : repositoryPath(file),
    startLine: lineOf(item["line"]),
    endLine: lineOf(item["endLine"]),
    suppression,
  });
}

/** Nothing was looked at but a mistake in its syntax. */
const isUnparsed = (file: JsonObject): boolean =>
  listOf(file["messages"]).some((item) => objectOf(item)["fatal"] === true);

const isFile = (item: unknown): boolean =>
  isObject(item) && "filePath" in item && "messages" in item;

/** The files of either format; undefined for anything else. */
function filesOf(document: unknown): readonly unknown[] | undefined {
  const list = isObject(document) && "metadata" in document ? document["results"] : document;
  return Array.isArray(list) && list.length > 0 && list.every(isFile) ? list : undefined;
}

/** `eslint --format json` and `json-with-metadata`; `source` quotes the file and stays outside. */
export const eslint: NativeReader = {
  tool: "eslint",
  kinds: ["code"],
  recognises: (document) => filesOf(document) !== undefined,
  isMarked: (document) =>
    "rulesMeta" in objectOf(objectOf(document)["metadata"]) ||
    // textlint and sass-lint write files and messages as well; what can be fixed is counted by ESLint alone.
    (filesOf(document) ?? []).some(
      (file) => "usedDeprecatedRules" in objectOf(file) || "fixableErrorCount" in objectOf(file),
    ),
  blanks: ["[]"],
  read: (into, document) => {
    for (const file of objectsOf(into, filesOf(document), "the list of files")) {
      const path = textOf(file["filePath"]);
      for (const item of objectsOf(into, file["messages"], "messages"))
        addMessage(into, path, item);
      for (const item of objectsOf(into, file["suppressedMessages"], "suppressedMessages")) {
        addMessage(into, path, item, {
          kind: "inSource",
          accepted: true,
          justification: textOf(objectOf(listOf(item["suppressions"])[0])["justification"]),
        });
      }
    }
    const files = (filesOf(document) ?? []).map(objectOf);
    const sum = (...fields: readonly string[]): number =>
      files
        .flatMap((file) => fields.map((field) => countOf(file[field]) ?? 0))
        .reduce((total, count) => total + count, 0);
    return {
      failed:
        files.length > 0 && files.every(isUnparsed)
          ? "it could parse none of the files"
          : undefined,
      declared: { all: sum("errorCount", "warningCount") },
    };
  },
};
