import { accountOf, appOf } from "../world/accounts.ts";
import type { Installation } from "../world/people.ts";
import type { World } from "../world/world.ts";
import { api, iso, nodeId, user } from "./account.ts";

export function installation(world: World, value: Installation): Record<string, unknown> {
  const account = accountOf(world, value.accountId);
  const app = appOf(world, value.appId);
  const url = `${api(world)}/app/installations/${value.id}`;
  const owners = [...account.members].find(([, member]) => member.role === "admin");
  return {
    id: value.id,
    account: user(world, account),
    repository_selection: value.selection,
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${api(world)}/installation/repositories`,
    html_url: `${world.origin}/organizations/${account.login}/settings/installations/${value.id}`,
    app_id: app.id,
    client_id: `Iv1.${app.id}`,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type === "Organization" ? "Organization" : "User",
    permissions: { ...value.permissions, metadata: "read" },
    events: value.events,
    created_at: iso(value.createdAt),
    updated_at: iso(value.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by:
      value.suspendedAt === null ? null : user(world, accountOf(world, owners?.[0] ?? account.id)),
    suspended_at: iso(value.suspendedAt),
  };
}

/** How webhooks name an installation. */
export function installationLite(value: Installation): Record<string, unknown> {
  return { id: value.id, node_id: nodeId("IntegrationInstallation", value.id) };
}
