import type { Act, ActKind } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import { alice, bob, carol, headSha, monday } from "../build.ts";

let counter = 0;

export function anAct(kind: ActKind, over: Partial<Act> = {}): Act {
  counter += 1;
  return {
    id: `comment:${counter}:0`,
    kind,
    repository: 1,
    pullRequest: 7,
    environment: null,
    sha: headSha,
    name: null,
    actor: bob,
    at: monday,
    expiresAt: null,
    reason: "",
    detail: {},
    ...over,
  };
}

/** bob asks for the emergency override of `reviewed`; he had no hand in the change. */
export const anOverrideAct = (over: Partial<Act> = {}): Act =>
  anAct("override", {
    id: "comment:1:0",
    name: "emergency",
    reason: "shop is down, OPS-1",
    ...over,
    detail: { rules: ["reviewed"], ticket: "OPS-1", label: null, wrote: false, ...over.detail },
  });

export const aConfirmation = (actor: Person = carol, over: Partial<Act> = {}): Act =>
  anAct("confirm", {
    name: "emergency",
    actor,
    at: monday + 60_000,
    ...over,
    detail: { override: "comment:1:0", wrote: false, ...over.detail },
  });

export const emergency = (over: Partial<OverrideDefinition> = {}): OverrideDefinition => ({
  name: "emergency",
  rules: ["reviewed", "tested"],
  by: { teams: ["incident-commanders"] },
  confirmations: 0,
  lasts: "4h",
  ticket: "optional",
  ...over,
});

export { alice, bob, carol, headSha, monday };
