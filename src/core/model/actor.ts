/** Somebody who acts at GitHub. People are compared by numeric id: logins are renamed, recycled and written in any case. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization" | "Mannequin";
}

/** GitHub's repository roles, weakest first. Custom roles arrive folded onto the base role they extend. */
export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

export function hasAtLeast(role: Role, minimum: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(minimum);
}

/** Who a policy names: any of the users, members of any of the teams, holders of any of the roles (or a stronger one). */
export interface Actors {
  readonly users?: readonly string[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly roles?: readonly Role[] | undefined;
}
