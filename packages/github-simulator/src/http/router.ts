import type { Route } from "./call.ts";

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** The routes of a method, most literal first; `{name}` takes a segment, `{name+}` the rest of the path. */
export interface Router {
  readonly byMethod: ReadonlyMap<string, readonly Compiled[]>;
}

function compile(route: Route, path: string): Compiled {
  const names: string[] = [];
  const source = path.replaceAll(/\{(\w+)(\+?)\}/g, (_all, name: string, rest: string) => {
    names.push(name);
    return rest === "+" ? "(.*)" : "([^/]+)";
  });
  return {
    route,
    names,
    pattern: new RegExp(`^${source.replaceAll(".", "\\.").replaceAll("(\\.*)", "(.*)")}$`),
  };
}

export function createRouter(routes: readonly Route[]): Router {
  const byMethod = new Map<string, Compiled[]>();
  for (const route of routes) {
    const list = byMethod.get(route.method) ?? [];
    list.push(compile(route, route.path));
    // Every repository path also answers under the id form, to which GitHub redirects after a rename.
    if (route.path.startsWith("/repos/{owner}/{repo}")) {
      list.push(
        compile(
          route,
          route.path.replace("/repos/{owner}/{repo}", "/repositories/{repository_id}"),
        ),
      );
    }
    byMethod.set(route.method, list);
  }
  // A path that takes the rest of the address must not swallow a longer one.
  const weight = (one: Compiled): number =>
    one.names.length + (one.route.path.includes("+}") ? 100 - one.route.path.length / 100 : 0);
  for (const list of byMethod.values()) list.sort((a, b) => weight(a) - weight(b));
  return { byMethod };
}

export function find(
  router: Router,
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | null {
  for (const { route, pattern, names } of router.byMethod.get(method) ?? []) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const params: Record<string, string> = {};
    for (const [index, name] of names.entries())
      params[name] = decodeURIComponent(match[index + 1] ?? "");
    return { route, params };
  }
  return null;
}
