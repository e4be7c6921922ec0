import { z } from "zod";
import { nameGlobs } from "#core/rules/kit/written.ts";
import { propertiesSchema } from "./when/repository.ts";

const selection = z
  .strictObject({
    names: nameGlobs
      .optional()
      .meta({ description: "Repository names, as globs.", examples: ["api-*"] }),
    properties: propertiesSchema.optional().describe("Custom properties and their values."),
    except: nameGlobs.optional().meta({
      description: "Repository names that are left out, as globs.",
      examples: [["sandbox-*", "website"]],
    }),
  })
  .meta({ examples: [{ properties: { tier: "critical" }, except: "sandbox-*" }] })
  .refine((given) => Object.keys(given).length > 0, {
    error: "selects nothing: write names, properties or except",
  });

/** `repositories:` of the organisation's policy: globs, or {names, properties, except}; all that are given must hold. */
export const repositoriesSchema = z
  .union([nameGlobs.transform((names) => ({ names })), selection])
  .meta({ examples: ["api-*", { properties: { tier: "critical" } }] });
export type RepositorySelection = z.output<typeof selection>;
