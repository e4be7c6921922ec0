import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fencesOf } from "../../scripts/docs/markdown.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import { notConverged } from "../chaos/converged.ts";
import { patience } from "../support/patience.ts";
import { onServer, withPostgres } from "../support/postgres.ts";
import { sweep } from "../walk/sweep.ts";
import { isHeld, knock, newShop, opens, says } from "./deployments-world.ts";
import { newRepo, open, theRun, turnsGreen, waits } from "./fault-world.ts";
import { calm, runGatehouse } from "./harness.ts";

const page = new URL("../../docs/operations.md", import.meta.url);

/** The block of docs/operations.md that holds these words, as it stands there. */
function documented(words: string): string {
  const found = fencesOf(readFileSync(page, "utf8")).filter(({ text }) => text.includes(words));
  expect(found, `one block with ${words}`).toHaveLength(1);
  return found[0]?.text ?? "";
}

const approved =
  "version: 1\nrules:\n  - name: released\n    applies_to: deployment\n    require: { approvals: { count: 1 } }\n";

const wal = mkdtempSync(join(tmpdir(), "gatehouse-wal-"));
// The server is another user than the tests.
chmodSync(wal, 0o777);
afterAll(() => rmSync(wal, { recursive: true, force: true }));

describe("over PostgreSQL", () => {
  withPostgres(
    (running) => {
      it(
        "F20: the documented commands bring the database back to an instant, and the gate goes on from there, once",
        async () => {
          const server = running();
          const env = {
            BASE: join(server.folder, "base"),
            RESTORED: join(server.folder, "restored"),
            WAL: wal,
            PGPORT: String(server.port),
          };
          const gatehouse = await runGatehouse({
            skipsWaits: true,
            settings: { databaseUrl: await server.newDatabase() },
          });
          let isRestored = false;
          try {
            const { sim, settings } = gatehouse;
            const url = settings.databaseUrl;
            const repo = newRepo(sim, "instant");
            const shop = newShop(sim, "instant-shop", approved);
            const before = open(sim, repo, { head: "before" });
            await waits(sim, repo, before.headSha);
            server.shell(documented("pg_basebackup"), { ...env, DATABASE_URL: url });
            // After the base backup and before the instant: it stands in the archive alone.
            sim.review({ repo, number: before.number, by: "bob", state: "approve" });
            await turnsGreen(sim, repo, before.headSha);
            await calm(gatehouse);
            const [row] = await onServer(
              url,
              "select clock_timestamp()::text as now, pg_sleep(0.2)",
            );
            const instant = (row as { readonly now: string }).now;

            const after = open(sim, repo, { head: "after" });
            const held = knock(sim, shop);
            await waits(sim, repo, after.headSha);
            await isHeld(sim, held, /approval/);
            await calm(gatehouse);

            await gatehouse.restart(5_000, () => {
              execFileSync("sleep", ["0.1"]);
              server.shell('pg_ctl --pgdata "$DATA" --wait --mode fast stop', {
                ...env,
                DATA: join(server.folder, "data"),
              });
              server.shell(documented("recovery.signal"), { ...env, INSTANT: instant });
              isRestored = true;
            });
            expect(await onServer(url, "select pg_is_in_recovery() as still")).toEqual([
              { still: false },
            ]);
            await sweep(gatehouse);
            await turnsGreen(sim, repo, before.headSha);
            await waits(sim, repo, after.headSha);
            await calm(gatehouse);
            for (const { headSha } of [before, after]) theRun(sim, repo, headSha);
            await says(gatehouse, held, "approve", "bob");
            await opens(sim, held);
            await calm(gatehouse);
            expect(await notConverged(sim, url)).toEqual([]);
            const records = await openRecords(url);
            expect(await verifyAudit(records)).toMatchObject({ kind: "ok" });
            await records.close();
          } finally {
            await gatehouse.stop();
            if (isRestored) server.shell('pg_ctl --pgdata "$RESTORED" --mode immediate stop', env);
          }
        },
        90_000 * patience,
      );
    },
    {
      settings: `${documented("archive_mode").replaceAll("/srv/wal", wal)}\nunix_socket_directories = ''`,
    },
  );
});
