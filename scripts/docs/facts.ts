import type { FactPermission, ListedFactRef } from "#core/model/fact.ts";
import { table } from "#core/text/markdown.ts";
import { eventsNotAskedFor, optionalPermissions, otherEvents, otherPermissions } from "./app-needs.ts";
import { cell, code, codes } from "./markdown.ts";

/** GitHub's event name without its action. */
export const eventOf = (trigger: string): string => trigger.split(".", 1)[0] ?? trigger;

const inOrder = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

/** Every fact: what it says, what changes it, what it costs. */
export const factTable = (facts: readonly ListedFactRef[]): string =>
  table(
    ["Fact", "Says", "Changed by", "Permission (read)"],
    facts.map((fact) => [code(fact.name), cell(fact.summary), codes(fact.changedBy), codes(fact.permissions)]),
  );

/** Every webhook event: which facts it changes, and what else it is for. */
export function eventTable(facts: readonly ListedFactRef[]): string {
  const events = inOrder([...facts.flatMap((fact) => fact.changedBy.map(eventOf)), ...Object.keys(otherEvents)]);
  const changed = (event: string): readonly string[] => facts.filter((fact) => fact.changedBy.some((trigger) => eventOf(trigger) === event)).map((fact) => fact.name);
  const also = (event: string): string => {
    const left = eventsNotAskedFor[event];
    return left === undefined ? (otherEvents[event]?.why ?? "") : `**not subscribed to**: ${left}`;
  };
  return table(
    ["Event", "Changes the facts", "Also"],
    events.map((event) => [code(event), codes(changed(event)), cell(also(event))]),
  );
}

/** Every permission: which facts it opens, and what else it is for. */
export function permissionTable(facts: readonly ListedFactRef[]): string {
  const permissions = inOrder([...facts.flatMap((fact) => fact.permissions), ...Object.keys(otherPermissions)]);
  const opens = (permission: string): readonly string[] => facts.filter((fact) => fact.permissions.some((each: FactPermission) => each === permission)).map((fact) => fact.name);
  return table(
    ["Permission", "Access", "What for", "Facts"],
    permissions.map((permission) => [code(permission), otherPermissions[permission]?.access ?? "read", cell((otherPermissions[permission] ?? optionalPermissions[permission])?.why ?? ""), codes(opens(permission))]),
  );
}
