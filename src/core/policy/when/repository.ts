import { z } from "zod";
import { customProperties, repository } from "#core/facts/repository.ts";
import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import { gates } from "#core/model/subject.ts";
import { definePredicate } from "./predicate.ts";
import { moreIsWider, nameGlobs, oneOrMany } from "#core/rules/kit/written.ts";

const value = z.union([z.string().max(200), z.boolean(), z.number()]).transform(String);

/** Custom properties that are wanted: each key must have one of its values. */
export type WantedProperties = Readonly<Record<string, readonly string[]>>;

export const propertiesSchema: z.ZodType<WantedProperties> = z
  .record(z.string().min(1).max(100), oneOrMany(value))
  .refine((wanted) => Object.keys(wanted).length > 0, { error: "names no property" })
  .meta({ examples: [{ tier: "critical" }, { tier: ["critical", "high"], pci: true }] });

export function hasProperties(
  held: Readonly<Record<string, string | readonly string[]>>,
  wanted: WantedProperties,
): boolean {
  return Object.entries(wanted).every(([name, values]) => {
    const own = Object.hasOwn(held, name) ? held[name] : undefined;
    const list = own === undefined ? [] : typeof own === "string" ? [own] : own;
    return list.some((each) => values.includes(each));
  });
}

export const repositories = definePredicate<readonly string[]>({
  name: "repositories",
  summary: "Name of the repository, or owner/name.",
  params: nameGlobs.meta({ examples: ["api-*", "acme/billing"] }),
  gates,
  otherwise: false,
  wider: moreIsWider,
  needs: () => [repository],
  // A repository that was renamed is meant by each name that it had: one is enough to restrict, and all must be let off.
  test: (patterns, { earlierNames = [], isNegated = false }, ask) => {
    const fact = ask(repository.need());
    if (fact === undefined) return undefined;
    const isMeant = (name: string): boolean => isRepositoryNamed(patterns, fact.owner, name);
    const names = [fact.name, ...earlierNames];
    return isNegated ? names.every(isMeant) : names.some(isMeant);
  },
});

export const properties = definePredicate<WantedProperties>({
  name: "properties",
  summary: "Custom properties of the repository: every named one has one of the values.",
  params: propertiesSchema,
  gates,
  otherwise: false,
  needs: () => [customProperties],
  test: (wanted, _context, ask) => {
    const held = ask(customProperties.need());
    return held === undefined ? undefined : hasProperties(held, wanted);
  },
});
