import { z } from "zod";
import { flag, optional, shortText } from "./input-types.ts";

/** Custom properties of the repository: a text, or a list of texts. */
export const propertyWords = z.record(shortText, z.union([shortText, z.array(shortText)]));

/** `owner/name`, a name alone, or more about it. */
export const repositoryWords = z.union([
  shortText.transform((text) => {
    const [first, second] = text.split("/", 2);
    return {
      owner: second === undefined ? undefined : first,
      name: second ?? first,
      private: undefined,
      default_branch: undefined,
      properties: undefined,
      reports_checks: undefined,
    };
  }),
  z.strictObject({
    owner: optional(shortText).meta({
      description: "The organisation or user that owns it.",
      examples: ["acme"],
    }),
    name: optional(shortText).meta({ description: "Its name.", examples: ["shop"] }),
    private: optional(flag).describe("Whether it is private."),
    default_branch: optional(shortText).meta({
      description: "Its default branch.",
      examples: ["main"],
    }),
    properties: optional(propertyWords).meta({
      description: "Its custom properties.",
      examples: [{ tier: "critical" }],
    }),
    reports_checks: optional(flag).describe(
      "Whether something in it reports checks (a workflow file, checks on other commits); no, unless said.",
    ),
  }),
]);
