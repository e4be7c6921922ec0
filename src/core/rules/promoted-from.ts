import { z } from "zod";
import { durationSchema, positiveDurationSchema } from "../policy/duration.ts";
import { notAvailable } from "./later.ts";
import { globs, name } from "./params.ts";
import { defineRule } from "./rule.ts";

const params = z.strictObject({
  environment: name.describe("The environment it must have run in before."),
  bake: z.union([z.literal(0), durationSchema]).default(0).describe("How long it must have run there."),
  checks: globs.optional().describe("Checks of the commit that must pass."),
  within: positiveDurationSchema.optional().describe("How old that deployment may be at most."),
});

type Params = z.output<typeof params>;

export const promotedFrom = defineRule<Params>({
  name: "promoted_from",
  summary: "The same commit was deployed to another environment first, and it held.",
  gates: ["deployment"],
  defaultGates: ["deployment"],
  params,
  ...notAvailable<Params>((asked) => `deployed to ${asked.environment}${asked.bake === 0 ? "" : ` for ${asked.bake}`}`),
});
