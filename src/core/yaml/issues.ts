import type { z } from "zod";
import { oneLine } from "#core/text/plain-text.ts";
import { shapeOf } from "./json-schema.ts";
import { nearest } from "#core/text/nearest.ts";
import { pathText, type Path, type Problem } from "./problem.ts";
import { keysAt } from "./shape.ts";
import { problemAt, type Source } from "./source.ts";

type Issue = z.core.$ZodIssue;

/** A schema's complaints as sentences with places: what is wrong, and what to write. */
export function problemsOf(
  issues: readonly Issue[],
  source: Source,
  schema: z.ZodType,
): readonly Problem[] {
  return primary(issues).flatMap((issue) => problemsOfIssue(issue, [], source, schema));
}

/** Where a key is unknown, complaints about what is left without it ("names nobody", "state is missing") only repeat that. */
function primary(issues: readonly Issue[]): readonly Issue[] {
  const misspelt = new Map<string, readonly string[]>();
  for (const issue of issues)
    if (issue.code === "unrecognized_keys") misspelt.set(placeKey(issue.path), issue.keys);
  const told = new Set<string>();
  return issues.filter((issue) => {
    const place = placeKey(issue.path);
    if (issue.code !== "unrecognized_keys") {
      // Of several complaints about one value the first says it all: what is empty is no kebab-case name either.
      if (told.has(place)) return false;
      told.add(place);
    }
    if (issue.code === "custom") return !misspelt.has(place);
    const last = issue.path.at(-1);
    if (issue.code === "unrecognized_keys" || typeof last !== "string") return true;
    return !(misspelt.get(placeKey(issue.path.slice(0, -1))) ?? []).some(
      (key) => nearest(key, [last]) === last,
    );
  });
}

const placeKey = (path: readonly PropertyKey[]): string => path.map(String).join("\u0000");

function problemsOfIssue(
  issue: Issue,
  base: Path,
  source: Source,
  schema: z.ZodType,
): readonly Problem[] {
  const path: Path = [
    ...base,
    ...issue.path.map((part) => (typeof part === "number" ? part : String(part))),
  ];
  const value = valueAt(source.data, path);
  const at = (message: string, hint?: string): readonly Problem[] => [
    problemAt(source.positions.ofValue(path), pathText(path), message, "error", hint),
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, source, schema));
    case "invalid_union":
      if (value === undefined && path.length > 0)
        return [missing(path, expectations(issue.errors, value), source)];
      return (
        unionProblems(issue.errors, path, value, source, schema) ??
        at(issue.message === "Invalid input" ? `cannot be ${kindOf(value)} here` : issue.message)
      );
    case "invalid_key":
      return issue.issues.flatMap((inner) => [
        problemAt(
          source.positions.ofKey(path),
          pathText(path),
          `the name ${JSON.stringify(path.at(-1))}: ${ownWords(inner, path.at(-1))}`,
        ),
      ]);
    case "invalid_element":
      return issue.issues.flatMap((inner) => problemsOfIssue(inner, path, source, schema));
    case "invalid_type":
      if (value === undefined && path.length > 0) return [missing(path, issue.expected, source)];
      return at(ownWords(issue, value));
    case "invalid_value": {
      if (value === undefined && path.length > 0)
        return [missing(path, oneOf(issue.values), source)];
      const choices = issue.values.map(String);
      // "1" for 1 is no misspelling.
      const near = typeof value === "string" ? nearest(value, choices) : undefined;
      const hint = near === value ? undefined : near;
      return at(`${ownWords(issue, value)}${didYouMean(hint)}`, hint);
    }
    default:
      return at(ownWords(issue, value));
  }
}

function unknownKey(key: string, path: Path, source: Source, schema: z.ZodType): Problem {
  const valid = keysAt(shapeOf(schema), path);
  const hint = nearest(key, valid);
  const rest =
    hint === undefined
      ? valid.length === 0 || valid.length > 24
        ? ""
        : `; valid here: ${valid.join(", ")}`
      : `; did you mean "${hint}"?`;
  const where = [...path, key];
  return problemAt(
    source.positions.ofKey(where),
    pathText(where),
    `unknown key "${oneLine(key, 100)}"${rest}`,
    "error",
    hint,
  );
}

function missing(path: Path, expected: string, source: Source): Problem {
  const parent = path.slice(0, -1);
  return problemAt(
    source.positions.ofKey(parent),
    pathText(parent),
    `"${String(path.at(-1))}" is missing${expected === "" ? "" : ` (${wanted(expected)})`}`,
  );
}

/**
 * Of several alternatives the one that was meant is told: the one whose type fits what is written, else the one that
 * got furthest. `null` when none fits, so that the caller says what could stand here.
 */
function unionProblems(
  alternatives: readonly (readonly Issue[])[],
  path: Path,
  value: unknown,
  source: Source,
  schema: z.ZodType,
): readonly Problem[] | null {
  const fitting = alternatives.filter(
    (issues) => !issues.some((issue) => isWrongKind(issue, value)),
  );
  if (fitting.length === 0) {
    if (value === undefined) return null;
    return [
      problemAt(
        source.positions.ofValue(path),
        pathText(path),
        `expected ${expectations(alternatives, value)}, found ${kindOf(value)}`,
      ),
    ];
  }
  const meant =
    fitting.toSorted((a, b) => strangeness(a) - strangeness(b) || a.length - b.length)[0] ?? [];
  return primary(meant).flatMap((issue) => problemsOfIssue(issue, path, source, schema));
}

/** What could stand here, alternative by alternative. */
function expectations(alternatives: readonly (readonly Issue[])[], value: unknown): string {
  return [
    ...new Set(
      alternatives.flatMap((issues) =>
        issues.filter((issue) => isWrongKind(issue, value)).map(expectation),
      ),
    ),
  ].join(" or ");
}

/** A choice of words may be misspelt; what is no word at all is something else. */
function isWrongKind(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  return (
    issue.code === "invalid_type" ||
    (issue.code === "invalid_value" && (issue.values.length === 1 || typeof value !== "string"))
  );
}

function expectation(issue: Issue): string {
  if (issue.code === "invalid_type") return wanted(issue.expected);
  return issue.code === "invalid_value" ? oneOf(issue.values) : "something else";
}

const strangeness = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === "unrecognized_keys" ? 10 * issue.keys.length : 0),
    0,
  );

function ownWords(issue: Issue, value: unknown): string {
  if (issue.code === "custom" && issue.message !== "Invalid input") return issue.message;
  const isDefault =
    /^(?:Invalid (?:input|option|string|key|element|value)|Too (?:small|big)|Unrecognized)/.test(
      issue.message,
    );
  if (!isDefault) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${wanted(issue.expected)}, found ${kindOf(value)}${listHint(issue.expected, value)}`;
    case "invalid_value":
      return `expected ${oneOf(issue.values)}, found ${kindOf(value)}`;
    case "too_small":
      if (issue.origin === "number" || issue.origin === "int")
        return `must be at least ${issue.minimum}`;
      return issue.minimum === 1 || issue.minimum === 1n
        ? "must not be empty"
        : `must have at least ${issue.minimum} ${unit(issue.origin)}`;
    case "too_big":
      if (issue.origin === "number" || issue.origin === "int")
        return `must be at most ${issue.maximum}`;
      return `must have at most ${issue.maximum} ${unit(issue.origin)}`;
    default:
      return `${kindOf(value)} is not valid here`;
  }
}

function listHint(expected: string, value: unknown): string {
  return expected === "array" && typeof value === "string" && value.length < 60
    ? `; write [${JSON.stringify(value)}]`
    : "";
}

function unit(origin: string): string {
  return origin === "string"
    ? "characters"
    : origin === "array" || origin === "set"
      ? "entries"
      : "keys";
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}

function wanted(expected: string): string {
  switch (expected) {
    case "array":
      return "a list";
    case "object":
    case "record":
      return "a mapping (key: value)";
    case "string":
      return "a text";
    case "int":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return expected;
  }
}

/** What stands there, in words; texts are shown, for the reader must find them. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value)}`;
  return String(value);
}

function didYouMean(hint: string | undefined): string {
  return hint === undefined ? "" : `; did you mean "${hint}"?`;
}

export function valueAt(data: unknown, path: Path): unknown {
  let value: unknown = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
