import type { Act } from "#core/model/act.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { notRequiredBody, unenforcedWords } from "#core/render/required-check.ts";
import {
  judgesPullRequests,
  requiredCheckState,
  type RequiredCheckState,
} from "#core/required-check/state.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { requiredCheckJob } from "#flow/jobs/repository-jobs.ts";
import { checkName } from "#flow/judge/check-name.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { saveRequiredCheck, readRequiredCheck } from "#flow/policy/required-check-values.ts";
import { recordBypass, somebody } from "./record-bypass.ts";

/** Branches looked at in one go: the default branch, and those that open pull requests aim at. */
const mostBranches = 10;

/**
 * Looks whether rulesets and branch protection require our check run from our App (threats T3, T41). A check run
 * blocks nothing by itself: where nothing requires it, that is said; where something did and no longer does,
 * somebody switched the gate off, and that is recorded and reviewed like any other bypass.
 */
export function createRequiredCheckWatch(
  deps: Deps,
  policies: Policies,
): HandlerOf<typeof requiredCheckJob> {
  const { store, github, clock, log } = deps;

  async function changed(
    repository: RepositoryRecord,
    branch: string,
    policy: EffectivePolicy,
    before: RequiredCheckState | null,
    now: RequiredCheckState,
  ): Promise<void> {
    const says = unenforcedWords(now, branch);
    await store.audit.append([
      {
        at: clock.now(),
        kind: "required_check",
        repository: repository.id,
        subject: null,
        actor: null,
        detail: { branch, before: before?.kind ?? null, now: now.kind },
      },
    ]);
    if (says !== null)
      log.warn(
        { repository: `${repository.owner}/${repository.name}`, branch, required: now.kind },
        "the check run is not enforced",
      );
    if (before?.kind !== "pinned" || says === null) return;
    const act: Act = {
      id: `required-check:${repository.id}:${branch}:${clock.now()}`,
      kind: "bypass",
      repository: repository.id,
      pullRequest: null,
      environment: null,
      sha: null,
      name: "required-check",
      // Who changed a ruleset is in the organisation's own audit log, which the App may not read.
      actor: somebody,
      at: clock.now(),
      expiresAt: null,
      reason: says,
      detail: { how: "not_required", branch, required: now.kind },
    };
    const review = {
      title: `Review: ${branch} no longer requires the check ${checkName} of this App`,
      body: (asked: Omit<Parameters<typeof notRequiredBody>[0], "says" | "owner">) =>
        notRequiredBody({ says, owner: repository.owner, ...asked }),
      detail: { bypass: "required-check", branch },
    };
    await recordBypass(deps, repository, {
      act,
      message: "the check run is required no more",
      policy,
      review,
    });
  }

  async function look(
    repository: RepositoryRecord,
    branch: string,
    policy: EffectivePolicy,
  ): Promise<void> {
    const now = requiredCheckState(await github.requiredChecks(repository, branch), {
      name: checkName,
      appId: deps.appId,
    });
    const before = await readRequiredCheck(store.records, repository.id, branch);
    if (before !== null && JSON.stringify(before) === JSON.stringify(now)) return;
    await changed(repository, branch, policy, before, now);
    await saveRequiredCheck(store.records, repository.id, branch, now);
    if (before === null) return;
    // Open pull requests say it in their check runs.
    const open = (await store.records.openPullRequests(repository.id)).filter(
      (row) => row.baseRef === branch,
    );
    await store.queue.mark(
      open.map((row) =>
        judgeItem(
          { kind: "pull_request", repository: repository.id, number: row.number },
          clock.now(),
          false,
        ),
      ),
    );
  }

  return async ({ repository }) => {
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective" || !judgesPullRequests(resolved.policy)) return done;
    const bases = (await store.records.openPullRequests(repository.id)).map((row) => row.baseRef);
    for (const branch of [...new Set([repository.defaultBranch, ...bases])].slice(
      0,
      mostBranches,
    )) {
      try {
        await look(repository, branch, resolved.policy);
      } catch (error) {
        // Plans without rulesets answer so, and a branch may be gone: then nothing can be told, and nothing is said.
        if (
          !(error instanceof GatehouseError) ||
          !["not_found", "forbidden", "invalid"].includes(error.code)
        )
          throw error;
      }
    }
    return done;
  };
}
