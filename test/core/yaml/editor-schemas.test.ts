import { describe, expect, it } from "vitest";
import { z } from "zod";
import { timeFormSchema } from "#core/calendar/time-form.ts";
import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { policySchema } from "#core/policy/schema.ts";
import { policyTestsJsonSchema } from "#core/simulate/policy-tests/json-schema.ts";
import { policyTestsSchema } from "#core/simulate/policy-tests/schema.ts";
import { examplesOf } from "#core/yaml/examples.ts";
import type { JsonSchema } from "#core/yaml/json-schema.ts";

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const schemas = (value: unknown): readonly JsonSchema[] =>
  Array.isArray(value) ? value.filter(isSchema) : isSchema(value) ? [value] : [];

interface Place {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Everything that stands anywhere in a schema, with the way to it. */
function placesIn(schema: JsonSchema, path: string): readonly Place[] {
  const named = (key: string): readonly (readonly [string, JsonSchema])[] =>
    isSchema(schema[key])
      ? Object.entries(schema[key]).flatMap(([name, value]) =>
          isSchema(value) ? [[`${path}/${name}`, value] as const] : [],
        )
      : [];
  const below = ["items", "additionalProperties", "anyOf", "oneOf", "allOf"].flatMap((key) =>
    schemas(schema[key]).map((each) => [path, each] as const),
  );
  return [
    { path, schema },
    ...[...named("properties"), ...named("$defs"), ...below].flatMap(([where, each]) =>
      placesIn(each, where),
    ),
  ];
}

function properties(root: JsonSchema): readonly Place[] {
  return placesIn(root, "").flatMap(({ path, schema }) =>
    isSchema(schema["properties"])
      ? Object.entries(schema["properties"]).flatMap(([name, value]) =>
          isSchema(value) ? [{ path: `${path}/${name}`, schema: value }] : [],
        )
      : [],
  );
}

/** What a property says itself, over what it refers to says. */
function resolved(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(String(schema["$ref"]))?.[1];
  const definitions = root["$defs"];
  if (name === undefined || !isSchema(definitions)) return schema;
  const found = definitions[name];
  return isSchema(found) ? { ...found, ...schema } : schema;
}

const files = [
  ["policy", policyJsonSchema(), policySchema],
  ["policy tests", policyTestsJsonSchema(), policyTestsSchema],
] as const;

describe.each(files)("the schema of %s", (_name, root, schema) => {
  it("describes each property", () => {
    const silent = properties(root).filter(
      (each) => typeof resolved(root, each.schema)["description"] !== "string",
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it("has an example of each property", () => {
    const without = properties(root).filter((each) => {
      const { examples } = resolved(root, each.schema);
      return !Array.isArray(examples) || examples.length === 0;
    });
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it("says what each word of a list means", () => {
    const lists = placesIn(root, "").filter((each) => Array.isArray(each.schema["enum"]));
    expect(lists.length).toBeGreaterThan(10);
    for (const { path, schema: list } of lists) {
      const words: unknown = list["enum"];
      const meanings: unknown = list["markdownEnumDescriptions"];
      expect([path, Array.isArray(meanings) && meanings.length]).toEqual([
        path,
        Array.isArray(words) && words.length,
      ]);
    }
  });

  it("has no example that the parser refuses", () => {
    let tried = 0;
    const seen = new Set<unknown>();
    const tryAll = (shape: z.ZodType): void => {
      z.toJSONSchema(shape, {
        io: "input",
        unrepresentable: "any",
        override: ({ zodSchema, path }) => {
          if (!(zodSchema instanceof z.ZodType) || seen.has(zodSchema)) return;
          seen.add(zodSchema);
          for (const example of examplesOf(zodSchema)) {
            tried += 1;
            const { error } = zodSchema.safeParse(example);
            expect([path.join("/"), example, error?.issues ?? []]).toEqual([
              path.join("/"),
              example,
              [],
            ]);
          }
        },
      });
    };
    tryAll(schema);
    // It is handed on by hand, because a list of times or one time is told apart before it is read.
    tryAll(timeFormSchema);
    expect(tried).toBeGreaterThan(200);
  });

  it("shows the examples that were tried", () => {
    expect(
      properties(root).filter(({ schema: { examples } }) => examples !== undefined).length,
    ).toBeGreaterThan(100);
  });
});
