import { cell, code } from "./markdown.ts";

/** A JSON Schema as far as the tables of parameters read it. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  /** `from.artifact`, `each[].approvals`; empty for a requirement that takes one value instead of keys. */
  readonly name: string;
  readonly takes: string;
  /** Text of the default; null where there is none. */
  readonly fallback: string | null;
  readonly required: boolean;
  readonly meaning: string;
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const schemas = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const textAt = (schema: Schema, key: string): string | undefined => (typeof schema[key] === "string" ? schema[key] : undefined);
const numberAt = (schema: Schema, key: string): number | undefined => (typeof schema[key] === "number" ? schema[key] : undefined);

/** Alternatives of alternatives are alternatives. */
const alternativesOf = (schema: Schema): readonly Schema[] => schemas(schema["anyOf"]).flatMap((each) => (schemas(each["anyOf"]).length > 0 ? alternativesOf(each) : [each]));

/** Keys of an object schema, or of the objects among its alternatives, opened as far as they nest. */
export function parametersOf(schema: Schema, prefix = ""): readonly Parameter[] {
  const found = [schema, ...alternativesOf(schema)].flatMap((each) => (isSchema(each["properties"]) ? ownParameters(each, each["properties"], prefix) : []));
  return [...new Map(found.map((parameter) => [parameter.name, parameter])).values()];
}

function ownParameters(schema: Schema, properties: Schema, prefix: string): readonly Parameter[] {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).flatMap(([key, value]) => {
    if (!isSchema(value)) return [];
    const name = `${prefix}${key}`;
    const own: Parameter = {
      name,
      takes: takes(value),
      fallback: value["default"] === undefined ? null : written(value["default"]),
      required: required.includes(key),
      meaning: textAt(value, "description") ?? "",
    };
    const items = [value, ...alternativesOf(value)].flatMap((each) => (isSchema(each["items"]) ? parametersOf(each["items"], `${name}[].`) : []));
    return [own, ...parametersOf(value, `${name}.`), ...items];
  });
}

/** A value as a policy would write it on one line. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  return typeof value === "string" && !/^[\w*][\w./*:-]*$/.test(value) ? JSON.stringify(value) : String(value);
}

/** What a value may be, in words. Inside a list the alternatives are joined more closely than around it. */
export function takes(schema: Schema, joint = "; or "): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return [...new Set(alternatives.map((each) => takes(each)))].join(joint);
  if (schema["const"] !== undefined) return code(written(schema["const"]));
  if (Array.isArray(schema["enum"])) return schema["enum"].map((each) => code(written(each))).join(", ");
  switch (schema["type"]) {
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return `whole number${range(schema)}`;
    case "number":
      return `number${range(schema)}`;
    case "array":
      return listOf(schema);
    case "object":
      return objectOf(schema);
    case "null":
      return "`null`";
    default:
      return "text";
  }
}

function range(schema: Schema): string {
  const least = numberAt(schema, "minimum");
  const above = numberAt(schema, "exclusiveMinimum");
  const most = numberAt(schema, "maximum");
  // JSON Schema writes "no limit" as the largest number that JavaScript counts exactly.
  const bounded = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  if (least !== undefined && bounded) return `, ${least} to ${most}`;
  if (above !== undefined) return ` above ${above}`;
  if (least !== undefined) return `, at least ${least}`;
  return bounded ? `, at most ${most}` : "";
}

function listOf(schema: Schema): string {
  const items = isSchema(schema["items"]) ? schema["items"] : {};
  const described = textAt(items, "description");
  if (described === undefined) return `list of ${takes(items, " or ")}`;
  const phrase = described.split(";", 1)[0]?.replace(/\.$/, "") ?? described;
  return `list, each ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`;
}

function objectOf(schema: Schema): string {
  const properties = schema["properties"];
  if (isSchema(properties)) return code(`{${Object.keys(properties).join(", ")}}`);
  const values = schema["additionalProperties"];
  return `a mapping of names to ${isSchema(values) && isSchema(values["properties"]) ? objectOf(values) : "values"}`;
}

/** One cell each: name, what it takes, default, meaning. */
export const parameterRow = (parameter: Parameter): readonly string[] => [
  code(parameter.name),
  cell(parameter.takes),
  parameter.required ? "must be given" : parameter.fallback === null ? "–" : cell(code(parameter.fallback)),
  cell(parameter.meaning),
];
