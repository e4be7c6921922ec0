import type { Move } from "./moves.ts";
import type { Seen } from "./quiet.ts";

export interface StrollOptions<Step> {
  readonly steps: number;
  /** Ends it early, between two steps. */
  readonly until: number | undefined;
  /** Plays these steps instead of choosing any. */
  readonly trace: readonly Step[] | undefined;
  /** What it begins with. */
  readonly first: readonly Step[];
  /** Each is chosen when the one before it is made. */
  readonly next: (at: number) => Iterable<Step>;
  /** How many steps until the next look. */
  readonly apart: () => number;
  /** Fails with an error where the world says no: then the step was none. */
  readonly perform: (step: Step) => Promise<void>;
  /** Waits until what happened has had its effect, and looks at both sides. */
  readonly look: () => Promise<Seen>;
  /** Differences that somebody else saw. */
  readonly differences: () => readonly string[];
}

export interface Strolled<Step> extends Seen {
  readonly made: readonly Step[];
}

/** Step after step through a world, with a look at every few of them and at the end; ends where one shows a difference. */
export async function stroll<Step extends { readonly do: string }>(
  options: StrollOptions<Step | Move>,
): Promise<Strolled<Step | Move>> {
  const { steps, until = Infinity, trace, first, next, apart } = options;
  const made: (Step | Move)[] = [];
  const differences: string[] = [];
  let [judged, unjudged] = [0, 0];
  const step = async (one: Step | Move): Promise<void> => {
    made.push(one);
    if (one.do === "quiet") {
      const seen = await options.look();
      judged += seen.judged;
      unjudged += seen.unjudged;
      differences.push(...seen.differences);
      return;
    }
    try {
      await options.perform(one);
    } catch (error) {
      // A merge that conflicts, a pull request that is not queued: the world says no, and the walk goes on.
      if (!(error instanceof Error) || error.message.startsWith("simulator")) throw error;
      made.pop();
    }
  };
  const quiet: Move = { do: "quiet" };
  if (trace === undefined) {
    for (const one of [...first, quiet]) await step(one);
    let due = apart();
    for (let at = 0; at < steps && differences.length === 0 && Date.now() <= until; at += 1) {
      for (const one of next(at)) await step(one);
      if (options.differences().length > 0) break;
      if (at === due) {
        await step(quiet);
        due += apart();
      }
    }
    await step(quiet);
  } else for (const one of trace) await step(one);
  return {
    made,
    judged,
    unjudged,
    differences: [...new Set([...differences, ...options.differences()])],
  };
}
