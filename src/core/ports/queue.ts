/** Something to do later. Items with an equal `key` are one row, so a burst of events on one subject is one piece of work. */
export interface WorkItem {
  readonly key: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Smaller is sooner; see `priorities`. */
  readonly priority: number;
  /** Not before this instant. */
  readonly runAt: number;
  /** A further mark within this time moves a waiting row's `runAt` on, never beyond the first mark + `settleAtMost`. */
  readonly settleMs?: number;
  readonly settleAtMost?: number;
  /** Whose work it is: due rows are leased evenly over the installations, and over the shares of each. A repository's id, or `shareOfInstallation`. Left out: the common share. */
  readonly share?: string;
}

export const shareOfInstallation = (installation: number): string => `installation:${installation}`;

export const priorities = { deployment: 10, command: 20, pullRequest: 50, sweep: 90 } as const;

/** A leased row. `generation` is the fencing token: it rises with every lease, and only its holder may write. */
export interface Lease {
  readonly key: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly priority: number;
  readonly generation: number;
  readonly attempts: number;
  /** Of the tries, those that failed for reasons of our own or took their process with them. */
  readonly faults: number;
  readonly leasedUntil: number;
}

export interface Queue {
  /** Adds or coalesces. A row that is leased now is run once more afterwards. */
  readonly mark: (items: readonly WorkItem[]) => Promise<void>;
  readonly lease: (
    owner: string,
    now: number,
    leaseMs: number,
    limit: number,
  ) => Promise<readonly Lease[]>;
  /** false when the lease is no longer ours. */
  readonly extend: (lease: Lease, until: number) => Promise<boolean>;
  readonly holds: (lease: Lease) => Promise<boolean>;
  /** Done. `wakeAt`: run again then, unless something marks it sooner. */
  readonly complete: (lease: Lease, wakeAt: number | null) => Promise<void>;
  /** `isFault`: it failed for a reason of our own, which trying again is unlikely to help. */
  readonly retry: (lease: Lease, at: number, error: string, isFault?: boolean) => Promise<void>;
  /** Too many attempts: the dead-letter queue; a new mark takes it out again. */
  readonly deadLetter: (lease: Lease, error: string) => Promise<void>;
  /** Releases what processes that are no longer alive held. */
  readonly releaseDead: (isAlive: (owner: string) => boolean) => Promise<number>;
  readonly release: (owner: string) => Promise<number>;
  readonly stats: (now: number) => Promise<QueueStats>;
  /** The next instant at which a row becomes due; null when none waits. */
  readonly nextDue: () => Promise<number | null>;
}

export interface QueueStats {
  readonly waiting: number;
  readonly due: number;
  readonly leased: number;
  readonly dead: number;
  /** Age in ms of the oldest due row. */
  readonly oldestDueMs: number;
}
