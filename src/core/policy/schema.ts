import { z } from "zod";
import { calendarsSchema, freezesSchema, windowsSchema } from "#core/calendar/schema.ts";
import { waiverSchema } from "#core/formats/findings/waivers.ts";
import { quarantineSchema } from "#core/formats/tests/quarantine.ts";
import { parseExtends } from "./extends.ts";
import { actorsSchema } from "./actors-schema.ts";
import { overrideSchema, ticketsSchema } from "./people-schema.ts";
import { enforcementSchema, ruleSchema } from "./rule-schema.ts";
import { meaningsOf } from "#core/text/meanings.ts";
import { login } from "#core/rules/kit/written.ts";
import { repositoriesSchema } from "./selection-schema.ts";

const extendsPattern =
  /^(?:gatehouse:[a-z][a-z0-9-]*|[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9_.-]+:[^\s@:]+@\S+)$/;

/** Loosest first: if the organisation or the repository says `hold`, it is held. */
export const ungovernedEnvironments = ["approve", "hold"] as const;

/** The whole language: `.github/gatehouse.yml` (policy-language.md). Unknown keys are errors everywhere. */
export const policySchema = z
  .strictObject({
    version: z
      .literal(1, { error: "this version of the language is 1: write version: 1" })
      .optional()
      .describe("The version of the language."),
    extends: z
      .string()
      .max(500)
      .regex(extendsPattern, {
        error: "names neither a preset (gatehouse:recommended) nor a file (org/repo:path@ref)",
      })
      .refine((text) => parseExtends(text) !== null, {
        error:
          "the path must stay inside the repository: org/repo:path@ref, without a leading / and without ..",
      })
      .optional()
      .meta({
        description:
          "A preset, gatehouse:<name>, or a file of the same organisation, org/repo:path@ref.",
        examples: ["gatehouse:recommended", "acme/policies:base.yml@v1"],
      }),
    description: z
      .string()
      .max(2_000)
      .optional()
      .meta({
        description: "What this policy is for, in words for its readers.",
        examples: ["What every service of the payments team keeps to."],
      }),
    enforcement: enforcementSchema.optional().describe("Default of every rule."),
    commands: z
      .strictObject({
        bare: z.boolean().optional().describe("Accept /hold as well as /gate hold."),
      })
      .optional()
      .meta({ description: "How commands are read.", examples: [{ bare: true }] }),
    repositories: repositoriesSchema
      .optional()
      .describe("Organisation only: the repositories this policy applies to; all by default."),
    rules: z
      .array(ruleSchema)
      .max(200)
      .optional()
      .describe("What pull requests and deployments have to meet."),
    windows: windowsSchema.optional().describe("Named intervals in which deployments may start."),
    calendars: calendarsSchema.optional().describe("Named lists of days: holidays and the like."),
    freezes: freezesSchema
      .optional()
      .describe("Intervals in which deployments (or merges) must not start."),
    overrides: z
      .array(overrideSchema)
      .max(50)
      .optional()
      .describe("Who may let what through, and what follows."),
    tickets: ticketsSchema
      .optional()
      .describe("What an issue opened for a finding carries, by the finding's severity."),
    waivers: z
      .array(waiverSchema)
      .max(1_000)
      .optional()
      .describe("Dated acceptances of single findings."),
    quarantine: z
      .array(quarantineSchema)
      .max(500)
      .optional()
      .describe("Dated acceptances of tests that fail."),
    ungoverned_environments: z
      .enum(ungovernedEnvironments)
      .meta(
        meaningsOf(ungovernedEnvironments, {
          approve: "It is approved: no rule has anything to say of it.",
          hold: "It waits until a rule names its environment.",
        }),
      )
      .optional()
      .describe(
        "What a deployment to an environment gets that no rule names, where rules judge deployments at all: approve (the default) or hold.",
      ),
    agents: z
      .array(login)
      .max(200)
      .optional()
      .describe(
        "Logins of coding agents, with [bot] for an App's; they add to the shipped list (policies/agents.yml).",
      ),
    freezers: actorsSchema.optional().describe("Who may use /gate freeze; maintainers by default."),
    rollback: z
      .strictObject({
        workflow: z
          .string()
          .min(1)
          .max(300)
          .meta({ description: "The workflow that rolls back.", examples: ["rollback.yml"] }),
      })
      .optional()
      .describe("How a roll back is started."),
    backtest: z
      .strictObject({
        last: z
          .int()
          .min(0)
          .max(500)
          .default(50)
          .meta({
            description: "How many merged pull requests a policy change is replayed over.",
            examples: [50, 0],
          }),
      })
      .optional()
      .meta({
        description: "What a pull request that edits the policy is told of its effect.",
        examples: [{ last: 100 }],
      }),
  })
  .meta({
    title: "Gatehouse policy",
    description: "The policy of a repository or an organisation: .github/gatehouse.yml",
  });

export type Policy = z.output<typeof policySchema>;
export type OverrideDefinition = NonNullable<Policy["overrides"]>[number];
