import type { WorkItem } from "#core/ports/queue.ts";
import type { Store } from "#core/ports/store.ts";

/** Work that a batch of deliveries asks for: marked in one transaction, so that a storm costs one for two hundred. */
export interface MarkBatch {
  readonly mark: (items: readonly WorkItem[]) => void;
  /** Forgets what a batch that failed had collected: its deliveries are routed again. */
  readonly begin: () => void;
  /** Writes what was collected; false where there is nothing. */
  readonly commit: () => Promise<boolean>;
}

export function createMarkBatch({ queue }: Pick<Store, "queue">): MarkBatch {
  let collected: WorkItem[] = [];
  return {
    mark: (items) => {
      collected.push(...items);
    },
    begin: () => {
      collected = [];
    },
    commit: async () => {
      if (collected.length === 0) return false;
      await queue.mark(collected);
      return true;
    },
  };
}
