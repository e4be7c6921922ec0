import type { JsonSchema } from "./json-schema.ts";
import type { Path } from "./problem.ts";

/** Keys that are valid at a place, read from the JSON Schema; alternatives are put together. */
export function keysAt(root: JsonSchema, path: Path): readonly string[] {
  let places: readonly JsonSchema[] = expand(root, [root]);
  for (const step of path)
    places = expand(
      root,
      places.flatMap((place) => below(place, step)),
    );
  const keys = places.flatMap((place) =>
    isObject(place["properties"]) ? Object.keys(place["properties"]) : [],
  );
  return [...new Set(keys)];
}

function below(place: JsonSchema, step: string | number): readonly JsonSchema[] {
  if (typeof step === "number") return isObject(place["items"]) ? [place["items"]] : [];
  const { properties, additionalProperties } = place;
  if (isObject(properties) && Object.hasOwn(properties, step)) {
    const next = properties[step];
    return isObject(next) ? [next] : [];
  }
  return isObject(additionalProperties) ? [additionalProperties] : [];
}

/** Follows references and alternatives; definitions do not refer to themselves without a key in between. */
function expand(root: JsonSchema, places: readonly JsonSchema[], depth = 0): readonly JsonSchema[] {
  if (depth > 8) return places;
  return places.flatMap((place) => {
    const alternatives = ["anyOf", "oneOf", "allOf"].flatMap((key) =>
      Array.isArray(place[key]) ? place[key].filter(isObject) : [],
    );
    const referred = typeof place["$ref"] === "string" ? definition(root, place["$ref"]) : null;
    const further = [...alternatives, ...(referred === null ? [] : [referred])];
    return further.length === 0 ? [place] : [place, ...expand(root, further, depth + 1)];
  });
}

function definition(root: JsonSchema, reference: string): JsonSchema | null {
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  const definitions = root["$defs"];
  if (reference === "#") return root;
  if (name === undefined || !isObject(definitions)) return null;
  const found = definitions[name];
  return isObject(found) ? found : null;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
