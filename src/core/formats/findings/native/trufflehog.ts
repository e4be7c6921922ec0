import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, lineOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const isLeak = (item: unknown): boolean => isObject(item) && "SourceMetadata" in item && ("DetectorName" in item || "DetectorType" in item);

/** The one source (`Git`, `Filesystem`, `Github` …) a leak was found in. */
function sourceOf(item: JsonObject): JsonObject {
  return objectOf(Object.values(objectOf(objectOf(item["SourceMetadata"])["Data"]))[0]);
}

/** `trufflehog … --json` (version 3), JSON lines. `Raw`, `RawV2`, `Redacted` and `ExtraData` stay outside. */
export const trufflehog: NativeReader = {
  tool: "trufflehog",
  kinds: ["secret"],
  recognises: (document) => isLeak(document) || (Array.isArray(document) && document.length > 0 && document.some(isLeak)),
  read: (into, document) => {
    for (const item of objectsOf(into, Array.isArray(document) ? document : [document], "the lines")) {
      // Between leaks the tool logs lines of its own.
      if (!isLeak(item)) continue;
      const source = sourceOf(item);
      const file = textOf(source["file"]);
      const detector = firstText(item["DetectorName"], item["DetectorType"]) ?? "unknown";
      addFinding(into, "trufflehog", {
        kind: "secret",
        rule: detector,
        rating: rate({ kind: "secret" }),
        title: `${item["Verified"] === true ? "Working" : "Unverified"} ${detector} secret`,
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(source["line"]),
      });
    }
    return {};
  },
};
