import { minimatch } from "minimatch";
import { installationsOf } from "@gatehouse/github-simulator/world/lookup.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";

/** A press of a button, or a word that a test put on record without GitHub: GitHub's world does not hold them. */
export interface Told {
  readonly kind: string;
  readonly repo: number;
  readonly environment: string | null;
  readonly sha: string | null;
  readonly by: number;
  readonly at: number;
  readonly until: number | null;
}

/** A merge as it happened: whether the head was green then, and onto which base it went. */
export interface MergeSeen {
  readonly repo: number;
  readonly number: number;
  readonly base: string;
  readonly from: string;
  readonly to: string;
  readonly wasGreen: boolean;
}

/** The simulated GitHub at one instant, with what the oracle has to remember of before. */
export interface Scene {
  readonly world: World;
  readonly now: number;
  readonly told: readonly Told[];
  readonly merges: readonly MergeSeen[];
  /** Texts of organisations' policies as they last could be read, by organisation. */
  readonly orgPolicies: ReadonlyMap<number, readonly string[]>;
}

/** Only paths and branch names have segments. */
export const pathMatches = (pattern: string, path: string): boolean =>
  minimatch(path, pattern, { dot: true });

/** A matrix list in the name of a job (`[a, b]`, `[a]`) is no class of characters. */
const bracketed = /(?<!\\)\[([^[\]\\]*[, ][^[\]\\]*|[0-9A-Za-z])\]/gu;

export const nameMatches = (pattern: string, name: string): boolean =>
  minimatch(
    name.replaceAll("/", "\u0001"),
    pattern.replace(bracketed, "\\[$1\\]").replaceAll("/", "\u0001"),
    { dot: true },
  );

export const blobText = (world: World, sha: string): string | undefined =>
  world.git.blobs.get(sha)?.toString("utf8");

/** Text of a regular file at a commit. */
export function fileAt(world: World, sha: string, path: string): string | undefined {
  const entry = world.git.commits.get(sha)?.files.get(path);
  if (entry === undefined || entry.mode === "120000" || entry.mode === "160000") return undefined;
  return blobText(world, entry.sha);
}

/** The commits at which the default branch stood for so long at least, newest first, as far as GitHub's activity tells. */
export function standsOf(repo: Repo, leastMs = 0): readonly string[] {
  const ref = `refs/heads/${repo.defaultBranch}`;
  const tip = repo.refs.get(ref);
  const before = repo.activity.filter((one) => one.ref === ref);
  const lasting = before
    .filter((one, at) => (before[at + 1]?.at ?? Infinity) - one.at >= leastMs)
    .map((one) => one.after)
    .filter((sha) => !/^0+$/.test(sha))
    .reverse();
  return [...(tip === undefined ? [] : [tip]), ...lasting];
}

export const isReadable = (world: World, repo: Repo): boolean =>
  installationsOf(world, repo, world.appId).some((one) => one.suspendedAt === null);

/** A copy that later changes of the world do not reach; archives are shared, nobody changes them. */
function copyOf(repo: Repo): Repo {
  const { artifacts, evidence, ...rest } = repo;
  return { ...structuredClone(rest), artifacts: new Map(artifacts), evidence };
}

/** The world with one repository, and the people, as they are now. */
export function frozen(world: World, repo: Repo | undefined): World {
  const now = world.now();
  return {
    ...world,
    now: () => now,
    accounts: structuredClone(world.accounts),
    teams: structuredClone(world.teams),
    repos:
      repo === undefined ? new Map(world.repos) : new Map(world.repos).set(repo.id, copyOf(repo)),
  };
}
