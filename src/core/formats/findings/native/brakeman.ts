import { addFinding, addProblem, objectsOf, type Collector } from "../collect.ts";
import type { Suppression } from "../finding.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** Brakeman knows how sure it is, not how bad it is; its own SARIF turns that into these levels. */
const levels: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["High", "error"],
  ["Medium", "warning"],
  ["Weak", "note"],
]);

function addWarning(into: Collector, item: JsonObject, suppression?: Suppression): void {
  const file = textOf(item["file"]);
  addFinding(into, "brakeman", {
    kind: "code",
    rule: firstText(item["check_name"], item["warning_type"]) ?? "unknown",
    rating: rate({ kind: "code", level: levels.get(item["confidence"]) }),
    title: firstText(item["warning_type"], item["message"]) ?? "",
    message: textOf(item["message"]),
    path: file === undefined ? undefined : repositoryPath(file),
    startLine: lineOf(item["line"]),
    toolFingerprint: textOf(item["fingerprint"]),
    url: textOf(item["link"]),
    suppression,
  });
}

/** `brakeman -f json`. `code` and `user_input` quote the source and stay outside. */
export const brakeman: NativeReader = {
  tool: "brakeman",
  kinds: ["code"],
  recognises: (document) => isObject(document) && "warnings" in document && "scan_info" in document,
  isMarked: (document) => "brakeman_version" in objectOf(objectOf(document)["scan_info"]),
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["warnings"], "warnings")) addWarning(into, item);
    for (const item of objectsOf(into, report["ignored_warnings"], "ignored_warnings")) {
      addWarning(into, item, {
        kind: "external",
        accepted: true,
        justification: textOf(item["note"]),
      });
    }
    const unread = listOf(report["errors"]).length;
    if (unread > 0)
      addProblem(into, `brakeman reports ${unread} ${unread === 1 ? "error" : "errors"}`);
    const info = objectOf(report["scan_info"]);
    const looked = ["number_of_controllers", "number_of_models", "number_of_templates"].flatMap(
      (field) => countOf(info[field]) ?? [],
    );
    return {
      version: textOf(info["brakeman_version"]),
      failed:
        unread > 0 && looked.length > 0 && looked.every((count) => count === 0)
          ? "it looked at nothing"
          : undefined,
      declared: { all: countOf(info["security_warnings"]) },
    };
  },
};
