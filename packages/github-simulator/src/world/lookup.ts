import { accountOf } from "./accounts.ts";
import type { Commit } from "../git/objects.ts";
import type { Installation } from "./people.ts";
import type { Issue } from "./issues.ts";
import type { Pull } from "./pulls.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

export function fullName(world: World, repo: Repo): string {
  return `${accountOf(world, repo.ownerId).login}/${repo.name}`;
}

/** The repository a scenario names `owner/name`. */
export function repoNamed(world: World, name: string): Repo {
  const id = world.repoNames.get(name.toLowerCase());
  const repo = id === undefined ? undefined : world.repos.get(id);
  if (repo === undefined)
    throw new Error(
      `no repository "${name}" in the simulated GitHub: create it with repo({name: "${name}"})`,
    );
  return repo;
}

export function pullNumbered(repo: Repo, number: number): { pull: Pull; issue: Issue } {
  const pull = repo.pulls.get(number);
  const issue = repo.issues.get(number);
  if (pull === undefined || issue === undefined)
    throw new Error(`no pull request ${number} in ${repo.name}`);
  return { pull, issue };
}

export function issueNumbered(repo: Repo, number: number): Issue {
  const issue = repo.issues.get(number);
  if (issue === undefined) throw new Error(`no issue ${number} in ${repo.name}`);
  return issue;
}

export function installationCovers(installation: Installation, repo: Repo): boolean {
  return (
    installation.accountId === repo.ownerId &&
    (installation.selection === "all" || installation.repoIds.has(repo.id))
  );
}

export function installationsOf(world: World, repo: Repo, appId: number): Installation[] {
  return [...world.installations.values()].filter(
    (one) => one.appId === appId && installationCovers(one, repo),
  );
}

/** SHA of a branch, tag, `refs/…` name, pull-request ref, `HEAD` or (short) commit SHA; `null` when there is none. */
export function resolveRef(world: World, repo: Repo, name: string): string | null {
  if (name === "HEAD") return repo.refs.get(`refs/heads/${repo.defaultBranch}`) ?? null;
  for (const candidate of [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`]) {
    const sha = repo.refs.get(candidate);
    if (sha !== undefined) return sha;
  }
  if (world.git.commits.has(name)) return name;
  if (/^[0-9a-f]{7,39}$/.test(name)) {
    for (const sha of world.git.commits.keys()) if (sha.startsWith(name)) return sha;
  }
  return null;
}

export function commitOf(world: World, sha: string): Commit {
  const commit = world.git.commits.get(sha);
  if (commit === undefined) throw new Error(`no commit ${sha} in the simulated GitHub`);
  return commit;
}
