import { addFinding, objectsOf, type Collector } from "../collect.ts";
import type { Suppression } from "../finding.ts";
import {
  instantOf,
  isObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
} from "../json.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import { countOf, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

interface Vulnerability {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly advisory?: string | undefined;
  readonly cve?: string | undefined;
  readonly cvss?: JsonObject;
  readonly url?: string | undefined;
  readonly suppression?: Suppression | undefined;
}

function add(
  into: Collector,
  {
    id,
    name = "unknown package",
    version,
    advisory,
    cve,
    cvss = {},
    url,
    suppression,
  }: Vulnerability,
): void {
  addFinding(into, "safety", {
    kind: "dependency",
    rule: id ?? "unknown",
    rating: rate({ kind: "dependency", word: cvss["base_severity"] }),
    title: `Vulnerability ${id ?? "without id"} in ${name}`,
    message: advisory,
    package: writePackage("pypi", name, version),
    cvss: numberOf(cvss["base_score"]),
    aliases: cve === undefined ? [] : [cve],
    url,
    suppression,
  });
}

function addCurrent(into: Collector, item: JsonObject, isIgnored: boolean): void {
  const severity = objectOf(item["severity"]);
  add(into, {
    id: textOf(item["vulnerability_id"]),
    name: textOf(item["package_name"]),
    version: textOf(item["analyzed_version"]),
    advisory: textOf(item["advisory"]),
    cve: textOf(item["CVE"]),
    cvss: isObject(severity["cvssv3"]) ? severity["cvssv3"] : objectOf(severity["cvssv2"]),
    url: textOf(item["more_info_url"]),
    suppression:
      isIgnored || item["ignored"] === true
        ? {
            kind: "external",
            accepted: true,
            justification: textOf(item["ignored_reason"]),
            expires: instantOf(item["ignored_expires"]),
          }
        : undefined,
  });
}

/** Version 1 wrote bare rows: name, affected versions, installed version, advisory, id. */
const isRow = (item: unknown): boolean =>
  Array.isArray(item) &&
  item.length >= 5 &&
  item.slice(0, 5).every((cell) => typeof cell === "string");

/** `safety check --json`, versions 1 and 2. */
export const safety: NativeReader = {
  tool: "safety",
  kinds: ["dependency"],
  recognises: (document) =>
    (Array.isArray(document) && document.length > 0 && document.every(isRow)) ||
    (isObject(document) && isObject(document["report_meta"]) && "vulnerabilities" in document),
  isMarked: (document) => "safety_version" in objectOf(objectOf(document)["report_meta"]),
  blanks: ["[]"],
  read: (into, document) => {
    for (const row of Array.isArray(document) ? document : []) {
      const [name, , version, advisory, id] = listOf(row);
      add(into, {
        id: textOf(id),
        name: textOf(name),
        version: textOf(version),
        advisory: textOf(advisory),
      });
    }
    const report = objectOf(document);
    for (const item of objectsOf(into, report["vulnerabilities"], "vulnerabilities"))
      addCurrent(into, item, false);
    for (const item of objectsOf(
      into,
      report["ignored_vulnerabilities"],
      "ignored_vulnerabilities",
    ))
      addCurrent(into, item, true);
    const about = objectOf(report["report_meta"]);
    return {
      version: textOf(about["safety_version"]),
      failed: lookedAtNothing(about, "packages_found"),
      declared: { all: countOf(about["vulnerabilities_found"]) },
    };
  },
};
