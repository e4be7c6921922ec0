import { addFinding, objectsOf } from "../collect.ts";
import { isObject, lineOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

/** `detect-secrets scan`, a baseline alike. Only type and place are taken: `hashed_secret` could be searched for. */
export const detectSecrets: NativeReader = {
  tool: "detect-secrets",
  kinds: ["secret"],
  recognises: (document) =>
    isObject(document) && "plugins_used" in document && isObject(document["results"]),
  isMarked: (document) => "version" in objectOf(document),
  read: (into, document) => {
    const report = objectOf(document);
    for (const [file, found] of Object.entries(objectOf(report["results"]))) {
      for (const item of objectsOf(into, found, "the secrets of a file")) {
        const type = textOf(item["type"]) ?? "unknown";
        addFinding(into, "detect-secrets", {
          kind: "secret",
          rule: type,
          rating: rate({ kind: "secret" }),
          title: `Secret found: ${type}`,
          path: repositoryPath(file),
          startLine: lineOf(item["line_number"]),
          // Somebody looked at it (`detect-secrets audit`) and said that it is none.
          suppression:
            item["is_secret"] === false ? { kind: "external", accepted: true } : undefined,
        });
      }
    }
    return { version: textOf(report["version"]) };
  },
};
