import type { EffectivePolicy } from "#core/policy/effective.ts";
import { nearest } from "#core/text/nearest.ts";
import type { RequiredCheck } from "#core/model/required-check.ts";

/**
 * Whether merges onto a branch wait for our check run (threat T3). Only `pinned` binds: `unpinned` is satisfied by a
 * check of our name from anybody, `foreign` by one of another App alone, `missing` by nothing at all.
 */
export type RequiredCheckState =
  | { readonly kind: "pinned" }
  | { readonly kind: "unpinned" }
  | { readonly kind: "foreign"; readonly app: number }
  /** `like`: a required check whose name is nearly ours. */
  | { readonly kind: "missing"; readonly like: string | null };

/** Several rulesets may ask for it: one that pins it to our App is enough. */
export function requiredCheckState(
  required: readonly RequiredCheck[],
  ours: { readonly name: string; readonly appId: number },
): RequiredCheckState {
  const named = required.filter(({ context }) => context === ours.name);
  const [first] = named;
  if (first === undefined)
    return {
      kind: "missing",
      like:
        nearest(
          ours.name,
          required.map(({ context }) => context),
        ) ?? null,
    };
  if (named.some(({ app }) => app === ours.appId)) return { kind: "pinned" };
  // GitHub writes -1 where any source will do.
  const pins = named.flatMap(({ app }) => (app === null || app < 0 ? [] : [app]));
  return pins[0] === undefined || pins.length < named.length
    ? { kind: "unpinned" }
    : { kind: "foreign", app: pins[0] };
}

/** Under which key it is kept whether merges onto a branch wait for our check run, as it was seen last. */
export const requiredCheckKey = (repository: number, branch: string): string =>
  `required-check:${repository}:${branch}`;

/** Whether somebody who pushes to the branch past pull requests went round a rule. */
export const keepsPushesOut = (state: RequiredCheckState): boolean => state.kind !== "missing";

/** Where no rule judges pull requests, nobody has to wait for the check run. */
export const judgesPullRequests = (policy: EffectivePolicy): boolean =>
  policy.rules.some((rule) => rule.enforcement === "active" && rule.gates.includes("pull_request"));
