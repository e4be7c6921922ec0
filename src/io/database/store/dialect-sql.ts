import type { Kysely, QueryExecutorProvider, RawBuilder } from "kysely";
import { GatehouseError } from "#core/model/errors.ts";
import type { Db } from "./tables.ts";
import type { QueueRow } from "./tables/queue.ts";

/** What one database says otherwise than another; everything else is the same text over both. */
export interface DialectSql {
  /** Other processes may write to it at the same time. */
  readonly isShared: boolean;
  readonly hasTable: (db: QueryExecutorProvider, name: string) => Promise<boolean>;
  /** Numbers that rise over all processes: made with the table `counters`, see `advance`. */
  readonly createCounters: (db: QueryExecutorProvider, names: readonly string[]) => Promise<void>;
  /** The next `by` values of a counter; answers the last of them. */
  readonly advance: (transaction: Db, name: string, by: number) => Promise<number>;
  /** Triggers that refuse every change of what a table holds. */
  readonly forbidChanges: (
    db: Kysely<unknown>,
    table: string,
    triggers: { readonly update: string; readonly delete: string },
    because: string,
  ) => Promise<void>;
  /** Until the transaction ends nobody else reads and writes what this key names; also where no row is there to be locked yet. */
  readonly oneAtATime: (transaction: Db, key: string) => Promise<void>;
  /** Of the rows that were found due, those that are due still and that no other transaction is taking now. */
  readonly takeable: (
    transaction: Db,
    rows: readonly QueueRow[],
    now: number,
    limit: number,
  ) => Promise<readonly QueueRow[]>;
  /** Tells the other processes, when the transaction stands, that rows were marked. */
  readonly announce: (transaction: Db, rows: readonly QueueRow[]) => Promise<void>;
  /** A key of a JSON object that stands in a column as text: as text, and as a number. */
  readonly textIn: (column: string, key: string) => RawBuilder<string>;
  readonly numberIn: (column: string, key: string) => RawBuilder<number | null>;
  /** Writes that many bytes that no compression makes fewer, in place of those written last. */
  readonly fillRoom: (transaction: Db, bytes: number) => Promise<void>;
}

/** An adapter that carries what its database says otherwise. */
export interface WithDialectSql {
  readonly dialectSql: DialectSql;
}

const carriesSql = (adapter: object): adapter is WithDialectSql => "dialectSql" in adapter;

export function sqlOf(db: QueryExecutorProvider): DialectSql {
  const { adapter } = db.getExecutor();
  if (carriesSql(adapter)) return adapter.dialectSql;
  throw new GatehouseError("unsupported", "A database that was not opened by Gatehouse.");
}
