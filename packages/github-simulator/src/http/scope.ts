import { Refusal, notFound } from "./reply.ts";
import { numberParam, param, type Call } from "./call.ts";
import { installationCovers } from "../world/lookup.ts";
import { findAccount, roleIn } from "../world/accounts.ts";
import type { Account } from "../world/people.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";

/** Whether a token of the installation is good for the repository; true for other callers. */
export function isGranted({ caller }: Pick<Call, "caller">, repo: Repo): boolean {
  if (caller.kind !== "installation") return true;
  const narrowed = caller.token.repoIds;
  return (
    installationCovers(caller.installation, repo) && (narrowed === null || narrowed.has(repo.id))
  );
}

/** Whether the caller sees a repository at all: outside of its grant GitHub says 404, not 403. What is public anybody may read. */
export function isVisible(call: Pick<Call, "caller" | "world">, repo: Repo): boolean {
  const { caller } = call;
  if (caller.kind === "user") return roleIn(call.world, repo, caller.userId) !== "none";
  return !repo.private || (caller.kind === "installation" && isGranted(call, repo));
}

/** The repository of a `/repos/{owner}/{repo}` path: 301 after a rename, 404 when invisible, 403 for writes when archived. */
export function repoOf(call: Call): Repo {
  const byId = call.params["repository_id"];
  const name = `${param(call, "owner")}/${param(call, "repo")}`.toLowerCase();
  const id = byId === undefined ? call.world.repoNames.get(name) : Number(byId);
  const repo = id === undefined ? undefined : call.world.repos.get(id);
  if (repo === undefined || !isVisible(call, repo)) throw notFound();
  const owner = call.world.accounts.get(repo.ownerId);
  if (byId === undefined && `${owner?.login}/${repo.name}`.toLowerCase() !== name) {
    const rest = call.path.split("/").slice(4).join("/");
    const prefix = call.url.pathname.startsWith("/api/v3") ? "/api/v3" : "";
    const location = `${call.world.origin}${prefix}/repositories/${repo.id}${rest === "" ? "" : `/${rest}`}${call.url.search}`;
    throw new Refusal(
      call.method === "GET" ? 301 : 307,
      "Moved Permanently",
      { url: location },
      { location },
    );
  }
  if (call.method !== "GET" && !isGranted(call, repo))
    throw new Refusal(403, "Resource not accessible by integration");
  if (repo.archived && call.method !== "GET")
    throw new Refusal(403, "Repository was archived so is read-only.");
  return repo;
}

export function issueOf(call: Call, repo: Repo): Issue {
  const issue = repo.issues.get(numberParam(call, "issue_number"));
  if (issue === undefined) throw notFound();
  return issue;
}

export function pullOf(call: Call, repo: Repo): { pull: Pull; issue: Issue } {
  const number = numberParam(call, "pull_number");
  const pull = repo.pulls.get(number);
  const issue = repo.issues.get(number);
  if (pull === undefined || issue === undefined) throw notFound();
  return { pull, issue };
}

/** The organisation of an `/orgs/{org}` path; installations of other accounts do not see it. */
export function orgOf(call: Call): Account {
  const org = findAccount(call.world, param(call, "org"));
  if (org === null || org.type !== "Organization") throw notFound();
  if (call.caller.kind === "installation" && call.caller.installation.accountId !== org.id)
    throw notFound();
  return org;
}

/** In whose name a write happens: the App's bot, or the person. */
export function writer(call: Call): { userId: number; appId: number | null } {
  const { caller, world } = call;
  if (caller.kind === "user") return { userId: caller.userId, appId: null };
  if (caller.kind !== "installation") throw new Refusal(401, "Requires authentication");
  const app = world.apps.get(caller.installation.appId);
  if (app === undefined) throw notFound();
  return { userId: app.botId, appId: app.id };
}
