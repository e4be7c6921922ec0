import type { Simulator } from "@gatehouse/github-simulator";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { stackOf } from "@gatehouse/github-simulator/world/stacks.ts";
import type { Random } from "./random.ts";

/** What happens to the branches that pull requests stand on. `isQuiet`: GitHub tells nobody. */
export type BranchMove =
  | {
      readonly do: "stack";
      readonly repo: string;
      /** From the bottom up. */
      readonly numbers: readonly number[];
      readonly isQuiet: boolean;
    }
  | {
      readonly do: "stackOn" | "retargetStack";
      readonly repo: string;
      /** One that is in the stack. */
      readonly number: number;
      /** What goes on top, or the new base. */
      readonly to: string;
      readonly isQuiet: boolean;
    }
  | { readonly do: "leaveStack"; readonly repo: string; readonly number: number }
  | {
      readonly do: "deleteBranch";
      readonly repo: string;
      readonly branch: string;
      readonly isQuiet: boolean;
    };

/** Whether nobody is told of it, so that only a sweep finds it. */
export const isUntold = (move: { readonly do: string; readonly isQuiet?: boolean }): boolean =>
  move.do === "leaveStack" || move.isQuiet === true;

export function performOnBranches(sim: Simulator, repo: Repo, move: BranchMove): void {
  const { repo: name } = move;
  const stackWith = (number: number): number => {
    const found = stackOf(repo, number);
    if (found === null) throw new Error(`#${number} is in no stack`);
    return found.number;
  };
  switch (move.do) {
    case "stack":
      if (move.numbers.some((number) => stackOf(repo, number) !== null))
        throw new Error("one of them is in a stack already");
      sim.stack({ repo: name, pulls: move.numbers, quiet: move.isQuiet });
      return;
    case "stackOn":
      if (stackOf(repo, Number(move.to)) !== null) throw new Error("it is in a stack already");
      sim.addToStack({
        repo: name,
        stack: stackWith(move.number),
        pull: Number(move.to),
        quiet: move.isQuiet,
      });
      return;
    case "retargetStack":
      sim.retargetStack({
        repo: name,
        stack: stackWith(move.number),
        base: move.to,
        quiet: move.isQuiet,
      });
      return;
    case "leaveStack":
      sim.leaveStack({ repo: name, pull: move.number });
      return;
    case "deleteBranch":
      if (!repo.refs.has(`refs/heads/${move.branch}`)) throw new Error("there is no such branch");
      sim.deleteBranch({ repo: name, branch: move.branch, by: "ada", quiet: move.isQuiet });
      return;
  }
}

/** A move of this kind that the repository allows now. */
export function chooseOnBranches(
  random: Random,
  name: string,
  repo: Repo,
  step: number,
):
  | BranchMove
  | {
      readonly do: "open";
      readonly repo: string;
      readonly by: string;
      readonly head: string;
      readonly base: string;
      readonly title: string;
      readonly path: string;
    }
  | undefined {
  const open = [...repo.pulls.values()].filter(
    (pull) => repo.issues.get(pull.number)?.state === "open" && pull.queue === null,
  );
  const below = (pull: Pull): Pull | undefined =>
    open.find((one) => one.headRef === pull.baseRef && one !== pull);
  const isQuiet = random.chance(30);
  const kind = random.one(["open", "open", "stack", "stack", "on", "retarget", "leave", "delete"]);
  const stacked = open.filter((pull) => stackOf(repo, pull.number) !== null);
  switch (kind) {
    case "open": {
      const lower = random.any(open.slice(-4));
      if (lower === undefined) return undefined;
      return {
        do: "open",
        repo: name,
        by: random.one(["ada", "bob", "carol"]),
        head: `topic-${step}`,
        base: lower.headRef,
        title: random.one(["feat: on top", "fix: on top", "docs: on top"]),
        path: random.one(["src/a.ts", "src/c.ts", "docs/d.md"]),
      };
    }
    case "stack": {
      const upper = random.any(open.filter((pull) => below(pull) !== undefined));
      const lower = upper === undefined ? undefined : below(upper);
      return upper === undefined || lower === undefined
        ? undefined
        : { do: "stack", repo: name, numbers: [lower.number, upper.number], isQuiet };
    }
    case "on": {
      const upper = open.find((pull) => {
        const lower = below(pull);
        return (
          lower !== undefined &&
          stackOf(repo, pull.number) === null &&
          stackOf(repo, lower.number)?.pulls.at(-1) === lower.number
        );
      });
      const lower = upper === undefined ? undefined : below(upper);
      return upper === undefined || lower === undefined
        ? undefined
        : { do: "stackOn", repo: name, number: lower.number, to: String(upper.number), isQuiet };
    }
    case "retarget": {
      const one = random.any(stacked);
      return one === undefined
        ? undefined
        : {
            do: "retargetStack",
            repo: name,
            number: one.number,
            to: random.one(["main", "dev", "release/1"]),
            isQuiet,
          };
    }
    case "leave": {
      const one = random.any(stacked);
      return one === undefined ? undefined : { do: "leaveStack", repo: name, number: one.number };
    }
    case "delete": {
      const bases = new Set(open.map((pull) => pull.baseRef));
      const branch = random.any(
        [...repo.pulls.values()].map((pull) => pull.headRef).filter((ref) => bases.has(ref)),
      );
      return branch === undefined ? undefined : { do: "deleteBranch", repo: name, branch, isQuiet };
    }
  }
}
