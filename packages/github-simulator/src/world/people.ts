/** A GitHub account of any kind; `emails` are the addresses that map commits to it. */
export interface Account {
  readonly id: number;
  login: string;
  readonly type: "User" | "Organization" | "Bot";
  name: string | null;
  emails: string[];
  readonly createdAt: number;
  /** Organisations: owners and members, pending ones included. */
  readonly members: Map<number, Membership>;
  /** Organisations: what every member may do in every repository. */
  baseRole: Role;
  /** Bots: the App behind it. */
  readonly appId: number | null;
}

export interface Membership {
  role: "admin" | "member" | "maintainer";
  state: "active" | "pending";
}

export interface Team {
  readonly id: number;
  readonly orgId: number;
  slug: string;
  name: string;
  parentId: number | null;
  privacy: "closed" | "secret";
  readonly members: Map<number, Membership>;
  readonly repos: Map<number, Role>;
  readonly createdAt: number;
}

export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/** The higher of two roles. */
export function higher(a: Role, b: Role): Role {
  return roles.indexOf(a) >= roles.indexOf(b) ? a : b;
}

export interface AppRecord {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly ownerId: number;
  readonly botId: number;
  permissions: Record<string, string>;
  events: string[];
  readonly createdAt: number;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly accountId: number;
  selection: "all" | "selected";
  readonly repoIds: Set<number>;
  permissions: Record<string, string>;
  events: string[];
  suspendedAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
}

/** An installation token: `repoIds` and `permissions` are what it was narrowed to. */
export interface Token {
  readonly token: string;
  readonly installationId: number;
  readonly expiresAt: number;
  readonly repoIds: ReadonlySet<number> | null;
  readonly permissions: Readonly<Record<string, string>> | null;
}
