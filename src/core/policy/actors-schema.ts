import { z } from "zod";
import type { Actors } from "#core/model/actor.ts";
import { role } from "#core/rules/kit/params.ts";
import { login, team } from "#core/rules/kit/written.ts";

/** Who a policy names: `users`, `teams`, `roles` (a minimum); at least one of the three. */
export const actorKeys = {
  users: z.array(login).min(1).max(200).optional().describe("Logins."),
  teams: z.array(team).min(1).max(100).optional().describe("Team slugs, or org/slug."),
  roles: z
    .array(role)
    .min(1)
    .max(5)
    .optional()
    .describe("GitHub role names; a stronger role counts as well."),
} as const;

export const namesNobody = "names nobody: write users, teams or roles";

export function namesSomebody(actors: Actors): boolean {
  return actors.users !== undefined || actors.teams !== undefined || actors.roles !== undefined;
}

export const actorsSchema = z
  .strictObject(actorKeys)
  .refine(namesSomebody, { error: namesNobody })
  .meta({ examples: [{ teams: ["release-managers"] }, { users: ["octocat"] }] });
