import { braceExpand } from "minimatch";
import { boundedCache } from "./bounded-cache.ts";
import { globProblem, isPattern, matchesPath } from "./glob.ts";

/** A folder that a glob looks into, as a glob of its own. */
interface Folder {
  readonly glob: string;
  /** Its last name is spelled out. */
  readonly isNamed: boolean;
}

/** The folders of a glob that say where they are: `**` is every folder, and `*` at the top each file there. */
const foldersOf = boundedCache(2_000, (pattern: string): readonly Folder[] =>
  globProblem(pattern, "path") === null
    ? braceExpand(pattern, { braceExpandMax: 256 }).flatMap((plain) => {
        const parts = plain.split("/");
        return parts.slice(0, -1).flatMap((last, index) => {
          const above = parts.slice(0, index + 1);
          const isNamed = !isPattern(last);
          return last === "**" || last === "" || above.every((part) => isPattern(part))
            ? []
            : [{ glob: above.join("/"), isNamed }];
        });
      })
    : [],
);

/**
 * Whether a changed path may be a folder that a glob looks into: a submodule, or a link to a folder. Git lists either by its
 * own path, so `vendor/ssl/**` does not match a new commit of the submodule `vendor/ssl`. Git shows either as one line:
 * `isOneLine` false leaves out folders that the glob does not spell out (`packages/*` of `packages/*\/src/**`).
 */
export const mayBeFolderOf = (
  patterns: readonly string[],
  path: string,
  { isOneLine }: { readonly isOneLine: boolean },
): boolean =>
  patterns.some((pattern) =>
    foldersOf(pattern).some(
      ({ glob, isNamed }) => (isNamed || isOneLine) && matchesPath(glob, path),
    ),
  );
