import { addFinding, objectsOf, type Collector } from "../collect.ts";
import { firstText, isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

interface Owner {
  readonly name: string;
  readonly package: string;
  readonly path: string | undefined;
}

/** The score is given for a group of ids that mean one problem. */
function scoreIn(groups: readonly unknown[], id: string): unknown {
  return objectOf(groups.find((group) => listOf(objectOf(group)["ids"]).includes(id)))[
    "max_severity"
  ];
}

function addVulnerability(
  into: Collector,
  item: JsonObject,
  owner: Owner,
  groups: readonly unknown[],
): void {
  const id = textOf(item["id"]) ?? "unknown";
  addFinding(into, "osv-scanner", {
    kind: "dependency",
    rule: id,
    rating: rate({
      kind: "dependency",
      scores: [scoreIn(groups, id)],
      word: objectOf(item["database_specific"])["severity"],
    }),
    title: firstText(item["summary"]) ?? `${id} in ${owner.name}`,
    message: textOf(item["details"]),
    package: owner.package,
    path: owner.path,
    aliases: listOf(item["aliases"])
      .filter((alias) => typeof alias === "string")
      .slice(0, 20)
      .map(String),
    url: /^[\w-]{1,60}$/.test(id) ? `https://osv.dev/${id}` : undefined,
  });
}

function addPackage(into: Collector, item: JsonObject, path: string | undefined): void {
  const { name: rawName, version, ecosystem } = objectOf(item["package"]);
  const name = textOf(rawName) ?? "unknown package";
  const owner = { name, path, package: writePackage(textOf(ecosystem), name, textOf(version)) };
  const groups = listOf(item["groups"]);
  for (const vulnerability of objectsOf(into, item["vulnerabilities"], "vulnerabilities"))
    addVulnerability(into, vulnerability, owner, groups);
  for (const licence of listOf(item["license_violations"])) {
    const rule = textOf(licence) ?? "unknown";
    addFinding(into, "osv-scanner", {
      kind: "license",
      rule,
      rating: rate({ kind: "license" }),
      title: `Licence ${rule} of ${name} is not allowed`,
      package: owner.package,
      path,
    });
  }
}

const isSource = (item: unknown): boolean =>
  isObject(item) && isObject(item["source"]) && Array.isArray(item["packages"]);

/** `osv-scanner --format json`, 1 and 2: one finding an advisory and package. */
export const osvScanner: NativeReader = {
  tool: "osv-scanner",
  kinds: ["dependency"],
  recognises: (document) => {
    if (!isObject(document) || !Array.isArray(document["results"])) return false;
    const results = document["results"];
    return results.length > 0
      ? results.every(isSource)
      : "experimental_config" in document || Object.keys(document).length === 1;
  },
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      "licenses" in objectOf(report["experimental_config"]) ||
      listOf(report["results"]).some(isSource)
    );
  },
  read: (into, document) => {
    for (const source of objectsOf(into, objectOf(document)["results"], "results")) {
      const file = textOf(objectOf(source["source"])["path"]);
      const path = file === undefined ? undefined : repositoryPath(file);
      for (const item of objectsOf(into, source["packages"], "packages"))
        addPackage(into, item, path);
    }
    return {};
  },
};
