import { commitsBetween, isAncestor, mergeBase } from "@gatehouse/github-simulator/git/history.ts";
import { mergeTrees } from "@gatehouse/github-simulator/git/merge.ts";
import { writeTree } from "@gatehouse/github-simulator/git/objects.ts";
import type { Deployment } from "@gatehouse/github-simulator/world/deployments.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { no, unjudged, yes, type Answer } from "./answer.ts";
import type { Scene } from "./scene.ts";

/** Whether everything since the last success came through pull requests that were green when they were merged. */
export function gatedRange(scene: Scene, repo: Repo, deployment: Deployment): Answer {
  const earlier = [...repo.deployments.values()]
    .filter(
      (one) =>
        one.id < deployment.id &&
        one.environment.toLowerCase() === deployment.environment.toLowerCase() &&
        one.statuses.some((status) => status.state === "success"),
    )
    .toReversed();
  const [newest] = earlier;
  if (newest === undefined) return unjudged("changes of a first deployment");
  const ranBefore = earlier.some((one) => one.sha === deployment.sha);
  // An older state that never ran is answered for since the newest that did, below it.
  const before =
    ranBefore || isAncestor(scene.world.git, newest.sha, deployment.sha)
      ? newest
      : earlier.find(
          (one) =>
            one.gate?.state === "approved" && isAncestor(scene.world.git, one.sha, deployment.sha),
        );
  if (before === undefined) return unjudged("nothing that ran is below it");
  if (deployment.ref.replace(/^refs\/heads\//, "") !== repo.defaultBranch)
    return unjudged("changes of another branch");
  const { git } = scene.world;
  const merges = scene.merges.filter(
    (one) => one.repo === repo.id && one.wasGreen && one.base === repo.defaultBranch,
  );
  /** A merge that neither GitHub made nor git would have made so: what else is in it came past every pull request. */
  const isByHand = (sha: string): boolean => {
    const made = git.commits.get(sha);
    const [first, second] = made?.parents.map((parent) => git.commits.get(parent)) ?? [];
    if (made === undefined || first === undefined || second === undefined) return false;
    if (made.verified && made.committer.email === "noreply@github.com") return false;
    const base = git.commits.get(mergeBase(git, first.sha, second.sha) ?? "");
    const clean =
      base === undefined ? null : mergeTrees(git, base.files, first.files, second.files);
    return clean === null || writeTree(git, clean) !== made.treeSha;
  };
  const handmade = new Set(merges.flatMap(({ to }) => (isByHand(to) ? [to] : [])));
  const gated = new Set(
    merges.flatMap((one) => commitsBetween(git, one.from, one.to).map(({ sha }) => sha)),
  );
  for (const sha of handmade) gated.delete(sha);
  // Green was the head that became the end of the merge; no check was ever given to what lies before that.
  if (
    deployment.sha !== before.sha &&
    gated.has(deployment.sha) &&
    !merges.some((one) => one.to === deployment.sha)
  )
    return no(`${deployment.sha.slice(0, 7)} is a part of a change, which was never judged`);
  const bare = commitsBetween(git, before.sha, deployment.sha).filter(({ sha }) => !gated.has(sha));
  return bare.length === 0
    ? yes()
    : no(`not through the gate: ${bare.map(({ sha }) => sha.slice(0, 7)).join(", ")}`);
}
