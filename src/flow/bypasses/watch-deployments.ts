import { isLookAlike, isNamed, judgesDeployments } from "#core/decide/governed.ts";
import { bypassReviewMs, reviewersOf, reviewWithin } from "#core/decide/owing-review.ts";
import { askingOf } from "#core/outside/asking-of.ts";
import { asClaimed } from "#core/deployments/history.ts";
import { bypassId } from "#core/deployments/proof.ts";
import type { Act } from "#core/model/act.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { checkRunKey, type Effect } from "#core/model/effect.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import {
  pastGateBody,
  pastGateTitle,
  renderPastGate,
  type PastGate,
} from "#core/render/past-gate.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import type { watchDeploymentJob } from "#flow/jobs/deployment-jobs.ts";
import { done } from "#flow/jobs/outcome.ts";
import { openReviewJob } from "#flow/jobs/review-jobs.ts";
import { subjectKey } from "#core/model/subject.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { reviewersText } from "#flow/reviews/open-review.ts";
import { somebody } from "./record-bypass.ts";
import { isOurApproval } from "./our-approval.ts";
import { isAskedAbout, wentOutOn } from "./went-out-on.ts";

/** Ways to bypass the gate, and how each is described. */
const ways = {
  past_gate:
    "it started although this gate had not approved it: an administrator started all waiting jobs, or switched the protection rule off",
  through_api: "it was made through the API, where no environment asks the gate",
  ungated:
    "it did not ask this gate, and the environment does not have the Gatehouse protection rule",
  prod_like_name: "the environment's name looks like one that is judged, and no rule names it",
} as const;
type Way = keyof typeof ways;

/** Finds deployments that bypassed the gate, records them and asks for a review. */
export function createWatch(deps: Deps, policies: Policies) {
  const { store, github, clock, log, meter } = deps;

  /** Recorded once: act, audit record, log line, what the commit's check run says, and an issue for its reviewers. */
  async function record(
    lease: Lease,
    repository: RepositoryRecord,
    policy: EffectivePolicy | null,
    act: Act & { readonly environment: string },
    way: Way,
    decision?: string,
  ): Promise<void> {
    const { environment, sha, actor, at, reason, detail } = act;
    const past: PastGate = { environment, sha, how: reason, by: actor.login, at };
    // First, for it is opened once however often it is asked for: a crash after the record would lose it.
    const dueAt = clock.now() + (policy === null ? bypassReviewMs : reviewWithin(policy));
    const people = policy === null ? { users: [], teams: [] } : reviewersOf(policy);
    await store.queue.mark([
      openReviewJob.item(
        {
          repository: repository.id,
          key: act.id,
          title: pastGateTitle(past),
          body: pastGateBody(past, reviewersText(people, repository.owner, dueAt)),
          assignees: [...people.users],
          dueAt,
          detail: { environment, sha, how: way, act: act.id },
          onceApproved: null,
          ...(decision === undefined ? {} : { decision }),
        },
        clock.now(),
      ),
    ]);
    const entry = {
      at: clock.now(),
      kind: "bypass",
      repository: repository.id,
      subject: null,
      actor: actor.login,
      detail: { act: act.id, environment, sha, how: way, reason, ...detail },
    };
    if (!(await store.acts.add(act, [entry]))) return;
    log.warn(
      {
        repository: `${repository.owner}/${repository.name}`,
        environment,
        sha,
        by: actor.login,
        how: way,
      },
      "a deployment went past the gate",
    );
    meter.count("bypasses_total", { how: way });
    const shown = sha === null ? null : shownOn(repository.id, sha, past);
    if (shown === null) return;
    await sendEffect(deps, lease, repository, shown, { hash: contentHash(shown.content) }).catch(
      (error: unknown) => {
        // The commit may be gone; the record and the issue stand.
        log.warn(
          { repository: `${repository.owner}/${repository.name}`, sha, err: error },
          "a deployment past the gate could not be shown on its commit",
        );
      },
    );
  }

  /** The check run `gatehouse / <environment>`: what waited there waits no more, and nothing of it was allowed. */
  function shownOn(
    repository: number,
    sha: string,
    past: PastGate,
  ): Extract<Effect, { kind: "check_run" }> {
    const name = environmentCheckName(past.environment);
    return {
      kind: "check_run",
      key: checkRunKey(repository, sha, name),
      repository,
      sha,
      name,
      content: checkRunContent(
        "deny",
        renderPastGate(past),
        `past-gate:${repository}:${sha.slice(0, 12)}:${past.environment}`,
      ),
      guard: null,
    };
  }

  async function policyOf(
    repository: RepositoryRecord,
  ): Promise<EffectivePolicy | "broken" | null> {
    const resolved = await policies.of(repository);
    return resolved.kind === "effective"
      ? resolved.policy
      : resolved.kind === "broken"
        ? "broken"
        : null;
  }

  async function wayOf(
    repository: RepositoryRecord,
    policy: EffectivePolicy | "broken",
    row: DeploymentRow,
  ): Promise<Way | null> {
    // Asked and not approved, and yet it runs.
    if (row.gateRequestedAt !== null) return "past_gate";
    if (policy === "broken") return null;
    const named = (await store.deployments.environments(repository.id)).filter((name) =>
      isNamed(policy, name),
    );
    if (!isNamed(policy, row.environment))
      return isLookAlike(policy, row.environment, named) ? "prod_like_name" : null;
    if (row.runId === null) return "through_api";
    return (await github.isGated(repository, row.environment)) ? "past_gate" : "ungated";
  }

  /** What is to be seen of a deployment that nobody let through: null where it asked over the API, else from when on it did not. */
  async function unaskedSince(
    repository: RepositoryRecord,
    row: DeploymentRow,
    way: Way,
  ): Promise<number | null> {
    const now = clock.now();
    if (row.gateRequestedAt !== null) return now;
    const asking = askingOf(row, await store.deployments.ofSha(repository.id, row.sha), now);
    if (asking.kind === "asked") return null;
    if (asking.kind === "unasked") return now;
    // Where the protection rule is on and nobody ever asked over the API, nobody will.
    const mayAsk =
      (await isAskedAbout(deps, row)) ||
      way === "ungated" ||
      (way === "through_api" && !(await github.isGated(repository, row.environment)));
    return mayAsk ? asking.until : now;
  }

  /** It went out on a yes: what it proves may be what others wait for. */
  async function wakeWaiting(repository: number): Promise<void> {
    const now = clock.now();
    const waiting = await waitingIn(deps, repository);
    await store.queue.mark(waiting.map((each) => judgeItem(subjectOf(each), now, true)));
  }

  /** An environment that bypasses the gate as such is recorded once. */
  async function recordEnvironment(
    lease: Lease,
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    environment: string,
    way: Way,
  ): Promise<void> {
    await record(
      lease,
      repository,
      policy,
      {
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
      },
      way,
    );
  }

  return {
    /** One deployment that runs without our approval. */
    deployment: (async ({ lease, payload: { deploymentId, environment }, repository }) => {
      const { id } = repository;
      const row = await store.deployments.row(id, deploymentId, environment);
      if (row === null) return done;
      if (row.gateAnswer === "approved") {
        // No rule named it, so it was approved; where that may be a slip, or a way round, somebody looks at it.
        const judged = await policyOf(repository);
        if (judged !== null && judged !== "broken") {
          const named = (await store.deployments.environments(id)).filter((name) =>
            isNamed(judged, name),
          );
          if (isLookAlike(judged, row.environment, named))
            await recordEnvironment(lease, repository, judged, row.environment, "prod_like_name");
        }
        return done;
      }
      if (row.gateRequestedAt === null && (await wentOutOn(deps, row))) {
        await wakeWaiting(id);
        return done;
      }
      const said = asClaimed(row).succeededAt;
      const hasStarted = row.startedAt !== null || said !== null;
      const policy = hasStarted ? await policyOf(repository) : null;
      const way = policy === null ? null : await wayOf(repository, policy, row);
      if (policy === null || way === null) return done;
      if (way === "past_gate" && (await isOurApproval(deps, repository, row))) {
        await wakeWaiting(id);
        return done;
      }
      const since = await unaskedSince(repository, row, way);
      if (since === null) return done;
      if (since > clock.now()) return { kind: "done", wakeAt: since };
      const act: Act & { readonly environment: string } = {
        id: bypassId(row),
        kind: "bypass",
        repository: id,
        pullRequest: null,
        environment,
        sha: row.sha,
        name: way,
        actor: row.actor ?? somebody,
        at: row.startedAt ?? said ?? clock.now(),
        expiresAt: null,
        reason: ways[way],
        detail: { deploymentId, runId: row.runId, ref: row.ref },
      };
      // Nobody waits for an answer any more: noted first, so that no judgement says afterwards that it is held.
      if (row.gateRequestedAt !== null)
        await store.deployments.change(row, (before) =>
          before === null || before.gateAnsweredAt !== null
            ? null
            : { ...before, gateAnsweredAt: clock.now() },
        );
      const decision = decisionId({ subjectKey: subjectKey(subjectOf(row)), headSha: row.sha });
      await record(lease, repository, policy === "broken" ? null : policy, act, way, decision);
      return done;
    }) satisfies HandlerOf<typeof watchDeploymentJob>,

    /** Environments of a repository that should ask us and do not; each is told once. */
    environments: async (lease: Lease, repository: RepositoryRecord): Promise<void> => {
      const policy = await policyOf(repository);
      if (policy === null || policy === "broken" || !judgesDeployments(policy)) return;
      const names = await github.environments(repository);
      const named = names.filter((name) => isNamed(policy, name));
      for (const environment of names) {
        const isMeant = named.includes(environment);
        if (!isMeant && !isLookAlike(policy, environment, named)) continue;
        // One that asks us and that no rule names is approved: asking alone judges nothing.
        if (isMeant && (await github.isGated(repository, environment))) continue;
        if (isMeant && (await isAskedAbout(deps, { repository: repository.id, environment })))
          continue;
        const way: Way = isMeant ? "ungated" : "prod_like_name";
        await recordEnvironment(lease, repository, policy, environment, way);
      }
    },
  };
}

export type Watch = ReturnType<typeof createWatch>;
