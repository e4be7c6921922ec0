import { z } from "zod";
import { severities } from "#core/rules/kit/severities.ts";
import { actorKeys, actorsSchema, namesNobody, namesSomebody } from "./actors-schema.ts";
import { positiveDurationSchema } from "#core/text/duration.ts";
import { kebabName } from "./rule-schema.ts";
import { login, team } from "#core/rules/kit/written.ts";

const label = z
  .string()
  .trim()
  .min(1)
  .max(50, { error: "a label of GitHub has at most 50 characters" });

/** One of `overrides`. */
export const overrideSchema = z
  .strictObject({
    name: kebabName,
    description: z.string().max(500).optional(),
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
      .describe("How many further people of `by` must confirm."),
    lasts: positiveDurationSchema.default("4h").describe("How long it holds."),
    ticket: z
      .enum(["required", "optional"])
      .default("optional")
      .describe("Whether the reason must carry an issue or ticket reference."),
    post_review: z
      .strictObject({ within: positiveDurationSchema, ...actorKeys })
      .refine(namesSomebody, { error: namesNobody })
      .optional()
      .describe("Who looks at it afterwards, and by when."),
  })
  .meta({ title: "override" });

const ticketSchema = z.strictObject({
  assign: z
    .strictObject({
      users: z.array(login).min(1).max(10).optional(),
      teams: z.array(team).min(1).max(10).optional(),
    })
    .refine((assign) => assign.users !== undefined || assign.teams !== undefined, {
      error: "names nobody: write users or teams",
    })
    .optional()
    .describe("Who is asked."),
  within: positiveDurationSchema.optional().describe("When it is due."),
  labels: z.array(label).max(20).optional().describe("Labels of the issue."),
});

/** `tickets`, by severity. */
export const ticketsSchema = z
  .strictObject(
    Object.fromEntries(
      [...severities, "unrated"].map((severity) => [severity, ticketSchema.optional()]),
    ),
  )
  .meta({
    title: "tickets",
    description: "What an issue opened for a finding of this severity carries.",
  });
