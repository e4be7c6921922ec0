import { addFinding, objectsOf } from "../collect.ts";
import { isObject, listOf, objectOf, textOf } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import { countOf, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** `cargo audit --json`. It gives CVSS vectors, no severities; its warnings (unmaintained, yanked) are no vulnerabilities. */
export const cargoAudit: NativeReader = {
  tool: "cargo-audit",
  kinds: ["dependency"],
  recognises: (document) =>
    isObject(document) &&
    isObject(document["lockfile"]) &&
    isObject(document["vulnerabilities"]) &&
    "list" in document["vulnerabilities"],
  isMarked: (document) => {
    const report = objectOf(document);
    return (
      "advisory-count" in objectOf(report["database"]) ||
      "dependency-count" in objectOf(report["lockfile"]) ||
      listOf(objectOf(report["vulnerabilities"])["list"]).some((item) =>
        textOf(objectOf(objectOf(item)["advisory"])["id"])?.startsWith("RUSTSEC-"),
      )
    );
  },
  read: (into, document) => {
    for (const item of objectsOf(
      into,
      objectOf(objectOf(document)["vulnerabilities"])["list"],
      "vulnerabilities.list",
    )) {
      const advisory = objectOf(item["advisory"]);
      const found = objectOf(item["package"]);
      const name = textOf(found["name"]) ?? textOf(advisory["package"]) ?? "unknown package";
      addFinding(into, "cargo-audit", {
        kind: "dependency",
        rule: textOf(advisory["id"]) ?? "unknown",
        rating: rate({ kind: "dependency", word: advisory["severity"] }),
        title: textOf(advisory["title"]) ?? `Vulnerability in ${name}`,
        message: textOf(advisory["description"]),
        package: writePackage("cargo", name, textOf(found["version"])),
        path: "Cargo.lock",
        aliases: listOf(advisory["aliases"])
          .filter((alias) => typeof alias === "string")
          .slice(0, 20)
          .map(String),
        url: textOf(advisory["url"]),
      });
    }
    const report = objectOf(document);
    const found = objectOf(report["vulnerabilities"]);
    return {
      failed:
        lookedAtNothing(objectOf(report["lockfile"]), "dependency-count") ??
        (countOf(objectOf(report["database"])["advisory-count"]) === 0
          ? "it knows no advisory"
          : undefined),
      declared: { all: Math.max(countOf(found["count"]) ?? 0, found["found"] === true ? 1 : 0) },
    };
  },
};
