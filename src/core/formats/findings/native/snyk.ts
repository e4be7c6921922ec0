import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { FindingKind, Suppression } from "../finding.ts";
import {
  firstText,
  instantOf,
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
import { countOf } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

const systemManagers = /^(?:deb|rpm|apk|linux|sles|rhel|centos|alpine|debian|ubuntu|oracle|amzn)/;

function kindOf(item: JsonObject): FindingKind {
  if (item["type"] === "license") return "license";
  return systemManagers.test(textOf(item["packageManager"]) ?? "") ? "container" : "dependency";
}

function addVulnerability(
  into: Collector,
  project: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const kind = kindOf(item);
  const identifiers = objectOf(item["identifiers"]);
  const name = firstText(item["name"], item["packageName"]) ?? "unknown package";
  const file = kind === "container" ? undefined : textOf(project["displayTargetFile"]);
  addFinding(into, "snyk", {
    kind,
    rule: textOf(item["id"]) ?? "unknown",
    rating: rate({ kind, word: firstText(item["severityWithCritical"], item["severity"]) }),
    title: `${textOf(item["title"]) ?? "Vulnerability"} in ${name}`,
    message: textOf(item["description"]),
    package: writePackage(
      kind === "container" ? undefined : textOf(item["packageManager"]),
      name,
      textOf(item["version"]),
    ),
    path: file === undefined ? undefined : repositoryPath(file),
    cvss: numberOf(item["cvssScore"]),
    aliases: [...listOf(identifiers["CVE"]), ...listOf(identifiers["GHSA"])]
      .filter((id) => typeof id === "string")
      .slice(0, 20)
      .map(String),
    url: textOf(item["url"]),
    suppression,
  });
}

/** Snyk's ignores carry reason, person and expiry inside the ignored item. */
function ignoreOf(item: JsonObject): Suppression {
  const ignored = objectOf(listOf(objectOf(item["filtered"])["ignored"])[0]);
  const login = textOf(objectOf(ignored["ignoredBy"])["name"]);
  return {
    kind: "external",
    accepted: true,
    justification: textOf(ignored["reason"]),
    by: login === undefined ? undefined : { login: login.slice(0, 100) },
    expires: instantOf(ignored["expires"]),
  };
}

function addInfrastructureIssue(into: Collector, project: JsonObject, item: JsonObject): void {
  const file = firstText(project["targetFile"], project["displayTargetFile"]);
  addFinding(into, "snyk", {
    kind: "iac",
    rule: firstText(item["publicId"], item["id"]) ?? "unknown",
    rating: rate({ kind: "iac", word: item["severity"] }),
    title: textOf(item["title"]) ?? "Misconfiguration",
    message: firstText(item["msg"], objectOf(item["iacDescription"])["issue"]),
    path: file === undefined ? undefined : repositoryPath(file),
    startLine: lineOf(item["lineNumber"]),
    url: textOf(item["documentation"]),
    suppression: item["isIgnored"] === true ? { kind: "external", accepted: true } : undefined,
  });
}

/** `snyk test`, `snyk container test` and `snyk iac test` write one shape and look for different things. */
function kindsOf(project: JsonObject): readonly FindingKind[] {
  if ("infrastructureAsCodeIssues" in project) return ["iac"];
  return "docker" in project || systemManagers.test(textOf(project["packageManager"]) ?? "")
    ? ["container"]
    : ["dependency", "license"];
}

/** What stands beside the vulnerabilities of a project. */
const marks = ["ok", "packageManager", "projectName", "dependencyCount"] as const;

const isProject = (document: unknown): boolean =>
  isObject(document) &&
  ((Array.isArray(document["vulnerabilities"]) && marks.some((mark) => mark in document)) ||
    ("infrastructureAsCodeIssues" in document && "ok" in document) ||
    (document["ok"] === false && "error" in document));

/** What a project says that there is, and does not list; it counts a vulnerability once, however many paths lead to it. */
function notListed(project: JsonObject): readonly string[] {
  const issues = [
    ...listOf(project["vulnerabilities"]),
    ...listOf(project["infrastructureAsCodeIssues"]),
  ].map(objectOf);
  const inside = listOf(project["applications"]).flatMap((one) =>
    listOf(objectOf(one)["vulnerabilities"]),
  );
  const ids = new Set(issues.map((item) => item["id"]));
  const said = countOf(project["uniqueCount"]) ?? 0;
  if (said > ids.size) return [`it counts ${said} issues and lists ${ids.size}`];
  return project["ok"] === false && issues.length + inside.length === 0
    ? ["it says that something is wrong and lists nothing"]
    : [];
}

/** `snyk test --json`, one project or a list of them (`--all-projects`), containers and infrastructure alike. */
export const snyk: NativeReader = {
  tool: "snyk",
  kinds: ["dependency", "container", "license", "iac"],
  recognises: (document) =>
    isProject(document) ||
    (Array.isArray(document) && document.length > 0 && document.every(isProject)),
  isMarked: (document) =>
    (Array.isArray(document) ? document : [document]).some((one) => {
      const project = objectOf(one);
      return (
        /snyk/i.test((textOf(project["policy"]) ?? "").slice(0, 1_000)) ||
        "infrastructureAsCodeIssues" in project ||
        ("filesystemPolicy" in project && "uniqueCount" in project) ||
        listOf(project["vulnerabilities"]).some((item) =>
          /^(?:SNYK-|snyk:|npm:)/.test(textOf(objectOf(item)["id"]) ?? ""),
        ) ||
        "ignore" in objectOf(project["filtered"])
      );
    }),
  read: (into, document) => {
    const failed: string[] = [];
    const kinds = new Set<FindingKind>();
    for (const project of objectsOf(
      into,
      Array.isArray(document) ? document : [document],
      "the list of projects",
    )) {
      const error = textOf(project["error"]);
      for (const kind of kindsOf(project)) kinds.add(kind);
      if (error !== undefined) failed.push(error);
      else failed.push(...notListed(project));
      for (const item of objectsOf(into, project["vulnerabilities"], "vulnerabilities"))
        addVulnerability(into, project, item);
      for (const item of objectsOf(
        into,
        objectOf(project["filtered"])["ignore"],
        "filtered.ignore",
      ))
        addVulnerability(into, project, item, ignoreOf(item));
      for (const item of objectsOf(
        into,
        project["infrastructureAsCodeIssues"],
        "infrastructureAsCodeIssues",
      ))
        addInfrastructureIssue(into, project, item);
      // A container scan adds the applications it found inside.
      for (const inner of objectsOf(into, project["applications"], "applications")) {
        for (const item of objectsOf(
          into,
          inner["vulnerabilities"],
          "applications vulnerabilities",
        ))
          addVulnerability(into, inner, item);
      }
    }
    return { failed: failed[0], kinds: [...kinds] };
  },
};
