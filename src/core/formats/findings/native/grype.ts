import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { FindingKind, Suppression } from "../finding.ts";
import {
  firstText,
  isObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
} from "../json.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const systemTypes: ReadonlySet<string> = new Set([
  "deb",
  "rpm",
  "apk",
  "alpm",
  "portage",
  "linux-kernel",
]);

function cvssOf(match: JsonObject): number | undefined {
  const lists = [
    objectOf(match["vulnerability"])["cvss"],
    ...listOf(match["relatedVulnerabilities"]).map((related) => objectOf(related)["cvss"]),
  ];
  const scores = lists.flatMap((list) =>
    listOf(list).flatMap((one) => numberOf(objectOf(objectOf(one)["metrics"])["baseScore"]) ?? []),
  );
  return scores.length === 0 ? undefined : Math.max(...scores.slice(0, 100));
}

function addMatch(
  into: Collector,
  match: JsonObject,
  isImage: boolean,
  suppression?: Suppression,
): void {
  const vulnerability = objectOf(match["vulnerability"]);
  const artifact = objectOf(match["artifact"]);
  const type = textOf(artifact["type"]) ?? "";
  const kind: FindingKind = systemTypes.has(type) ? "container" : "dependency";
  const name = textOf(artifact["name"]) ?? "unknown package";
  const version = textOf(artifact["version"]);
  const related = listOf(match["relatedVulnerabilities"]).map(
    (one) => textOf(objectOf(one)["id"]) ?? "",
  );
  const file = textOf(objectOf(listOf(artifact["locations"])[0])["path"]);
  addFinding(into, "grype", {
    kind,
    rule: textOf(vulnerability["id"]) ?? "unknown",
    rating: rate({ kind, word: vulnerability["severity"] }),
    title: `${textOf(vulnerability["id"]) ?? "Vulnerability"} in ${name}${version === undefined ? "" : ` ${version}`}`,
    message: firstText(
      vulnerability["description"],
      objectOf(listOf(match["relatedVulnerabilities"])[0])["description"],
    ),
    package: textOf(artifact["purl"]) ?? writePackage(type, name, version),
    // A path inside an image is no path of the repository.
    path: isImage || file === undefined ? undefined : repositoryPath(file),
    cvss: cvssOf(match),
    aliases: related.filter((id) => /^(CVE|GHSA)-/i.test(id)).slice(0, 20),
    url: textOf(vulnerability["dataSource"]),
    suppression,
  });
}

const isMatch = (item: unknown): boolean =>
  isObject(item) && isObject(item["vulnerability"]) && isObject(item["artifact"]);

/** `grype -o json`. Matches that its ignore rules took out are listed, suppressed. */
export const grype: NativeReader = {
  tool: "grype",
  kinds: ["dependency", "container"],
  recognises: (document) =>
    isObject(document) &&
    "matches" in document &&
    ("descriptor" in document ||
      "source" in document ||
      "ignoredMatches" in document ||
      (Array.isArray(document["matches"]) &&
        document["matches"].length > 0 &&
        document["matches"].every(isMatch))),
  isMarked: (document) =>
    textOf(objectOf(objectOf(document)["descriptor"])["name"])?.toLowerCase() === "grype",
  read: (into, document) => {
    const report = objectOf(document);
    const isImage = objectOf(report["source"])["type"] === "image";
    for (const match of objectsOf(into, report["matches"], "matches"))
      addMatch(into, match, isImage);
    for (const match of objectsOf(into, report["ignoredMatches"], "ignoredMatches")) {
      const rule = objectOf(listOf(match["appliedIgnoreRules"])[0]);
      addMatch(into, match, isImage, {
        kind: "external",
        accepted: true,
        justification: firstText(rule["reason"], rule["namespace"]),
      });
    }
    return {
      version: textOf(objectOf(report["descriptor"])["version"]),
      kinds: isImage ? ["container", "dependency"] : ["dependency"],
    };
  },
};
