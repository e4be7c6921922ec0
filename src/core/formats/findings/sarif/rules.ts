import { isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";

/** Rules of one tool component (the driver or an extension), by place and by id. */
interface RuleTable {
  readonly list: readonly unknown[];
  readonly byId: ReadonlyMap<string, JsonObject>;
}

/** All rules a run's results may refer to. */
export interface RunRules {
  readonly driver: RuleTable;
  readonly extensions: readonly RuleTable[];
}

function tableOf(component: unknown): RuleTable {
  const list = listOf(objectOf(component)["rules"]);
  const byId = new Map<string, JsonObject>();
  for (const rule of list) {
    const id = isObject(rule) ? textOf(rule["id"]) : undefined;
    if (isObject(rule) && id !== undefined && !byId.has(id)) byId.set(id, rule);
  }
  return { list, byId };
}

export function rulesOf(run: JsonObject): RunRules {
  const tool = objectOf(run["tool"]);
  return { driver: tableOf(tool["driver"]), extensions: listOf(tool["extensions"]).map(tableOf) };
}

/** SARIF 2.1.0, 3.27.5: `ruleId` may be hierarchical, its beginning then names the rule. */
function byIdOrParent(table: RuleTable, id: string): JsonObject | undefined {
  const exact = table.byId.get(id);
  if (exact !== undefined) return exact;
  const slash = id.lastIndexOf("/");
  return slash > 0 ? table.byId.get(id.slice(0, slash)) : undefined;
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

/** Finds a result's rule: in the extension that `rule.toolComponent.index` names, else in the driver; by index, then by id, then by id in any component. */
export function findRule(rules: RunRules, result: JsonObject): JsonObject | undefined {
  const reference = objectOf(result["rule"]);
  const component = objectOf(reference["toolComponent"])["index"];
  const extension = typeof component === "number" ? rules.extensions[component] : undefined;
  const table = extension ?? rules.driver;
  const found = at(table, reference["index"] ?? result["ruleIndex"]);
  if (found !== undefined) return found;
  const id = ruleIdOf(result);
  if (id === undefined) return undefined;
  for (const candidate of [table, rules.driver, ...rules.extensions]) {
    const rule = byIdOrParent(candidate, id);
    if (rule !== undefined) return rule;
  }
  return undefined;
}
