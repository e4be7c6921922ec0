import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

let loaded: Json | null = null;

/** GitHub's published description of the REST API (api.github.com), as it came; 13 MB, so read once and only when asked. */
export function description(): Json {
  if (loaded === null) {
    const file = createRequire(import.meta.url).resolve(
      "@octokit/openapi/generated/api.github.com.json",
    );
    loaded = asObject(JSON.parse(readFileSync(file, "utf8")));
  }
  return loaded;
}

/** Follows a `#/components/…` reference. */
export function resolved(value: unknown): Json {
  const ref = asObject(value)["$ref"];
  if (typeof ref !== "string") return asObject(value);
  return asObject(
    ref
      .slice(2)
      .split("/")
      .reduce<unknown>((at, key) => asObject(at)[key.replaceAll("~1", "/")], description()),
  );
}

export interface Operation {
  readonly template: string;
  readonly body: Json;
  readonly params: Readonly<Record<string, string>>;
}

interface Template {
  readonly template: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly literals: number;
  readonly item: Json;
}

let templates: readonly Template[] | null = null;

function compile(template: string, item: Json): Template {
  const multi = new Set<string>();
  for (const operation of Object.values(item)) {
    const parameters = asObject(operation)["parameters"];
    for (const parameter of Array.isArray(parameters) ? parameters.map(resolved) : []) {
      if (parameter["x-multi-segment"] === true) multi.add(String(parameter["name"]));
    }
  }
  const names: string[] = [];
  const source = template
    .split("/")
    .map((part) =>
      part
        .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
        .replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
          names.push(name);
          return multi.has(name) ? "(.*)" : "([^/]+)";
        }),
    )
    .join("/");
  return {
    template,
    pattern: new RegExp(`^${source}$`),
    names,
    literals: template.split("/").filter((part) => !part.includes("{")).length,
    item,
  };
}

function allTemplates(): readonly Template[] {
  templates ??= Object.entries(asObject(description()["paths"]))
    .map(([template, item]) => compile(template, asObject(item)))
    .sort((a, b) => b.literals - a.literals || a.names.length - b.names.length);
  return templates;
}

/** Path without the GHES prefix; the id forms to which GitHub redirects become the named forms, which are the documented ones. */
export function documentedPath(url: string): string {
  const path = new URL(url, "http://localhost").pathname.replace(/^\/api\/v3(?=\/)/, "");
  // The root directory has an empty path.
  return path
    .replace(/^\/repositories\/\d+(?=\/|$)/, "/repos/by/id")
    .replace(/(?<=^\/repos\/[^/]+\/[^/]+\/contents)$/, "/");
}

/** The operation that a call means; `null` when the description knows none. */
export function operationOf(method: string, url: string): Operation | null {
  const path = documentedPath(url);
  for (const { template, pattern, names, item } of allTemplates()) {
    const match = pattern.exec(path);
    const operation = item[method.toLowerCase()];
    if (match === null || operation === undefined) continue;
    return {
      template,
      body: asObject(operation),
      params: Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]),
      ),
    };
  }
  return null;
}
