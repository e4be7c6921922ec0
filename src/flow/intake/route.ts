import { sameEnvironment } from "#core/deployments/environment.ts";
import { headRefOf } from "#core/events/push-chain.ts";
import { changesSubject, touches, type Wake } from "#core/events/touches.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Event, EventRepository } from "#core/model/event.ts";
import type { PushSeen } from "#core/model/push.ts";
import { isOrganizationRepository } from "#core/policy/files.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkMeasurement } from "#core/report/check-run.ts";
import { pushItems } from "#flow/bypasses/watch-pushes.ts";
import type { Deps } from "#flow/deps.ts";
import { findWaitingJob } from "#flow/jobs/deployment-jobs.ts";
import { installationJob } from "#flow/jobs/installation-jobs.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import type { Pace } from "#flow/jobs/pace.ts";
import { namesJob, policyJob, reconcileJob, sharedFilesJob } from "#flow/jobs/repository-jobs.ts";
import { groupSubject } from "#flow/judge/queued-groups.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { askedItems, noteDeployment, noteReviewersAsked } from "./route-deployment.ts";
import { createPeopleRouter } from "./route-people.ts";

/** Keeps what a payload says of a repository's name, owner and visibility. */
async function remember(
  deps: Deps,
  seen: EventRepository,
  installationId: number,
): Promise<RepositoryRecord> {
  const { records } = deps.store;
  const known = await records.repository(seen.id);
  const record: RepositoryRecord = {
    id: seen.id,
    installationId,
    owner: seen.owner,
    ownerId: seen.ownerId === 0 ? (known?.ownerId ?? 0) : seen.ownerId,
    ownerType: seen.ownerId === 0 && known !== null ? known.ownerType : seen.ownerType,
    name: seen.name,
    private: seen.private,
    archived: seen.archived,
    defaultBranch: seen.defaultBranch,
    active: true,
  };
  if (known === null || JSON.stringify(known) !== JSON.stringify(record))
    await records.saveRepository(record);
  return record;
}

/** A team is there, or no more, or is called otherwise. */
const isTeamItself = new Set(["team.created", "team.deleted", "team.edited"]);

/** Within this time GitHub's lists, and what is remembered of them, tell of it. */
const listedByThenMs = 3_000;

/** After these a repository is ours (again), as it is by now. */
const comesBack = new Set(["repository.unarchived", "repository.transferred"]);

export interface Router {
  /** What an event asks to be done. Costs no call to GitHub. */
  readonly route: (event: Event) => Promise<readonly WorkItem[]>;
}

/** Turns events into work: which subjects does this touch, and does any rule listen? */
export function createRouter(deps: Deps, policies: Policies, pace: Pace): Router {
  const { records } = deps.store;
  const peopleItems = createPeopleRouter(deps, pace);

  /**
   * A late delivery tells an old head: only an event after which the pull request is judged, and so read, may say what it
   * is. Its stack is told by any event, with when.
   */
  async function notePull(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const { pullRequest: seen } = event;
    if (seen === null) return [];
    const known = await records.pullRequest(repository.id, seen.number);
    const stackTold = seen.tellsStack === true ? { asOf: seen.updatedAt ?? 0 } : undefined;
    const bases = {
      baseRef: seen.baseRef,
      ...(seen.directBaseRef === undefined ? {} : { directBaseRef: seen.directBaseRef }),
      ...(stackTold === undefined ? {} : { stackTold }),
    };
    if (known === null || changesSubject(event)) {
      const { number, headSha, headRef, state } = seen;
      await records.savePullRequest({
        repository: repository.id,
        number,
        headSha,
        headRef,
        state,
        ...bases,
      });
    } else if (stackTold !== undefined) {
      const { repository: id, number, headSha, headRef, state } = known;
      await records.savePullRequest({ repository: id, number, headSha, headRef, state, ...bases });
    }
    // Into a stack, out of one, or onto another: told by whatever event comes next, it is another base.
    const after = await records.pullRequest(repository.id, seen.number);
    return known?.state !== "open" || after?.baseRef === known.baseRef
      ? []
      : [
          judgeItem(
            { kind: "pull_request", repository: repository.id, number: seen.number },
            deps.clock.now(),
            true,
          ),
        ];
  }

  /** Who pushed what: of forks GitHub tells it once, with the event, and nobody afterwards. */
  async function notePushes(event: Event, repository: RepositoryRecord): Promise<void> {
    const { pushes } = deps.store;
    const { push, pullRequest, sender: by } = event;
    const at = deps.clock.now();
    const add = (seen: Omit<PushSeen, "at">): Promise<void> =>
      pushes.add(repository.id, { ...seen, at });
    if (push !== null && !push.deleted && push.ref.startsWith("refs/heads/"))
      await add({
        ref: push.ref,
        before: push.before ?? null,
        after: push.after,
        kind: push.created === true ? "creation" : push.forced === true ? "force_push" : "push",
        by,
      });
    if (pullRequest === null) return;
    const ref = headRefOf(pullRequest.number);
    if (event.name === "pull_request.opened")
      await add({ ref, before: null, after: pullRequest.headSha, kind: "creation", by });
    if (event.name !== "pull_request.synchronize") return;
    const before = pullRequest.before;
    // What stood there before the first push that we heard of is nobody's in particular.
    if (before !== null && (await pushes.ofRef(repository.id, ref)).length === 0)
      await add({ ref, before: null, after: before, kind: "first_seen", by: null });
    await add({ ref, before, after: pullRequest.headSha, kind: "force_push", by });
  }

  /** How a check ended that a rule listens to, for reports: GitHub's list of them is not asked again. */
  async function noteCheck(event: Event, repository: RepositoryRecord): Promise<void> {
    const { check } = event;
    if (check?.ended === undefined || check.name === null || check.appId === deps.appId) return;
    if (
      (await policies.listens(repository, event)) ||
      (await policies.listens(repository, event, "deployment"))
    )
      await deps.store.measurements.note(checkMeasurement(repository.id, check.name, check.ended));
  }

  async function noteGroup(
    event: Event,
    { headSha, headRef, baseRef }: NonNullable<Event["mergeGroup"]>,
    repository: RepositoryRecord,
  ): Promise<void> {
    const { mergeGroups } = deps.store;
    if (event.name === "merge_group.destroyed") await mergeGroups.drop(repository.id, headSha);
    else await mergeGroups.save(repository.id, { headSha, headRef, baseRef, members: null });
  }

  /** Whether any rule in force could answer differently after this event; true as long as the policy is not known. */
  async function isHeard(event: Event, repository: RepositoryRecord): Promise<boolean> {
    return changesSubject(event) || (await policies.listens(repository, event));
  }

  async function pullRequestsOf(
    repository: RepositoryRecord,
    wake: Wake,
  ): Promise<readonly number[]> {
    switch (wake.kind) {
      case "pull_request":
        return [wake.number];
      case "head":
        return (await records.openPullRequestsWithHead(repository.id, wake.sha)).map(
          (row) => row.number,
        );
      case "base":
        return (await records.openPullRequests(repository.id))
          .filter((row) => row.baseRef === wake.ref || row.directBaseRef === wake.ref)
          .map((row) => row.number);
      case "repository":
        return (await records.openPullRequests(repository.id)).map((row) => row.number);
      default:
        return [];
    }
  }

  /** What waits for the environments to which the run deploys: how that goes decides who is next. */
  async function besideRun(
    repository: RepositoryRecord,
    runId: number,
    waiting: readonly DeploymentRow[],
  ): Promise<readonly DeploymentRow[]> {
    const others = waiting.filter((row) => row.runId !== runId);
    if (others.length === 0) return [];
    const ofRun = await deps.store.deployments.ofRun(repository.id, runId);
    return others.filter((row) =>
      ofRun.some(({ environment }) => sameEnvironment(environment, row.environment)),
    );
  }

  /** Deployments that wait for our answer and may get another one after this event. */
  async function heldItems(
    wake: Wake,
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const now = deps.clock.now();
    const waiting = await waitingIn(deps, repository.id);
    if (waiting.length === 0) return [];
    const runId = wake.kind === "waiting" ? wake.runId : null;
    // A review given at GitHub, or the end of the run, is looked at whatever the rules listen to.
    const certain = runId === null ? [] : waiting.filter((row) => row.runId === runId);
    const touched =
      runId === null
        ? waiting.filter((row) => wake.kind !== "head" || row.sha === wake.sha)
        : await besideRun(repository, runId, waiting);
    const isHeardOf =
      touched.length > 0 && (await policies.listens(repository, event, "deployment"));
    return [
      ...certain.map((row) => judgeItem(subjectOf(row), now, true)),
      ...(isHeardOf ? touched : []).map((row) => judgeItem(subjectOf(row), now, false)),
    ];
  }

  /** The organisation's policy names calendars of its own repository: who is held by one elsewhere is judged again. */
  async function belowItems(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    if (event.name !== "push" || !isOrganizationRepository(repository)) return [];
    const items: WorkItem[] = [];
    for (const other of await records.activeRepositories()) {
      if (
        other.id === repository.id ||
        other.installationId !== repository.installationId ||
        other.ownerId !== repository.ownerId
      )
        continue;
      const rows = await waitingIn(deps, other.id);
      if (rows.length > 0 && (await policies.listens(other, event, "deployment")))
        items.push(...rows.map((row) => judgeItem(subjectOf(row), deps.clock.now(), false)));
    }
    return items;
  }

  async function itemsFor(
    wake: Wake,
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const now = deps.clock.now();
    const urgent = "urgent" in wake && wake.urgent;
    if (wake.kind === "policy")
      return [
        policyJob.item(
          {
            repository: repository.id,
            by: event.push === null ? null : (event.sender?.login ?? null),
          },
          now,
        ),
        ...(await belowItems(event, repository)),
      ];
    if (wake.kind === "gate") return askedItems(deps, repository, event, wake.asked);
    if (wake.kind === "find_waiting")
      return [
        findWaitingJob.item(
          { repository: repository.id, runId: wake.runId, environment: null },
          now,
        ),
      ];
    if (wake.kind === "owner") return [];
    const held = await heldItems(wake, event, repository);
    if (wake.kind === "waiting" || !(await isHeard(event, repository))) return held;
    if (wake.kind === "merge_group") {
      return [
        judgeItem(
          {
            kind: "merge_group",
            repository: repository.id,
            headSha: wake.headSha,
            headRef: wake.headRef,
            baseRef: wake.baseRef,
          },
          now,
          true,
        ),
      ];
    }
    const numbers = await pullRequestsOf(repository, wake);
    const items = [
      ...held,
      ...numbers.map((number) =>
        judgeItem({ kind: "pull_request", repository: repository.id, number }, now, urgent),
      ),
    ];
    // A merge group's checks arrive on a head that is no pull request's.
    if (wake.kind === "head") {
      const group = await deps.store.mergeGroups.byHead(repository.id, wake.sha);
      if (group !== null) items.push(judgeItem(groupSubject(repository.id, group), now, urgent));
    }
    return items;
  }

  /** People came or went: open pull requests of every repository of that owner whose rules ask who they are. */
  async function ownerItems(event: Event): Promise<readonly WorkItem[]> {
    const owner = event.team?.organization ?? event.repository?.owner ?? null;
    const now = deps.clock.now();
    const items: WorkItem[] = [];
    for (const repository of await records.activeRepositories()) {
      if (repository.installationId !== event.installationId) continue;
      if (owner !== null && repository.owner.toLowerCase() !== owner.toLowerCase()) continue;
      for (const row of (await policies.listens(repository, event, "deployment"))
        ? await waitingIn(deps, repository.id)
        : [])
        items.push(judgeItem(subjectOf(row), now, false));
      if (!(await policies.listens(repository, event))) continue;
      if (isTeamItself.has(event.name)) {
        await policies.outdateNames(repository);
        items.push(namesJob.item({ repository: repository.id }, now + listedByThenMs));
      }
      for (const row of await records.openPullRequests(repository.id))
        items.push(
          judgeItem(
            { kind: "pull_request", repository: repository.id, number: row.number },
            now,
            false,
          ),
        );
    }
    return items;
  }

  /** The App was installed, suspended, removed, or given other repositories or permissions. */
  async function installationItems(event: Event): Promise<readonly WorkItem[]> {
    const id = event.installationId;
    if (id === null) return [];
    if (event.name === "installation.deleted" || event.name === "installation.suspend") {
      await records.deactivateInstallation(id);
      policies.forgetAll();
      return [];
    }
    return [installationJob.item({ installation: id }, deps.clock.now())];
  }

  return {
    route: async (event) => {
      if (event.name.startsWith("installation")) return installationItems(event);
      const wakes = touches(event, { appId: deps.appId });
      const { repository: seen, installationId } = event;
      const people = wakes.some((wake) => wake.kind === "owner") ? await ownerItems(event) : [];
      if (seen === null || installationId === null) return people;
      const before = await records.repository(seen.id);
      // Whatever becomes of the repository that holds the organisation's policy, all that it governs are judged again.
      const all =
        event.name.startsWith("repository.") &&
        (isOrganizationRepository(seen) || (before !== null && isOrganizationRepository(before)))
          ? [installationJob.item({ installation: installationId }, deps.clock.now())]
          : [];
      if (all.length > 0) policies.forgetAll();
      if (before !== null && (before.name !== seen.name || before.owner !== seen.owner))
        await policies.sharedRenamed(before, { ...seen, installationId });
      const isOther = event.push !== null || event.name.startsWith("repository.");
      const shared =
        isOther && (await policies.isShared({ ...seen, installationId }))
          ? [sharedFilesJob.item({ repository: seen.id }, deps.clock.now())]
          : [];
      if (event.name === "repository.deleted") {
        if (before !== null) await records.saveRepository({ ...before, active: false });
        return [...all, ...shared];
      }
      const repository = await remember(deps, seen, installationId);
      const moved = await notePull(event, repository);
      await notePushes(event, repository);
      await noteReviewersAsked(deps, repository, event);
      if (event.mergeGroup !== null) await noteGroup(event, event.mergeGroup, repository);
      // An archived repository takes no check runs: nothing to say there.
      if (repository.archived) return [...all, ...shared];
      const items: WorkItem[] = [
        ...all,
        ...shared,
        ...people,
        ...moved,
        ...(await noteDeployment(deps, repository, event)),
        ...(await peopleItems(event, repository)),
        ...(await pushItems(deps, event, repository)),
      ];
      for (const wake of wakes) items.push(...(await itemsFor(wake, event, repository)));
      if (event.name === "check_run.completed") await noteCheck(event, repository);
      // What happened before is not told to whom it was not the business of: the past is compared.
      if (comesBack.has(event.name))
        items.push(reconcileJob.item({ repository: repository.id }, deps.clock.now()));
      return items;
    },
  };
}
