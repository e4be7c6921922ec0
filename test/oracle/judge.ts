import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { all, unjudged, type Answer } from "./answer.ts";
import { judgePull } from "./judge-pull.ts";
import type { Scene } from "./scene.ts";
import { commitsBetween } from "@gatehouse/github-simulator/git/history.ts";

const isOpen = (repo: Repo, pull: Pull): boolean => repo.issues.get(pull.number)?.state === "open";

/** Members of a merge group: whose heads lie between the group's base and its head. */
function membersOf(scene: Scene, repo: Repo, last: Pull, sha: string): readonly Pull[] {
  const tip = repo.refs.get(`refs/heads/${last.baseRef}`);
  if (tip === undefined) return [last];
  const inside = new Set(commitsBetween(scene.world.git, tip, sha).map((one) => one.sha));
  return [...repo.pulls.values()].filter((pull) => pull.queue !== null && inside.has(pull.headSha));
}

/** Whether the commit of a pull request, or of a merge group, may be green. */
export function judgeSha(scene: Scene, repoId: number, sha: string): Answer {
  const repo = scene.world.repos.get(repoId);
  if (repo === undefined) return unjudged("the repository is gone");
  const pulls = [...repo.pulls.values()];
  const last = pulls.find((pull) => pull.queue?.headSha === sha);
  if (last !== undefined)
    return all(
      membersOf(scene, repo, last, sha).map((pull) => {
        const answer = judgePull(scene, repo, pull, sha);
        return { ...answer, why: `#${pull.number}: ${answer.why}` };
      }),
    );
  const open = pulls.filter((pull) => pull.headSha === sha && isOpen(repo, pull));
  if (open.length === 0) return unjudged("no open pull request has this head");
  return all(open.map((pull) => judgePull(scene, repo, pull)));
}
