import { z } from "zod";
import type { Act } from "../core/model/act.ts";
import type { DeploymentRow } from "../core/model/deployment.ts";
import type { Lease, RepositoryRecord } from "../core/ports.ts";
import type { EffectivePolicy } from "../core/policy/effective.ts";
import { inert } from "../core/render/markdown.ts";
import { reviewersOf, reviewWithin } from "../core/rollout/owing-review.ts";
import { isNamed, judgesDeployments, looksLikeProduction } from "../core/rollout/governed.ts";
import type { House } from "./house.ts";
import { reviewItem, reviewersText } from "./open-review.ts";
import type { Policies } from "./policies.ts";
import { somebody } from "./record-bypass.ts";
import { done, type Outcome } from "./work.ts";

const payloadSchema = z.object({ repository: z.number(), deploymentId: z.number(), environment: z.string() });

/** How something went past the gate, and the words for it. */
const ways = {
  past_gate: "it started although this gate had not approved it: an administrator started all waiting jobs, or switched the protection rule off",
  through_api: "it was made through the API, where no environment asks the gate",
  ungated: "the environment does not have the Gatehouse protection rule",
  prod_like_name: "the environment's name looks like one that is judged, and no rule names it",
} as const;
type Way = keyof typeof ways;

/** Looks for what reached an environment past the gate, and keeps a record of it that somebody reviews. */
export function createWatch(house: House, policies: Policies) {
  const { store, github, clock, log, meter } = house;

  /** Recorded once: act, audit record, log line, and the review where the policy asks for reviews. */
  async function record(lease: Lease | null, repository: RepositoryRecord, policy: EffectivePolicy | null, act: Act, way: Way): Promise<void> {
    if (!(await store.acts.add(act))) return;
    const { environment, sha, actor, at, reason, detail } = act;
    log.warn({ repository: `${repository.owner}/${repository.name}`, environment, sha, by: actor.login, how: way }, "a deployment went past the gate");
    meter.count("bypasses_total", { how: way });
    await store.ledger.record({ lease, decision: null, effects: [], audit: [{ at: clock.now(), kind: "bypass", repository: repository.id, subject: null, actor: actor.login, detail: { act: act.id, environment, sha, how: way, reason, ...detail } }] });
    if (policy === null || !policy.overrides.some((override) => override.post_review !== undefined)) return;
    const dueAt = clock.now() + reviewWithin(policy);
    const people = reviewersOf(policy);
    await store.queue.mark([
      reviewItem(
        {
          repository: repository.id,
          key: act.id,
          title: `Review: ${environment ?? "an environment"} was deployed to past the gate`,
          body: [
            `${sha === null ? "The environment" : `Commit ${inert(sha.slice(0, 7))} in`} ${inert(environment ?? "")}: ${inert(reason, 600)}. Asked for by ${inert(`@${actor.login}`)}, ${new Date(at).toISOString()}.`,
            reviewersText(people, repository.owner, dueAt),
          ].join("\n\n"),
          assignees: [...people.users],
          dueAt,
          detail: { environment, sha, how: way, act: act.id },
          onceApproved: null,
        },
        clock.now(),
      ),
    ]);
  }

  async function policyOf(repository: RepositoryRecord): Promise<EffectivePolicy | "broken" | null> {
    const standing = await policies.of(repository);
    return standing.kind === "effective" ? standing.policy : standing.kind === "broken" ? "broken" : null;
  }

  async function wayOf(repository: RepositoryRecord, policy: EffectivePolicy | "broken", row: DeploymentRow): Promise<Way | null> {
    // Asked and not approved, and yet it runs.
    if (row.gateRequestedAt !== null) return "past_gate";
    if (policy === "broken") return null;
    const named = (await store.deployments.environments(repository.id)).filter((name) => isNamed(policy, name));
    if (!isNamed(policy, row.environment)) return judgesDeployments(policy) && looksLikeProduction(row.environment, named) ? "prod_like_name" : null;
    if (row.runId === null) return "through_api";
    return (await github.isGated(repository, row.environment)) ? "past_gate" : "ungated";
  }

  return {
    /** One deployment that runs without our approval. */
    deployment: async (lease: Lease): Promise<Outcome> => {
      const { repository: id, deploymentId, environment } = payloadSchema.parse(lease.payload);
      const repository = await store.records.repository(id);
      const row = await store.deployments.row(id, deploymentId, environment);
      if (repository === null || !repository.active || row === null || row.gateAnswer === "approved") return done;
      const hasStarted = row.startedAt !== null || row.succeededAt !== null;
      const policy = hasStarted ? await policyOf(repository) : null;
      const way = policy === null ? null : await wayOf(repository, policy, row);
      if (policy === null || way === null) return done;
      const act: Act = {
        id: `bypass:${id}:${deploymentId}:${environment}`,
        kind: "bypass",
        repository: id,
        pullRequest: null,
        environment,
        sha: row.sha,
        name: way,
        actor: row.actor ?? somebody,
        at: row.startedAt ?? row.succeededAt ?? clock.now(),
        expiresAt: null,
        reason: ways[way],
        detail: { deploymentId, runId: row.runId, ref: row.ref },
      };
      await record(lease, repository, policy === "broken" ? null : policy, act, way);
      // Nobody waits for an answer any more.
      if (row.gateRequestedAt !== null) await store.deployments.change(row, (before) => (before === null || before.gateAnsweredAt !== null ? null : { ...before, gateAnsweredAt: clock.now() }));
      return done;
    },

    /** Environments of a repository that should ask us and do not; each is told once. */
    environments: async (repository: RepositoryRecord): Promise<void> => {
      const policy = await policyOf(repository);
      if (policy === null || policy === "broken" || !judgesDeployments(policy)) return;
      const names = await github.environments(repository);
      const named = names.filter((name) => isNamed(policy, name));
      for (const environment of names) {
        const isMeant = named.includes(environment);
        if (!isMeant && !looksLikeProduction(environment, named)) continue;
        if (await github.isGated(repository, environment)) continue;
        const way: Way = isMeant ? "ungated" : "prod_like_name";
        await record(null, repository, null, {
          id: `ungated:${repository.id}:${environment}`,
          kind: "bypass",
          repository: repository.id,
          pullRequest: null,
          environment,
          sha: null,
          name: way,
          actor: somebody,
          at: clock.now(),
          expiresAt: null,
          reason: ways[way],
          detail: {},
        }, way);
      }
    },
  };
}

export type Watch = ReturnType<typeof createWatch>;
