import { mergedInOrder } from "#core/model/comment-order.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { grantedOverrides, overrideRequests } from "#core/overrides/grant.ts";
import { holdsInForce } from "#core/overrides/holds.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Deps } from "#flow/deps.ts";
import type { PeopleInForce } from "./people-in-force.ts";
import { conversationKey } from "./people-values.ts";
import { requestsForOthers } from "./used-overrides.ts";

/** Pull requests of the repository that are on hold, as far as people said it. */
async function onHold({ store }: Deps, repository: number): Promise<readonly number[]> {
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
 * Those of the pull requests on hold that the commit is of: a rebase makes one commit of each of theirs, a merge may
 * not have been heard of, and a commit may go out before it is merged. GitHub is asked only where some are on hold. What
 * a merged pull request brought is not that of an open one which merely holds it, too.
 */
async function heldWith(
  deps: Deps,
  repository: number,
  sha: string,
  known: number | null,
  goingOut: () => Promise<readonly number[]>,
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
  const out = await goingOut();
  return [
    ...new Set([
      ...found.map(({ number }) => number),
      ...held.filter((number) => out.includes(number)),
    ]),
  ];
}

/**
 * What decides about a deployment: holds of the pull requests that go out, and overrides that were asked for on its
 * commit or carry over from the head of the pull request that became it. Where people speak of it says nothing more.
 */
export async function peopleAtDeployment(
  deps: Deps,
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  now: number,
  /** Numbers of the merged pull requests that go out; asked only where some are on hold. */
  goingOut: () => Promise<readonly number[]>,
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
  const head = mergedFrom === null ? null : (row?.headSha ?? null);
  const shas = head === null ? [sha] : [sha, head];
  const rows = all.some((act) => act.kind === "override")
    ? await deployments.ofSha(repository, sha)
    : [];
  const others = await requestsForOthers(deps, all, subject, rows);
  const requests = overrideRequests(all, {
    definitions: policy.overrides,
    shas,
    base: row?.baseRef,
    now,
    labels: null,
    isUsed: (act) => others.has(act.id),
    // What was asked for on another commit of the conversation is no matter of this one, and does not end with it.
  }).filter(({ act }) => act.sha !== null && shas.includes(act.sha));
  return {
    holds: [ofPull, ...ofHeld].flatMap((each) => holdsInForce(each, [])),
    overrides: grantedOverrides(requests).map((override) => ({ ...override, sha })),
    requests,
  };
}
