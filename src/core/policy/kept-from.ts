import type { EffectivePolicy } from "./effective.ts";
import { askWhen, type When } from "./when/when.ts";

/** Whether a rule applies to a pull request onto the branch, judged by the branch alone: 0 never, 1 perhaps, 2 always. */
function appliesOn(when: When, baseRef: string, owner: string): 0 | 1 | 2 {
  const subject = {
    kind: "merge_group" as const,
    repository: 0,
    headSha: "",
    headRef: "",
    baseRef,
  };
  switch (askWhen(when, { subject, owner }, () => undefined)) {
    case false:
      return 0;
    case "unknown":
      return 1;
    case true:
    case "silent":
      return 2;
  }
}

/** Names of the active rules for pull requests that may apply on the default branch and that their `branches` keep from this one. */
export function rulesKeptFrom(
  { rules }: Pick<EffectivePolicy, "rules">,
  branch: string,
  defaultBranch: string,
): readonly string[] {
  return rules
    .filter(
      ({ when, gates, enforcement, context }) =>
        when !== null &&
        enforcement === "active" &&
        gates.includes("pull_request") &&
        appliesOn(when, branch, context.owner) < appliesOn(when, defaultBranch, context.owner),
    )
    .map(({ name }) => name);
}
