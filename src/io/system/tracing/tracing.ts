import type { FactReader } from "#core/ports/facts.ts";
import type { Delivery } from "#core/ports/inbox.ts";
import type { Ledger } from "#core/ports/ledger.ts";
import type { Publisher } from "#core/ports/publisher.ts";
import type { Lease, Queue, WorkItem } from "#core/ports/queue.ts";

/** Where a log line belongs, in the names that OpenTelemetry gives them there. */
export interface TraceIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/** One event from GitHub's delivery to what is published, as spans. Ids and kinds only: no name of anybody, no text. */
export interface Tracing {
  /** A delivery that is signed, until it is stored. */
  readonly delivered: (
    delivery: Pick<Delivery, "guid" | "event">,
    store: () => Promise<"stored" | "duplicate">,
  ) => Promise<"stored" | "duplicate">;
  readonly routed: (delivery: Delivery, route: () => Promise<void>) => Promise<void>;
  /** A piece of work, in the trace of the event that asked for it last. */
  readonly worked: <T extends { readonly kind: string }>(
    lease: Lease,
    work: () => Promise<T>,
  ) => Promise<T>;
  /** Work with the trace that it belongs to. */
  readonly carried: (items: readonly WorkItem[]) => readonly WorkItem[];
  readonly queue: (queue: Queue) => Queue;
  readonly facts: <Reader extends FactReader>(reader: Reader) => Reader;
  readonly ledger: (ledger: Ledger) => Ledger;
  readonly publisher: (publisher: Publisher) => Publisher;
  /** undefined: nothing is traced at this moment. */
  readonly ids: () => TraceIds | undefined;
  /** Sends what is left. */
  readonly close: () => Promise<void>;
}

/** Where spans are sent nowhere. */
export const untraced: Tracing = {
  delivered: (_delivery, store) => store(),
  routed: (_delivery, route) => route(),
  worked: (_lease, work) => work(),
  carried: (items) => items,
  queue: (queue) => queue,
  facts: (reader) => reader,
  ledger: (ledger) => ledger,
  publisher: (publisher) => publisher,
  ids: () => undefined,
  close: () => Promise.resolve(),
};
