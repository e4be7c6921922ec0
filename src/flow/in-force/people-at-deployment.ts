import { pullRequest as pullRequestFact } from "#core/facts/pull-request.ts";
import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import { mergedInOrder } from "#core/model/comment-order.ts";
import { lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import {
  grantedOverrides,
  overrideRequests,
  type Circumstances,
  type OverrideRequest,
} from "#core/overrides/grant.ts";
import { holdsInForce } from "#core/overrides/holds.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectValueOf } from "#flow/facts/value-of.ts";
import type { PeopleInForce } from "./people-in-force.ts";
import { conversationKey, headTime, readHeadTime } from "./people-values.ts";
import { requestsForOthers } from "./used-overrides.ts";

type PeopleDeps = Pick<Deps, "store" | "facts"> & {
  readonly github: Pick<Deps["github"], "pullRequestsOfCommit">;
};

/** Which of these pull requests go out; asked only where some are on hold. */
export type GoingOut = (held: readonly number[]) => Promise<readonly number[]>;

/** Pull requests of the repository that are on hold, as far as people said it. */
async function onHold(
  { store }: Pick<Deps, "store">,
  repository: number,
): Promise<readonly number[]> {
  const said = await store.acts.find({ repository, kinds: ["hold", "unhold"] });
  return [...new Set(said.map(({ pullRequest }) => pullRequest))].filter(
    (each): each is number =>
      each !== null &&
      holdsInForce(
        said.filter(({ pullRequest }) => pullRequest === each),
        [],
      ).length > 0,
  );
}

/**
 * The pull requests on hold that the commit belongs to: a rebase creates new commits, the event of a merge may be
 * lost, and a commit may be deployed before it is merged. GitHub is asked only if some are on hold. A commit that a
 * merged pull request brought does not belong to an open one that merely contains it.
 */
async function heldWith(
  deps: PeopleDeps,
  repository: number,
  sha: string,
  known: number | null,
  goingOut: GoingOut,
): Promise<readonly number[]> {
  const held = (await onHold(deps, repository)).filter((number) => number !== known);
  const { records } = deps.store;
  const record = held.length === 0 ? null : await records.repository(repository);
  if (record === null) return [];
  const pulls = await deps.github.pullRequestsOfCommit(record, sha);
  const isMerged = pulls.some(({ mergeSha }) => mergeSha !== null);
  const found = pulls.filter(
    ({ number, mergeSha, headSha }) =>
      held.includes(number) && (mergeSha !== null || headSha === sha || !isMerged),
  );
  for (const { number, mergeSha } of found)
    if (mergeSha === sha) await records.setValue(mergeOf(repository, sha), String(number));
  return [...new Set([...found.map(({ number }) => number), ...(await goingOut(held))])];
}

/** When the base of a pull request was changed or rewritten last, by GitHub's clock; asked only where an override hangs on it. */
async function baseChangedAt(
  deps: PeopleDeps,
  repository: number,
  number: number,
): Promise<number | undefined> {
  const record = await deps.store.records.repository(repository);
  if (record === null) return undefined;
  const session = deps.facts.open({ kind: "pull_request", repository, number }, record);
  const need = pullRequestFact.need();
  const read = lookUp(await session.read([need]), need);
  return subjectValueOf(read, "the pull request whose head goes out was not read").baseChangedAt;
}

/**
 * Requests that carry over from the head that was merged: as when it was merged, a push or another base since they were
 * asked for makes them void.
 */
async function carriedOver(
  deps: PeopleDeps,
  { repository, number, headSha, baseRef }: PullRequestRow,
  acts: readonly Act[],
  around: Pick<Circumstances, "definitions" | "now" | "labels" | "isUsed" | "requestersFor">,
): Promise<readonly OverrideRequest[]> {
  const headAt = readHeadTime(await deps.store.records.getValue(headTime(repository, number)));
  const bound = {
    ...around,
    shas: [headSha],
    headSince: headAt?.sha === headSha ? headAt.at : undefined,
    base: baseRef,
  };
  const requests = overrideRequests(acts, bound).filter(({ act }) => act.sha === headSha);
  return requests.every(({ state }) => state.kind === "over")
    ? requests
    : overrideRequests(acts, {
        ...bound,
        baseChangedAt: await baseChangedAt(deps, repository, number),
      }).filter(({ act }) => act.sha === headSha);
}

/**
 * What decides about a deployment: holds of the pull requests that go out, and overrides that were asked for on its
 * commit or carry over from the head of the pull request that became it. Where people speak of it says nothing more.
 */
export async function peopleAtDeployment(
  deps: PeopleDeps,
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  now: number,
  goingOut: GoingOut,
  /** Who asked for it, or ran it again. */
  requesters: readonly Person[] = [],
): Promise<Pick<PeopleInForce, "holds" | "overrides" | "requests">> {
  const { acts, records, deployments } = deps.store;
  const { repository, sha } = subject;
  const mergedFrom = await records.getValue(mergeOf(repository, sha));
  const conversation = mergedFrom ?? (await records.getValue(conversationKey(repository, sha)));
  const known =
    conversation === null
      ? ((await records.openPullRequestsWithHead(repository, sha))[0]?.number ?? null)
      : Number(conversation);
  const held = await heldWith(deps, repository, sha, known, goingOut);
  const number = known ?? held[0] ?? null;
  const bound = await acts.find({ repository, sha });
  const ofPull = number === null ? [] : await acts.find({ repository, pullRequest: number });
  const ofHeld = await Promise.all(
    held
      .filter((each) => each !== number)
      .map((pullRequest) => acts.find({ repository, pullRequest })),
  );
  const all = mergedInOrder(ofPull, bound);
  const row = number === null ? null : await records.pullRequest(repository, number);
  const rows = all.some((act) => act.kind === "override")
    ? await deployments.ofSha(repository, sha)
    : [];
  const others = await requestsForOthers(deps, all, subject, rows);
  const around = {
    definitions: policy.overrides,
    now,
    labels: null,
    isUsed: (act: Act) => others.has(act.id),
    requestersFor: () => requesters.map(({ id }) => id),
  };
  const isOfHead = row !== null && (mergedFrom !== null || row.headSha === sha);
  const fromHead = isOfHead ? await carriedOver(deps, row, all, around) : [];
  // Requests made on another commit of the same pull request do not concern this one, and do not end with it.
  const onCommit =
    isOfHead && row.headSha === sha
      ? []
      : overrideRequests(all, { ...around, shas: [sha], base: row?.baseRef }).filter(
          ({ act }) => act.sha === sha,
        );
  const requests = [...fromHead, ...onCommit];
  return {
    holds: [ofPull, ...ofHeld].flatMap((each) => holdsInForce(each, [])),
    overrides: grantedOverrides(requests).map((override) => ({ ...override, sha })),
    requests,
  };
}
