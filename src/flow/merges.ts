import { z } from "zod";
import type { Act } from "../core/model/act.ts";
import type { Person } from "../core/model/actor.ts";
import type { Decision } from "../core/model/decision.ts";
import type { EffectivePolicy } from "../core/policy/effective.ts";
import type { DecisionRecord, Lease, PullRequestSeen, RepositoryRecord } from "../core/ports.ts";
import { renderDecision, unmetRules } from "../core/render/decision.ts";
import { bypassBody } from "../core/render/review.ts";
import { reviewersOf, reviewWithin } from "../core/rollout/owing-review.ts";
import type { House } from "./house.ts";
import { reviewItem } from "./open-review.ts";
import { mergeOf } from "./people-values.ts";
import type { Policies } from "./policies.ts";
import { done, type Outcome } from "./work.ts";

/** GitHub's stand-in for accounts that are gone. */
const somebody: Person = { id: 10137, login: "ghost", type: "User" };

/** What stood in the way of the merge; null: the gate had allowed this very head. */
function wayPast(last: DecisionRecord | null, headSha: string): { readonly title: string; readonly unmet: readonly string[]; readonly decision: Decision["kind"] | "none" } | null {
  if (last === null || last.headSha !== headSha) return { title: "the gate had not judged this commit", unmet: [], decision: "none" };
  const { decision } = last;
  if (decision.kind === "allow") return null;
  return {
    title: renderDecision(decision).title,
    unmet: [...decision.holds.map((hold) => `on hold${hold.by === "" ? "" : ` by @${hold.by}`}${hold.reason === "" ? "" : `: ${hold.reason}`}`), ...unmetRules(decision).map((rule) => `${rule.name}: ${rule.verdict.kind}, ${rule.verdict.found}`)],
    decision: decision.kind,
  };
}

/** Looks at what was merged: remembers what became of the pull request, and whether it went past the gate (threat T41). */
export function createMerges(house: House, policies: Policies): (lease: Lease) => Promise<Outcome> {
  const { store, clock, github, log, meter } = house;

  async function recordBypass(repository: RepositoryRecord, number: number, seen: PullRequestSeen & { readonly mergeSha: string }, policy: EffectivePolicy, past: NonNullable<ReturnType<typeof wayPast>>): Promise<void> {
    const now = clock.now();
    const actor = seen.mergedBy ?? somebody;
    const act: Act = {
      id: `merge:${repository.id}:${number}`,
      kind: "bypass",
      repository: repository.id,
      pullRequest: number,
      environment: null,
      sha: seen.mergeSha,
      name: "merge",
      actor,
      at: now,
      expiresAt: null,
      reason: past.title,
      detail: { how: "merged", head: seen.headSha, decision: past.decision, unmet: past.unmet.slice(0, 50) },
    };
    if (!(await store.acts.add(act))) return;
    log.warn({ repository: `${repository.owner}/${repository.name}`, pullRequest: number, sha: seen.mergeSha, by: actor.login, how: "merged" }, "a pull request was merged past the gate");
    meter.count("bypasses_total", { how: "merged" });
    await store.audit.append([{ at: now, kind: "bypass", repository: repository.id, subject: `pr:${repository.id}:${number}`, actor: actor.login, detail: { act: act.id, sha: seen.mergeSha, reason: past.title, ...act.detail } }]);
    const { users, teams } = reviewersOf(policy);
    const review = users.length + teams.length === 0 ? { roles: ["maintain" as const] } : { users, teams };
    const dueAt = now + reviewWithin(policy);
    await store.queue.mark([
      reviewItem(
        {
          repository: repository.id,
          key: act.id,
          title: `Review: #${number} was merged past the gate`,
          body: bypassBody({ number, by: seen.mergedBy, sha: seen.mergeSha, title: past.title, unmet: past.unmet, owner: repository.owner, review, dueAt }),
          assignees: [...users],
          dueAt,
          detail: { bypass: "merge", act: act.id, pullRequest: number, sha: seen.mergeSha },
          onceApproved: null,
        },
        now,
      ),
    ]);
  }

  return async (lease) => {
    const { repository: id, number } = z.object({ repository: z.number(), number: z.number() }).parse(lease.payload);
    const repository = await store.records.repository(id);
    if (repository === null || !repository.active || repository.archived) return done;
    const standing = await policies.of(repository);
    if (standing.kind === "ungoverned") return done;
    const seen = await github.pullRequest(repository, number);
    if (seen === null || seen.state !== "merged" || seen.mergeSha === null) return done;
    await store.records.setValue(mergeOf(id, seen.mergeSha), String(number));
    const past = wayPast(await store.records.lastDecision(`pr:${id}:${number}`), seen.headSha);
    if (past !== null && standing.kind === "effective") await recordBypass(repository, number, { ...seen, mergeSha: seen.mergeSha }, standing.policy, past);
    return done;
  };
}
