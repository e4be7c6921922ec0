import { addFinding, advisoryIds, objectsOf, type Collector } from "../collect.ts";
import { isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import { countsBySeverity } from "./declared.ts";
import { addAdvisory, pathsBySeverity } from "./npm-audit.ts";
import type { NativeReader } from "./reader.ts";

const classicTypes: ReadonlySet<unknown> = new Set([
  "auditAdvisory",
  "auditSummary",
  "auditAction",
  "info",
  "warning",
  "error",
]);

/** A line of Yarn 1: advisories, a summary, and what it says to people. */
const isClassic = (item: unknown): boolean =>
  isObject(item) && classicTypes.has(item["type"]) && "data" in item;

/** A line of Yarn 2 and later: a node of the tree it draws. */
const isBerry = (item: unknown): boolean =>
  isObject(item) &&
  typeof item["value"] === "string" &&
  isObject(item["children"]) &&
  "Issue" in item["children"];

function addBerry(into: Collector, item: JsonObject): void {
  const name = textOf(item["value"]) ?? "unknown package";
  const about = objectOf(item["children"]);
  const ids = advisoryIds(textOf(about["URL"]));
  const id = textOf(about["ID"]);
  addFinding(into, "yarn-audit", {
    kind: "dependency",
    rule: ids[0] ?? (id === undefined ? "unknown" : `npm:${id}`),
    rating: rate({ kind: "dependency", word: about["Severity"] }),
    title: `${textOf(about["Issue"]) ?? "Vulnerability"} in ${name}`,
    package: writePackage("npm", name, textOf(listOf(about["Tree Versions"])[0])),
    path: "yarn.lock",
    aliases: ids,
    url: textOf(about["URL"]),
  });
}

/** `yarn audit --json` (one line a path to a vulnerable package) and `yarn npm audit --json`. */
export const yarnAudit: NativeReader = {
  tool: "yarn-audit",
  kinds: ["dependency"],
  recognises: (document) => {
    const lines: readonly unknown[] = Array.isArray(document) ? document : [document];
    if (lines.length === 0) return false;
    return (
      lines.every(isBerry) ||
      (lines.every(isClassic) &&
        lines.some((line) =>
          ["auditSummary", "auditAdvisory", "error"].includes(String(objectOf(line)["type"])),
        ))
    );
  },
  isMarked: () => true,
  blanks: ["[]"],
  read: (into, document) => {
    let failed: string | undefined;
    let isDone = false;
    for (const line of objectsOf(
      into,
      Array.isArray(document) ? document : [document],
      "the lines",
    )) {
      if (isBerry(line)) addBerry(into, line);
      else if (line["type"] === "auditAdvisory")
        addAdvisory(into, objectOf(objectOf(line["data"])["advisory"]), {
          tool: "yarn-audit",
          path: "yarn.lock",
        });
      else if (line["type"] === "error") failed ??= textOf(line["data"]) ?? "it reports an error";
      isDone ||= isBerry(line) || line["type"] === "auditSummary";
    }
    const lines = (Array.isArray(document) ? document : [document]).map(objectOf);
    const of = (type: string): readonly JsonObject[] =>
      lines.filter((line) => line["type"] === type).map((line) => objectOf(line["data"]));
    // One line a path, each with all paths of its advisory: an advisory is weighed once.
    const advisories = new Map(
      of("auditAdvisory").map((data) => [
        objectOf(data["advisory"])["id"],
        objectOf(data["advisory"]),
      ]),
    );
    return {
      declared: {
        by: countsBySeverity(of("auditSummary").at(-1)?.["vulnerabilities"]),
        weights: pathsBySeverity([...advisories.values()]),
      },
      failed: failed ?? (isDone ? undefined : "its summary is missing"),
    };
  },
};
