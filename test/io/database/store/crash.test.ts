import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openDatabase } from "#io/database/store/database.ts";
import { closeAfterEach, freshDirectory, openAt } from "./harness.ts";
import { patience } from "../../../support/patience.ts";

interface Acknowledged {
  readonly deliveries: readonly number[];
  readonly records: readonly number[];
  readonly done: readonly number[];
}

/** Runs the writer and kills it (SIGKILL) as soon as it acknowledged `lines` writes. */
async function writeAndKill(url: string, from: number, lines: number): Promise<Acknowledged> {
  const script = fileURLToPath(new URL("./crash-writer.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["-C", "source", "--import", "tsx", script, url, String(from)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const said: string[] = [];
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  await ended;
  const numbers = (word: string): readonly number[] =>
    said
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => Number(line.slice(word.length)));
  return { deliveries: numbers("delivery"), records: numbers("record"), done: numbers("done") };
}

describe("kill -9", () => {
  closeAfterEach();

  it(
    "F7: nothing that was acknowledged is lost, again and again on one file",
    { timeout: 120_000 * patience },
    async () => {
      const path = join(freshDirectory(), "gatehouse.db");
      const url = `file:${path}`;
      for (const round of [0, 1, 2]) {
        const from = round * 1_000_000;
        const acknowledged = await writeAndKill(url, from, 150 + round * 7);
        expect(acknowledged.deliveries.length).toBeGreaterThan(0);

        const db = await openDatabase({ kind: "file", path });
        expect((await sql`pragma integrity_check`.execute(db)).rows).toEqual([
          { integrity_check: "ok" },
        ]);
        await db.destroy();

        const store = await openAt(url);
        const guids = acknowledged.deliveries.map((number) => `g${number}`);
        expect((await store.inbox.knownGuids(guids)).size).toBe(guids.length);
        for (const number of acknowledged.records) {
          expect((await store.records.lastDecision(`k${number}`))?.at).toBe(number);
          expect(await store.outbox.row(`c${number}`)).not.toBeNull();
        }
        expect((await verifyAudit(store)).kind).toBe("ok");

        // What the dead process held comes again; what it had finished does not.
        await store.queue.releaseDead(() => false);
        const open = (await store.queue.lease("next", Date.now(), 60_000, 100_000)).map((lease) =>
          Number(lease.key.slice(1)),
        );
        expect(open.filter((number) => acknowledged.done.includes(number))).toEqual([]);
        await store.queue.release("next");
        await store.close();
      }
    },
  );
});
