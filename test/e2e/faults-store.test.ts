import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  calmIn,
  dueNow,
  impatiently,
  inDatabase,
  newRepo,
  open,
  repositoryId,
  theRun,
  turnsGreen,
  waits,
} from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { send } from "./send.ts";
import { listenToWire } from "./wire.ts";

const wire = listenToWire();
const newSecret = "n".repeat(40);
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
let oldSecret: string;

beforeAll(async () => {
  oldSecret = "o".repeat(40);
  gatehouse = await runGatehouse({
    skipsWaits: true,
    simulator: { onExchange: wire.onExchange, webhookSecret: oldSecret },
    secrets: [newSecret, oldSecret],
  });
  sim = gatehouse.sim;
});
afterAll(async () => {
  await gatehouse.stop();
});

const database = (): string => gatehouse.settings.databaseUrl;
const ready = async (): Promise<number> => (await fetch(`${gatehouse.gate.url}/readyz`)).status;
const metric = async (name: string): Promise<number> =>
  Number(
    new RegExp(`^gatehouse_${name} (\\S+)$`, "m").exec(
      await (await fetch(`${gatehouse.gate.url}/metrics`)).text(),
    )?.[1],
  );

/** The database refuses everything about some tables, as a damaged file or a half-restored backup would. */
async function without(tables: readonly string[], act: () => Promise<void>): Promise<void> {
  const rename = (suffix: readonly [string, string]): Promise<void> =>
    inDatabase(
      database(),
      (db) =>
        void tables.forEach((table) =>
          db.exec(`alter table ${table}${suffix[0]} rename to ${table}${suffix[1]}`),
        ),
    );
  await rename(["", "_away"]);
  try {
    await act();
  } finally {
    await rename(["_away", ""]);
  }
}

describe("a store in trouble", () => {
  it("F20: what cannot be stored is answered 503, and comes by the next sweep", async () => {
    const repo = newRepo(sim, "not-stored");
    await calm(gatehouse);
    let headSha = "";
    await without(["inbox", "counters"], async () => {
      headSha = open(sim, repo).headSha;
      await sim.settled();
      const sent = sim.deliveries.filter((delivery) => delivery.event === "pull_request");
      expect(sent.map((delivery) => delivery.statusCode)).toEqual([503]);
      expect(await ready()).toBe(503);
      expect((await fetch(`${gatehouse.gate.url}/healthz`)).status).toBe(200);
    });
    await until("readiness", ready, (status) => status === 200);
    expect(checkRunsOn(sim, repo, headSha)).toEqual([]);
    await dueNow(database(), "sweep-deliveries");
    await waits(sim, repo, headSha);
  });

  it("F20: a delivery that cannot be routed for the store's sake waits, and is not put aside", async () => {
    const repo = newRepo(sim, "not-routed");
    await calm(gatehouse);
    let headSha = "";
    await without(["repositories"], async () => {
      headSha = open(sim, repo).headSha;
      await sim.settled();
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await waits(sim, repo, headSha);
    expect(
      await inDatabase(
        database(),
        (db) =>
          (
            db.prepare("select count(*) as n from inbox where state = 'buried'").get() as {
              readonly n: number;
            }
          ).n,
      ),
    ).toBe(0);
  });

  it("F20: a decision that cannot be recorded is not published, and made again", async () => {
    const repo = newRepo(sim, "not-recorded");
    await calm(gatehouse);
    let headSha = "";
    await without(["outbox"], async () => {
      headSha = open(sim, repo).headSha;
      await until(
        "a try in vain",
        () =>
          inDatabase(
            database(),
            (db) =>
              (
                db
                  .prepare("select count(*) as n from queue where attempts > 0 and key like ?")
                  .get(`pr:${repositoryId(sim, repo)}:%`) as { readonly n: number }
              ).n,
          ),
        (count) => count === 1,
      );
      expect(checkRunsOn(sim, repo, headSha)).toEqual([]);
    });
    await impatiently(database(), waits(sim, repo, headSha));
    theRun(sim, repo, headSha);
  });

  it("F20: a store that can be read and not written is not ready", async () => {
    await inDatabase(database(), (db) =>
      db.exec(
        "create trigger full before update on counters begin select raise(abort, 'disk full'); end",
      ),
    );
    expect(await ready()).toBe(503);
    await inDatabase(database(), (db) => db.exec("drop trigger full"));
    expect(await ready()).toBe(200);
  });

  it("F20: a file that another process holds for a moment delays a delivery and loses none", async () => {
    const repo = newRepo(sim, "held");
    await calm(gatehouse);
    const holder = new Database(database().slice("file:".length), { timeout: 5000 });
    holder.exec("begin immediate");
    const { headSha } = open(sim, repo);
    const settled = sim.settled();
    await new Promise((resolve) => setTimeout(resolve, 600));
    holder.exec("rollback");
    holder.close();
    await settled;
    expect(
      sim.deliveries
        .filter((delivery) => delivery.repositoryId === repositoryId(sim, repo))
        .map((delivery) => delivery.statusCode)
        .filter((status) => status !== 202),
    ).toEqual([]);
    await waits(sim, repo, headSha);
  });
});

describe("work that can never succeed", () => {
  it.each([
    ["judge", '{"kind":"pull_request","repository":"x"}'],
    ["judge", "[]"],
    ["preview", "null"],
    ["a kind nobody knows", "{}"],
  ])(
    "F34: a malformed row of kind %s (%s) ends in the dead-letter queue, and the others go on",
    async (kind, payload) => {
      const repo = newRepo(sim, `beside-${kind.replaceAll(" ", "-")}-${payload.length}`);
      await calmIn(gatehouse, repo);
      const key = `poison:${kind}:${payload}`;
      await inDatabase(database(), (db) =>
        db
          .prepare(
            "insert into queue (key, kind, payload, share, priority, state, due_at, firm_at, attempts, faults, generation) values (?, ?, ?, '', 1, 'waiting', ?, ?, 6, 6, 0)",
          )
          .run(key, kind, payload, Date.now(), Date.now()),
      );
      const { headSha } = open(sim, repo);
      await waits(sim, repo, headSha);
      const row = await impatiently(
        database(),
        until(
          "the dead-letter queue",
          () =>
            inDatabase(
              database(),
              (db) =>
                db.prepare("select state, attempts, error from queue where key = ?").get(key) as {
                  readonly state: string;
                  readonly error: string;
                },
            ),
          (found) => found.state === "dead",
        ),
      );
      expect(row.error).not.toBe("");
      expect(await metric("queue_dead")).toBeGreaterThan(0);
      await inDatabase(database(), (db) => db.prepare("delete from queue where key = ?").run(key));
    },
  );

  it("F34: a delivery of nonsense touches nothing and holds up nobody", async () => {
    const repo = newRepo(sim, "beside-nonsense");
    await calmIn(gatehouse, repo);
    const at = { url: gatehouse.gate.url, secret: newSecret };
    for (const payload of [
      { action: {}, pull_request: { number: -1 }, repository: 7 },
      { ref: ["refs"], repository: { id: "x" }, installation: { id: {} } },
      { check_run: { head_sha: "🙂" }, repository: { id: 2 ** 60 } },
    ]) {
      for (const event of ["pull_request", "push", "check_run", "installation"])
        expect(await send({ ...at, event, payload: { ...payload, event } })).toBe(202);
    }
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
  });
});

describe("secrets", () => {
  it("F33: while the secret is rotated deliveries with the old and the new one count, and no other", async () => {
    const repo = newRepo(sim, "rotating");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    sim.webhook({ secret: "x".repeat(40) });
    sim.review({ repo, number, by: "eve", state: "comment" });
    await sim.settled();
    expect(sim.deliveries.at(-1)?.statusCode).toBe(401);
    sim.webhook({ secret: newSecret });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
  });
});

describe("the wire", () => {
  it("carries nothing that GitHub's descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(10);
    expect(wire.problems()).toEqual([]);
  });
});
