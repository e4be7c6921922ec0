import type { Impact } from "#core/policy/impact.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { neverMet, teamsAsked, type NeverMet } from "#core/policy/unsatisfiable.ts";
import { policyPath } from "#core/policy/files.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { askRepository, unanswered, type Unanswered } from "#flow/sweeps/ask-repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { createReplay } from "./replay.ts";

export interface BacktestInput {
  readonly owner: string;
  readonly name: string;
  /** Text of the proposed policy. */
  readonly policy: string;
  /** How many merged pull requests; null: as the proposed policy says. */
  readonly last: number | null;
  readonly onProgress: (done: number, all: number) => void;
}

export type Backtested =
  | {
      readonly kind: "replayed";
      readonly impact: Impact;
      readonly neverMet: readonly NeverMet[];
      readonly notes: readonly string[];
    }
  /** The proposed policy cannot be used. */
  | { readonly kind: "unusable"; readonly problems: readonly Problem[] };

/** What a policy would do to the open pull requests and the last merged ones, asked on the command line: what `gatehouse / policy` shows. */
export function createBacktest(
  deps: Deps,
  policies: Policies,
): (input: BacktestInput) => Promise<Backtested | Unanswered> {
  const replay = createReplay(deps);
  return async ({ owner, name, policy, last, onProgress }) => {
    const own = validatePolicy(policy, { path: policyPath, presets: deps.presets });
    if (!own.valid) return { kind: "unusable", problems: own.problems };
    const found = await askRepository(deps, policies, owner, name);
    if (found.kind === "unanswered") return found;
    const { repository, resolved } = found;
    const made = await policies.proposed(repository, policy);
    if (made.kind === "broken") return { kind: "unusable", problems: made.problems };
    if (made.kind === "ungoverned")
      return unanswered(
        `${owner}/${name}: this policy would judge nothing there; see that it is not retired (enforcement: disabled) and that repositories: selects this one`,
      );
    const { impact, tables } = await replay({
      repository,
      current: resolved.kind === "effective" ? resolved.policy : null,
      proposed: made.policy,
      last: last ?? made.policy.backtestLast,
      onProgress: async (done, all) => onProgress(done, all),
    });
    const session = deps.facts.open(
      { kind: "pull_request", repository: repository.id, number: 0 },
      repository,
    );
    // A desk has its own settings, and what the service's name is not known there.
    const never = neverMet(made.policy, {
      owner: repository.owner,
      people: await session.read(teamsAsked(made.policy, repository.owner)),
      seen: tables,
    });
    const notes =
      resolved.kind === "effective"
        ? []
        : [
            resolved.kind === "broken"
              ? "the policy in force cannot be used: there is nothing to compare with"
              : "no policy judges now: there is nothing to compare with",
          ];
    return {
      kind: "replayed",
      impact,
      neverMet: never,
      notes: [
        ...notes,
        ...made.policy.notices
          .filter((notice) => notice.file === "repository")
          .map(({ problem }) => problem.message),
      ],
    };
  };
}
