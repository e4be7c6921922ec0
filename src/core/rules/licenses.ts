import { z } from "zod";
import { spdxProblem } from "../formats/spdx.ts";
import { notAvailable } from "./later.ts";
import { defineRule } from "./rule.ts";

const expression = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = spdxProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  })
  .describe("An SPDX licence expression.");

const params = z
  .strictObject({
    allow: z.array(expression).min(1).max(200).optional().describe("Licences an added dependency may have."),
    deny: z.array(expression).min(1).max(200).optional().describe("Licences it must not have."),
    unknown: z.enum(["fail", "warn"]).default("fail").describe("What a dependency without a known licence does."),
  })
  .superRefine((asked, context) => {
    if ((asked.allow === undefined) === (asked.deny === undefined)) {
      context.addIssue({ code: "custom", message: 'write either "allow" or "deny" with a list of SPDX expressions' });
    }
  });

type Params = z.output<typeof params>;

export const licenses = defineRule<Params>({
  name: "licenses",
  summary: "Every added dependency has an acceptable licence.",
  gates: ["pull_request"],
  defaultGates: ["pull_request"],
  params,
  ...notAvailable<Params>((asked) => (asked.allow === undefined ? `no licence of ${(asked.deny ?? []).join(", ")}` : `licences among ${asked.allow.join(", ")}`)),
});
