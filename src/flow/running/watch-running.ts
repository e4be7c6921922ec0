import { rollbackLane } from "#core/commands/rollback-lane.ts";
import {
  judgeRunning,
  watchesEnvironment,
  wantedForRunning,
  watchesRunning,
  type RunningCause,
} from "#core/decide/running.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DecisionKind } from "#core/model/decision.ts";
import { checkRunKey } from "#core/model/effect.ts";
import type { Event } from "#core/model/event.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Lease, WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import { renderDecision, type RenderedDecision } from "#core/render/decision.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import { rollbackWords, saidOn } from "#core/render/rollback-lane.ts";
import { renderFallen } from "#core/render/running.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { pullOfDeployment } from "#flow/in-force/pull-of-deployment.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import { runningJob } from "#flow/jobs/repository-jobs.ts";
import { judgedBy } from "#flow/judge/assess-deployment.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies, ResolvedPolicy } from "#flow/policy/policies.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { createFallenIssue, speaksOf, type Fallen } from "./fallen-issue.ts";
import { productionOf, readRunningPlaces, type RunningPlace } from "./running-places.ts";
import { keepRunning, readRunning } from "./running-record.ts";

/** Several events tell of one scan; a deployment's last ones come together. */
const settleMs = 5_000;

export const runningItem = (repository: number, now: number): WorkItem => ({
  ...runningJob.item({ repository }, now + settleMs),
  settleMs,
  settleAtMost: 60_000,
});

/** Looks whether what runs in production would still be let through, and says where it would not. */
export interface RunningWatch {
  readonly handle: HandlerOf<typeof runningJob>;
  /** The work that an event asks for; to be asked after routing, which remembers the repository. Costs no call to GitHub. */
  readonly onEvent: (event: Event) => Promise<readonly WorkItem[]>;
}

interface Looked {
  readonly place: RunningPlace;
  readonly state: "stands" | "fallen" | "unread";
  readonly causes: readonly RunningCause[];
  /** Since when it would not be let through; null: nothing stands against it, as far as is known. */
  readonly since: number | null;
  readonly wasFallen: boolean;
  readonly changesAt: number | undefined;
}

export function createRunningWatch(deps: Deps, policies: Policies): RunningWatch {
  const { store, clock, log } = deps;
  const issues = createFallenIssue(deps);

  async function look(
    repository: RepositoryRecord,
    resolved: Extract<ResolvedPolicy, { kind: "effective" }>,
    place: RunningPlace,
  ): Promise<Looked> {
    const { policy } = resolved;
    const subject = subjectOf(place.row);
    const session = deps.facts.open(subject, repository, judgedBy(resolved));
    const now = clock.now();
    const facts = await readFacts(session, (known) =>
      wantedForRunning(policy, subject, known, now),
    );
    const record = await readRunning(store, place.row);
    const before = (await store.records.lastDecision(subjectKey(subject)))?.decision ?? null;
    const judged = judgeRunning({ policy, subject, facts, now, before, known: record.known });
    const since =
      judged.kind === "fallen"
        ? (record.since ?? now)
        : judged.kind === "stands"
          ? null
          : record.since;
    // Since when is noted once people were told.
    await keepRunning(store, place.row, { known: judged.known, since: record.since });
    return {
      place,
      state: judged.kind,
      causes: judged.causes,
      since,
      wasFallen: record.since !== null,
      changesAt: judged.changesAt,
    };
  }

  async function laneOf(
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    { place: { row, rows }, causes }: Looked,
  ): Promise<string> {
    const reason = causes[0]?.need ?? "";
    return rollbackWords(
      rollbackLane(policy, repository.owner, row, rows, reason),
      saidOn(await pullOfDeployment(store.records, repository.id, row.sha)),
    );
  }

  async function show(
    lease: Lease,
    repository: RepositoryRecord,
    { row, rows }: RunningPlace,
    kind: DecisionKind,
    rendered: RenderedDecision,
  ): Promise<void> {
    const isAskedAgain = rows.some(
      (each) =>
        each.sha === row.sha && each.gateRequestedAt !== null && each.gateAnsweredAt === null,
    );
    // The same commit waits there once more: that judgement says what stands against it.
    if (isAskedAgain) return;
    const name = environmentCheckName(row.environment);
    const content = checkRunContent(kind, rendered, "");
    const hash = contentHash(content);
    await sendEffect(
      deps,
      lease,
      repository,
      {
        kind: "check_run",
        key: checkRunKey(repository.id, row.sha, name),
        repository: repository.id,
        sha: row.sha,
        name,
        content: {
          ...content,
          externalId: `${subjectKey(subjectOf(row))}:${row.sha.slice(0, 12)}:${hash.slice(0, 12)}`,
        },
        guard: null,
      },
      { hash },
    );
  }

  /** Check runs of a commit that no rule looks at any more: what was decided when it went out stands there again. */
  async function showDecided(
    lease: Lease,
    repository: RepositoryRecord,
    sha: string,
  ): Promise<void> {
    const rows = await store.deployments.ofSha(repository.id, sha);
    for (const row of rows) {
      const { known, since } = await readRunning(store, row);
      if (since === null) continue;
      const last = await store.records.lastDecision(subjectKey(subjectOf(row)));
      const there = rows.filter(({ environment }) => sameEnvironment(environment, row.environment));
      if (last !== null)
        await show(lease, repository, { row, rows: there }, "allow", renderDecision(last.decision));
      await keepRunning(store, row, { known, since: null });
    }
  }

  /** Closes the issue where it is over, with why. */
  async function settle(
    lease: Lease,
    repository: RepositoryRecord,
    policy: EffectivePolicy | null,
    ticket: TicketRow,
    { looked, unknown }: { looked: readonly Looked[]; unknown: readonly string[] },
  ): Promise<void> {
    const sha = String(ticket.detail["sha"]);
    const told = (await productionOf(store, repository.id)).filter((environment) =>
      speaksOf(ticket, [environment]),
    );
    const isWatched = (environment: string): boolean =>
      policy !== null && watchesEnvironment(policy, environment);
    // Where another environment is watched still, the issue is about that one.
    if (told.length === 0 ? policy === null || !watchesRunning(policy) : !told.some(isWatched)) {
      await showDecided(lease, repository, sha);
      return issues.settle(lease, repository, ticket, "unwatched");
    }
    const here = looked.filter(({ place }) => place.row.sha === sha);
    if (here.length === 0) {
      // It may run there still.
      if (!speaksOf(ticket, unknown)) await issues.settle(lease, repository, ticket, "replaced");
    } else if (here.every(({ since }) => since === null))
      await issues.settle(lease, repository, ticket, "mended");
  }

  /** Everything about one commit: its issue first, so that its check runs can name it. */
  async function tell(
    lease: Lease,
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    sha: string,
    looked: readonly Looked[],
  ): Promise<void> {
    const fallen = looked.filter(({ state }) => state === "fallen");
    const about: Fallen = new Map(
      await Promise.all(
        fallen.map(
          async (each) =>
            [
              each.place.row.environment,
              { causes: each.causes, lane: await laneOf(repository, policy, each) },
            ] as const,
        ),
      ),
    );
    const issue =
      fallen.length === 0 ? null : await issues.keep(lease, repository, policy, sha, about);
    for (const each of looked) {
      const { place, causes, since, state, wasFallen } = each;
      const { environment } = place.row;
      if (state === "fallen" && since !== null) {
        const lane = about.get(environment)?.lane ?? "";
        await show(
          lease,
          repository,
          place,
          "deny",
          renderFallen(environment, causes, since, { issue, lane }),
        );
        if (!wasFallen)
          log.warn(
            {
              repository: `${repository.owner}/${repository.name}`,
              environment,
              sha,
              reason: causes[0]?.need,
            },
            "what runs would not be let through any more",
          );
      } else if (state === "stands" && wasFallen) {
        const last = await store.records.lastDecision(subjectKey(subjectOf(place.row)));
        if (last !== null)
          await show(lease, repository, place, "allow", renderDecision(last.decision));
      }
      // Last: what fails above is done once more.
      const { known } = await readRunning(store, place.row);
      if (wasFallen !== (since !== null)) await keepRunning(store, place.row, { known, since });
    }
  }

  return {
    handle: async ({ lease, repository }) => {
      const resolved = await policies.of(repository);
      // Nobody can tell what would be let through: what was said stays.
      if (resolved.kind === "broken") return done;
      const policy = resolved.kind === "effective" ? resolved.policy : null;
      const looked: Looked[] = [];
      let unknown: readonly string[] = [];
      if (resolved.kind === "effective" && watchesRunning(resolved.policy)) {
        const running = await readRunningPlaces(store, repository.id, resolved.policy);
        ({ unknown } = running);
        for (const place of running.places) looked.push(await look(repository, resolved, place));
      }
      const bySha = new Map<string, Looked[]>();
      for (const each of looked)
        bySha.set(each.place.row.sha, [...(bySha.get(each.place.row.sha) ?? []), each]);
      if (policy !== null)
        for (const [sha, all] of bySha) await tell(lease, repository, policy, sha, all);
      for (const row of await store.tickets.open(repository.id, "running"))
        await settle(lease, repository, policy, row, { looked, unknown });
      const ends = looked.flatMap(({ changesAt }) => changesAt ?? []);
      return { kind: "done", wakeAt: ends.length === 0 ? null : Math.min(...ends) };
    },

    onEvent: async (event) => {
      const { repository: seen, name } = event;
      if (
        seen === null ||
        !/^(?:(?:code_scanning|dependabot|secret_scanning)_alert|workflow_run\.completed|deployment_status)/.test(
          name,
        )
      )
        return [];
      const repository = await store.records.repository(seen.id);
      if (repository === null || !repository.active || repository.archived) return [];
      const production = await productionOf(store, repository.id);
      if (production.length === 0) return [];
      const { deployment, check } = event;
      if (deployment !== null) {
        const isThere =
          deployment.status?.state === "success" &&
          production.some((environment) => sameEnvironment(environment, deployment.environment));
        if (!isThere) return [];
      } else if (name.startsWith("workflow_run")) {
        // Reports of a run are about its commit.
        const rows =
          check === null ? [] : await store.deployments.ofSha(repository.id, check.headSha);
        if (!rows.some(({ succeededAt }) => succeededAt !== null)) return [];
      }
      const known = await policies.known(repository);
      const item = runningItem(repository.id, clock.now());
      // Nobody knows whether a rule watches what runs; if none does, nothing is worth waiting for.
      if (known === null) return [{ ...item, runAt: clock.now() }];
      return known.kind === "effective" && watchesRunning(known.policy) ? [item] : [];
    },
  };
}
