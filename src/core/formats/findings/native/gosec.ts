import { addFinding, addProblem, objectsOf } from "../collect.ts";
import { isObject, lineOf, listOf, objectOf, textOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { countOf, lookedAtNothing } from "./declared.ts";
import type { NativeReader } from "./reader.ts";

/** `gosec -fmt=json`. Lines are strings, ranges as `79-81`. */
export const gosec: NativeReader = {
  tool: "gosec",
  kinds: ["code"],
  recognises: (document) =>
    isObject(document) &&
    "Issues" in document &&
    ("Stats" in document || "Golang errors" in document),
  isMarked: (document) => {
    const report = objectOf(document);
    const stats = objectOf(report["Stats"]);
    return (
      "GosecVersion" in report ||
      "Golang errors" in report ||
      ("nosec" in stats && "found" in stats) ||
      listOf(report["Issues"]).some((item) =>
        /^G\d{3}$/.test(textOf(objectOf(item)["rule_id"]) ?? ""),
      )
    );
  },
  read: (into, document) => {
    const report = objectOf(document);
    for (const item of objectsOf(into, report["Issues"], "Issues")) {
      const file = textOf(item["file"]);
      const line = textOf(item["line"]);
      const suppressed = item["nosec"] === true || listOf(item["suppressions"]).length > 0;
      addFinding(into, "gosec", {
        kind: "code",
        rule: textOf(item["rule_id"]) ?? "unknown",
        rating: rate({ kind: "code", word: item["severity"] }),
        title: textOf(item["details"]) ?? "",
        message: textOf(item["details"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineOf(line),
        endLine: lineOf(line?.split("-")[1]),
        url: textOf(objectOf(item["cwe"])["url"]),
        suppression: suppressed
          ? {
              kind: "inSource",
              accepted: true,
              justification: textOf(objectOf(listOf(item["suppressions"])[0])["justification"]),
            }
          : undefined,
      });
    }
    const unread = Object.keys(objectOf(report["Golang errors"])).length;
    if (unread > 0)
      addProblem(into, `gosec could not read ${unread} ${unread === 1 ? "file" : "files"}`);
    const stats = objectOf(report["Stats"]);
    return {
      version: textOf(report["GosecVersion"]),
      failed: lookedAtNothing(stats, "files"),
      declared: { all: countOf(stats["found"]) },
    };
  },
};
