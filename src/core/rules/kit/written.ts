import { z } from "zod";
import { globProblem, type GlobKind } from "#core/formats/glob.ts";
import { patternProblem } from "#core/formats/pattern.ts";

/** One or a list of them; the parsed value is always a list. */
export function oneOrMany<Value>(item: z.ZodType<Value>): z.ZodType<readonly Value[]> {
  const list = z
    .array(item)
    .min(1, { error: "an empty list never holds; leave the key out or list something" })
    .max(500);
  return z.union([item.transform((value): readonly Value[] => [value]), list]);
}

/** A glob of paths and branches, where `*` stays inside a segment, or of other names, where it does not. */
export const globOf = (kind: GlobKind): z.ZodString =>
  z
    .string()
    .superRefine((glob, context) => {
      const problem = globProblem(glob, kind);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .meta(
      kind === "path"
        ? { description: "A glob of paths (minimatch).", examples: ["src/**"] }
        : { description: "A glob of names (minimatch).", examples: ["api-*"] },
    );

export const pathGlobs = oneOrMany(globOf("path"));
export const nameGlobs = oneOrMany(globOf("name"));

export const patterns = oneOrMany(
  z
    .string()
    .superRefine((source, context) => {
      const problem = patternProblem(source);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .meta({
      description:
        "A regular expression in RE2 syntax; it may match anywhere in the text unless anchored.",
      examples: ["^revert"],
    }),
);

export const login = z
  .string()
  .meta({ examples: ["octocat"] })
  .min(1)
  .max(100)
  .regex(/^@?[A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?$/, {
    error: "not a login; write one such as octocat or dependabot[bot]",
  })
  .transform((text) => text.replace(/^@/, ""));

/** A login, or a glob on logins: `*` and `?`. Brackets are characters, so that `*[bot]` means every App's account. */
export const loginGlob = z
  .string()
  .meta({ examples: ["octocat", "*[bot]"] })
  .min(1)
  .max(100)
  .regex(/^@?[A-Za-z0-9*?][A-Za-z0-9_*?-]*(?:\[bot\])?$/, {
    error: 'not a login; write one such as octocat or dependabot[bot], or a glob such as "*[bot]"',
  })
  .refine((text) => (text.match(/\*/g)?.length ?? 0) <= 3, {
    error: "a glob on logins holds at most three stars",
  })
  .transform((text) => text.replace(/^@/, ""));

export const team = z
  .string()
  .meta({ examples: ["security", "acme/security"] })
  .min(1)
  .max(200)
  .regex(/^@?(?:[A-Za-z0-9_.-]+\/)?[A-Za-z0-9_.-]+$/, {
    error: "not a team; write its slug, or org/slug",
  })
  .transform((text) => text.replace(/^@/, ""));

/** Lists are OR: with more in it, it holds as often at least. */
export const moreIsWider = (
  organization: readonly string[],
  repository: readonly string[],
): boolean => organization.every((each) => repository.includes(each));

/** And of what must not be there, with less in it. */
export const fewerIsWider = (
  organization: readonly string[],
  repository: readonly string[],
): boolean => moreIsWider(repository, organization);
