import { isOrganizationRepository, organizationRepository } from "#core/policy/files.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { policyJob, reconcileJob, sharedFilesJob } from "#flow/jobs/repository-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { waitingItems } from "./find-waiting.ts";
import type { Seen } from "./sweep-ports.ts";

/** Unknown repositories that are asked about in one sweep. */
const mostFound = 10;
/** Repositories that came to life and are asked for what waits there, in one sweep; the others are from the next on. */
const mostAsked = 20;

/** Finds repositories that were added or became active without a delivery. */
export function createRepositoryFinder(
  deps: Deps,
  policies: Pick<Policies, "isShared">,
  { installation, owner, known: { repositories }, activity, before, question }: Seen,
  isNew: (key: string, mark: string) => boolean,
) {
  const { records } = deps.store;
  const now = deps.clock.now();
  const items: WorkItem[] = [];
  const lively: Record<string, number> = {};
  const strangers = new Set(before.strangers);

  /** An unknown repository: asks GitHub whether it belongs to this installation. */
  async function discover(at: {
    readonly repository: number;
    readonly owner: string;
    readonly name: string;
  }): Promise<RepositoryRecord | null> {
    if (strangers.has(at.repository)) return null;
    const there = await deps.github.installationOf(at.owner, at.name);
    const found =
      there === installation
        ? await deps.github.findRepository(installation, at.owner, at.name)
        : null;
    if (found === null || found.id !== at.repository) {
      strangers.add(at.repository);
      return null;
    }
    await records.saveRepository(found);
    items.push(reconcileJob.item({ repository: found.id }, now));
    return found;
  }

  /** The organisation's own repository, which may be made, renamed, given to us or deleted without a word. */
  async function lookAbove(): Promise<void> {
    const { above } = activity;
    if (above === undefined) return;
    const ours = [...repositories.values()].find((one) => isOrganizationRepository(one));
    if (above === ours?.id) {
      isNew("above", String(above));
      return;
    }
    if (above === null) {
      if (isNew("above", "none") && ours !== undefined)
        items.push(policyJob.item({ repository: ours.id }, now));
      return;
    }
    const record = await records.repository(above);
    // An archived one is known already.
    if (
      record?.active === true &&
      isOrganizationRepository(record) &&
      !isNew("above", String(above))
    )
      return;
    // A repository that was no part of the installation may be by now: nothing that is not its own is as weighty.
    strangers.delete(above);
    const found = await discover({ repository: above, owner, name: organizationRepository });
    if (found !== null) items.push(policyJob.item({ repository: found.id }, now));
  }

  /** Pushed to lately: something may be deployed there. A repository that was made without a word is found so, too. */
  async function lookAtPushed(): Promise<void> {
    let found = 0;
    let asked = 0;
    for (const at of activity.pushed) {
      const known = repositories.get(at.repository);
      if (known === undefined) {
        const record = await records.repository(at.repository);
        if (record?.active === true || strangers.has(at.repository) || found >= mostFound) continue;
        found += 1;
        await discover(at);
      } else if (at.at >= question.since) {
        const isNews = before.lively[String(known.id)] === undefined;
        lively[String(known.id)] = now;
        if (await policies.isShared(known))
          items.push(sharedFilesJob.item({ repository: known.id }, now));
        // It was asked for already, or is asked for now.
        if (
          isNews &&
          asked < mostAsked &&
          !question.repositories.some(({ id }) => id === known.id)
        ) {
          asked += 1;
          items.push(...(await waitingItems(deps, known)));
        }
      }
    }
  }

  return { discover, lookAbove, lookAtPushed, items, lively, strangers };
}
