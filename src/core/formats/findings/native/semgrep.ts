import { firstLine } from "../clean-text.ts";
import { addFinding, addProblem, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** Semgrep's older words for how bad a rule is (its rule syntax page): they are severities, not SARIF levels. */
const olderWords: ReadonlyMap<string, string> = new Map([
  ["ERROR", "high"],
  ["WARNING", "medium"],
  ["INFO", "low"],
]);

/** Supply-chain results bring the package they are about; secret rules say so in their metadata. */
function kindOf(metadata: JsonObject, found: JsonObject): "code" | "secret" | "dependency" {
  if ("package" in found) return "dependency";
  return firstText(metadata["category"])?.toLowerCase() === "secrets" || textOf(metadata["secret_type"]) !== undefined ? "secret" : "code";
}

/** `semgrep --json`. `lines` and `metavars` quote the code and stay outside. */
export const semgrep: NativeReader = {
  tool: "semgrep",
  kinds: ["code", "secret", "dependency"],
  recognises: (document) => {
    if (!isObject(document) || !Array.isArray(document["results"])) return false;
    const results = document["results"];
    return results.length === 0 ? "errors" in document && "paths" in document : results.every((item) => isObject(item) && "check_id" in item && "extra" in item);
  },
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["results"], "results")) {
      const extra = objectOf(item["extra"]);
      const metadata = objectOf(extra["metadata"]);
      const found = objectOf(objectOf(objectOf(extra["sca_info"])["dependency_match"])["found_dependency"]);
      const kind = kindOf(metadata, found);
      const name = textOf(found["package"]);
      const word = textOf(extra["severity"]) ?? "";
      const file = textOf(item["path"]);
      const given = textOf(extra["fingerprint"]);
      const rule = textOf(item["check_id"]) ?? "unknown";
      addFinding(into, "semgrep", {
        kind,
        rule,
        rating: rate({ kind, word: olderWords.get(word.toUpperCase()) ?? word }),
        title: kind === "secret" ? rule : (firstLine(textOf(extra["message"])) ?? rule),
        message: textOf(extra["message"]),
        package: name === undefined ? undefined : writePackage(textOf(found["ecosystem"]), name, textOf(found["version"])),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(objectOf(item["start"])["line"]),
        endLine: lineOf(objectOf(item["end"])["line"]),
        // Without a login the tool writes the words "requires login" here.
        toolFingerprint: given !== undefined && /^[0-9a-f]{16,}(_\d+)?$/i.test(given) ? given : undefined,
        url: firstText(metadata["shortlink"], metadata["source"], listOf(metadata["references"])[0]),
        suppression: extra["is_ignored"] === true ? { kind: "inSource", accepted: true } : undefined,
      });
    }
    const errors = listOf(report["errors"]).filter((error) => textOf(objectOf(error)["level"])?.toLowerCase() === "error").length;
    if (errors > 0) addProblem(into, `semgrep reports ${errors} ${errors === 1 ? "error" : "errors"}`);
    return { version: textOf(report["version"]) };
  },
};
