import type { Queue } from "#core/ports/queue.ts";

/** A process joins the others over the same database under a lease holder's name. */
export interface Joining {
  readonly self: string;
  /** Whether the holder of a lease may live, by what this machine knows of its own processes. */
  readonly mayBeAlive: (owner: string) => boolean;
  /** Something is due that any of them marked, or left behind. */
  readonly onWork: () => void;
  /** That many pieces of work were taken from processes that have ended. */
  readonly onFreed: (count: number) => void;
}

/** Answers how to leave the others. Who of them lives, each database tells in its own way. */
export type Companions = (joining: Joining) => Promise<() => Promise<void>>;

/** A file's processes are all on one machine, which knows them, and look at the file by themselves, every second. */
export const companionsAtFile =
  (queue: Pick<Queue, "releaseDead">): Companions =>
  async ({ mayBeAlive, onFreed }) => {
    const count = await queue.releaseDead(mayBeAlive);
    if (count > 0) onFreed(count);
    return () => Promise.resolve();
  };
