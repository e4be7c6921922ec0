import type { OverrideRequest } from "#core/overrides/grant.ts";
import { inert } from "#core/text/markdown.ts";
import { whoIsLeft } from "#core/rules/kit/people/who-is-left.ts";
import type { Call } from "./command.ts";
import { contributorsToChange } from "./hand-in-change.ts";
import { requestersFor } from "./requesters-for.ts";

/**
 * What is said beside a request that waits for people who are not there, and what an administrator can do; empty where
 * somebody is left. `undefined` while something has not been read.
 */
export function nobodyToConfirm(
  call: Call,
  { act, definition, state, confirmedBy }: OverrideRequest,
): string | undefined {
  if (state.kind !== "waiting" || definition === null) return "";
  const circle = {
    actors: definition.by,
    owner: call.context.owner,
    because: "worked on this change",
    counted: [act.actor, ...confirmedBy],
  };
  const all = whoIsLeft({ ...circle, barred: [], missing: state.more }, call.ask);
  if (all === undefined) return undefined;
  if (all.says !== null) return inTheWay(all.says);
  if (!state.outsider) return "";
  const everybody = contributorsToChange(call);
  if (everybody === undefined) return undefined;
  const barred = [
    ...[...everybody.values()].map(({ person }) => person),
    ...requestersFor(call, act),
  ];
  const outsiders = whoIsLeft({ ...circle, barred, missing: 1 }, call.ask);
  if (outsiders === undefined) return undefined;
  return outsiders.says === null ? "" : inTheWay(outsiders.says);
}

const inTheWay = (says: string): string => ` ⚠️ As things are, nobody can: ${inert(says, 600)}`;
