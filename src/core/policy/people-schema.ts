import { z } from "zod";
import { severities } from "#core/rules/kit/severities.ts";
import { actorKeys, actorsSchema, namesNobody, namesSomebody } from "./actors-schema.ts";
import { positiveDurationSchema } from "#core/text/duration.ts";
import { kebabName } from "./rule-schema.ts";
import { oneOf } from "#core/text/meanings.ts";
import { login, team } from "#core/rules/kit/written.ts";

const label = z
  .string()
  .meta({ examples: ["emergency"] })
  .trim()
  .min(1)
  .max(50, { error: "a label of GitHub has at most 50 characters" });

/** One of `overrides`. */
export const overrideSchema = z
  .strictObject({
    name: kebabName.meta({
      description: "Kebab-case and unique; what the command that asks for it says.",
      examples: ["emergency"],
    }),
    description: z
      .string()
      .max(500)
      .optional()
      .meta({
        description: "When it is to be used, in words for those who are blocked.",
        examples: ["Customers cannot pay, and the fix cannot wait."],
      }),
    label: label.optional().describe("A label that asks for this override."),
    rules: z
      .array(kebabName)
      .min(1, { error: "lists no rule; a rule listed nowhere can never be overridden" })
      .max(200)
      .describe("Rules it lets through."),
    by: actorsSchema.describe("Who may grant it."),
    confirmations: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .meta({ description: "How many further people of `by` must confirm.", examples: [0, 1] }),
    lasts: positiveDurationSchema.default("4h").describe("How long it holds."),
    ticket: oneOf(["required", "optional"], {
      required: "Without a reference the request is refused.",
      optional: "A reason in words is enough.",
    })
      .default("optional")
      .describe("Whether the reason must carry an issue or ticket reference."),
    post_review: z
      .strictObject({
        within: positiveDurationSchema.describe("How soon the review is due."),
        ...actorKeys,
      })
      .refine(namesSomebody, { error: namesNobody })
      .optional()
      .meta({
        description: "Who looks at it afterwards, and by when.",
        examples: [{ within: "2d", teams: ["security"] }],
      }),
  })
  .meta({ title: "override" });

const ticketSchema = z
  .strictObject({
    assign: z
      .strictObject({
        users: z.array(login).min(1).max(10).optional().describe("Logins; they are assigned."),
        teams: z
          .array(team)
          .min(1)
          .max(10)
          .optional()
          .describe("Team slugs, or org/slug; they are mentioned."),
      })
      .refine((assign) => assign.users !== undefined || assign.teams !== undefined, {
        error: "names nobody: write users or teams",
      })
      .optional()
      .meta({ description: "Who is asked.", examples: [{ teams: ["security"] }] }),
    within: positiveDurationSchema.optional().describe("When it is due."),
    labels: z
      .array(label)
      .max(20)
      .optional()
      .meta({ description: "Labels of the issue.", examples: [["security"]] }),
  })
  .meta({ examples: [{ assign: { teams: ["security"] }, within: "7d", labels: ["security"] }] });

/** `tickets`, by severity. */
export const ticketsSchema = z
  .strictObject(
    Object.fromEntries(
      [...severities, "unrated"].map((severity) => [
        severity,
        ticketSchema
          .optional()
          .describe(`What an issue for a finding of severity ${severity} carries.`),
      ]),
    ),
  )
  .meta({
    title: "tickets",
    description: "What an issue opened for a finding of this severity carries.",
    examples: [{ critical: { assign: { teams: ["security"] }, within: "2d" } }],
  });
