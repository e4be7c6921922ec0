import { firstLine } from "../clean-text.ts";
import { advisoryIds, type Draft } from "../collect.ts";
import type { FindingKind } from "../finding.ts";
import { firstText, listOf, numberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { rate, scoreOf } from "../severity.ts";
import { kindOf } from "../tool-name.ts";
import { placeOf, type SarifPlace } from "./location.ts";
import type { SarifRow } from "./rows.ts";
import { readSuppressions } from "./suppressions.ts";

/** Fields of property bags in which tools put a severity word of their own. */
const wordFields = ["severity", "cvssv4_baseSeverity", "cvssv3_baseSeverity", "cvssv2_severity"] as const;

function wordsOf(bag: JsonObject): readonly unknown[] {
  return [objectOf(bag["snykPolicy/v1"])["severity"], ...wordFields.map((field) => bag[field])];
}

/** `message.text`, or the rule's message string that `message.id` names with its `{0}` filled in (3.11.5). */
function messageOf(result: JsonObject, rule: JsonObject | undefined): string | undefined {
  const message = objectOf(result["message"]);
  const text = textOf(message["text"]);
  if (text !== undefined) return text;
  const id = textOf(message["id"]);
  const strings = objectOf(rule?.["messageStrings"]);
  const template = id !== undefined && Object.hasOwn(strings, id) ? textOf(objectOf(strings[id])["text"]) : undefined;
  const given = listOf(message["arguments"]);
  return template?.slice(0, 4_000).replaceAll(/\{(\d{1,2})\}/g, (whole, index: string) => (textOf(given[Number(index)]) ?? whole).slice(0, 500));
}

/** Only keys known to survive line moves: gitleaks puts author and e-mail address among its partial fingerprints. */
const partialKeys = ["primaryLocationLineHash", "primaryLocationLineHash/v1", "contextHash/v1", "contextRegionHash/v1"] as const;

function fingerprintIn(result: JsonObject): string | undefined {
  const whole = objectOf(result["fingerprints"]);
  const keys = Object.keys(whole).sort().slice(0, 8);
  const entries = keys.flatMap((key) => (textOf(whole[key]) === undefined ? [] : [`${key}=${textOf(whole[key])}`]));
  if (entries.length > 0) return entries.join(";").slice(0, 2_000);
  const partial = objectOf(result["partialFingerprints"]);
  for (const key of partialKeys) {
    const value = textOf(partial[key]);
    if (value !== undefined) return `${key.replace("/v1", "")}=${value.slice(0, 500)}`;
  }
  return undefined;
}

/** The package of a dependency result: Grype lists package URLs on the rule, Snyk names the logical location. */
function packageOf(kind: FindingKind, rule: JsonObject | undefined, place: SarifPlace | undefined): string | undefined {
  if (kind !== "dependency" && kind !== "container") return undefined;
  const purls = listOf(objectOf(rule?.["properties"])["purls"]);
  if (purls.length === 1) return textOf(purls[0]);
  return place?.logicalName !== undefined && /^[^\s@]+@[^\s@]+$/.test(place.logicalName) ? place.logicalName : undefined;
}

const shortText = (rule: JsonObject | undefined, field: string): string | undefined => textOf(objectOf(rule?.[field])["text"]);

function titleOf(kind: FindingKind, rule: JsonObject | undefined, message: string | undefined): string {
  const ofRule = firstText(shortText(rule, "shortDescription"), rule?.["name"], shortText(rule, "fullDescription"));
  // A secret scanner's message may quote the secret: only what its rule says is shown.
  if (kind === "secret") return ofRule ?? "Secret found";
  return ofRule ?? firstLine(message) ?? "";
}

/** Turns one SARIF result into a draft. */
export function draftOf(row: SarifRow, run: JsonObject, toolName: string | null): Draft {
  const { result, rule } = row;
  const ruleProperties = objectOf(rule?.["properties"]);
  const tags = listOf(ruleProperties["tags"]).filter((tag) => typeof tag === "string").slice(0, 50);
  const kind = kindOf(toolName, [textOf(rule?.["name"]) ?? "", ...tags]);
  const place = placeOf(run, result);
  const message = messageOf(result, rule);
  const own = objectOf(result["properties"]);
  return {
    kind,
    rule: row.ruleId ?? textOf(rule?.["id"]) ?? "unknown",
    rating: rate({ kind, scores: row.securitySeverities, properties: [...wordsOf(own), ...wordsOf(ruleProperties)], level: row.level }),
    title: titleOf(kind, rule, message),
    message,
    package: packageOf(kind, rule, place),
    path: place?.path,
    startLine: place?.startLine,
    endLine: place?.endLine,
    toolFingerprint: fingerprintIn(result),
    suppression: readSuppressions(result["suppressions"]),
    cvss: numberOf(own["cvssv3_baseScore"]) ?? scoreOf(ruleProperties["cvssv3_baseScore"]) ?? undefined,
    aliases: kind === "secret" ? [] : advisoryIds(row.ruleId, shortText(rule, "shortDescription"), ...tags.filter((tag) => /^(CVE|GHSA)-/i.test(tag))),
    url: firstText(rule?.["helpUri"]),
  };
}

