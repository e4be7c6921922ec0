import { z } from "zod";
import { listed } from "#core/text/phrases.ts";
import { oneOf } from "#core/text/meanings.ts";
import { nameGlobs } from "../kit/params.ts";

export const forbidden = ["untrusted_checkout", "secrets_inherit", "write_all"] as const;
export type Forbidden = (typeof forbidden)[number];

export const workflowsParams = z
  .strictObject({
    permissions: oneOf(["declared", "read"], {
      declared: "The file says what it may do.",
      read: "The file says so, and it may write nothing.",
    })
      .optional()
      .describe(
        "What each job's token may do: declared, that the file says it; read, that it says so and nothing may write.",
      ),
    forbid: z
      .array(
        oneOf(forbidden, {
          untrusted_checkout: "Checking out the code of strangers with this repository's rights.",
          secrets_inherit: "Handing all secrets on.",
          write_all: "A token that may write everything.",
        }),
      )
      .min(1)
      .default([...forbidden])
      .describe(
        "Shapes that are refused: checking out the code of strangers with this repository's rights, handing all secrets on, a token that may write everything.",
      ),
    runners: nameGlobs.optional().meta({
      description: "Labels and groups of runners that jobs may name; any where it is left out.",
      examples: [["ubuntu-*", "self-hosted"]],
    }),
  })
  .meta({ examples: [{ permissions: "read" }] });
export type WorkflowsParams = z.output<typeof workflowsParams>;

const words: Readonly<Record<Forbidden, string>> = {
  untrusted_checkout: "no checkout of strangers' code",
  secrets_inherit: "no inherited secrets",
  write_all: "no write-all",
};

export const requiredOfWorkflows = ({ permissions, forbid, runners }: WorkflowsParams): string =>
  [
    ...(permissions === undefined
      ? []
      : [permissions === "read" ? "tokens that only read" : "declared permissions"]),
    ...forbid.map((each) => words[each]),
    ...(runners === undefined ? [] : [`runners ${listed(runners, 3)}`]),
  ].join(", ");
