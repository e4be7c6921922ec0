import { CompiledQuery, type RootOperationNode } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { openDatabase } from "#io/database/store/database.ts";
import { createDeployments } from "#io/database/store/deployments.ts";
import { migrate } from "#io/database/store/migrate.ts";
import type { Db } from "#io/database/store/tables.ts";

const open: Db[] = [];
afterEach(async () => {
  for (const db of open.splice(0)) await db.destroy();
});

/** What SQLite says of how it finds the rows of what `ask` reads. */
async function plansOf(ask: (read: Db) => Promise<unknown>): Promise<readonly string[]> {
  const db = await openDatabase({ kind: "memory" });
  open.push(db);
  await migrate(db);
  const asked: RootOperationNode[] = [];
  const seeing = db.withPlugin({
    transformQuery: ({ node }) => (asked.push(node), node),
    transformResult: ({ result }) => Promise.resolve(result),
  });
  await ask(seeing);
  const plans: string[] = [];
  for (const node of asked) {
    const { sql, parameters } = db.getExecutor().compileQuery(node, { queryId: "plan" });
    const { rows } = await db.executeQuery<{ readonly detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    plans.push(...rows.map(({ detail }) => detail));
  }
  return plans;
}

describe("what is asked every few seconds", () => {
  it("is found by an index: deployments for which callers are held", async () => {
    const rows = [1, 2].map((repository) => ({ repository, deploymentId: 7, environment: "live" }));
    const plans = await plansOf((read) =>
      createDeployments({ read, write: () => Promise.reject(new Error("only read here")) }).rows(
        rows,
      ),
    );
    expect(plans).not.toEqual([]);
    for (const plan of plans) expect(plan).toMatch(/^SEARCH deployments USING INDEX/);
  });
});
