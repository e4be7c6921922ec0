import { z } from "zod";
import { notAvailable } from "./later.ts";
import { actorLists, switchedOn } from "./params.ts";
import { defineRule } from "./rule.ts";

const actorsAsked = z.strictObject({ approvals: z.int().min(1).max(50).default(1), ...actorLists });

const reviewsParams = z.strictObject({
  approvals: z.int().min(1).max(50).default(1),
  ...actorLists,
  each: z.array(actorsAsked).min(1).max(20).optional(),
  code_owners: z.boolean().default(false),
  stale: z.enum(["dismiss", "keep_if_same_diff", "keep"]).default("keep_if_same_diff"),
  allow_author: z.boolean().default(false),
  allow_contributors: z.boolean().default(false),
  block_on_changes_requested: z.boolean().default(true),
  resolved_threads: z.boolean().default(false),
  bots: z.array(z.string().min(1)).optional(),
});

export const reviews = defineRule<z.output<typeof reviewsParams>>({
  name: "reviews",
  summary: "Enough people who may count approve the head commit.",
  gates: ["pull_request", "deployment"],
  defaultGates: ["pull_request"],
  params: reviewsParams,
  ...notAvailable(() => "reviews"),
});

export const pinnedActions = defineRule<true>({
  name: "pinned_actions",
  summary: "Each action used by a changed workflow is pinned to a full commit SHA.",
  gates: ["pull_request"],
  defaultGates: ["pull_request"],
  params: switchedOn,
  ...notAvailable(() => "pinned actions"),
});
