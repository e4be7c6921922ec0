import { z } from "zod";
import { notAvailable } from "./later.ts";
import { defineRule } from "./rule.ts";

const params = z.union([z.literal(true), z.strictObject({ since: z.literal("last_deployment").default("last_deployment") })]);

type Params = z.output<typeof params>;

export const changesGated = defineRule<Params>({
  name: "changes_gated",
  summary: "Every commit since the last successful deployment came through a pull request that this gate allowed.",
  gates: ["deployment"],
  defaultGates: ["deployment"],
  params,
  ...notAvailable<Params>(() => "every change since the last deployment was gated"),
});
