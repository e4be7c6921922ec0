import { teamMembership } from "../world/accounts.ts";
import type { Account, Team } from "../world/people.ts";
import { iso, nodeId } from "../render/account.ts";
import { isVisible } from "../http/scope.ts";
import { connection } from "./connection.ts";
import { failure, need, type Args, type Gql, type Shape } from "./context.ts";

/** Those that the caller sees, as the owner's own list has them. */
function repositories(g: Gql, owner: Account): Shape {
  return {
    repositories: (args: Args) => {
      const order = args["orderBy"];
      const { field, direction } =
        typeof order === "object" && order !== null
          ? { field: undefined, direction: undefined, ...order }
          : { field: undefined, direction: undefined };
      const own = [...g.world.repos.values()].filter(
        (repo) => repo.ownerId === owner.id && isVisible(g.call, repo),
      );
      if (field === "PUSHED_AT") own.sort((one, other) => one.pushedAt - other.pushedAt);
      if (field === "NAME") own.sort((one, other) => one.name.localeCompare(other.name));
      if (direction === "DESC") own.reverse();
      return connection("repositories", own, args, (repo) => g.shapes.repository(g, repo));
    },
  };
}

function account(g: Gql, one: Account): Shape {
  const url = `${g.world.origin}/${one.login}`;
  const core = {
    id: nodeId("User", one.id),
    databaseId: one.id,
    url,
    resourcePath: `/${one.login}`,
    avatarUrl: `${g.world.origin}/avatars/u/${one.id}`,
    createdAt: iso(one.createdAt),
    updatedAt: iso(one.createdAt),
  };
  switch (one.type) {
    // GraphQL writes a bot's login without the `[bot]` that REST puts there.
    case "Bot":
      return { __typename: "Bot", login: one.login.replace(/\[bot\]$/, ""), ...core };
    case "User":
      return {
        __typename: "User",
        login: one.login,
        name: one.name,
        email: "",
        isSiteAdmin: false,
        isEmployee: false,
        ...core,
        ...repositories(g, one),
      };
    case "Organization":
      return {
        __typename: "Organization",
        login: one.login,
        name: one.name,
        ...core,
        ...repositories(g, one),
        ...organizationFields(g, one),
      };
  }
}

function organizationFields(g: Gql, org: Account): Shape {
  const teams = (): Team[] => [...g.world.teams.values()].filter((one) => one.orgId === org.id);
  return {
    team: (args: Args) => {
      need(g, "members:read");
      const found = teams().find((one) => one.slug === args["slug"]);
      return found === undefined ? null : g.shapes.team(g, found);
    },
    teams: (args: Args) => {
      need(g, "members:read");
      const asked = Array.isArray(args["userLogins"])
        ? args["userLogins"].map((login) => String(login).toLowerCase())
        : null;
      const ids = asked?.flatMap((login) => g.world.accountsByLogin.get(login)?.id ?? []);
      return connection(
        "teams",
        teams().filter(
          (one) =>
            ids === undefined ||
            ids.some((id) => teamMembership(g.world, one, id)?.state === "active"),
        ),
        args,
        (one) => g.shapes.team(g, one),
      );
    },
    membersWithRole: (args: Args) => {
      need(g, "members:read");
      const ids = [...org.members]
        .filter(([, member]) => member.state === "active")
        .map(([id]) => id);
      return connection("membersWithRole", ids, args, (id) => g.shapes.actor(g, id));
    },
    repository: (args: Args) => {
      const id = g.world.repoNames.get(`${org.login}/${String(args["name"])}`.toLowerCase());
      const repo = id === undefined ? undefined : g.world.repos.get(id);
      if (repo === undefined)
        throw failure(
          "NOT_FOUND",
          `Could not resolve to a Repository with the name '${org.login}/${String(args["name"])}'.`,
        );
      return g.shapes.repository(g, repo);
    },
  };
}

/** Person, bot or organisation; `null` for an account that is gone. */
export function actor(g: Gql, id: number | null): Shape | null {
  const found = id === null ? undefined : g.world.accounts.get(id);
  return found === undefined ? null : account(g, found);
}

export function team(g: Gql, one: Team): Shape {
  const org = g.world.accounts.get(one.orgId);
  const members = (): number[] =>
    [...g.world.accounts.keys()].filter(
      (id) => teamMembership(g.world, one, id)?.state === "active",
    );
  return {
    __typename: "Team",
    id: nodeId("Team", one.id),
    databaseId: one.id,
    slug: one.slug,
    name: one.name,
    combinedSlug: `${org?.login}/${one.slug}`,
    description: "",
    privacy: one.privacy === "secret" ? "SECRET" : "VISIBLE",
    url: `${g.world.origin}/orgs/${org?.login}/teams/${one.slug}`,
    resourcePath: `/orgs/${org?.login}/teams/${one.slug}`,
    createdAt: iso(one.createdAt),
    updatedAt: iso(one.createdAt),
    organization: () => actor(g, one.orgId),
    parentTeam: () => {
      const parent = one.parentId === null ? undefined : g.world.teams.get(one.parentId);
      return parent === undefined ? null : team(g, parent);
    },
    childTeams: (args: Args) =>
      connection(
        "childTeams",
        [...g.world.teams.values()].filter((child) => child.parentId === one.id),
        args,
        (child) => team(g, child),
      ),
    members: (args: Args) => connection("members", members(), args, (id) => actor(g, id)),
  };
}
