import { firstLine } from "../clean-text.ts";
import { advisoryIds, type Draft } from "../collect.ts";
import type { FindingKind } from "../finding.ts";
import { firstText, listOf, numberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { isUnreadableScore, rate, scoreOf, type Rating } from "../severity.ts";
import { kindOf } from "../tool-name.ts";
import { placeOf, type SarifLocation } from "./location.ts";
import type { SarifRow } from "./rows.ts";
import { readSuppressions } from "./suppressions.ts";

/** Fields of property bags in which tools put a severity word of their own. */
const wordFields = [
  "severity",
  "cvssv4_baseSeverity",
  "cvssv3_baseSeverity",
  "cvssv2_severity",
  "issue_severity",
  "securityRisk",
] as const;

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
  const template =
    id !== undefined && Object.hasOwn(strings, id)
      ? textOf(objectOf(strings[id])["text"])
      : undefined;
  const given = listOf(message["arguments"]);
  return template
    ?.slice(0, 4_000)
    .replaceAll(/\{(\d{1,2})\}/g, (whole, index: string) =>
      (textOf(given[Number(index)]) ?? whole).slice(0, 500),
    );
}

/** Only keys known to survive line moves: gitleaks puts author and e-mail address among its partial fingerprints. */
const partialKeys = [
  "primaryLocationLineHash",
  "primaryLocationLineHash/v1",
  "contextHash/v1",
  "contextRegionHash/v1",
] as const;

/** Without a login Semgrep writes the words "requires login" for every result: taken at their word, all would be one. */
const isFingerprint = (text: string | undefined): text is string =>
  text !== undefined && /^\S+$/.test(text);

function fingerprintIn(result: JsonObject): string | undefined {
  const whole = objectOf(result["fingerprints"]);
  const keys = Object.keys(whole).sort().slice(0, 8);
  const entries = keys.flatMap((key) => {
    const value = textOf(whole[key]);
    return isFingerprint(value) ? [`${key}=${value}`] : [];
  });
  if (entries.length > 0) return entries.join(";").slice(0, 2_000);
  const partial = objectOf(result["partialFingerprints"]);
  for (const key of partialKeys) {
    const value = textOf(partial[key]);
    if (isFingerprint(value)) return `${key.replace("/v1", "")}=${value.slice(0, 500)}`;
  }
  return undefined;
}

/** What every result of one rule shares. */
export interface RuleFacts {
  readonly kind: FindingKind;
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly words: readonly unknown[];
  readonly aliases: readonly string[];
  readonly purl: string | undefined;
  readonly cvss: number | undefined;
  readonly url: string | undefined;
}

const textIn = (rule: JsonObject | undefined, field: string): string | undefined =>
  textOf(objectOf(rule?.[field])["text"]);

/** Reads a rule once; a large report has thousands of results a rule. */
export function ruleFacts(rule: JsonObject | undefined, toolName: string | null): RuleFacts {
  const properties = objectOf(rule?.["properties"]);
  const tags = listOf(properties["tags"])
    .filter((tag) => typeof tag === "string")
    .slice(0, 50);
  const purls = listOf(properties["purls"]);
  return {
    kind: kindOf(toolName, [textOf(rule?.["name"]) ?? "", ...tags]),
    id: textOf(rule?.["id"]),
    title: firstText(
      textIn(rule, "shortDescription"),
      rule?.["name"],
      textIn(rule, "fullDescription"),
    ),
    words: wordsOf(properties),
    aliases: advisoryIds(
      textOf(rule?.["id"]),
      textIn(rule, "shortDescription"),
      ...tags.filter((tag) => /^(CVE|GHSA)-/i.test(tag)),
    ),
    // Several packages a rule: which of them a result means is not said.
    purl: purls.length === 1 ? textOf(purls[0]) : undefined,
    cvss: scoreOf(properties["cvssv3_baseScore"]) ?? undefined,
    url: textOf(rule?.["helpUri"]),
  };
}

/** The package of a dependency result: Grype lists package URLs on the rule, Snyk names the logical location. */
function packageOf(facts: RuleFacts, place: SarifLocation | undefined): string | undefined {
  if (facts.kind !== "dependency" && facts.kind !== "container") return undefined;
  if (facts.purl !== undefined) return facts.purl;
  const name = place?.logicalName;
  return name !== undefined && name.length < 500 && /^[^\s@]+@[^\s@]+$/.test(name)
    ? name
    : undefined;
}

/** Written down and not to be read, it may be anything: it counts as the worst. */
const unreadableRating: Rating = { severity: "critical", severitySource: "none" };

/** Turns one SARIF result into a draft. */
export function draftOf(row: SarifRow, run: JsonObject, facts: RuleFacts): Draft {
  const { result, rule } = row;
  const { kind } = facts;
  const place = placeOf(run, result);
  const message = messageOf(result, rule);
  const own = objectOf(result["properties"]);
  return {
    kind,
    rule: row.ruleId ?? facts.id ?? "unknown",
    rating: row.securitySeverities.some(isUnreadableScore)
      ? unreadableRating
      : rate({
          kind,
          scores: row.securitySeverities,
          properties: [...wordsOf(own), ...facts.words],
          level: row.level,
        }),
    // A secret scanner's message may quote the secret: only what its rule says is shown.
    title: facts.title ?? (kind === "secret" ? "Secret found" : (firstLine(message) ?? "")),
    message,
    package: packageOf(facts, place),
    path: place?.path,
    startLine: place?.startLine,
    endLine: place?.endLine,
    toolFingerprint: fingerprintIn(result),
    suppression: readSuppressions(result["suppressions"]),
    cvss: numberOf(own["cvssv3_baseScore"]) ?? facts.cvss,
    aliases: facts.aliases,
    url: facts.url,
  };
}
