import { isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { isUnreadableScore, scoreOf } from "../severity.ts";

/** Rules of one tool component (the driver or an extension), by place and by id. */
interface RuleTable {
  readonly list: readonly unknown[];
  readonly byId: ReadonlyMap<string, JsonObject>;
  readonly name: string | undefined;
  readonly guid: string | undefined;
}

/** All rules a run's results may refer to. */
export interface RunRules {
  readonly driver: RuleTable;
  readonly extensions: readonly RuleTable[];
}

const scoreIn = (rule: JsonObject): number => {
  const written = objectOf(rule["properties"])["security-severity"];
  return isUnreadableScore(written) ? Number.MAX_VALUE : (scoreOf(written) ?? 0);
};

function tableOf(component: unknown): RuleTable {
  const { name, guid, rules } = objectOf(component);
  const list = listOf(rules);
  const byId = new Map<string, JsonObject>();
  for (const rule of list) {
    const id = isObject(rule) ? textOf(rule["id"]) : undefined;
    if (!isObject(rule) || id === undefined) continue;
    const known = byId.get(id);
    // Two rules of one id: which is meant only an index tells; without one, the graver.
    if (known === undefined || scoreIn(rule) > scoreIn(known)) byId.set(id, rule);
  }
  return { list, byId, name: textOf(name), guid: textOf(guid) };
}

export function rulesOf(run: JsonObject): RunRules {
  const tool = objectOf(run["tool"]);
  return { driver: tableOf(tool["driver"]), extensions: listOf(tool["extensions"]).map(tableOf) };
}

/** SARIF 2.1.0, 3.27.5: `ruleId` may be hierarchical, its beginning then names the rule. */
function parentsOf(id: string): readonly string[] {
  const parts = id.split("/");
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("/")).slice(0, 20);
}

function byIdOrParent(table: RuleTable, id: string): JsonObject | undefined {
  for (const one of parentsOf(id)) {
    const rule = table.byId.get(one);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

function at(table: RuleTable, index: unknown): JsonObject | undefined {
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0) return undefined;
  const rule = table.list[index];
  return isObject(rule) ? rule : undefined;
}

/** The id a result names for its rule, as written. */
export function ruleIdOf(result: JsonObject): string | undefined {
  return textOf(result["ruleId"]) ?? textOf(objectOf(result["rule"])["id"]);
}

/** The component that a result's rule reference names, by index, guid or name; the driver where it names none. */
function componentOf(rules: RunRules, reference: JsonObject): RuleTable {
  const { index, guid, name } = objectOf(reference["toolComponent"]);
  if (typeof index === "number") return rules.extensions[index] ?? rules.driver;
  const isMeant = (table: RuleTable): boolean =>
    (typeof guid === "string" && table.guid?.toLowerCase() === guid.toLowerCase()) ||
    (guid === undefined && typeof name === "string" && table.name === name);
  return rules.extensions.find(isMeant) ?? rules.driver;
}

/**
 * Finds a result's rule by its id, in the component that it names, then in the driver and the extensions. An index tells
 * which of several is meant and counts only where its rule bears that id (or its beginning): a wrong index would lend the
 * result the severity of another rule. A result without an id has its index alone.
 */
export function findRule(rules: RunRules, result: JsonObject): JsonObject | undefined {
  const reference = objectOf(result["rule"]);
  const table = componentOf(rules, reference);
  const indexed = at(table, reference["index"] ?? result["ruleIndex"]);
  const id = ruleIdOf(result);
  if (id === undefined) return indexed;
  const named = textOf(indexed?.["id"]);
  if (named === id) return indexed;
  for (const candidate of [table, rules.driver, ...rules.extensions]) {
    const rule = candidate.byId.get(id);
    if (rule !== undefined) return rule;
  }
  if (named !== undefined && parentsOf(id).includes(named)) return indexed;
  for (const candidate of [table, rules.driver, ...rules.extensions]) {
    const rule = byIdOrParent(candidate, id);
    if (rule !== undefined) return rule;
  }
  return undefined;
}
