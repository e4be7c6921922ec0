import { z } from "zod";

/** An ISO instant of GitHub's as epoch ms. */
export const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});
