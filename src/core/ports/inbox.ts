export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly bodyHash: string;
  /** The body as received: JSON text. Removed once the delivery is old enough never to be needed. */
  readonly body: string;
  readonly receivedAt: number;
}

export interface Inbox {
  /** Durable when it returns. `duplicate`: this GUID, or this very body under another GUID, is here already. */
  readonly put: (delivery: Delivery) => Promise<"stored" | "duplicate">;
  /** Deliveries not yet routed, oldest first. */
  readonly unrouted: (limit: number) => Promise<readonly Delivery[]>;
  /**
   * The same for `by`, which routes them now; over a shared store one process does at a time, until `until` unless it asks
   * again. "taken": another one is at it.
   */
  readonly take: (
    by: string,
    until: number,
    limit: number,
  ) => Promise<readonly Delivery[] | "taken">;
  /** `by` has routed what it took. */
  readonly release: (by: string) => Promise<void>;
  /** How many are stored and not yet routed; none beyond `most` are counted. */
  readonly backlog: (most: number) => Promise<number>;
  readonly markRouted: (guids: readonly string[], at: number) => Promise<void>;
  /** A delivery that cannot be routed is put aside with the reason; the others go on. */
  readonly deadLetter: (guid: string, reason: string) => Promise<void>;
  readonly knownGuids: (guids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly prune: (before: number) => Promise<number>;
}
