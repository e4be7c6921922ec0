import { z } from "zod";
import type { Actors } from "#core/model/actor.ts";
import { oneOf } from "#core/text/meanings.ts";
import { actorLists, name } from "../kit/params.ts";

export const staleModes = ["dismiss", "keep_if_same_diff", "keep"] as const;

const entry = z
  .strictObject({
    approvals: z
      .int()
      .min(1)
      .max(50)
      .default(1)
      .meta({ description: "How many of these must approve.", examples: [1] }),
    ...actorLists,
  })
  .refine(
    ({ users, teams, roles }) => users !== undefined || teams !== undefined || roles !== undefined,
    {
      message: "names nobody: give users, teams or roles",
    },
  )
  .meta({ examples: [{ teams: ["security"] }] });

export const reviewsParams = z
  .strictObject({
    approvals: z
      .int()
      .min(0)
      .max(50)
      .optional()
      .meta({
        description:
          "How many people must approve: 1, or where `each` is given, as many as that asks for.",
        examples: [1, 2],
      }),
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
    stale: oneOf(staleModes, {
      dismiss: "It counts no more.",
      keep_if_same_diff: "It counts where the diff is the same, as after a pure rebase.",
      keep: "It goes on to count.",
    })
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
      .meta({
        description: "Logins or ids of bots whose reviews count.",
        examples: [["review-bot[bot]"]],
      }),
  })
  .meta({ examples: [{ approvals: 2 }, { code_owners: true }] });
export type ReviewsParams = z.infer<typeof reviewsParams>;
export type Entry = NonNullable<ReviewsParams["each"]>[number];

/** How many approvals are asked for beyond `each`. */
export const totalOf = (params: ReviewsParams): number =>
  params.approvals ?? (params.each === undefined ? 1 : 0);

/** Who counts towards that total: everybody whom the policy names, else people with write access. */
export function countedActors({ users, teams, roles }: ReviewsParams): Actors {
  if (users === undefined && teams === undefined && roles === undefined)
    return { roles: ["write"] };
  return { users, teams, roles };
}

/** Whether anybody's approval is asked for at all. */
export const asksForApprovals = (params: ReviewsParams): boolean =>
  totalOf(params) > 0 || params.each !== undefined || params.code_owners;
