export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: "string" };
export const whole: Schema = { type: "integer" };
export const instant: Schema = { type: "integer", description: "Epoch milliseconds." };
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
export const list = (items: Schema): Schema => ({ type: "array", items });
export const object = (
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
export const of = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const query = (name: string, description: string, required = false): Schema => ({
  name,
  in: "query",
  required,
  description,
  schema: text,
});
export const repository = query("repository", "owner/name", true);
export const inPath = (name: string): Schema => ({
  name,
  in: "path",
  required: true,
  schema: text,
});
export const answer = (description: string, schema: Schema): Schema => ({
  description,
  content: { "application/json": { schema } },
});

export function get(
  operationId: string,
  summary: string,
  parameters: readonly Schema[],
  schema: Schema,
): Schema {
  return {
    get: {
      operationId,
      summary,
      parameters,
      responses: {
        "200": answer("As asked.", schema),
        "401": answer("Nobody is signed in, and no token that is good was sent.", of("Refusal")),
        "404": answer("There is no such thing, or it is not yours to read.", of("Refusal")),
        "422": answer("A parameter cannot be used.", of("Problems")),
        "503": answer(
          "GitHub or the database does not answer now, or sign-in is switched off.",
          of("Refusal"),
        ),
      },
    },
  };
}

/** What a group of endpoints answers, and the schemas that it names. */
export interface Group {
  readonly paths: Readonly<Record<string, Schema>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}
