import { isAncestor } from "@gatehouse/github-simulator/git/history.ts";
import { rangeOf } from "@gatehouse/github-simulator/world/diffs.ts";
import type { Pull, Review } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import { all, no, unjudged, yes, type Answer } from "./answer.ts";
import { docOf, listOf, otherKeys, textsOf, type Doc } from "./doc.ts";
import { contributorsOf, isAmong } from "./people.ts";
import { fileAt } from "./scene.ts";
import { ownersOfPaths } from "./owners.ts";

export interface PullAt {
  readonly world: World;
  readonly repo: Repo;
  readonly pull: Pull;
  /** The branch for whose rules GitHub holds the pull request, and where it stands. */
  readonly base: { readonly ref: string; readonly sha: string };
}

const known =
  "approvals users teams roles each code_owners stale allow_author allow_contributors block_on_changes_requested resolved_threads bots".split(
    " ",
  );

/** Each person's latest review that decides something. */
function latestDecisive(pull: Pull): readonly Review[] {
  const latest = new Map<number, Review>();
  for (const review of pull.reviews)
    if (review.authorId !== null && /^(APPROVED|CHANGES_REQUESTED|DISMISSED)$/.test(review.state))
      latest.set(review.authorId, review);
  return [...latest.values()];
}

/** When the base became what it is: another branch, or another history of the same one. */
function basedSince({ repo, pull, world }: PullAt): number {
  const changes = (repo.issues.get(pull.number)?.timeline ?? []).filter((one) =>
    /base_ref_changed|automatic_base_change_succeeded/.test(one.event),
  );
  const rewrites = repo.activity.filter(
    (one) =>
      one.ref === `refs/heads/${pull.baseRef}` &&
      (/^branch_/.test(one.kind) || !isAncestor(world.git, one.before, one.after)) &&
      one.at > (repo.issues.get(pull.number)?.createdAt ?? 0),
  );
  return Math.max(0, ...[...changes.map((one) => one.createdAt), ...rewrites.map((one) => one.at)]);
}

/** Whether a review of an older commit is one of the same diff. */
function isSameDiff(at: PullAt, commit: string): Answer {
  const { world, base, pull } = at;
  if (!world.git.commits.has(commit)) return no("the reviewed commit is gone");
  const was = rangeOf(world, base.sha, commit);
  const is = rangeOf(world, base.sha, pull.headSha);
  const shapeOf = (range: typeof was, sha: string, isExact: boolean): string =>
    JSON.stringify(
      range.files
        .map(({ path, previous, status, patch, sha: blob }) => ({
          path,
          previous,
          status,
          mode: world.git.commits.get(sha)?.files.get(path)?.mode,
          what: isExact || patch === null ? blob : patch.replaceAll(/^@@ .*$/gm, "@@"),
        }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    );
  if (
    shapeOf(was, commit, true) === shapeOf(is, pull.headSha, true) &&
    was.mergeBase === is.mergeBase
  )
    return yes();
  if (shapeOf(was, commit, false) !== shapeOf(is, pull.headSha, false))
    return no("the diff is another");
  // Hunks at the same lines of files that the base left alone are the same diff.
  const blobAt = (range: typeof was, path: string): string | undefined =>
    world.git.commits.get(range.mergeBase)?.files.get(path)?.sha;
  const isUntouched = is.files.every(({ path, previous }) =>
    [path, previous ?? path].every((name) => blobAt(was, name) === blobAt(is, name)),
  );
  const places = (range: typeof was): string =>
    JSON.stringify(range.files.map(({ path, patch }) => [path, patch]));
  return isUntouched && places(was) === places(is)
    ? yes()
    : unjudged("the same hunks over another base");
}

function covers(at: PullAt, review: Review, stale: string): Answer {
  if (stale === "keep") return yes();
  const [given, based] = [review.submittedAt ?? 0, basedSince(at)];
  if (given < based) return no("given for another base");
  const covered = coversHead(at, review, stale);
  // GitHub tells whole seconds: who looks from outside cannot know which of the two came first.
  return covered.word === "yes" && Math.floor(given / 1000) === Math.floor(based / 1000)
    ? unjudged("given in the second of a retarget")
    : covered;
}

function coversHead(at: PullAt, review: Review, stale: string): Answer {
  if (review.commitId === at.pull.headSha) return yes();
  if (review.commitId === null || stale === "dismiss") return no("of another commit");
  return isSameDiff(at, review.commitId);
}

export function judgeReviews(at: PullAt, params: Doc): Answer {
  const { world, repo, pull } = at;
  const strange = otherKeys(params, known);
  if (strange.length > 0) return unjudged(`reviews.${strange.join()}`);
  const latest = latestDecisive(pull);
  const { openers, others, former } = contributorsOf(world, repo, pull);
  const bots = textsOf(params["bots"]).map((one) => one.toLowerCase());
  const isBot = (id: number): boolean =>
    bots.includes(String(id)) || bots.includes(world.accounts.get(id)?.login.toLowerCase() ?? "");
  const isBarred = (id: number): boolean =>
    openers.has(id)
      ? params["allow_author"] !== true
      : params["allow_contributors"] !== true && others.has(id);
  const approvers = latest
    .filter((one) => one.state === "APPROVED" && !isBarred(one.authorId ?? 0))
    .map((one) => {
      const answer = covers(at, one, String(params["stale"] ?? "keep_if_same_diff"));
      const isArguable =
        params["allow_contributors"] !== true &&
        former.has(one.authorId ?? 0) &&
        answer.word === "yes";
      return {
        id: one.authorId ?? 0,
        answer: isArguable ? unjudged("pushed what is not there any more") : answer,
      };
    })
    .filter(({ answer }) => answer.word !== "no");
  const count = (wanted: number, counts: (id: number) => boolean, what: string): Answer => {
    const fit = approvers.filter(({ id }) => counts(id));
    const sure = fit.filter(({ answer }) => answer.word === "yes").length;
    if (sure >= wanted) return yes();
    return fit.length >= wanted
      ? unjudged(fit.map(({ answer }) => answer.why).join("; "))
      : no(`${sure} of ${wanted} approvals ${what}`);
  };
  const entries = listOf(params["each"]).map(docOf);
  const total = Number(params["approvals"] ?? (params["each"] === undefined ? 1 : 0));
  const answers = [
    count(total, (id) => isBot(id) || isAmong(world, repo, id, params), "that count"),
    ...entries.map((entry) =>
      count(
        Number(entry["approvals"] ?? 1),
        (id) => isAmong(world, repo, id, entry),
        `of ${JSON.stringify(entry)}`,
      ),
    ),
  ];
  if (params["block_on_changes_requested"] !== false)
    answers.push(
      ...latest
        .filter((one) => one.state === "CHANGES_REQUESTED")
        .map((one) =>
          isAmong(world, repo, one.authorId ?? 0, params) ||
          isAmong(world, repo, one.authorId ?? 0, {})
            ? no("changes are requested")
            : yes("somebody who does not count asks for changes"),
        ),
    );
  if (params["resolved_threads"] === true && pull.threads.some((one) => !one.resolved))
    answers.push(no("a thread is open"));
  if (params["code_owners"] === true) answers.push(owned(at, approvers));
  return all(answers);
}

function owned(
  at: PullAt,
  approvers: readonly { readonly id: number; readonly answer: Answer }[],
): Answer {
  const { world, repo, pull, base } = at;
  const text = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]
    .map((path) => fileAt(world, base.sha, path))
    .find((one) => one !== undefined);
  if (text === undefined) return yes("no CODEOWNERS");
  const paths = rangeOf(world, base.sha, pull.headSha).files.flatMap(({ path, previous }) => [
    path,
    ...(previous === null ? [] : [previous]),
  ]);
  const owners = ownersOfPaths(text, paths);
  if (owners === undefined) return unjudged("CODEOWNERS of a form that is not read here");
  return all(
    owners.map(({ path, names }) => {
      if (names.length === 0) return yes();
      const who = {
        users: names.filter((one) => !one.includes("/")).map((one) => one.slice(1)),
        teams: names.filter((one) => one.includes("/")).map((one) => one.slice(1)),
      };
      const mine = approvers.filter(({ id }) => isAmong(world, repo, id, who));
      if (mine.some(({ answer }) => answer.word === "yes")) return yes();
      return mine.length > 0
        ? unjudged("an owner's older review")
        : no(`${path} has no owner's approval`);
    }),
  );
}
