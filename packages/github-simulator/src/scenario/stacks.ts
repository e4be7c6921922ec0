import { actor } from "../world/accounts.ts";
import { pullNumbered, repoNamed } from "../world/lookup.ts";
import type { Repo } from "../world/repositories.ts";
import { stackOf, type Stack } from "../world/stacks.ts";
import type { World } from "../world/world.ts";
import { emitPull } from "../webhooks/pulls.ts";

interface Quietly {
  readonly repo: string;
  readonly by?: string;
  /** GitHub tells nobody. */
  readonly quiet?: boolean;
}

function joined(world: World, repo: Repo, number: number, input: Quietly): void {
  const { pull, issue } = pullNumbered(repo, number);
  issue.updatedAt = world.now();
  const byId = input.by === undefined ? issue.authorId : actor(world, input.by).id;
  if (input.quiet !== true) emitPull(world, repo, pull, "stacked", byId);
}

/** Makes a stack of pull requests, given from the bottom up; its base is that of the lowest unless named. */
export function stack(
  world: World,
  input: Quietly & { readonly pulls: readonly number[]; readonly base?: string },
): { number: number } {
  const repo = repoNamed(world, input.repo);
  const [lowest] = input.pulls;
  if (lowest === undefined) throw new Error("a stack of nothing");
  const made: Stack = {
    id: world.nextId(),
    number: repo.nextNumber++,
    base: input.base ?? pullNumbered(repo, lowest).pull.baseRef,
    pulls: [...input.pulls],
  };
  repo.stacks.set(made.number, made);
  for (const number of made.pulls) joined(world, repo, number, input);
  return { number: made.number };
}

function stackNumbered(repo: Repo, number: number): Stack {
  const found = repo.stacks.get(number);
  if (found === undefined) throw new Error(`no stack ${number}`);
  return found;
}

/** Puts one more on top. */
export function addToStack(
  world: World,
  input: Quietly & { readonly stack: number; readonly pull: number },
): void {
  const repo = repoNamed(world, input.repo);
  stackNumbered(repo, input.stack).pulls.push(input.pull);
  joined(world, repo, input.pull, input);
}

/** Gives the stack another base. GitHub has no event of its own for that: what is edited is the lowest pull request. */
export function retargetStack(
  world: World,
  input: Quietly & { readonly stack: number; readonly base: string },
): void {
  const repo = repoNamed(world, input.repo);
  const found = stackNumbered(repo, input.stack);
  found.base = input.base;
  for (const number of found.pulls) joined(world, repo, number, input);
}

/** Takes a pull request out; the last two part when one of them leaves. No event tells of it. */
export function leaveStack(world: World, input: { repo: string; pull: number }): void {
  const repo = repoNamed(world, input.repo);
  const found = stackOf(repo, input.pull);
  if (found === null) return;
  const left = found.pulls.filter((number) => number !== input.pull);
  for (const number of found.pulls) pullNumbered(repo, number).issue.updatedAt = world.now();
  if (left.length < 2) repo.stacks.delete(found.number);
  else found.pulls = left;
}
