import { addFinding, type Collector } from "../collect.ts";
import { isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { writePackage } from "../package-name.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const kindsOfMessage = ["config", "progress", "SBOM", "osv", "finding"] as const;

/** One message of the stream; each holds one thing. */
const isMessage = (item: unknown): boolean =>
  isObject(item) && kindsOfMessage.some((kind) => isObject(item[kind]));

const messagesOf = (document: unknown): readonly JsonObject[] =>
  (Array.isArray(document) ? document : [document]).filter(isObject);

/** The tool rates by how near the code comes to the fault, as its own SARIF does: called, imported, required. */
function levelOf(trace: readonly unknown[]): "error" | "warning" | "note" {
  const nearest = objectOf(trace[0]);
  if ("function" in nearest) return "error";
  return "package" in nearest ? "warning" : "note";
}

const levels = ["note", "warning", "error"] as const;

/** One advisory in one module is one finding, at its nearest place. */
function nearestFindings(messages: readonly JsonObject[]): readonly JsonObject[] {
  const nearest = new Map<string, JsonObject>();
  const rank = (finding: JsonObject): number => levels.indexOf(levelOf(listOf(finding["trace"])));
  for (const message of messages) {
    const finding = message["finding"];
    if (!isObject(finding)) continue;
    const key = JSON.stringify([finding["osv"], objectOf(listOf(finding["trace"])[0])["module"]]);
    const known = nearest.get(key);
    if (known === undefined || rank(finding) > rank(known)) nearest.set(key, finding);
  }
  return [...nearest.values()];
}

function add(into: Collector, finding: JsonObject, advisory: JsonObject): void {
  const trace = listOf(finding["trace"]);
  const place = objectOf(trace[0]);
  const id = textOf(finding["osv"]) ?? "unknown";
  const module = textOf(place["module"]) ?? "unknown module";
  addFinding(into, "govulncheck", {
    kind: "dependency",
    rule: id,
    rating: rate({ kind: "dependency", level: levelOf(trace) }),
    title: textOf(advisory["summary"]) ?? `${id} in ${module}`,
    message: textOf(advisory["details"]),
    package: writePackage("go", module, textOf(place["version"])),
    path: "go.mod",
    aliases: listOf(advisory["aliases"])
      .filter((alias) => typeof alias === "string")
      .slice(0, 20)
      .map(String),
    url: /^GO-[\d-]{1,40}$/.test(id) ? `https://pkg.go.dev/vuln/${id}` : undefined,
  });
}

/** The stream has no end mark, but it says first what it does: packages are loaded, then vulnerabilities fetched. */
function failureOf(messages: readonly JsonObject[]): string | undefined {
  const told = messages.filter((message) => !("config" in message));
  if (told.length === 0) return "it stopped before it had loaded the packages";
  const said = told.map((message) => textOf(objectOf(message["progress"])["message"]) ?? "");
  if (said.some((line) => /^no packages? (?:matching|to)/i.test(line)))
    return "it found no package to look at";
  return told.every((message) => isObject(message["SBOM"])) ||
    /^fetching vulnerabilities/i.test(said.at(-1) ?? "")
    ? "it stopped before it had fetched the vulnerabilities"
    : undefined;
}

/** `govulncheck -format json`: a stream of messages, the first of which names the scanner. */
export const govulncheck: NativeReader = {
  tool: "govulncheck",
  kinds: ["dependency"],
  recognises: (document) => {
    const messages = Array.isArray(document) ? document : [document];
    return (
      messages.length > 0 &&
      messages.every(isMessage) &&
      messagesOf(document).some(
        (message) =>
          "protocol_version" in objectOf(message["config"]) ||
          "osv" in objectOf(message["finding"]),
      )
    );
  },
  isMarked: (document) =>
    messagesOf(document).some(
      (message) =>
        "scanner_name" in objectOf(message["config"]) ||
        /^GO-/.test(textOf(objectOf(message["finding"])["osv"]) ?? ""),
    ),
  read: (into, document) => {
    const messages = messagesOf(document);
    const advisories = new Map(
      messages.map((message) => [textOf(objectOf(message["osv"])["id"]), objectOf(message["osv"])]),
    );
    for (const finding of nearestFindings(messages))
      add(into, finding, advisories.get(textOf(finding["osv"])) ?? {});
    const config = objectOf(messages.find((message) => "config" in message)?.["config"]);
    return { version: textOf(config["scanner_version"]), failed: failureOf(messages) };
  },
};
