import { addFinding, addProblem, objectsOf } from "../collect.ts";
import { isObject, listOf, objectOf, textOf } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const isDependency = (item: unknown): boolean =>
  isObject(item) && "name" in item && (Array.isArray(item["vulns"]) || "skip_reason" in item);

/** `pip-audit -f json`: a list of dependencies, since 2.5 inside an object. The format has no severities. */
export const pipAudit: NativeReader = {
  tool: "pip-audit",
  kinds: ["dependency"],
  recognises: (document) => {
    const list =
      isObject(document) && "dependencies" in document ? document["dependencies"] : document;
    return (
      Array.isArray(list) &&
      (list.length > 0
        ? list.every(isDependency)
        : isObject(document) && ("fixes" in document || Object.keys(document).length === 1))
    );
  },
  isMarked: (document) => {
    const list = listOf(objectOf(document)["dependencies"] ?? document);
    return (
      (list.length > 0 && Array.isArray(objectOf(document)["fixes"])) ||
      list.some((item) =>
        listOf(objectOf(item)["vulns"]).some((one) =>
          textOf(objectOf(one)["id"])?.startsWith("PYSEC-"),
        ),
      )
    );
  },
  blanks: ["[]"],
  read: (into, document) => {
    const list = isObject(document) ? document["dependencies"] : document;
    let skipped = 0;
    for (const dependency of objectsOf(into, list, "dependencies")) {
      if ("skip_reason" in dependency) skipped += 1;
      const name = textOf(dependency["name"]) ?? "unknown package";
      for (const item of objectsOf(into, dependency["vulns"], "vulns")) {
        addFinding(into, "pip-audit", {
          kind: "dependency",
          rule: textOf(item["id"]) ?? "unknown",
          rating: rate({ kind: "dependency", word: objectOf(item)["severity"] }),
          title: `${textOf(item["id"]) ?? "Vulnerability"} in ${name}`,
          message: textOf(item["description"]),
          package: writePackage("pypi", name, textOf(dependency["version"])),
          aliases: listOf(item["aliases"])
            .filter((alias) => typeof alias === "string")
            .slice(0, 20)
            .map(String),
        });
      }
    }
    if (skipped > 0)
      addProblem(
        into,
        `pip-audit skipped ${skipped} ${skipped === 1 ? "dependency" : "dependencies"}`,
      );
    const count = listOf(list).length;
    return { failed: count > 0 && skipped === count ? "it skipped every dependency" : undefined };
  },
};
