import { isObject, objectOf, textOf, type JsonObject } from "../json.ts";
import { findRule, ruleIdOf, rulesOf } from "./rules.ts";

/** One SARIF result with its rule and level found, before it becomes a finding. */
export interface SarifRow {
  readonly result: JsonObject;
  readonly rule: JsonObject | undefined;
  readonly ruleId: string | undefined;
  /** As written: `error warning note none`, or what the tool made of them (`ERROR`). */
  readonly level: string;
  /** The result itself had no level: its rule's, or the standard's default. */
  readonly levelInherited: boolean;
  /** `security-severity` of the result, then of its rule; often a string, sometimes a word. Empty where neither has one. */
  readonly securitySeverities: readonly unknown[];
  /** False for kinds that report no problem, and for results that are gone since the baseline. */
  readonly isProblem: boolean;
}

const harmlessKinds: ReadonlySet<string> = new Set(["pass", "notapplicable", "informational"]);

function levelOf(
  result: JsonObject,
  rule: JsonObject | undefined,
  kind: string,
): { level: string; levelInherited: boolean } {
  const own = textOf(result["level"]);
  if (own !== undefined) return { level: own, levelInherited: false };
  const ofRule = textOf(objectOf(rule?.["defaultConfiguration"])["level"]);
  // 3.27.10: without any level a failing result is a warning, another kind has none.
  return { level: kind === "fail" ? (ofRule ?? "warning") : "none", levelInherited: true };
}

/** The results of one run, or null where it lists none: that is a run which did not report, not one which found nothing. */
export function rowsOf(run: JsonObject): {
  readonly rows: readonly SarifRow[] | null;
  readonly defect: string | null;
} {
  const results = run["results"];
  if (results === undefined || results === null) return { rows: null, defect: null };
  if (!Array.isArray(results)) return { rows: null, defect: "results is not a list" };
  const rules = rulesOf(run);
  const rows: SarifRow[] = [];
  for (const [index, result] of results.entries()) {
    if (!isObject(result)) return { rows: null, defect: `results[${index}] is not an object` };
    const rule = findRule(rules, result);
    const kind = (textOf(result["kind"]) ?? "fail").toLowerCase();
    const ofResult = objectOf(result["properties"])["security-severity"];
    const ofRule = objectOf(rule?.["properties"])["security-severity"];
    rows.push({
      result,
      rule,
      ruleId: ruleIdOf(result),
      ...levelOf(result, rule, kind),
      securitySeverities: [ofResult, ofRule].filter(
        (value) => value !== undefined && value !== null,
      ),
      isProblem: !harmlessKinds.has(kind) && result["baselineState"] !== "absent",
    });
  }
  return { rows, defect: null };
}
