import { braceExpand } from "minimatch";
import { boundedCache } from "./bounded-cache.ts";
import { globProblem, isPattern } from "./glob.ts";

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

export interface FolderGlobs {
  /** Folders that the globs spell out. */
  readonly named: readonly string[];
  /** Folders that they leave open (`packages/*` of `packages/*\/src/**`). */
  readonly open: readonly string[];
}

/**
 * Globs of the folders that a glob looks into. A changed path may be such a folder itself, a submodule or a link: Git lists
 * either by its own path, so `vendor/ssl/**` does not match a new commit of the submodule `vendor/ssl`. Git shows either as
 * one line, so that other changes are none of the `open` ones.
 */
export function folderGlobs(patterns: readonly string[]): FolderGlobs {
  const folders = patterns.flatMap(foldersOf);
  const globs = (isNamed: boolean): readonly string[] => [
    ...new Set(folders.filter((each) => each.isNamed === isNamed).map(({ glob }) => glob)),
  ];
  return { named: globs(true), open: globs(false) };
}
