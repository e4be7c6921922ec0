import type { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { Lease, WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import { done, type Outcome } from "./outcome.ts";

/**
 * What must hold of the payload's repository before a handler runs; where it does not, the work is done. `active`:
 * installed; `writable`: installed and not archived; `none`: the handler asks by itself, or no repository is concerned.
 */
export type Guard = "none" | "active" | "writable";

interface JobOptions<Schema extends z.ZodType, Guarded extends Guard> {
  readonly kind: string;
  readonly schema: Schema;
  readonly guard: Guarded;
  readonly priority: number | ((payload: z.input<Schema>) => number);
  /** Names the row: what has the same key is one piece of work. `name`: what the payload does not say. */
  readonly key: (payload: z.input<Schema>, name: string) => string;
  /** Whose work it is: due rows are leased evenly over the shares. */
  readonly share?: (payload: z.input<Schema>) => string;
}

/** The share of work that one repository may have much of. */
export const ofRepository = ({ repository }: { readonly repository: number }): string =>
  String(repository);

/** One kind of work as data: everything that marking, reading and guarding it takes, but its handler. */
export interface JobDefinition<Payload, Marked, Guarded extends Guard> {
  readonly kind: string;
  readonly guard: Guarded;
  readonly parse: (payload: unknown) => Payload;
  readonly item: (payload: Marked, runAt: number, name?: string) => WorkItem;
}

/** `repository` is there wherever the guard asks for one. */
export interface Work<Payload, Guarded extends Guard> {
  readonly lease: Lease;
  readonly payload: Payload;
  readonly repository: Guarded extends "none" ? null : RepositoryRecord;
}

export type Handler<Payload, Guarded extends Guard> = (
  work: Work<Payload, Guarded>,
) => Promise<Outcome>;

/** The handler that a job definition asks for. */
export type HandlerOf<Definition> =
  Definition extends JobDefinition<infer Payload, never, infer Guarded>
    ? Handler<Payload, Guarded>
    : never;

export function defineJob<Schema extends z.ZodType, Guarded extends Guard>({
  kind,
  schema,
  guard,
  priority,
  key,
  share,
}: JobOptions<Schema, Guarded> &
  (Guarded extends "none"
    ? unknown
    : { readonly schema: z.ZodType<{ readonly repository: number }> })): JobDefinition<
  z.output<Schema>,
  z.input<Schema>,
  Guarded
> {
  return {
    kind,
    guard,
    parse: (payload) => schema.parse(payload),
    item: (payload, runAt, name = "") => ({
      key: key(payload, name),
      kind,
      payload,
      priority: typeof priority === "number" ? priority : priority(payload),
      runAt,
      ...(share === undefined ? {} : { share: share(payload) }),
    }),
  };
}

/** A definition joined with its handler: what the worker runs. */
export interface Job {
  readonly kind: string;
  /** Throws where the payload is none of this kind. */
  readonly prepare: (lease: Lease) => PreparedJob;
}

export interface PreparedJob {
  /** The repository that the work is about; null: none. */
  readonly repository: number | null;
  readonly run: () => Promise<Outcome>;
}

const repositoryIn = (payload: unknown): number | null =>
  typeof payload === "object" &&
  payload !== null &&
  "repository" in payload &&
  typeof payload.repository === "number"
    ? payload.repository
    : null;

export function bindJob<Payload, Guarded extends Guard>(
  { records }: Pick<Store, "records">,
  { kind, guard, parse }: JobDefinition<Payload, never, Guarded>,
  handle: Handler<Payload, Guarded>,
  /** Before the work, also of one whose handler asks for the repository by itself. */
  before: (repository: RepositoryRecord) => Promise<void> = () => Promise.resolve(),
): Job {
  /** null: the guard is not met. */
  async function guarded(id: number | null): Promise<RepositoryRecord | null> {
    if (id === null)
      throw new GatehouseError("invalid", `work of kind ${kind} names no repository`);
    const repository = await records.repository(id);
    const isMet =
      repository !== null && repository.active && (guard === "active" || !repository.archived);
    return isMet ? repository : null;
  }

  return {
    kind,
    prepare: (lease) => {
      const payload = parse(lease.payload);
      const id = repositoryIn(payload);
      return {
        repository: id,
        run: async () => {
          const repository = guard === "none" ? null : await guarded(id);
          if (guard !== "none" && repository === null) return done;
          const about = repository ?? (id === null ? null : await records.repository(id));
          if (about !== null) await before(about);
          return handle({ lease, payload, repository } as Work<Payload, Guarded>);
        },
      };
    },
  };
}
