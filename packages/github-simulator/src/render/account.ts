import { accountOf, appOf } from "../world/accounts.ts";
import type { Account, AppRecord } from "../world/people.ts";
import type { World } from "../world/world.ts";

/** Opaque global id; `decodeNodeId` turns it back. */
export function nodeId(type: string, ...parts: readonly (string | number)[]): string {
  return Buffer.from([type, ...parts].join(":")).toString("base64url");
}

export function decodeNodeId(id: string): readonly string[] {
  return Buffer.from(id, "base64url").toString("utf8").split(":");
}

export function iso(at: number): string;
export function iso(at: number | null): string | null;
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

export function api(world: World): string {
  return `${world.origin}/api/v3`;
}

function userObject(
  world: World,
  login: string,
  id: number,
  type: string,
): Record<string, unknown> {
  const url = `${api(world)}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `${world.origin}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${world.origin}/${login.replace(/\[bot\]$/, "")}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function user(world: World, account: Account): Record<string, unknown> {
  return userObject(world, account.login, account.id, account.type);
}

export function userById(world: World, id: number | null): Record<string, unknown> | null {
  return id === null ? null : user(world, accountOf(world, id));
}

/** Where GitHub shows `ghost` for a deleted account. */
export function userOrGhost(world: World, id: number | null): Record<string, unknown> {
  return userById(world, id) ?? userObject(world, "ghost", 10137, "User");
}

export function organization(world: World, account: Account): Record<string, unknown> {
  const url = `${api(world)}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("Organization", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.origin}/avatars/u/${account.id}`,
    description: account.name,
  };
}

export function app(world: World, record: AppRecord): Record<string, unknown> {
  return {
    id: record.id,
    slug: record.slug,
    node_id: nodeId("App", record.id),
    client_id: `Iv1.${record.id}`,
    owner: user(world, accountOf(world, record.ownerId)),
    name: record.name,
    description: "",
    external_url: `${world.origin}/apps/${record.slug}`,
    html_url: `${world.origin}/apps/${record.slug}`,
    created_at: iso(record.createdAt),
    updated_at: iso(record.createdAt),
    permissions: record.permissions,
    events: record.events,
  };
}

export function appById(world: World, id: number | null): Record<string, unknown> | null {
  return id === null ? null : app(world, appOf(world, id));
}
