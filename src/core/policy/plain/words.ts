import { z } from "zod";

/** An instant as people write it; the parsed value is epoch ms. */
export const instantText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/, { error: "not an instant; write one such as 2026-03-30T07:00:00Z" })
  .transform((text, context) => {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return at;
    context.addIssue({ code: "custom", message: "no such day or time" });
    return z.NEVER;
  });

/** A login; numbers are logins too, and YAML reads them as such. */
export const loginText = z.union([z.string().min(1).max(100), z.number().transform(String)]).transform((login) => login.replace(/^@/, ""));

/** A commit SHA, or any word that stands for one. YAML reads some of them as numbers. */
export const shaText = z.union([z.string().min(1).max(100), z.number().transform(String)]);

export const shortText = z.string().max(1_000);
export const longText = z.string().max(262_144);
