import { addFinding, addProblem, objectsOf, type Collector } from "../collect.ts";
import { firstText, isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { isUnreadableScore } from "../severity.ts";
import { toolId } from "../tool-name.ts";
import { draftOf, ruleFacts, type RuleFacts } from "./draft.ts";
import { rowsOf } from "./rows.ts";

/** SARIF by its shape: some tools leave version and schema out. */
export function isSarif(document: unknown): document is JsonObject {
  if (!isObject(document) || !("runs" in document)) return false;
  const schema = textOf(document["$schema"]) ?? "";
  return (
    "version" in document ||
    schema.includes("sarif") ||
    listOf(document["runs"]).some((run) => isObject(run) && "tool" in run) ||
    listOf(document["runs"]).some((run) => isObject(run) && "results" in run)
  );
}

/** Whether a run says of itself that it finished, and keeps its results in this file. */
function scannedProblem(run: JsonObject, hasResults: boolean): string | null {
  if (
    listOf(run["invocations"]).some(
      (invocation) => objectOf(invocation)["executionSuccessful"] === false,
    )
  )
    return "the tool says that its run failed";
  if ("results" in objectOf(run["externalPropertyFileReferences"]))
    return "its results are in another file";
  return hasResults
    ? null
    : "it lists no results at all: a run that found nothing lists an empty one";
}

/** What `toolId` makes of no name. */
const unnamed = toolId(null);

function readRun(into: Collector, run: JsonObject, place: string, hint: string | null): void {
  const driver = objectOf(objectOf(run["tool"])["driver"]);
  const toolName = typeof driver["name"] === "string" ? driver["name"] : null;
  const isUnnamed = toolId(toolName) === unnamed;
  const tool = isUnnamed ? (hint ?? unnamed) : toolId(toolName);
  const searcher = isUnnamed ? hint : toolName;
  const { rows, defect } = rowsOf(run);
  if (defect !== null) {
    into.defect ??= `${place}.${defect}`;
    return;
  }
  const known = new Map<JsonObject | undefined, RuleFacts>();
  for (const row of rows ?? []) {
    const facts = known.get(row.rule) ?? ruleFacts(row.rule, searcher);
    known.set(row.rule, facts);
    if (row.isProblem) addFinding(into, tool, draftOf(row, run, facts));
    else into.passed += 1;
    if (into.defect !== null) return;
  }
  const unreadable = (rows ?? []).find((row) => row.securitySeverities.some(isUnreadableScore));
  if (unreadable !== undefined) {
    const value = unreadable.securitySeverities.find(isUnreadableScore);
    addProblem(
      into,
      `${toolName ?? "a tool without a name"}: the security-severity ${JSON.stringify(value).slice(0, 40)} of ${unreadable.ruleId ?? "a rule"} cannot be read: it counts as critical`,
    );
  }
  const doubt = scannedProblem(run, rows !== null);
  const problem =
    doubt ??
    (tool === unnamed ? "its findings count, and it proves no scan; name the file after it" : null);
  if (problem !== null) addProblem(into, `${toolName ?? "a tool without a name"}: ${problem}`);
  into.runs.push({
    tool,
    toolName,
    toolVersion: firstText(driver["semanticVersion"], driver["version"]) ?? null,
    results: rows?.length ?? 0,
    scanned: problem === null,
    doubt: doubt === null ? undefined : `${toolName ?? "a tool without a name"}: ${doubt}`,
  });
}

/** Reads SARIF 2.1.0 (OASIS). `hint`: the tool that the file's name speaks of. Another version, or results that are elsewhere, make it unreadable: silence is not cleanliness. */
export function readSarif(into: Collector, document: JsonObject, hint: string | null): void {
  const version = textOf(document["version"]);
  if (version !== undefined && !/^2\.1(?:\.|$)/.test(version))
    into.defect = `it is SARIF ${version.slice(0, 20)}: only 2.1.0 is read`;
  if (
    listOf(document["inlineExternalProperties"]).some(
      (part) => listOf(objectOf(part)["results"]).length > 0,
    )
  ) {
    into.defect = "it keeps results in inlineExternalProperties, which are not read";
  }
  if (!Array.isArray(document["runs"])) into.defect ??= "runs is not a list";
  let index = 0;
  // The file's name speaks of a run without a name only where no other run says who wrote the file.
  const isAnyNamed = listOf(document["runs"]).some(
    (run) =>
      toolId(textOf(objectOf(objectOf(objectOf(run)["tool"])["driver"])["name"])) !== unnamed,
  );
  for (const run of objectsOf(into, document["runs"], "runs")) {
    readRun(into, run, `runs[${index}]`, isAnyNamed ? null : hint);
    index += 1;
  }
}
