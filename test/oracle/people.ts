import { roleIn, teamMembership } from "@gatehouse/github-simulator/world/accounts.ts";
import { mergeBase } from "@gatehouse/github-simulator/git/history.ts";
import { mergeTrees } from "@gatehouse/github-simulator/git/merge.ts";
import { writeTree, type Commit } from "@gatehouse/github-simulator/git/objects.ts";
import { roles, type Role } from "@gatehouse/github-simulator/world/people.ts";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import { baseTip, pullRange, rangeOf } from "@gatehouse/github-simulator/world/diffs.ts";
import { isAgent } from "./agents.ts";
import { textsOf, type Doc } from "./doc.ts";

export const hasRole = (world: World, repo: Repo, id: number, least: string): boolean =>
  roles.indexOf(roleIn(world, repo, id)) >= roles.indexOf(least as Role);

const isPerson = (world: World, id: number): boolean =>
  world.accounts.get(id)?.type === "User" && !isAgent(world, id);

/** Whether somebody is among `users`, `teams` or `roles`; with none of them, whether they hold the fallback role. */
export function isAmong(
  world: World,
  repo: Repo,
  id: number,
  who: Doc,
  fallback: string | null = "write",
): boolean {
  if (!isPerson(world, id)) return false;
  const [users, teams, named] = [who["users"], who["teams"], who["roles"]];
  if (users === undefined && teams === undefined && named === undefined)
    return fallback !== null && hasRole(world, repo, id, fallback);
  const login = world.accounts.get(id)?.login.toLowerCase();
  return (
    textsOf(users).some((one) => one.replace(/^@/, "").toLowerCase() === login) ||
    textsOf(named).some((one) => hasRole(world, repo, id, one)) ||
    textsOf(teams).some((one) => isInTeam(world, repo, id, one))
  );
}

export function isInTeam(world: World, repo: Repo, id: number, name: string): boolean {
  const [slug, org] = name.replace(/^@/, "").split("/").reverse();
  const ownerId =
    org === undefined ? repo.ownerId : world.accountsByLogin.get(org.toLowerCase())?.id;
  return [...world.teams.values()].some(
    (team) =>
      team.orgId === ownerId &&
      team.slug === slug?.toLowerCase() &&
      teamMembership(world, team, id)?.state === "active",
  );
}

const idOf = (world: World, email: string): number | undefined =>
  world.accountsByEmail.get(email.toLowerCase())?.id;

/** Everybody whom a commit names: author, committer, co-authors. */
export function namedIn(world: World, commit: Commit): readonly number[] {
  const trailers = [...commit.message.matchAll(/^co-authored-by:.*<([^>]+)>/gim)].map(
    (match) => match[1] ?? "",
  );
  return [commit.author.email, commit.committer.email, ...trailers].flatMap(
    (email) => idOf(world, email) ?? [],
  );
}

export interface Contributors {
  readonly openers: ReadonlySet<number>;
  readonly others: ReadonlySet<number>;
  /** People of what is no longer in this branch, who pushed it or whom it named unseen: whether they contributed can be argued. */
  readonly former: ReadonlySet<number>;
}

/** Merges of what is not of `commits` into what is, with the tree that git itself would have made: nobody's work. */
function cleanMergesIn(world: World, commits: readonly Commit[]): ReadonlyMap<string, string> {
  const { git } = world;
  const inside = new Set(commits.map((one) => one.sha));
  return new Map(
    commits.flatMap((one): readonly [string, string][] => {
      const own = one.parents.filter((parent) => inside.has(parent));
      const [first, second] = one.parents.map((parent) => git.commits.get(parent));
      if (one.parents.length !== 2 || own.length !== 1 || !first || !second) return [];
      const base = git.commits.get(mergeBase(git, first.sha, second.sha) ?? "");
      const clean = base && mergeTrees(git, base.files, first.files, second.files);
      return clean && writeTree(git, clean) === one.treeSha ? [[one.sha, own[0] ?? ""]] : [];
    }),
  );
}

/** Who opened, wrote, co-wrote, committed or pushed a pull request. */
export function contributorsOf(world: World, repo: Repo, pull: Pull): Contributors {
  const { commits } = pullRange(world, repo, pull);
  const inside = new Set(commits.map((one) => one.sha));
  const opener = repo.issues.get(pull.number)?.authorId;
  const headRepo = pull.headRepoId === null ? undefined : world.repos.get(pull.headRepoId);
  const moves = (headRepo?.activity ?? []).filter(
    (one) => one.ref === `refs/heads/${pull.headRef}`,
  );
  const clean = new Map(cleanMergesIn(world, commits));
  const pushes = moves.filter(
    (one) =>
      !/^0+$/.test(one.after) &&
      // Made again where it was deleted.
      !(
        /^0+$/.test(one.before) &&
        moves.some(
          (other) => other.id < one.id && /^0+$/.test(other.after) && other.before === one.after,
        )
      ),
  );
  const others = new Set(
    commits.filter(({ sha }) => !clean.has(sha)).flatMap((one) => namedIn(world, one)),
  );
  // What a force-push took away was somebody's work all the same; of a head that the gate never saw it can be argued.
  const argued = new Set<number>();
  for (const { after } of pushes) {
    if (inside.has(after) || !world.git.commits.has(after)) continue;
    const wasJudged = [...repo.checkRuns.values()].some(
      (run) => run.headSha === after && run.appId === world.appId && run.name === "gatehouse",
    );
    const before = rangeOf(world, baseTip(repo, pull), after).commits;
    for (const [sha, own] of cleanMergesIn(world, before)) clean.set(sha, own);
    const names = before.filter(({ sha }) => !clean.has(sha)).flatMap((one) => namedIn(world, one));
    for (const id of names) (wasJudged ? others : argued).add(id);
  }
  const brought = pushes.filter((one) => clean.get(one.after) !== one.before);
  for (const one of brought) if (inside.has(one.after)) others.add(one.actorId);
  // Whoever asked an agent for what it wrote has a hand in it.
  if ([opener, ...others].some((id) => typeof id === "number" && isAgent(world, id)))
    for (const { event, actorId } of repo.issues.get(pull.number)?.timeline ?? [])
      if (event === "copilot_work_started" && actorId !== null) others.add(actorId);
  return {
    openers: new Set(typeof opener === "number" ? [opener] : []),
    others,
    former: new Set(
      [...brought.map((one) => one.actorId), ...argued].filter((id) => !others.has(id)),
    ),
  };
}
