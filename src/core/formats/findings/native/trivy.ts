import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { FindingKind, Suppression } from "../finding.ts";
import {
  firstText,
  isObject,
  lineOf,
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

/** The highest CVSS score any of the vendors gives. */
function cvssOf(vulnerability: JsonObject): number | undefined {
  const scores = Object.values(objectOf(vulnerability["CVSS"])).flatMap((vendor) => {
    const one = objectOf(vendor);
    return numberOf(one["V40Score"]) ?? numberOf(one["V3Score"]) ?? numberOf(one["V2Score"]) ?? [];
  });
  return scores.length === 0 ? undefined : Math.max(...scores.slice(0, 50));
}

function addVulnerability(
  into: Collector,
  result: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const kind: FindingKind = result["Class"] === "os-pkgs" ? "container" : "dependency";
  const name = textOf(item["PkgName"]) ?? "unknown package";
  const target = firstText(item["PkgPath"], result["Target"]);
  addFinding(into, "trivy", {
    kind,
    rule: textOf(item["VulnerabilityID"]) ?? "unknown",
    rating: rate({ kind, word: item["Severity"] }),
    title: firstText(item["Title"], item["Description"]) ?? `Vulnerability in ${name}`,
    message: textOf(item["Description"]),
    package:
      firstText(objectOf(item["PkgIdentifier"])["PURL"]) ??
      writePackage(
        kind === "container" ? undefined : textOf(result["Type"]),
        name,
        textOf(item["InstalledVersion"]),
      ),
    // The target of system packages is the image with its tag, which no repository has as a file.
    path: kind === "container" || target === undefined ? undefined : repositoryPath(target),
    cvss: cvssOf(item),
    aliases: listOf(item["VendorIDs"])
      .filter((id) => typeof id === "string" && id.startsWith("GHSA-"))
      .map(String),
    url: textOf(item["PrimaryURL"]),
    suppression,
  });
}

function addMisconfiguration(
  into: Collector,
  result: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const status = textOf(item["Status"])?.toUpperCase();
  if (suppression === undefined && (status === "PASS" || status === "EXCEPTION")) {
    into.passed += 1;
    return;
  }
  const cause = objectOf(item["CauseMetadata"]);
  const target = textOf(result["Target"]);
  addFinding(into, "trivy", {
    kind: "iac",
    rule: firstText(item["ID"], item["AVDID"]) ?? "unknown",
    rating: rate({ kind: "iac", word: item["Severity"] }),
    title: firstText(item["Title"], item["Message"]) ?? "Misconfiguration",
    message: firstText(item["Message"], item["Description"]),
    path: target === undefined ? undefined : repositoryPath(target),
    startLine: lineOf(cause["StartLine"]),
    endLine: lineOf(cause["EndLine"]),
    url: textOf(item["PrimaryURL"]),
    suppression,
  });
}

/** `Match` and `Code` quote the secret's surroundings: they stay outside. */
function addSecret(
  into: Collector,
  result: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const target = textOf(result["Target"]);
  addFinding(into, "trivy", {
    kind: "secret",
    rule: textOf(item["RuleID"]) ?? "unknown",
    rating: rate({ kind: "secret", word: item["Severity"] }),
    title: firstText(item["Title"], item["Category"]) ?? "Secret found",
    path: target === undefined ? undefined : repositoryPath(target),
    startLine: lineOf(item["StartLine"]),
    endLine: lineOf(item["EndLine"]),
    suppression,
  });
}

function addLicense(
  into: Collector,
  result: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const name = textOf(item["PkgName"]);
  const file = firstText(item["FilePath"], name === undefined ? result["Target"] : undefined);
  addFinding(into, "trivy", {
    kind: "license",
    rule: textOf(item["Name"]) ?? "unknown",
    rating: rate({ kind: "license", word: item["Severity"] }),
    title: `Licence ${textOf(item["Name"]) ?? "unknown"} (${textOf(item["Category"]) ?? "no category"})`,
    package: name,
    path: file === undefined ? undefined : repositoryPath(file),
    url: textOf(item["Link"]),
    suppression,
  });
}

type Add = (
  into: Collector,
  result: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
) => void;

const sections: readonly (readonly [field: string, modified: string, add: Add])[] = [
  ["Vulnerabilities", "vulnerability", addVulnerability],
  ["Misconfigurations", "misconfiguration", addMisconfiguration],
  ["Secrets", "secret", addSecret],
  ["Licenses", "license", addLicense],
];

/** What .trivyignore or a VEX document took out: listed, suppressed (Trivy's `--show-suppressed`). */
function addModified(into: Collector, result: JsonObject, modified: JsonObject): void {
  const add = sections.find(([, type]) => type === modified["Type"])?.[2];
  add?.(into, result, objectOf(modified["Finding"]), {
    kind: "external",
    accepted: true,
    justification: firstText(modified["Statement"], modified["Status"]),
  });
}

function readResults(into: Collector, results: unknown, place: string): void {
  for (const result of objectsOf(into, results, place)) {
    for (const [field, , add] of sections) {
      for (const item of objectsOf(into, result[field], `${place} ${field}`))
        add(into, result, item);
    }
    for (const modified of objectsOf(
      into,
      result["ExperimentalModifiedFindings"],
      `${place} ExperimentalModifiedFindings`,
    ))
      addModified(into, result, modified);
  }
}

const kindOfClass: ReadonlyMap<unknown, FindingKind> = new Map<unknown, FindingKind>([
  ["os-pkgs", "container"],
  ["lang-pkgs", "dependency"],
  ["config", "iac"],
  ["secret", "secret"],
  ["license", "license"],
  ["license-file", "license"],
]);

/** A target is listed with its class even where nothing is wrong with it; an image was looked into for its packages in any case. */
function kindsOf(report: JsonObject): readonly FindingKind[] | undefined {
  const kinds = new Set<FindingKind>(
    report["ArtifactType"] === "container_image" ? ["container"] : [],
  );
  for (const result of listOf(report["Results"])) {
    const kind = kindOfClass.get(objectOf(result)["Class"]);
    if (kind !== undefined) kinds.add(kind);
  }
  return kinds.size === 0 ? undefined : [...kinds];
}

/** What Trivy calls the things it looks into. */
const artifactTypes: ReadonlySet<unknown> = new Set([
  "container_image",
  "filesystem",
  "repository",
  "cyclonedx",
  "spdx",
  "aws_account",
  "vm",
]);

/** A target with its class, or with a finding, in the words of Trivy alone. */
const isOwnResult = (item: unknown): boolean => {
  const result = objectOf(item);
  return (
    kindOfClass.has(result["Class"]) ||
    listOf(result["Vulnerabilities"]).some((one) => "VulnerabilityID" in objectOf(one)) ||
    listOf(result["Misconfigurations"]).some((one) => "AVDID" in objectOf(one))
  );
};

const clusterFields = ["Vulnerabilities", "Misconfigurations", "Resources", "Findings"] as const;

const isLegacy = (document: unknown): boolean =>
  Array.isArray(document) &&
  document.length > 0 &&
  document.every((item) => isObject(item) && "Target" in item);

/** `trivy … --format json`: schema 2, the list of old versions, and `trivy k8s`. */
export const trivy: NativeReader = {
  tool: "trivy",
  kinds: ["container", "dependency", "iac", "secret", "license"],
  recognises: (document) =>
    isLegacy(document) ||
    (isObject(document) &&
      (("SchemaVersion" in document && ("ArtifactName" in document || "Results" in document)) ||
        ("ClusterName" in document && clusterFields.some((field) => field in document)))),
  isMarked: (document) => {
    const report = objectOf(document);
    if (artifactTypes.has(report["ArtifactType"]) || "Version" in objectOf(report["Trivy"]))
      return true;
    const own = Array.isArray(document) ? document : listOf(report["Results"]);
    const ofCluster = clusterFields.flatMap((field) =>
      "ClusterName" in report
        ? listOf(report[field]).flatMap((one) => listOf(objectOf(one)["Results"]))
        : [],
    );
    return [...own, ...ofCluster].some(isOwnResult);
  },
  blanks: ["[]", "null"],
  read: (into, document) => {
    if (Array.isArray(document)) {
      readResults(into, document, "the list");
      return {};
    }
    const report = objectOf(document);
    readResults(into, report["Results"], "Results");
    if ("ClusterName" in report) {
      for (const field of clusterFields) {
        for (const resource of objectsOf(into, report[field], field))
          readResults(into, resource["Results"], `${field} Results`);
      }
    }
    return { version: textOf(objectOf(report["Trivy"])["Version"]), kinds: kindsOf(report) };
  },
};
