import { addFinding, advisoryIds, type Collector } from "../collect.ts";
import {
  firstText,
  isObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
} from "../json.ts";
import type { Severity } from "../finding.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import { countOf, countsBySeverity } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** npm 6, pnpm and Yarn: one finding an advisory, for the first installed version it names. */
export function addAdvisory(
  into: Collector,
  item: JsonObject,
  { tool, path }: { readonly tool: string; readonly path: string },
): void {
  const name = textOf(item["module_name"]) ?? "unknown package";
  const ghsa = firstText(item["github_advisory_id"]);
  addFinding(into, tool, {
    kind: "dependency",
    rule: ghsa ?? `npm:${textOf(item["id"]) ?? "unknown"}`,
    rating: rate({ kind: "dependency", word: item["severity"] }),
    title: `${textOf(item["title"]) ?? "Vulnerability"} in ${name}`,
    message: textOf(item["overview"]),
    package: writePackage("npm", name, textOf(objectOf(listOf(item["findings"])[0])["version"])),
    path,
    cvss: numberOf(objectOf(item["cvss"])["score"]),
    aliases: listOf(item["cves"])
      .filter((id) => typeof id === "string")
      .slice(0, 20)
      .map(String),
    url: textOf(item["url"]),
  });
}

/** npm 6, pnpm and Yarn count each path to a vulnerable package. */
export function pathsBySeverity(
  advisories: readonly JsonObject[],
): Partial<Record<Severity, number>> {
  const sums: Partial<Record<Severity, number>> = {};
  for (const item of advisories) {
    const { severity } = rate({ kind: "dependency", word: item["severity"] });
    const paths = listOf(item["findings"]).reduce<number>(
      (sum, one) => sum + Math.max(1, listOf(objectOf(one)["paths"]).length),
      0,
    );
    sums[severity] = (sums[severity] ?? 0) + Math.max(1, paths);
  }
  return sums;
}

/** npm 7 and later: one finding a package, with the advisories behind it; no installed version is given. */
function addPackage(into: Collector, key: string, item: JsonObject): void {
  const name = textOf(item["name"]) ?? key;
  const via = listOf(item["via"]);
  const advisories = via.filter(isObject);
  const through = via.filter((one) => typeof one === "string");
  const ids = advisoryIds(...advisories.map((one) => textOf(one["url"])));
  const scores = advisories
    .flatMap((one) => numberOf(objectOf(one["cvss"])["score"]) ?? [])
    .slice(0, 100);
  addFinding(into, "npm-audit", {
    kind: "dependency",
    rule:
      ids[0] ??
      (advisories.length > 0
        ? `npm:${textOf(advisories[0]?.["source"]) ?? name}`
        : `via:${String(through[0] ?? name)}`),
    rating: rate({ kind: "dependency", word: item["severity"] }),
    title:
      textOf(advisories[0]?.["title"]) ??
      `${name} depends on vulnerable ${through.slice(0, 5).join(", ")}`,
    message: advisories
      .slice(0, 20)
      .map((one) => `${textOf(one["title"]) ?? ""} (${textOf(one["range"]) ?? ""})`)
      .join("\n"),
    package: writePackage("npm", name),
    path: "package-lock.json",
    cvss: scores.length === 0 ? undefined : Math.max(...scores),
    aliases: ids,
    url: textOf(advisories[0]?.["url"]),
  });
}

function readMap(
  into: Collector,
  value: unknown,
  place: string,
  add: (key: string, item: JsonObject) => void,
): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) {
    into.defect ??= `${place} is not an object`;
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (into.defect !== null) return;
    if (isObject(item)) add(key, item);
    else into.defect = `an entry of ${place} is not an object`;
  }
}

/** npm 6 to 8 give a code and a summary, later ones a message and an empty summary. */
const isFailure = (document: JsonObject): boolean =>
  isObject(document["error"]) &&
  "summary" in document["error"] &&
  ("code" in document["error"] || "detail" in document["error"]);

/** `npm audit --json`, before and since npm 7. A registry that did not answer is a scan that failed, not a clean one. */
export const npmAudit: NativeReader = {
  tool: "npm-audit",
  kinds: ["dependency"],
  recognises: (document) =>
    isObject(document) &&
    ("auditReportVersion" in document ||
      ("advisories" in document && "metadata" in document) ||
      isFailure(document)),
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      typeof report["auditReportVersion"] === "number" ||
      isFailure(report) ||
      "muted" in report ||
      "vulnerabilities" in objectOf(report["metadata"]) ||
      Object.values(objectOf(report["advisories"])).some((item) => "module_name" in objectOf(item))
    );
  },
  read: (into, document) => {
    const report = objectOf(document);
    const error = objectOf(report["error"]);
    if (isFailure(report))
      return {
        failed:
          [error["code"], firstText(error["summary"], report["message"])]
            .flatMap((part) => textOf(part) ?? [])
            .join(": ") || "it reports an error",
      };
    readMap(into, report["advisories"], "advisories", (_key, item) =>
      addAdvisory(into, item, { tool: "npm-audit", path: "package-lock.json" }),
    );
    readMap(into, report["vulnerabilities"], "vulnerabilities", (key, item) =>
      addPackage(into, key, item),
    );
    const counts = objectOf(objectOf(report["metadata"])["vulnerabilities"]);
    const isByPackage = isObject(report["vulnerabilities"]);
    const advisories = Object.values(objectOf(report["advisories"])).map(objectOf);
    return {
      failed:
        isByPackage || isObject(report["advisories"]) ? undefined : "it lists no vulnerabilities",
      declared: {
        all: isByPackage ? countOf(counts["total"]) : undefined,
        by: countsBySeverity(counts),
        weights: isByPackage ? {} : pathsBySeverity(advisories),
      },
    };
  },
};
