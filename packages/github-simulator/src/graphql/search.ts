import { isVisible } from "../http/scope.ts";
import { accountOf } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { connection } from "./connection.ts";
import { failure, need, type Args, type Gql, type Shape } from "./context.ts";

interface Hit {
  readonly repo: Repo;
  readonly pull: Pull;
  readonly issue: Issue;
}

/** Whether a pull request fits one qualifier of the search language; what is not simulated says so. */
function fits(g: Gql, { repo, pull, issue }: Hit, qualifier: string): boolean {
  const [name = "", value = ""] = qualifier.split(/:(.*)/s, 2);
  switch (name) {
    case "is":
    case "type":
    case "state":
      if (value === "pr") return true;
      if (value === "open" || value === "closed") return issue.state === value;
      if (value === "merged") return pull.merged;
      break;
    case "user":
    case "org":
      return accountOf(g.world, repo.ownerId).login.toLowerCase() === value.toLowerCase();
    case "repo":
      return fullName(g.world, repo).toLowerCase() === value.toLowerCase();
    case "archived":
      return repo.archived === (value === "true");
    case "sort":
      return true;
    case "updated": {
      const since = /^>=(.+)$/.exec(value)?.[1];
      if (since !== undefined) return issue.updatedAt >= Date.parse(since);
      break;
    }
  }
  throw failure("NOT_SIMULATED", `simulator: the search qualifier ${qualifier} is not simulated`);
}

/** `search` for pull requests, as far as the token sees repositories; GitHub shows a thousand at most. */
export function search(g: Gql, args: Args): Shape {
  if (args["type"] !== "ISSUE" && args["type"] !== "ISSUE_ADVANCED")
    throw failure(
      "NOT_SIMULATED",
      `simulator: searching for ${String(args["type"])} is not simulated`,
    );
  need(g, "pull_requests:read");
  const qualifiers = String(args["query"])
    .split(/\s+/)
    .filter((one) => one !== "");
  const hits = [...g.world.repos.values()]
    .filter((repo) => isVisible(g.call, repo))
    .flatMap((repo) =>
      [...repo.pulls.values()].flatMap((pull): Hit[] => {
        const issue = repo.issues.get(pull.number);
        return issue === undefined ? [] : [{ repo, pull, issue }];
      }),
    )
    .filter((hit) => qualifiers.every((qualifier) => fits(g, hit, qualifier)));
  const way = qualifiers.includes("sort:updated-asc") ? 1 : -1;
  hits.sort((a, b) => way * (a.issue.updatedAt - b.issue.updatedAt));
  const counts = { issueCount: hits.length, codeCount: 0, discussionCount: 0, repositoryCount: 0 };
  return connection(
    "search",
    hits.slice(0, 1000),
    args,
    ({ repo, pull, issue }) => g.shapes.pull(g, repo, pull, issue),
    { ...counts, userCount: 0, wikiCount: 0 },
  );
}
