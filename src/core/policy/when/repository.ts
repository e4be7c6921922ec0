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
  test: (patterns, _context, ask) => {
    const fact = ask(repository.need());
    return fact === undefined ? undefined : isRepositoryNamed(patterns, fact.owner, fact.name);
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
