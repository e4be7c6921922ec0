import { z } from "zod";
import { notAvailable } from "./later.ts";
import { actorLists } from "./params.ts";
import { count } from "./phrases.ts";
import { defineRule } from "./rule.ts";

const params = z.strictObject({
  count: z.int().min(1).max(50).default(1).describe("How many people must approve."),
  ...actorLists,
  exclude: z.array(z.enum(["requester", "authors"])).max(2).default(["requester", "authors"]).describe("Whose approval does not count."),
});

type Params = z.output<typeof params>;

export const approvals = defineRule<Params>({
  name: "approvals",
  summary: "Enough distinct people approved this commit for this environment.",
  gates: ["deployment"],
  defaultGates: ["deployment"],
  params,
  ...notAvailable<Params>((asked) => count(asked.count, "deployment approval")),
});
