import { z } from "zod";

/** An ISO instant of GitHub's as epoch ms. */
export const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});

/** One that may be left out; null then. */
export const instantOrNull = instant.nullish().transform((at) => at ?? null);
