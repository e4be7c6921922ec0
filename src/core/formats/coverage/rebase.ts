import { type PathIndex, pathsBelow, walkSuffix } from "./path-index.ts";
import { isAbsolutePath } from "./tidy-path.ts";

/** How a report's paths become repository paths: take `strip` off the front, put `add` there. Both without slashes at the ends. */
export type Rebase = { readonly strip: string; readonly add: string };

/** Enough paths to tell a common prefix from a coincidence, few enough that weighing costs milliseconds. */
const sampled = 400;
const weighed = 12;
const spread = 8;

/**
 * The one rebase that explains a report's paths best: that of most files, and only one under whose stripped folder most
 * of the paths lie, so that a chance likeness of two `src/index.ts` decides nothing. Two equally good ones: undefined,
 * with both as `rivals`. `foreign` paths (absolute, or behind a Go module's name) may lose a prefix; others only gain one.
 */
export function chooseRebase(
  paths: readonly string[],
  index: PathIndex,
  foreign: boolean,
  hints: readonly string[],
): { readonly chosen?: Rebase; readonly rivals: readonly Rebase[] } {
  const votes = new Map<string, { readonly rebase: Rebase; votes: number }>();
  const sample = evenly(paths, sampled);
  const vote = (strip: string, add: string): void => {
    const key = `${strip}\0${add}`;
    const entry = votes.get(key) ?? { rebase: { strip, add }, votes: 0 };
    entry.votes += 1;
    votes.set(key, entry);
  };
  for (const path of sample) voteFor(path, index, foreign, vote);
  for (const hint of hints) vote("", hint);
  const scored = [...votes.values()]
    .sort((a, b) => b.votes - a.votes)
    .slice(0, weighed)
    .map(({ rebase }) => ({
      rebase,
      matched: sample.filter((path) => matches(path, rebase, index)).length,
      inside: sample.filter((path) => isUnder(path, rebase.strip)).length,
    }))
    .filter(({ matched, inside }) => matched > 0 && inside * 2 > sample.length)
    .sort(
      (a, b) =>
        b.matched - a.matched ||
        rank(a.rebase, hints) - rank(b.rebase, hints) ||
        b.inside - a.inside,
    );
  const [best, second] = scored;
  if (best === undefined) return { rivals: [] };
  const tied =
    second !== undefined &&
    second.matched === best.matched &&
    second.inside === best.inside &&
    rank(second.rebase, hints) === rank(best.rebase, hints);
  if (tied)
    return {
      rivals: scored.filter((one) => one.matched === best.matched).map((one) => one.rebase),
    };
  return { chosen: best.rebase, rivals: [] };
}

/** The repository path that a rebase makes of a report's path, whether it exists or not. */
export function applyRebase(path: string, { strip, add }: Rebase): string | undefined {
  if (!isUnder(path, strip)) return undefined;
  const rest = strip === "" ? path : path.slice(strip.length + 1);
  return add === "" ? rest : `${add}/${rest}`;
}

function voteFor(
  path: string,
  index: PathIndex,
  foreign: boolean,
  vote: (strip: string, add: string) => void,
): void {
  const segments = path.split("/");
  const { whole, node, depth } = walkSuffix(index, segments);
  for (const match of whole) {
    const taken = match.split("/").length;
    if (taken === segments.length || foreign)
      vote(segments.slice(0, segments.length - taken).join("/"), "");
  }
  if (depth === segments.length) {
    // The whole report path is a suffix of repository paths: it lacks a folder in front.
    for (const match of pathsBelow(node, spread))
      if (match.length > path.length) vote("", match.slice(0, match.length - path.length - 1));
  } else if (foreign && whole.length === 0 && depth >= 2 && node.below === 1) {
    // Something in front of both differs: a Go module or a container's folder stands for a folder of the repository.
    const [match = ""] = pathsBelow(node, 1);
    const matched = match.split("/");
    const add = matched.slice(0, matched.length - depth);
    const strip = segments.slice(0, segments.length - depth);
    // A shared folder in front means that both are in the same tree, only elsewhere: packages/a is not packages/b.
    if (!strip.includes(add[0] ?? "")) vote(strip.join("/"), add.join("/"));
  }
}

/** Some of many, from all over the list: reports go folder by folder. */
function evenly(paths: readonly string[], count: number): readonly string[] {
  if (paths.length <= count) return paths;
  return Array.from(
    { length: count },
    (_, i) => paths[Math.floor((i * paths.length) / count)] ?? "",
  );
}

function matches(path: string, rebase: Rebase, index: PathIndex): boolean {
  const rebased = applyRebase(path, rebase);
  return rebased !== undefined && index.paths.has(rebased);
}

function isUnder(path: string, folder: string): boolean {
  return folder === "" ? !isAbsolutePath(path) : path.startsWith(`${folder}/`);
}

/** Among equally good ones: as it stands, then beside the report file, then stripping only, then adding, then both. */
function rank({ strip, add }: Rebase, hints: readonly string[]): number {
  if (strip === "" && add === "") return 0;
  const hint = strip === "" ? hints.indexOf(add) : -1;
  if (hint !== -1) return 1 + hint / (hints.length + 1);
  if (add === "") return 2;
  return strip === "" ? 3 : 4;
}
