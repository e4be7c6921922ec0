import { accountOf, withChildren } from "../world/accounts.ts";
import type { Team } from "../world/people.ts";
import type { World } from "../world/world.ts";
import { api, iso, nodeId, organization } from "./account.ts";

function simple(world: World, value: Team): Record<string, unknown> {
  const org = accountOf(world, value.orgId);
  const url = `${api(world)}/organizations/${org.id}/team/${value.id}`;
  return {
    id: value.id,
    node_id: nodeId("Team", value.id),
    slug: value.slug,
    name: value.name,
    description: "",
    privacy: value.privacy,
    notification_setting: "notifications_enabled",
    url,
    html_url: `${world.origin}/orgs/${org.login}/teams/${value.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: "pull",
    type: "organization",
    organization_id: org.id,
  };
}

export function team(world: World, value: Team): Record<string, unknown> {
  const parent = value.parentId === null ? undefined : world.teams.get(value.parentId);
  return { ...simple(world, value), parent: parent === undefined ? null : simple(world, parent) };
}

export function teamFull(world: World, value: Team): Record<string, unknown> {
  const org = accountOf(world, value.orgId);
  const members = new Set(withChildren(world, value).flatMap((one) => [...one.members.keys()]));
  return {
    ...team(world, value),
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
    members_count: members.size,
    repos_count: value.repos.size,
    organization: {
      ...organization(world, org),
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      html_url: `${world.origin}/${org.login}`,
      type: "Organization",
      created_at: iso(org.createdAt),
      updated_at: iso(org.createdAt),
      archived_at: null,
    },
  };
}
