import type { Access } from "./requests.ts";

export type Permissions = Readonly<Record<string, string>>;

/** Permissions of each kind of token: a stolen reading token cannot write, a stolen writing token can write one kind of thing. */
const permissionsOf: Readonly<Record<Access, Permissions>> = {
  read: {
    actions: "read",
    checks: "read",
    contents: "read",
    deployments: "read",
    issues: "read",
    members: "read",
    merge_queues: "read",
    metadata: "read",
    pull_requests: "read",
    secret_scanning_alerts: "read",
    security_events: "read",
    statuses: "read",
    vulnerability_alerts: "read",
  },
  // Not granted everywhere: asked for by themselves, so that the other tokens of an installation that does not grant it need no second try.
  attestations: { attestations: "read", metadata: "read" },
  organization_properties: { metadata: "read", organization_custom_properties: "read" },
  checks: { checks: "write", metadata: "read" },
  deployments: { actions: "read", deployments: "write", metadata: "read" },
  issues: { issues: "write", metadata: "read", pull_requests: "read" },
};

const strength = ["none", "read", "write", "admin"];

/**
 * The permissions to ask for. GitHub refuses a whole token for one permission that was not granted, so once the grants
 * are known only what was granted is asked for: a feature whose permission is missing is refused later, by itself.
 */
export function permissionsFor(access: Access, granted: Permissions | null): Permissions {
  if (granted === null) return permissionsOf[access];
  return Object.fromEntries(
    Object.entries(permissionsOf[access]).flatMap(([name, level]) => {
      const grant = granted[name] ?? "none";
      if (grant === "none" || !strength.includes(grant)) return [];
      return [[name, strength.indexOf(grant) < strength.indexOf(level) ? grant : level]];
    }),
  );
}
