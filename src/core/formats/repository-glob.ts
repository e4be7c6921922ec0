import { matchesName } from "./glob.ts";

/**
 * Whether a repository is named by a glob: by its name, or, where the glob has a slash, by owner/name. So `acme*` in the
 * organisation acme is not every repository there is. GitHub compares both without case.
 */
export function isRepositoryNamed(
  patterns: readonly string[],
  owner: string,
  name: string,
): boolean {
  return patterns.some((pattern) =>
    matchesName(pattern, pattern.includes("/") ? `${owner}/${name}` : name, { ignoreCase: true }),
  );
}
