import { addFinding, addProblem, objectsOf, type Collector } from "../collect.ts";
import type { Suppression } from "../finding.ts";
import {
  firstText,
  isObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
} from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { sizeOf } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

function addVulnerability(
  into: Collector,
  dependency: JsonObject,
  item: JsonObject,
  suppression?: Suppression,
): void {
  const file = textOf(dependency["fileName"]) ?? "unknown file";
  const path = firstText(dependency["filePath"]);
  const identifiers = listOf(dependency["packages"]).flatMap(
    (one) => textOf(objectOf(one)["id"]) ?? [],
  );
  addFinding(into, "dependency-check", {
    kind: "dependency",
    rule: textOf(item["name"]) ?? "unknown",
    rating: rate({ kind: "dependency", word: item["severity"] }),
    title: `${textOf(item["name"]) ?? "Vulnerability"} in ${file}`,
    message: textOf(item["description"]),
    package: identifiers.find((id) => id.startsWith("pkg:")) ?? file,
    path: path === undefined ? undefined : repositoryPath(path),
    cvss:
      numberOf(objectOf(item["cvssv4"])["baseScore"]) ??
      numberOf(objectOf(item["cvssv3"])["baseScore"]) ??
      numberOf(objectOf(item["cvssv2"])["score"]),
    url: textOf(objectOf(listOf(item["references"])[0])["url"]),
    suppression,
  });
}

/** Its data base of vulnerabilities could not be fetched, or is empty. */
const hasNoData = (info: JsonObject): boolean =>
  /no documents exist|NoDataException|UpdateException|DatabaseException/i.test(
    JSON.stringify(listOf(info["analysisExceptions"]).slice(0, 50)).slice(0, 200_000),
  );

/** OWASP Dependency-Check's JSON report. */
export const dependencyCheck: NativeReader = {
  tool: "dependency-check",
  kinds: ["dependency"],
  recognises: (document) =>
    isObject(document) && "dependencies" in document && "scanInfo" in document,
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      "engineVersion" in objectOf(report["scanInfo"]) &&
      ("reportSchema" in report || "projectInfo" in report)
    );
  },
  read: (into, document) => {
    const report = objectOf(document);
    const info = objectOf(report["scanInfo"]);
    for (const dependency of objectsOf(into, report["dependencies"], "dependencies")) {
      for (const item of objectsOf(into, dependency["vulnerabilities"], "vulnerabilities"))
        addVulnerability(into, dependency, item);
      for (const item of objectsOf(
        into,
        dependency["suppressedVulnerabilities"],
        "suppressedVulnerabilities",
      )) {
        addVulnerability(into, dependency, item, {
          kind: "external",
          accepted: true,
          justification: textOf(item["notes"]),
        });
      }
    }
    const troubles = listOf(info["analysisExceptions"]).length;
    if (troubles > 0)
      addProblem(
        into,
        `dependency-check reports ${troubles} ${troubles === 1 ? "exception" : "exceptions"} in its analysis`,
      );
    return {
      version: textOf(info["engineVersion"]),
      failed:
        troubles > 0 && (sizeOf(report["dependencies"]) === 0 || hasNoData(info))
          ? "it looked at nothing, or had nothing to compare with"
          : undefined,
    };
  },
};
