import { z } from "zod";

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

/** What is written for a schema: examples of its own, else those that follow from its parts; empty where none do. */
export function examplesOf(schema: z.ZodType): readonly unknown[] {
  const own = z.globalRegistry.get(schema)?.examples;
  // Parts that are fine by themselves need not be together.
  return Array.isArray(own) ? own : derived(schema).filter((one) => schema.safeParse(one).success);
}

function derived(schema: z.ZodType): readonly unknown[] {
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodNull) return [null];
  if (schema instanceof z.ZodArray) return listsOf(schema.element);
  if (schema instanceof z.ZodUnion) return firstOfEach(schema.options);
  if (schema instanceof z.ZodObject) return leastObject(schema.shape);
  if (schema instanceof z.ZodRecord) return recordsOf(schema);
  if (schema instanceof z.ZodPipe) return ofPipe(schema);
  if (schema instanceof z.ZodDefault) return ofInner(schema) ?? [schema.def.defaultValue];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodLazy
  )
    return ofInner(schema) ?? [];
  return [];
}

function ofInner(schema: { readonly unwrap: () => unknown }): readonly unknown[] | undefined {
  const inner = schema.unwrap();
  const found = isSchema(inner) ? examplesOf(inner) : [];
  return found.length === 0 ? undefined : found;
}

const listsOf = (item: unknown): readonly unknown[] => {
  const items = isSchema(item) ? examplesOf(item) : [];
  return items.length === 0 ? [] : [items.slice(0, 2)];
};

const firstOfEach = (options: readonly unknown[]): readonly unknown[] =>
  options.filter(isSchema).flatMap((option) => examplesOf(option).slice(0, 1));

/** The keys that must be there; where none must, the first one. */
function leastObject(shape: Readonly<Record<string, unknown>>): readonly unknown[] {
  const all = Object.entries(shape).flatMap(([key, value]) =>
    isSchema(value) ? [[key, value] as const] : [],
  );
  const needed = all.filter(([, value]) => !value.safeParse(undefined).success);
  const shown = (needed.length > 0 ? needed : all.slice(0, 1)).map(
    ([key, value]) => [key, examplesOf(value)[0]] as const,
  );
  return shown.length === 0 || shown.some(([, example]) => example === undefined)
    ? []
    : [Object.fromEntries(shown)];
}

function recordsOf({ keyType, valueType }: z.ZodRecord): readonly unknown[] {
  const [key] = isSchema(keyType) ? examplesOf(keyType) : [];
  const [value] = isSchema(valueType) ? examplesOf(valueType) : [];
  return typeof key === "string" && value !== undefined ? [{ [key]: value }] : [];
}

/** What is written goes in; where only a function reads it, what comes out says more. */
function ofPipe({ in: before, out: after }: z.ZodPipe): readonly unknown[] {
  const [written, read]: readonly unknown[] = [before, after];
  if (isSchema(written) && !(written instanceof z.ZodTransform)) return examplesOf(written);
  return isSchema(read) ? examplesOf(read) : [];
}
