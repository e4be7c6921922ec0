import { findAccount } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import { isVisible } from "../http/scope.ts";
import type { Repo } from "../world/repositories.ts";
import { decodeNodeId, iso } from "../render/account.ts";
import { failure, type Args, type Gql, type Shape } from "./context.ts";
import { search } from "./search.ts";

function visible(g: Gql, id: number | undefined): Repo | null {
  const repo = id === undefined ? undefined : g.world.repos.get(id);
  return repo !== undefined && isVisible(g.call, repo) ? repo : null;
}

function byNodeId(g: Gql, id: string): Shape | null {
  const [type = "", first = "", second = "", third = ""] = decodeNodeId(id);
  if (type === "User" || type === "Organization") return g.shapes.actor(g, Number(first));
  if (type === "Team") {
    const team = g.world.teams.get(Number(first));
    return team === undefined ? null : g.shapes.team(g, team);
  }
  const repo = visible(g, Number(first));
  if (repo === null) return null;
  const issue = repo.issues.get(Number(second));
  const pull = repo.pulls.get(Number(second));
  switch (type) {
    case "Repository":
      return g.shapes.repository(g, repo);
    case "PullRequest":
      return pull === undefined || issue === undefined ? null : g.shapes.pull(g, repo, pull, issue);
    case "Issue":
      return issue === undefined ? null : g.shapes.issue(g, repo, issue);
    case "IssueComment": {
      const comment = issue?.comments.find((one) => one.id === Number(third));
      return issue === undefined || comment === undefined
        ? null
        : g.shapes.comment(g, repo, issue, comment);
    }
    case "PullRequestReview": {
      const review = pull?.reviews.find((one) => one.id === Number(third));
      return pull === undefined || issue === undefined || review === undefined
        ? null
        : g.shapes.review(g, repo, pull, issue, review);
    }
    case "Commit": {
      const commit = g.world.git.commits.get(second);
      return commit === undefined ? null : g.shapes.commit(g, repo, commit);
    }
    case "CheckRun": {
      const run = repo.checkRuns.get(Number(second));
      return run === undefined ? null : g.shapes.checkRun(g, repo, run);
    }
    case "CheckSuite": {
      const suite = repo.suites.get(Number(second));
      return suite === undefined ? null : g.shapes.checkSuite(g, repo, suite);
    }
    default:
      return null;
  }
}

function node(g: Gql, id: string): Shape {
  const found = byNodeId(g, id);
  if (found === null)
    throw failure("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  return found;
}

/** `Query`: what a document can start from. */
export function root(g: Gql): Shape {
  const { quota } = g.world;
  return {
    repository: (args: Args) => {
      const name = `${String(args["owner"])}/${String(args["name"])}`;
      const repo = visible(g, g.world.repoNames.get(name.toLowerCase()));
      // `followRenames` is true unless somebody says otherwise, as on GitHub.
      if (
        repo === null ||
        (args["followRenames"] === false &&
          fullName(g.world, repo).toLowerCase() !== name.toLowerCase())
      ) {
        throw failure("NOT_FOUND", `Could not resolve to a Repository with the name '${name}'.`);
      }
      return g.shapes.repository(g, repo);
    },
    node: (args: Args) => node(g, String(args["id"])),
    search: (args: Args) => search(g, args),
    nodes: (args: Args) =>
      (Array.isArray(args["ids"]) ? args["ids"] : []).map((id) => {
        // One id that is nothing is a null in the list and an error beside it.
        const found = byNodeId(g, String(id));
        return (
          found ??
          failure("NOT_FOUND", `Could not resolve to a node with the global id of '${String(id)}'.`)
        );
      }),
    organization: (args: Args) => {
      const found = findAccount(g.world, String(args["login"]));
      if (found === null || found.type !== "Organization")
        throw failure(
          "NOT_FOUND",
          `Could not resolve to an Organization with the login of '${String(args["login"])}'.`,
        );
      return g.shapes.actor(g, found.id);
    },
    user: (args: Args) => {
      const found = findAccount(g.world, String(args["login"]));
      if (found === null || found.type !== "User")
        throw failure(
          "NOT_FOUND",
          `Could not resolve to a User with the login of '${String(args["login"])}'.`,
        );
      return g.shapes.actor(g, found.id);
    },
    repositoryOwner: (args: Args) =>
      g.shapes.actor(g, findAccount(g.world, String(args["login"]))?.id ?? null),
    viewer: () => {
      const { caller } = g.call;
      const bot =
        caller.kind === "installation"
          ? g.world.apps.get(caller.installation.appId)?.botId
          : undefined;
      const id = caller.kind === "user" ? caller.userId : bot;
      // `viewer` is a User in the schema even for an App.
      return id === undefined
        ? null
        : { ...g.shapes.actor(g, id), __typename: "User", name: null, email: "" };
    },
    rateLimit: () =>
      quota.limit === null
        ? null
        : {
            __typename: "RateLimit",
            cost: 1,
            limit: quota.limit,
            nodeCount: 0,
            remaining: quota.remaining,
            used: quota.limit - quota.remaining,
            resetAt: iso(Math.max(quota.resetAt, g.world.now())),
          },
  };
}
