import { z } from "zod";
import { patternProblem } from "#core/formats/pattern.ts";
import { oneOf } from "#core/text/meanings.ts";
import { globOf, login, team } from "./written.ts";

/** Parameter types that several requirements share. Lengths are capped: a policy is hostile input until it is merged. */
export const name = z.string().min(1).max(200);

export const pathGlob = globOf("path").min(1).max(512);
export const pathGlobs = z.array(pathGlob).min(1).max(200);
/** For names without segments: of checks, statuses, artifacts. */
export const nameGlob = globOf("name").min(1).max(512);
export const nameGlobs = z.array(nameGlob).min(1).max(200);

export const pattern = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    const problem = patternProblem(source);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  })
  .meta({
    description: "A regular expression in RE2 syntax; found anywhere in the text unless anchored.",
    examples: ["^[A-Z]+-[0-9]+"],
  });

/** Roles a policy may name as a minimum. `none` would be anybody on the internet. */
export const roleMeanings = {
  read: "Anybody who may read the repository.",
  triage: "Those who may also label and close issues and pull requests.",
  write: "Those who may also push.",
  maintain: "Those who may also change some settings.",
  admin: "Those who may do everything.",
};
export const role = oneOf(["read", "triage", "write", "maintain", "admin"], roleMeanings);

/** Keys of an object schema that name people; together they are an `Actors`. */
export const actorLists = {
  users: z.array(login).min(1).max(200).optional().describe("Logins."),
  teams: z.array(team).min(1).max(100).optional().describe("Team slugs, or org/slug."),
  roles: z.array(role).min(1).max(5).optional().describe("Minimum repository roles."),
} as const;

/** For requirements that are switched on and have nothing to set. */
export const switchedOn = z.literal(true);
