import { z } from "zod";
import type { Actors } from "#core/model/actor.ts";
import { actorLists, name } from "../kit/params.ts";

export const staleModes = ["dismiss", "keep_if_same_diff", "keep"] as const;

const entry = z
  .strictObject({ approvals: z.int().min(1).max(50).default(1), ...actorLists })
  .refine(
    ({ users, teams, roles }) => users !== undefined || teams !== undefined || roles !== undefined,
    {
      message: "names nobody: give users, teams or roles",
    },
  );

export const reviewsParams = z.strictObject({
  approvals: z
    .int()
    .min(0)
    .max(50)
    .optional()
    .describe(
      "How many people must approve: 1, or where `each` is given, as many as that asks for.",
    ),
  ...actorLists,
  each: z
    .array(entry)
    .min(1)
    .max(20)
    .optional()
    .describe("So many of each of these; one person may stand for several entries."),
  code_owners: z
    .boolean()
    .default(false)
    .describe("Every changed file that has owners is approved by one of them."),
  stale: z
    .enum(staleModes)
    .default("keep_if_same_diff")
    .describe("What becomes of an approval when the head moves on."),
  allow_author: z.boolean().default(false).describe("The opener's own approval counts."),
  allow_contributors: z
    .boolean()
    .default(false)
    .describe("Approvals of people who wrote or pushed commits count."),
  block_on_changes_requested: z
    .boolean()
    .default(true)
    .describe("A request for changes blocks until its author approves or it is dismissed."),
  resolved_threads: z.boolean().default(false).describe("All review threads are resolved."),
  bots: z
    .array(z.union([name, z.int().positive()]))
    .max(50)
    .default([])
    .describe("Logins or ids of bots whose reviews count."),
});
export type ReviewsParams = z.infer<typeof reviewsParams>;
export type Entry = NonNullable<ReviewsParams["each"]>[number];

/** How many approvals are asked for beyond `each`. */
export const totalOf = (params: ReviewsParams): number =>
  params.approvals ?? (params.each === undefined ? 1 : 0);

/** Who counts towards that total: whoever the policy names, else people with write access. */
export function countedActors({ users, teams, roles }: ReviewsParams): Actors {
  if (users === undefined && teams === undefined && roles === undefined)
    return { roles: ["write"] };
  return { users, teams, roles };
}

/** Whether anybody's approval is asked for at all. */
export const asksForApprovals = (params: ReviewsParams): boolean =>
  totalOf(params) > 0 || params.each !== undefined || params.code_owners;
