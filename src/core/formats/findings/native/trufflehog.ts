import { addFinding, objectsOf, type Collector } from "../collect.ts";
import { firstText, isObject, lineOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const isLeak = (item: unknown): boolean =>
  isObject(item) && "SourceMetadata" in item && ("DetectorName" in item || "DetectorType" in item);

/** Version 2: what was found in a commit, by entropy or by the name of a pattern. */
const isOldLeak = (item: unknown): boolean =>
  isObject(item) &&
  "reason" in item &&
  "path" in item &&
  ("stringsFound" in item || "commitHash" in item);

/** The one source (`Git`, `Filesystem`, `Github` …) a leak was found in. */
function sourceOf(item: JsonObject): JsonObject {
  return objectOf(Object.values(objectOf(objectOf(item["SourceMetadata"])["Data"]))[0]);
}

function addOld(into: Collector, item: JsonObject): void {
  const file = textOf(item["path"]);
  const reason = textOf(item["reason"]) ?? "unknown";
  addFinding(into, "trufflehog", {
    kind: "secret",
    rule: reason,
    rating: rate({ kind: "secret" }),
    title: `Unverified secret: ${reason}`,
    path: file === undefined ? undefined : repositoryPath(file),
  });
}

/**
 * `trufflehog … --json`, JSON lines. Only kind and place are taken: `Raw`, `RawV2`, `Redacted` and `ExtraData` stay
 * outside, and `stringsFound` and `diff` of version 2.
 */
export const trufflehog: NativeReader = {
  tool: "trufflehog",
  kinds: ["secret"],
  recognises: (document) => {
    const lines: readonly unknown[] = Array.isArray(document) ? document : [document];
    return lines.some(isLeak) || (lines.length > 0 && lines.every(isOldLeak));
  },
  isMarked: () => true,
  read: (into, document) => {
    for (const item of objectsOf(
      into,
      Array.isArray(document) ? document : [document],
      "the lines",
    )) {
      if (isOldLeak(item)) addOld(into, item);
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
