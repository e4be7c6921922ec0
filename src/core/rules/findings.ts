import { z } from "zod";
import { notAvailable } from "./later.ts";
import { name } from "./params.ts";
import { defineRule } from "./rule.ts";
import { severities } from "./severities.ts";

const severityOrNone = z.enum([...severities, "none"]);

const params = z.strictObject({
  block: severityOrNone.default("critical").describe("Findings of this severity or a graver one block."),
  ticket: severityOrNone.default("none").describe("Findings of this severity or a graver one get a ticket."),
  kinds: z.array(z.enum(["code", "dependency", "container", "secret", "license", "iac"])).min(1).optional().describe("Kinds that count; all by default."),
  tools: z.array(name).min(1).max(50).optional().describe("Tools that count; all by default."),
  new_only: z.boolean().default(false).describe("Only findings that the base does not have."),
  unrated: z.enum(severities).default("medium").describe("The severity assumed where none is given."),
  require_scan: z.union([z.enum(["any", "none"]), z.array(name).min(1).max(50)]).default("any").describe("Scans of the exact commit that must exist."),
  from: z
    .array(z.enum(["code-scanning", "dependabot", "dependency-review", "secret-scanning", "artifacts"]))
    .min(1)
    .optional()
    .describe("Sources that are read; all by default."),
});

type Params = z.output<typeof params>;

export const findings = defineRule<Params>({
  name: "findings",
  summary: "No unwaived scan finding at or above a severity, and the scans ran on the exact commit.",
  gates: ["pull_request", "deployment"],
  defaultGates: ["pull_request"],
  params,
  ...notAvailable<Params>((asked) => (asked.block === "none" ? "scans" : `no ${asked.block} finding`)),
});
