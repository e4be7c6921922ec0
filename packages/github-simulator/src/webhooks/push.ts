import { accountOf } from "../world/accounts.ts";
import { ownChanges } from "../world/diffs.ts";
import { commitOf } from "../world/lookup.ts";
import { commitsBetween, isAncestor } from "../git/history.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { emit } from "./emit.ts";

const none = "0".repeat(40);

/** A push payload holds at most this many commits; what decides must not be read from it. */
const maxCommits = 2048;

function pushed(world: World, repo: Repo, sha: string): Record<string, unknown> {
  const value = commitOf(world, sha);
  const files = ownChanges(world, value);
  const paths = (status: readonly string[]): string[] =>
    files.filter((file) => status.includes(file.status)).map((file) => file.path);
  const person = (name: string, email: string): Record<string, unknown> => {
    const login = world.accountsByEmail.get(email.toLowerCase())?.login;
    return { name, email, ...(login === undefined ? {} : { username: login }) };
  };
  return {
    id: sha,
    tree_id: value.treeSha,
    distinct: true,
    message: value.message,
    timestamp: iso(value.committer.date),
    url: `${repoHtmlUrl(world, repo)}/commit/${sha}`,
    author: person(value.author.name, value.author.email),
    committer: person(value.committer.name, value.committer.email),
    added: paths(["added", "renamed"]),
    removed: [...paths(["removed"]), ...files.flatMap((file) => file.previous ?? [])],
    modified: paths(["modified"]),
  };
}

/** A new branch brings the commits that the default branch has not. */
function tipBeside(repo: Repo, ref: string): string | undefined {
  const main = `refs/heads/${repo.defaultBranch}`;
  return ref === main ? undefined : repo.refs.get(main);
}

export function emitPush(
  world: World,
  repo: Repo,
  input: { ref: string; before: string | null; after: string | null; by: number },
): void {
  const { ref, before, after, by } = input;
  const commits =
    after === null ? [] : commitsBetween(world.git, before ?? tipBeside(repo, ref) ?? none, after);
  const pusher = accountOf(world, by);
  emit(world, repo, "push", null, by, {
    ref,
    before: before ?? none,
    after: after ?? none,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && !isAncestor(world.git, before, after),
    compare: `${repoHtmlUrl(world, repo)}/compare/${(before ?? none).slice(0, 12)}...${(after ?? none).slice(0, 12)}`,
    commits: commits.slice(-maxCommits).map((one) => pushed(world, repo, one.sha)),
    head_commit: after === null ? null : pushed(world, repo, after),
    pusher: {
      name: pusher.login,
      email: pusher.type === "Bot" ? null : (pusher.emails[0] ?? null),
    },
  });
}
