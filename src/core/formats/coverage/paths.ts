import { indexPaths, type PathIndex, pathsBelow, walkSuffix } from "./path-index.ts";
import { applyRebase, chooseRebase, type Rebase } from "./rebase.ts";
import type { CoverageFile, CoverageReport } from "./report.ts";
import { isAbsolutePath, joinPath } from "./tidy-path.ts";

export { indexPaths };

/** Where a report's files lie in the repository: `targets[i]` for `files[i]`, undefined when unknown; every doubt is listed. */
export type PathMapping = {
  readonly targets: readonly (string | undefined)[];
  readonly matched: number;
  readonly unmatched: readonly string[];
  readonly ambiguous: readonly { readonly path: string; readonly candidates: readonly string[] }[];
};

const shown = 5;

/** Folders in which a runner's jobs find the repository: what follows is a repository path, not just the end of one. */
const checkouts = [
  /^\/(?:home|Users)\/runner\/work\/([^/]+)\/\1\//,
  /^[A-Za-z]:\/a\/([^/]+)\/\1\//,
  /^\/__w\/([^/]+)\/\1\//,
  /^\/github\/workspace\//,
];

/**
 * Maps a report's paths to repository paths: as they stand, behind a runner's checkout folder, below the folders where
 * the report file lay (`reportPath`, the artifact entry's name), or by the one prefix that explains most of them.
 * What fits several files fits none. Given only the changed paths, a file of the same name elsewhere can be mistaken
 * for a changed one; given all paths of the repository, it cannot.
 */
export function mapPaths(report: CoverageReport, index: PathIndex, reportPath = ""): PathMapping {
  const paths = report.files.map((file) => knownCheckout(file.path));
  const targets: (string | undefined)[] = paths.map(() => undefined);
  const doubts = new Map<number, readonly string[]>();
  const goModule = report.formats.length === 1 && report.formats[0] === "go";
  const hints = foldersOf(reportPath);

  const foreign = indicesOf(paths, (path) => path !== "" && (isAbsolutePath(path) || goModule));
  rebaseGroup(foreign, paths, index, true, [], targets, doubts);
  const relative = indicesOf(paths, (path) => path !== "" && !isAbsolutePath(path) && !goModule);
  const chosen = rebaseGroup(relative, paths, index, false, hints, targets, doubts);

  for (const i of relative) {
    if (targets[i] !== undefined) continue;
    const file = report.files[i];
    const path = paths[i];
    if (file === undefined || path === undefined) continue;
    const found =
      fromSources(path, report.sources ?? [], index) ??
      (asItStands(chosen) ? undefined : uniqueBelow(path, file.module, index));
    if (typeof found === "string") targets[i] = found;
    if (found === undefined) continue;
    if (typeof found === "string") doubts.delete(i);
    else doubts.set(i, found);
  }
  dropRivals(targets, doubts);
  return {
    targets,
    matched: targets.filter((target) => target !== undefined).length,
    unmatched: report.files
      .filter((_, i) => targets[i] === undefined && !doubts.has(i))
      .map((file) => file.path),
    ambiguous: [...doubts].map(([i, candidates]) => ({
      path: report.files[i]?.path ?? "",
      candidates: candidates.slice(0, shown),
    })),
  };
}

/** The report with repository paths where they are known; the other files keep their own and still count for the project. */
export function relocate(report: CoverageReport, mapping: PathMapping): CoverageReport {
  const files = report.files.map((file, i): CoverageFile => {
    const target = mapping.targets[i];
    if (target === undefined) return file;
    const { module: _, ...rest } = file;
    return { ...rest, path: target };
  });
  return { ...report, files };
}

function rebaseGroup(
  group: readonly number[],
  paths: readonly string[],
  index: PathIndex,
  foreign: boolean,
  hints: readonly string[],
  targets: (string | undefined)[],
  doubts: Map<number, readonly string[]>,
): Rebase | undefined {
  const { chosen, rivals } = chooseRebase(
    group.map((i) => paths[i] ?? ""),
    index,
    foreign,
    hints,
  );
  for (const i of group) {
    const candidates = (chosen === undefined ? rivals : [chosen])
      .flatMap((rebase) => applyRebase(paths[i] ?? "", rebase) ?? [])
      .filter((path) => index.paths.has(path));
    const [only] = candidates;
    if (candidates.length === 1) targets[i] = only;
    else if (candidates.length > 1) doubts.set(i, candidates);
  }
  return chosen;
}

/** Paths that exist as they stand are the repository's own: nothing of the report needs a folder in front. */
function asItStands(rebase: Rebase | undefined): boolean {
  return rebase !== undefined && rebase.strip === "" && rebase.add === "";
}

/** Cobertura with several `<source>` folders: the file lies below one of them. */
function fromSources(
  path: string,
  sources: readonly string[],
  index: PathIndex,
): string | readonly string[] | undefined {
  const own = path.split("/").length;
  const found = new Set<string>();
  for (const source of sources) {
    const { whole } = walkSuffix(index, knownCheckout(joinPath(source, path)).split("/"));
    const longest = whole.at(-1);
    if (longest !== undefined && longest.split("/").length >= own) found.add(longest);
  }
  return oneOf([...found]);
}

/** JaCoCo names packages, not folders: the one file that ends so, or the one of the report's module. */
function uniqueBelow(
  path: string,
  module: string | undefined,
  index: PathIndex,
): string | readonly string[] | undefined {
  const segments = path.split("/");
  const { node, depth } = walkSuffix(index, segments);
  if (depth < segments.length) return undefined;
  const all = pathsBelow(node, 50);
  const name = module?.split("/").at(-1);
  const inModule =
    name === undefined ? [] : all.filter((candidate) => candidate.split("/").includes(name));
  return oneOf(inModule.length > 0 ? inModule : all);
}

function oneOf(candidates: readonly string[]): string | readonly string[] | undefined {
  return candidates.length === 1 ? candidates[0] : candidates.length === 0 ? undefined : candidates;
}

/** Two files of a report that claim one repository file: neither has it. */
function dropRivals(targets: (string | undefined)[], doubts: Map<number, readonly string[]>): void {
  const claims = new Map<string, number[]>();
  targets.forEach((target, i) => {
    if (target !== undefined) claims.set(target, [...(claims.get(target) ?? []), i]);
  });
  for (const [target, claimants] of claims) {
    if (claimants.length < 2) continue;
    for (const i of claimants) {
      targets[i] = undefined;
      doubts.set(i, [target]);
    }
  }
}

function knownCheckout(path: string): string {
  for (const checkout of checkouts) {
    const found = checkout.exec(path);
    if (found !== null) return path.slice(found[0].length);
  }
  return path;
}

/** The folders around a report file, nearest first, the top left out: that one is "as it stands". */
function foldersOf(reportPath: string): readonly string[] {
  const segments = reportPath.split("/").slice(0, -1);
  return segments.map((_, i) => segments.slice(0, segments.length - i).join("/"));
}

function indicesOf(paths: readonly string[], is: (path: string) => boolean): readonly number[] {
  return paths.flatMap((path, i) => (is(path) ? [i] : []));
}
