import { AsyncLocalStorage } from "node:async_hooks";
import { priorities } from "#core/ports/queue.ts";

/** How long a piece of work can wait where GitHub's limits leave room for some of it only. */
export type Urgency = "first" | "usual" | "routine";

const current = new AsyncLocalStorage<Urgency>();

/** Deployments and what people said come first, sweeps last; what belongs to no piece of work is as usual. */
export const urgencyOf = (priority: number): Urgency =>
  priority <= priorities.command ? "first" : priority < priorities.sweep ? "usual" : "routine";

export const urgencyNow = (): Urgency => current.getStore() ?? "usual";

/** Whatever is asked of GitHub within this work, however deep below it, is that urgent. */
export const withUrgency = <T>(urgency: Urgency, work: () => Promise<T>): Promise<T> =>
  current.run(urgency, work);
