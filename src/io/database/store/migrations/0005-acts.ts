import type { Kysely, Migration } from "kysely";
import { sqlOf } from "../dialect-sql.ts";

/** What people did with the gate, what was deployed, and the issues opened for either. */
export const acts: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("acts")
      .addColumn("seq", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("id", "text", (c) => c.notNull().unique())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("pull_request", "integer")
      .addColumn("environment", "text")
      .addColumn("sha", "text")
      .addColumn("name", "text")
      .addColumn("actor", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("expires_at", "bigint")
      .addColumn("reason", "text", (c) => c.notNull())
      .addColumn("detail", "text", (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex("acts_of_repository")
      .on("acts")
      .columns(["repository", "at"])
      .execute();
    await db.schema
      .createIndex("acts_of_pull_request")
      .on("acts")
      .columns(["repository", "pull_request", "at"])
      .execute();
    await db.schema
      .createIndex("acts_of_sha")
      .on("acts")
      .columns(["repository", "sha", "at"])
      .execute();
    await sqlOf(db).forbidChanges(
      db,
      "acts",
      { update: "acts_keep", delete: "acts_stay" },
      "acts are append-only",
    );

    await db.schema
      .createTable("deployments")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("deployment_id", "bigint", (c) => c.notNull())
      .addColumn("environment", "text", (c) => c.notNull())
      .addColumn("sha", "text", (c) => c.notNull())
      .addColumn("ref", "text", (c) => c.notNull())
      .addColumn("run_id", "bigint")
      .addColumn("actor", "text")
      .addColumn("created_at", "bigint", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("started_at", "bigint")
      .addColumn("finished_at", "bigint")
      .addColumn("succeeded_at", "bigint")
      .addColumn("gate_requested_at", "bigint")
      .addColumn("gate_answered_at", "bigint")
      .addColumn("gate_answer", "text")
      .addColumn("reports", "integer", (c) => c.notNull())
      .addPrimaryKeyConstraint("deployments_key", ["repository", "deployment_id", "environment"])
      .execute();
    await db.schema
      .createIndex("deployments_newest")
      .on("deployments")
      .columns(["repository", "environment", "created_at"])
      .execute();
    await db.schema
      .createIndex("deployments_sha")
      .on("deployments")
      .columns(["repository", "sha"])
      .execute();
    await db.schema
      .createIndex("deployments_waiting")
      .on("deployments")
      .columns(["gate_answered_at", "gate_requested_at"])
      .execute();

    await db.schema
      .createTable("tickets")
      .addColumn("repository", "bigint", (c) => c.notNull())
      .addColumn("key", "text", (c) => c.notNull())
      .addColumn("purpose", "text", (c) => c.notNull())
      .addColumn("issue", "integer")
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("opened_at", "bigint", (c) => c.notNull())
      .addColumn("due_at", "bigint")
      .addColumn("closed_at", "bigint")
      .addColumn("detail", "text", (c) => c.notNull())
      .addPrimaryKeyConstraint("tickets_key", ["repository", "key"])
      .execute();
    await db.schema
      .createIndex("tickets_issue")
      .on("tickets")
      .columns(["repository", "issue"])
      .execute();
    await db.schema
      .createIndex("tickets_open")
      .on("tickets")
      .columns(["repository", "purpose", "state"])
      .execute();
  },
};
