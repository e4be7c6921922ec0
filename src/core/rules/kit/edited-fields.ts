import type { Event } from "#core/model/event.ts";

/**
 * `pull_request.edited` names what was edited; a rule that stands on none of it need not judge again. An edit that
 * names nothing wakes the rule: a payload is a hint, never a reason to ignore an event.
 */
export function editsNoneOf(event: Event, fields: readonly string[]): boolean {
  if (event.name !== "pull_request.edited") return false;
  const changed = event.pullRequest?.changed ?? [];
  return changed.length > 0 && !changed.some((field) => fields.includes(field));
}
