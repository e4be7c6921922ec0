import { isOrganizationRepository } from "#core/policy/files.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { Lease, WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Watch } from "#flow/bypasses/watch-deployments.ts";
import type { Deps } from "#flow/deps.ts";
import { installationJob } from "#flow/jobs/installation-jobs.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { mergedJob } from "#flow/jobs/pull-request-jobs.ts";
import { reconcileJob, requiredCheckJob } from "#flow/jobs/repository-jobs.ts";
import { reviewIssueJob } from "#flow/jobs/review-jobs.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { waitingItems } from "./find-waiting.ts";
import { issueItems } from "./issues-looked-after.ts";

/** Repositories are spread over this time, so that a sweep never takes the quota that events need. */
const spreadMs = 100;

/** What rules a branch has is looked at when what waits for an answer has it. */
const afterJudgingMs = 60_000;

/** Pull requests that were known to be open before the list was read, and are open no more; others on their commit may look better, or worse, without them. */
async function closeUnheard(
  deps: Deps,
  repository: RepositoryRecord,
  known: readonly PullRequestRow[],
  open: readonly PullRequestRow[],
): Promise<readonly WorkItem[]> {
  const { records } = deps.store;
  const openNumbers = new Set(open.map((row) => row.number));
  const closed = known.filter((row) => !openNumbers.has(row.number));
  for (const row of closed) await records.savePullRequest({ ...row, state: "closed" });
  if (closed.length > 0)
    await deps.store.queue.mark(
      closed.map((row) =>
        mergedJob.item({ repository: repository.id, number: row.number }, deps.clock.now()),
      ),
    );
  const heads = new Set(closed.map((row) => row.headSha));
  return open
    .filter((row) => heads.has(row.headSha))
    .map((row) =>
      judgeItem(
        { kind: "pull_request", repository: repository.id, number: row.number },
        deps.clock.now(),
        false,
      ),
    );
}

/** So many issues of reviews are looked at in one go: those that are due first. */
const reviewsAtOnce = 100;

/** Owed reviews that may have been given without a delivery, or before a backup was restored: overdue ones bar overrides. */
async function reviewItems(
  { store, clock }: Deps,
  repository: RepositoryRecord,
): Promise<readonly WorkItem[]> {
  const owed = await store.tickets.open(repository.id, "review");
  return owed
    .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
    .flatMap(({ issue }) =>
      issue === null
        ? []
        : [reviewIssueJob.item({ repository: repository.id, issue }, clock.now())],
    )
    .slice(0, reviewsAtOnce);
}

/** Marks every open pull request of a repository to be judged, and notes which there are. Repairs what no webhook told. */
export async function reconcileRepository(
  deps: Deps,
  policies: Policies,
  watch: Watch,
  lease: Lease,
  repository: RepositoryRecord,
): Promise<void> {
  const { records, queue } = deps.store;
  if (!repository.active || repository.archived) return;
  await policies.refresh(repository);
  await policies.reviewNames(repository);
  const resolved = await policies.of(repository);
  if (resolved.kind === "ungoverned") {
    // Waiting deployments get an answer even if no policy is left.
    const waiting = await waitingIn(deps, repository.id);
    await queue.mark([
      ...waiting.map((row) => judgeItem(subjectOf(row), deps.clock.now(), false)),
      ...(await issueItems(deps, repository, resolved)),
    ]);
    return;
  }
  const now = deps.clock.now();
  // Before the list: what is opened while it is read is known, and not in it.
  const known = await records.openPullRequests(repository.id);
  const open = await deps.github.openPullRequests(repository);
  const items: WorkItem[] = [];
  for (const row of open) {
    await records.savePullRequest(row);
    // Every answer is looked at again, greens included: the event that would have turned it may be the one that was
    // lost, and what takes an answer away is lost as easily as what brings one.
    items.push(
      judgeItem(
        { kind: "pull_request", repository: repository.id, number: row.number },
        now,
        false,
      ),
    );
  }
  items.push(...(await closeUnheard(deps, repository, known, open)));
  items.push(...(await issueItems(deps, repository, resolved)));
  items.push(...(await reviewItems(deps, repository)));
  if (items.length > 0) await queue.mark(items);
  await queue.mark([requiredCheckJob.item({ repository: repository.id }, now + afterJudgingMs)]);
  // Last: what cannot be read of deployments, for want of a permission, keeps no pull request from being judged.
  await queue.mark(await waitingItems(deps, repository));
  await watch.environments(lease, repository);
}

/** Looks whether what the policy names is there; where that is news, what is open says so. */
export async function reviewNames(
  deps: Deps,
  policies: Policies,
  repository: RepositoryRecord,
): Promise<void> {
  if (!repository.active || repository.archived) return;
  if (!(await policies.reviewNames(repository))) return;
  const { records, queue } = deps.store;
  const now = deps.clock.now();
  const open = (await records.openPullRequests(repository.id)).map(({ number }) => ({
    kind: "pull_request" as const,
    repository: repository.id,
    number,
  }));
  const waiting = (await waitingIn(deps, repository.id)).map(subjectOf);
  await queue.mark([...open, ...waiting].map((subject) => judgeItem(subject, now, false)));
}

/** Marks the policy's repository, or every repository of the owner when it is the organisation's policy that changed. */
export async function repositoryChanged(
  deps: Deps,
  policies: Policies,
  repository: RepositoryRecord,
  by: string | null,
): Promise<void> {
  if (await policies.refresh(repository, by)) await markJudgedBy(deps, repository);
}

/** A repository was pushed to whose files others extend: what is judged by one that is another now is judged again. */
export async function sharedFilesChanged(
  deps: Deps,
  policies: Policies,
  id: number,
): Promise<void> {
  const { records } = deps.store;
  const source = await records.repository(id);
  if (source === null) return;
  await policies.refreshShared(source, async (holders) => {
    for (const each of holders) {
      const holder = await records.repository(each);
      if (holder !== null) await markJudgedBy(deps, holder);
    }
  });
}

/**
 * Marks everything judged by the policy in a repository: the repository itself, and all of the owner's for the
 * organisation's policy.
 */
async function markJudgedBy(deps: Deps, repository: RepositoryRecord): Promise<void> {
  const { records, queue } = deps.store;
  const now = deps.clock.now();
  const isOrganizationPolicy = isOrganizationRepository(repository);
  const affected = isOrganizationPolicy
    ? (await records.activeRepositories()).filter(
        (other) =>
          other.installationId === repository.installationId &&
          other.ownerId === repository.ownerId,
      )
    : [repository];
  await queue.mark(
    affected.map((other, index) =>
      reconcileJob.item({ repository: other.id }, now + index * spreadMs),
    ),
  );
}

/** The repositories of an installation as GitHub lists them now; those that are gone from it are ours no more. */
async function rememberRepositories(
  deps: Deps,
  installationId: number,
): Promise<readonly RepositoryRecord[]> {
  const { records } = deps.store;
  // Before the list: what is added while it is read is known, and not in it.
  const active = await records.activeRepositories();
  const repositories = await deps.github.repositoriesOf(installationId);
  for (const repository of repositories) await records.saveRepository(repository);
  const present = new Set(repositories.map((repository) => repository.id));
  for (const known of active) {
    if (known.installationId === installationId && !present.has(known.id))
      await records.saveRepository({ ...known, active: false });
  }
  return repositories;
}

/** An installation as GitHub lists it now: its repositories are remembered and each is reconciled. */
export async function reconcileInstallation(deps: Deps, installationId: number): Promise<void> {
  await markGoverned(deps, installationId, await rememberRepositories(deps, installationId));
}

/** So many repositories are compared at once where an installation has more of them: the others have their turn. */
const fewRepositories = 100;
const inTurnAtOnce = 12;
/** A long list of repositories is a call for each hundred. */
const listAgainMs = 6 * 60 * 60_000;

/**
 * At start and hourly. What the activity sweep sees is right within minutes; this looks at the rest (rulesets,
 * environments, alerts), in a few repositories at a time where there are thousands, so that it stays within a
 * hundredth of the quota.
 */
export async function reconcileInTurn(deps: Deps, installationId: number): Promise<void> {
  const { records, queue } = deps.store;
  const known = (await records.activeRepositories()).filter(
    (repository) => repository.installationId === installationId && !repository.archived,
  );
  const now = deps.clock.now();
  const listedKey = `listed:${installationId}`;
  const listedAt = Number((await records.getValue(listedKey)) ?? 0);
  const isSmall = known.length <= fewRepositories;
  if (isSmall || now - listedAt >= listAgainMs || now < listedAt) {
    const fresh = await rememberRepositories(deps, installationId);
    await records.setValue(listedKey, String(now));
    if (isSmall && fresh.length <= fewRepositories) return markAll(deps, fresh);
    const knownIds = new Set(known.map(({ id }) => id));
    await markGoverned(
      deps,
      installationId,
      fresh.filter(({ id }) => !knownIds.has(id)),
    );
  }
  const turnKey = `reconciled-up-to:${installationId}`;
  const after = Number((await records.getValue(turnKey)) ?? 0);
  const ordered = [
    ...known.filter(({ id }) => id > after),
    ...known.filter(({ id }) => id <= after),
  ].slice(0, inTurnAtOnce);
  await queue.mark(
    ordered.map(({ id }, index) => reconcileJob.item({ repository: id }, now + index * spreadMs)),
  );
  await records.setValue(turnKey, String(ordered.at(-1)?.id ?? 0));
}

/**
 * Repositories that are new here. Of many only those that a policy can govern are read in full: which have a policy
 * file, and which have open pull requests under their organisation's, is asked for a hundred at once.
 */
async function markGoverned(
  deps: Deps,
  installationId: number,
  repositories: readonly RepositoryRecord[],
): Promise<void> {
  const [first] = repositories;
  if (first === undefined || repositories.length <= fewRepositories)
    return markAll(deps, repositories);
  const { repositories: parts } = await deps.github.activity({
    installationId,
    owner: first.owner,
    since: deps.clock.now(),
    pulls: [],
    repositories,
    commits: [],
    teams: [],
    counting: true,
    perCall: fewRepositories,
  });
  const shown = new Map(parts.map((part) => [part.repository, part]));
  const hasPolicy = ({ id }: RepositoryRecord): boolean =>
    shown.get(id)?.policy.some((blob) => blob !== null) ?? true;
  const isBelowPolicy = repositories.some(
    (repository) => isOrganizationRepository(repository) && hasPolicy(repository),
  );
  await markAll(
    deps,
    repositories.filter(
      (repository) =>
        hasPolicy(repository) || (isBelowPolicy && shown.get(repository.id)?.openPulls !== 0),
    ),
  );
}

const markAll = (deps: Deps, repositories: readonly RepositoryRecord[]): Promise<void> => {
  const now = deps.clock.now();
  return deps.store.queue.mark(
    repositories.map((repository, index) =>
      reconcileJob.item({ repository: repository.id }, now + index * spreadMs),
    ),
  );
};

/** At start and hourly: every installation that is there and not suspended. */
export async function reconcileAll(deps: Deps): Promise<number> {
  const installations = await deps.github.installations();
  const now = deps.clock.now();
  const working = new Set(
    installations
      .filter((installation) => !installation.suspended)
      .map((installation) => installation.id),
  );
  // Suspended, or removed while nobody listened.
  const silent = new Set(
    (await deps.store.records.activeRepositories())
      .map((repository) => repository.installationId)
      .filter((id) => !working.has(id)),
  );
  for (const id of silent) await deps.store.records.deactivateInstallation(id);
  const active = installations.filter((installation) => !installation.suspended);
  await deps.store.queue.mark(
    active.map(({ id }) => installationJob.item({ installation: id, routine: true }, now)),
  );
  return active.length;
}
