import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import {
  asObject,
  description,
  operationOf,
  resolved,
  type Operation,
} from "./openapi-description.ts";

/** A call as a client made it. `url` may be absolute or a path, with or without `/api/v3`. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/** A call with its answer; `body` parsed, `undefined` where there was none. */
export interface Answered {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body?: unknown;
}

/**
 * OpenAPI 3.0 → JSON Schema: `nullable` becomes a choice with null (Ajv's own `nullable` needs a type beside it),
 * and references become ids under which the components are registered when they are first needed.
 */
function converted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(converted);
  if (typeof schema !== "object" || schema === null) return schema;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (
      key === "nullable" ||
      key === "example" ||
      key === "examples" ||
      key === "discriminator" ||
      key === "description"
    )
      continue;
    out[key] =
      key === "$ref" && typeof value === "string"
        ? needed(value)
        : key === "enum" || key === "default" || key === "const"
          ? value
          : converted(value);
  }
  // A property may itself be called "nullable" or "description": keep those, they are names and not keywords.
  const properties = asObject(schema)["properties"];
  if (typeof properties === "object" && properties !== null)
    out["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, converted(value)]),
    );
  return asObject(schema)["nullable"] === true ? { anyOf: [{ type: "null" }, out] } : out;
}

// GitHub's schemas are large and each is compiled once for a few values: quick to compile beats quick to run.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  logger: false,
  validateFormats: true,
  inlineRefs: false,
  code: { optimize: false },
});
formats.default(ajv);

const registered = new Set<string>();

function needed(ref: string): string {
  const id = `github:${ref.slice(2)}`;
  if (!registered.has(id)) {
    registered.add(id);
    const schema = converted(
      ref
        .slice(2)
        .split("/")
        .reduce<unknown>((at, key) => asObject(at)[key], description()),
    );
    ajv.addSchema(asObject(schema), id);
  }
  return id;
}

const compiled = new Map<string, ValidateFunction>();

function validator(key: string, schema: unknown): ValidateFunction {
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = ajv.compile(asObject(converted(schema)));
  compiled.set(key, made);
  return made;
}

function problemsOf(what: string, validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) =>
      `${what}${error.instancePath} ${error.message ?? "is wrong"} ${JSON.stringify(error.params)}`,
  );
}

/** Top-level properties that a request schema names anywhere; `null` when it takes any. */
function namedProperties(schema: unknown): Set<string> | null {
  const one = resolved(schema);
  const names = new Set(Object.keys(asObject(one["properties"])));
  let isOpen = false;
  for (const key of ["oneOf", "anyOf", "allOf"]) {
    for (const part of Array.isArray(one[key]) ? one[key] : []) {
      const inner = namedProperties(part);
      if (inner === null) isOpen = true;
      for (const name of inner ?? []) names.add(name);
    }
  }
  if (isOpen && names.size === 0) return null;
  return names.size === 0 ? null : names;
}

function scalar(text: string, type: unknown): unknown {
  if ((type === "integer" || type === "number") && text !== "" && !Number.isNaN(Number(text)))
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function queryProblems(operation: Operation, url: string): string[] {
  const list = operation.body["parameters"];
  const known = new Map(
    (Array.isArray(list) ? list.map(resolved) : [])
      .filter((one) => one["in"] === "query")
      .map((one) => [String(one["name"]), one]),
  );
  const query = new URL(url, "http://localhost").searchParams;
  const problems: string[] = [];
  for (const [name, text] of query) {
    const parameter =
      known.get(name) ?? known.get(`${name}[]`) ?? known.get(name.replace(/\[\]$/, ""));
    if (parameter === undefined) {
      problems.push(`query "${name}" is not documented for ${operation.template}`);
      continue;
    }
    const schema = resolved(parameter["schema"]);
    const value = schema["type"] === "array" ? [text] : scalar(text, schema["type"]);
    problems.push(
      ...problemsOf(
        `query "${name}"`,
        validator(
          `${operation.template} ${operation.body["operationId"] as string} ?${name}`,
          parameter["schema"],
        ),
        value,
      ),
    );
  }
  for (const [name, parameter] of known)
    if (parameter["required"] === true && !query.has(name))
      problems.push(`query "${name}" is required by ${operation.template}`);
  return problems;
}

function pathProblems(operation: Operation): string[] {
  const list = operation.body["parameters"];
  return (Array.isArray(list) ? list.map(resolved) : [])
    .filter((one) => one["in"] === "path")
    .flatMap((one) => {
      const name = String(one["name"]);
      const text = operation.params[name];
      if (text === undefined) return [];
      return problemsOf(
        `path "${name}"`,
        validator(
          `${operation.template} ${operation.body["operationId"] as string} {${name}}`,
          one["schema"],
        ),
        scalar(text, resolved(one["schema"])["type"]),
      );
    });
}

/** What GitHub's description finds wrong with a request; empty when nothing. */
export function checkRequest(asked: Asked): string[] {
  const operation = operationOf(asked.method, asked.url);
  if (operation === null)
    return [`${asked.method} ${asked.url}: no such operation in GitHub's description`];
  const problems = [...pathProblems(operation), ...queryProblems(operation, asked.url)];
  const requestBody = resolved(operation.body["requestBody"]);
  const schema = asObject(asObject(requestBody["content"])["application/json"])["schema"];
  if (asked.body === undefined) {
    if (requestBody["required"] === true) problems.push("the body is required");
  } else if (schema === undefined) {
    if (Object.keys(asObject(asked.body)).length > 0) problems.push("the operation takes no body");
  } else {
    problems.push(
      ...problemsOf(
        "body",
        validator(`${asked.method} ${operation.template} body`, schema),
        asked.body,
      ),
    );
    const names = namedProperties(schema);
    for (const name of Object.keys(asObject(asked.body)))
      if (names !== null && !names.has(name))
        problems.push(`body/${name} is not documented for ${operation.template}`);
  }
  return problems.map((problem) => `${asked.method} ${operation.template}: ${problem}`);
}

/** Where the description is wrong about GitHub, each with what shows it. */
const mistakes: readonly { readonly problem: RegExp; readonly why: string }[] = [
  {
    problem: /^GET \/app\/installations → 200: body\/\d+\/account/,
    why: "the list's account is described as a user and an enterprise at once (allOf); everywhere else it is one of the two",
  },
  {
    problem: /body\/(\d+\/)?head\/(repo|user) must be object/,
    why: "a pull request whose fork was deleted has head.repo null in recorded answers",
  },
  {
    problem: /check_suite\/app\/events\/\d+ must be equal to one of/,
    why: "the list of events an App may subscribe to is older than some events",
  },
  {
    problem:
      /deployments\/\{deployment_id\}\/statuses(\/\{status_id\})? → 200: body(\/\d+)?\/state must be equal to one of/,
    why: "a job that waits at its environment has a status `waiting`, which GraphQL's enumeration knows and this one does not",
  },
];

function isMistake(problem: string): boolean {
  return mistakes.some((mistake) => mistake.problem.test(problem));
}

/** What GitHub's description finds wrong with an answer. Refusals that it does not list pass: it lists few of them. */
export function checkResponse(answered: Answered): string[] {
  const operation = operationOf(answered.method, answered.url);
  if (operation === null)
    return [`${answered.method} ${answered.url}: no such operation in GitHub's description`];
  const where = `${answered.method} ${operation.template} → ${answered.status}`;
  const documented = asObject(operation.body["responses"])[String(answered.status)];
  if (documented === undefined)
    return answered.status < 300 ? [`${where}: this status is not documented`] : [];
  const content = asObject(resolved(documented)["content"]);
  const schema = asObject(content["application/json"] ?? Object.values(content)[0])["schema"];
  if (schema === undefined) {
    return answered.body === undefined || answered.status >= 300
      ? []
      : [`${where}: an empty answer is documented`];
  }
  if (answered.body === undefined)
    return answered.status === 304 ? [] : [`${where}: a body is documented`];
  return problemsOf("body", validator(where, schema), answered.body)
    .map((problem) => `${where}: ${problem}`)
    .filter((problem) => !isMistake(problem));
}

/** What GitHub's description finds wrong with a webhook it is said to have sent. */
export function checkWebhook(sent: {
  readonly event: string;
  readonly action: string | null;
  readonly payload: unknown;
}): string[] {
  const name = [sent.event, ...(sent.action === null ? [] : [sent.action])]
    .join("-")
    .replaceAll("_", "-");
  const webhooks = asObject(description()["x-webhooks"]);
  const found = asObject(asObject(webhooks[name])["post"])["requestBody"];
  if (found === undefined) return [`${name}: GitHub's description knows no such webhook`];
  const schema = asObject(asObject(resolved(found)["content"])["application/json"])["schema"];
  return problemsOf("payload", validator(`webhook ${name}`, schema), sent.payload)
    .map((problem) => `${name}: ${problem}`)
    .filter((problem) => !isMistake(problem));
}
