import type { RepositoryRecord, WorkItem } from "../core/ports.ts";
import { waitingItems } from "./find-waiting.ts";
import type { House } from "./house.ts";
import type { Policies } from "./policies.ts";
import { judgeItem } from "./judge-item.ts";
import { subjectOf, waitingIn } from "./route-deployment.ts";
import { reconcileItem } from "./route.ts";
import type { Watch } from "./watch-deployments.ts";

/** Repositories are spread over this time, so that a sweep never takes the quota that events need. */
const spreadMs = 100;

/**
 * Compares what is remembered of a repository's open pull requests with GitHub, and marks what has to be judged:
 * what was never heard of, what moved on, and everything after a policy change. Repairs what no webhook told.
 */
export async function reconcileRepository(house: House, policies: Policies, watch: Watch, repository: RepositoryRecord): Promise<void> {
  const { records, queue } = house.store;
  if (!repository.active || repository.archived) return;
  const changed = await policies.refresh(repository);
  if (await policies.isUngoverned(repository)) {
    // Who waits for an answer gets one, also where no policy is left to give it.
    await queue.mark((await waitingIn(house, repository.id)).map((row) => judgeItem(subjectOf(row), house.clock.now(), false)));
    return;
  }
  const now = house.clock.now();
  await queue.mark(await waitingItems(house, repository));
  await watch.environments(repository);
  const open = await house.github.openPullRequests(repository);
  const items: WorkItem[] = [];
  for (const row of open) {
    const known = await records.pullRequest(repository.id, row.number);
    const decided = await records.lastDecision(`pr:${repository.id}:${row.number}`);
    const same = known !== null && known.headSha === row.headSha && known.baseRef === row.baseRef && known.state === "open";
    await records.savePullRequest(row);
    // A waiting answer is looked at again: the event that would have turned it may be the one that was lost.
    if (changed || !same || decided === null || decided.headSha !== row.headSha || decided.decision.kind === "wait") {
      items.push(judgeItem({ kind: "pull_request", repository: repository.id, number: row.number }, now, false));
    }
  }
  const openNumbers = new Set(open.map((row) => row.number));
  for (const row of await records.openPullRequests(repository.id)) {
    if (!openNumbers.has(row.number)) await records.savePullRequest({ ...row, state: "closed" });
  }
  if (items.length > 0) await queue.mark(items);
}

/** Marks the policy's repository, or every repository of the owner when it is the organisation's policy that changed. */
export async function repositoryChanged(house: House, policies: Policies, repository: RepositoryRecord): Promise<void> {
  const { records, queue } = house.store;
  const changed = await policies.refresh(repository);
  if (!changed) return;
  const now = house.clock.now();
  const isOrganizationPolicy = repository.name.toLowerCase() === ".github";
  const affected = isOrganizationPolicy
    ? (await records.activeRepositories()).filter((other) => other.installationId === repository.installationId && other.ownerId === repository.ownerId)
    : [repository];
  await queue.mark(affected.map((other, index) => reconcileItem(other.id, now, index * spreadMs)));
}

/** An installation as GitHub lists it now: its repositories are remembered and each is reconciled. */
export async function reconcileInstallation(house: House, installationId: number): Promise<void> {
  const { records, queue } = house.store;
  const repositories = await house.github.repositoriesOf(installationId);
  for (const repository of repositories) await records.saveRepository(repository);
  const present = new Set(repositories.map((repository) => repository.id));
  for (const known of await records.activeRepositories()) {
    if (known.installationId === installationId && !present.has(known.id)) await records.saveRepository({ ...known, active: false });
  }
  const now = house.clock.now();
  await queue.mark(repositories.map((repository, index) => reconcileItem(repository.id, now, index * spreadMs)));
}

/** At start and hourly: every installation that is not suspended. */
export async function reconcileAll(house: House): Promise<number> {
  const installations = await house.github.installations();
  const now = house.clock.now();
  for (const installation of installations) {
    if (installation.suspended) await house.store.records.deactivateInstallation(installation.id);
  }
  const active = installations.filter((installation) => !installation.suspended);
  await house.store.queue.mark(
    active.map((installation) => ({ key: `installation:${installation.id}`, kind: "installation", payload: { installation: installation.id }, priority: 90, runAt: now })),
  );
  return active.length;
}
