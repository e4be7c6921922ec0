import { z } from "zod";
import type { Actors } from "#core/model/actor.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { actorKeys } from "#core/policy/actors-schema.ts";
import { leavesOf } from "#core/policy/requirement.ts";
import { approvals, approversOf } from "#core/rules/approvals/rule.ts";
import { grantTo, toRole } from "./authority.ts";
import type { Grant } from "./command.ts";
import { leavesAt } from "./environment-rules.ts";

const named = z.object(actorKeys);

/** The rule's parameters were checked by its own schema; here only who is named is read. */
const actorsIn = (raw: unknown): Actors => approversOf(named.parse(raw ?? {}));

/** Who may approve a deployment there: everybody whom a rule of approvals names, else people with write access. */
export function approverGrants(policy: EffectivePolicy, environment: string): readonly Grant[] {
  const found = leavesAt(policy, environment, approvals.name).map(({ leaf }) =>
    grantTo(actorsIn(leaf.raw), { of: environment }),
  );
  return found.length === 0 ? [toRole("write", { of: environment })] : found;
}

/** The same for every environment: what help shows. */
export function everyApprover(policy: EffectivePolicy): readonly Grant[] {
  const found = policy.rules
    .filter((rule) => rule.enforcement !== "disabled")
    .flatMap((rule) =>
      leavesOf(rule.requirement)
        .filter((leaf) => leaf.rule.name === approvals.name)
        .map((leaf) => grantTo(actorsIn(leaf.raw), { of: rule.name })),
    );
  return found.length === 0 ? [toRole("write")] : found;
}
