import type { Selectable } from "kysely";
import type { Tickets } from "#core/ports/tickets.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { stored } from "./database.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Db } from "./tables.ts";
import type { TicketTable } from "./tables/tickets.ts";
import type { Database } from "./writer.ts";

/** Issues opened once for one key. */
export function createTickets(db: Database): Tickets {
  return {
    save: (row) => db.write((transaction) => save(transaction, row)),

    change: (repository, key, change) =>
      db.write(async (transaction) => {
        await sqlOf(transaction).oneAtATime(transaction, `ticket:${repository}:${key}`);
        const before = await find(transaction, repository, key);
        const after = change(before);
        if (after === null) return before;
        await save(transaction, after);
        return after;
      }),

    row: (repository, key) => find(db.read, repository, key),

    byIssue: async (repository, issue) => {
      const row = await db.read
        .selectFrom("tickets")
        .selectAll()
        .where("repository", "=", repository)
        .where("issue", "=", issue)
        .orderBy("key")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : rowOf(row);
    },

    open: async (repository, purpose) => {
      // Wanted ones too: what is owed is owed before GitHub has given it a number.
      const rows = await db.read
        .selectFrom("tickets")
        .selectAll()
        .where("repository", "=", repository)
        .where("purpose", "=", purpose)
        .where("state", "!=", "closed")
        .orderBy("opened_at")
        .orderBy("key")
        .execute();
      return rows.map(rowOf);
    },
  };
}

async function find(db: Db, repository: number, key: string): Promise<TicketRow | null> {
  const row = await db
    .selectFrom("tickets")
    .selectAll()
    .where("repository", "=", repository)
    .where("key", "=", key)
    .executeTakeFirst();
  return row === undefined ? null : rowOf(row);
}

async function save(transaction: Db, row: TicketRow): Promise<void> {
  const columns = {
    purpose: row.purpose,
    issue: row.issue,
    state: row.state,
    opened_at: row.openedAt,
    due_at: row.dueAt,
    closed_at: row.closedAt,
    detail: JSON.stringify(row.detail),
  };
  await transaction
    .insertInto("tickets")
    .values({ repository: row.repository, key: row.key, ...columns })
    .onConflict((conflict) => conflict.columns(["repository", "key"]).doUpdateSet(columns))
    .execute();
}

const rowOf = (row: Selectable<TicketTable>): TicketRow => ({
  repository: row.repository,
  key: row.key,
  purpose: row.purpose,
  issue: row.issue,
  state: row.state,
  openedAt: row.opened_at,
  dueAt: row.due_at,
  closedAt: row.closed_at,
  detail: stored<TicketRow["detail"]>(row.detail),
});
