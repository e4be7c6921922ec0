import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dueNow,
  impatiently,
  inDatabase,
  newRepo,
  open,
  redeliver,
  repositoryId,
  reviewed,
  tested,
  theRun,
  turnsGreen,
  waits,
  writesTo,
} from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";

const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({
    simulator: { onExchange: wire.onExchange },
    patience: { requestTimeoutMs: 300 },
  });
  sim = gatehouse.sim;
});
afterAll(async () => {
  await gatehouse.stop();
});

const database = (): string => gatehouse.settings.databaseUrl;

/** Every order of a short list. */
function orders<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.length < 2
    ? [list]
    : list.flatMap((first, at) => orders(list.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

describe("how deliveries arrive", () => {
  it("F1: a delivery that comes five times is one check run, written once", async () => {
    const repo = newRepo(sim, "five-times");
    sim.deliveryFault({ event: "pull_request", duplicate: 4, times: 1 });
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calm(gatehouse);
    theRun(sim, repo, headSha);
    expect(writesTo(sim, repo)).toBe(1);
    const sent = sim.deliveries.filter(
      (delivery) =>
        delivery.event === "pull_request" && delivery.repositoryId === repositoryId(sim, repo),
    );
    expect(sent.map((delivery) => delivery.statusCode).toSorted()).toEqual([
      200, 200, 200, 200, 202,
    ]);
  });

  it("F2: a redelivery takes work out of the dead-letter queue that its first delivery led to", async () => {
    const repo = newRepo(sim, "given-up");
    await calm(gatehouse);
    sim.fault({ match: { path: `/repos/${repo}/` }, status: 422 });
    const { number, headSha } = open(sim, repo);
    const key = `pr:${repositoryId(sim, repo)}:${number}`;
    // Seven tries in vain lie behind it; the eighth gives up.
    await until(
      "a failed try",
      () =>
        inDatabase(
          database(),
          (db) =>
            db
              .prepare(
                "update queue set attempts = 7, faults = 7, due_at = ?, firm_at = ? where key = ? and state = 'waiting' and attempts > 0",
              )
              .run(Date.now(), Date.now(), key).changes,
        ),
      (changes) => changes === 1,
    );
    // The eighth try reads everything and is refused when it publishes.
    await until(
      "the dead-letter queue",
      () =>
        inDatabase(
          database(),
          (db) =>
            db.prepare("select state from queue where key = ?").get(key) as
              { readonly state: string } | undefined,
        ),
      (row) => row?.state === "dead",
    );
    expect(await (await fetch(`${gatehouse.gate.url}/metrics`)).text()).toMatch(
      /^gatehouse_queue_dead 1$/m,
    );
    expect(checkRunsOn(sim, repo, headSha)).toEqual([]);
    sim.clearFaults();
    const first = sim.deliveries.find(
      (delivery) =>
        delivery.event === "pull_request" && delivery.repositoryId === repositoryId(sim, repo),
    );
    if (first === undefined) throw new Error("no delivery");
    redeliver(sim, first);
    await waits(sim, repo, headSha);
    await calm(gatehouse);
    const again = sim.deliveries.filter((delivery) => delivery.guid === first.guid);
    expect(again.map((delivery) => delivery.statusCode)).toEqual([202, 200]);
    redeliver(sim, first);
    await calm(gatehouse);
    expect(writesTo(sim, repo)).toBe(1);
  });

  it("F3: the events of a pull request end in one state, in whatever order they come", async () => {
    const repo = newRepo(sim, "any-order", tested);
    const kinds = ["opened", "synchronize", "check", "closed", "reopened"] as const;
    sim.holdWebhooks();
    const queue = sim.world.outbox.queue;
    const heads: string[] = [];
    // Every eighth of the 120 orders: each kind of event comes first and last at least once.
    for (const [index, order] of orders(kinds).entries()) {
      if (index % 8 !== 0) continue;
      const head = `order-${index}`;
      const from = queue.length;
      const { number } = open(sim, repo, { head });
      const { sha } = sim.commit({
        repo,
        branch: head,
        files: { "src/a.ts": `${index}\n` },
        author: "ada",
      });
      sim.checkRun({
        repo,
        sha,
        name: "unit",
        app: "ci",
        status: "completed",
        conclusion: "success",
      });
      sim.closePull({ repo, number, by: "ada" });
      sim.reopenPull({ repo, number, by: "ada" });
      heads.push(sha);
      const mine = queue.splice(from);
      const place = (delivery: (typeof mine)[number]): number => {
        const kind = kinds.find((each) => delivery.action === each) ?? "check";
        return order.indexOf(kind);
      };
      queue.push(...mine.toSorted((a, b) => place(a) - place(b)));
    }
    sim.releaseWebhooks();
    await Promise.all(heads.map((sha) => turnsGreen(sim, repo, sha)));
    await calm(gatehouse);
    for (const sha of heads)
      expect(theRun(sim, repo, sha)).toMatchObject({
        conclusion: "success",
        title: "1 rule passes",
      });
  });

  it("F3: an old event that arrives late does not hide the head from what comes after it", async () => {
    const repo = newRepo(sim, "late", tested);
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await sim.settled();
    sim.deliveryFault({ event: "pull_request", action: "labeled", drop: true, times: 1 });
    sim.label({ repo, number, label: "docs", by: "bob" });
    const { sha } = sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "2\n" },
      author: "ada",
    });
    await waits(sim, repo, sha);
    const lost = sim.deliveries.find(
      (delivery) =>
        delivery.action === "labeled" && delivery.repositoryId === repositoryId(sim, repo),
    );
    if (lost === undefined) throw new Error("no delivery");
    redeliver(sim, lost);
    await calm(gatehouse);
    sim.checkRun({
      repo,
      sha,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "success",
    });
    await turnsGreen(sim, repo, sha);
  });

  it("F3: an event from before a rename, a transfer or a reinstallation brings no old name back", async () => {
    const repo = newRepo(sim, "before");
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    sim.deliveryFault({ event: "pull_request", action: "labeled", drop: true, times: 1 });
    sim.label({ repo, number: 1, label: "docs", by: "bob" });
    sim.uninstall({ account: "acme" });
    await calm(gatehouse);
    sim.installApp({ account: "acme" });
    await calm(gatehouse);
    const lost = sim.deliveries.find(
      (delivery) =>
        delivery.action === "labeled" && delivery.repositoryId === repositoryId(sim, repo),
    );
    if (lost === undefined) throw new Error("no delivery");
    redeliver(sim, lost);
    await calm(gatehouse);
    sim.review({ repo, number: 1, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
  });

  it("F4: of deliveries that are lost by the third, every pull request is judged after one sweep", async () => {
    const repo = newRepo(sim, "lossy");
    await calm(gatehouse);
    sim.deliveryFault({ drop: 0.3 });
    const pulls = Array.from({ length: 15 }, (_, n) => open(sim, repo, { head: `lossy-${n}` }));
    for (const { number } of pulls) sim.review({ repo, number, by: "bob", state: "approve" });
    await sim.settled();
    sim.clearDeliveryFaults();
    const lost = sim.deliveries.filter((delivery) => delivery.statusCode === 502);
    expect(lost.length).toBeGreaterThan(3);
    await dueNow(database(), "sweep-deliveries");
    await Promise.all(pulls.map(({ headSha }) => turnsGreen(sim, repo, headSha)));
    await calm(gatehouse);
    for (const { headSha } of pulls) theRun(sim, repo, headSha);
    for (const { guid } of lost)
      expect(sim.deliveries.filter((delivery) => delivery.guid === guid).at(-1)?.statusCode).toBe(
        202,
      );
  });

  it("F4: when GitHub refuses to deliver again, the next sweep asks again", async () => {
    const repo = newRepo(sim, "refused");
    await calm(gatehouse);
    sim.deliveryFault({ event: "pull_request", drop: true, times: 1 });
    const { headSha } = open(sim, repo);
    await sim.settled();
    sim.fault({ match: { method: "POST", path: "/attempts" }, status: 502, times: 3 });
    await dueNow(database(), "sweep-deliveries");
    await impatiently(database(), waits(sim, repo, headSha));
  });

  it("F4: a machine whose clock is ten minutes ahead still finds what was lost", async () => {
    const repo = newRepo(sim, "ahead");
    await calm(gatehouse);
    await dueNow(database(), "sweep-deliveries");
    await calm(gatehouse);
    sim.advance(-600_000);
    sim.deliveryFault({ event: "pull_request", drop: true, times: 1 });
    const { headSha } = open(sim, repo);
    await sim.settled();
    await dueNow(database(), "sweep-deliveries");
    await waits(sim, repo, headSha);
    sim.advance(600_000);
  });

  it("F5: what was never sent is found by the hourly reconciliation", async () => {
    const repo = newRepo(sim, "silent");
    await calm(gatehouse);
    sim.deliveryFault({ suppress: true });
    const first = open(sim, repo, { head: "one" });
    const second = open(sim, repo, { head: "two" });
    sim.review({ repo, number: second.number, by: "bob", state: "approve" });
    await dueNow(database(), "reconcile-all");
    await waits(sim, repo, first.headSha);
    await turnsGreen(sim, repo, second.headSha);
    // An approval nobody told us of turns a waiting pull request at the next round.
    sim.review({ repo, number: first.number, by: "bob", state: "approve" });
    sim.closePull({ repo, number: second.number, by: "ada" });
    await calm(gatehouse);
    await dueNow(database(), "reconcile-all");
    await turnsGreen(sim, repo, first.headSha);
    sim.clearDeliveryFaults();
  });

  it("F5: what was never sent while the gate was down is found at its start", async () => {
    const repo = newRepo(sim, "while-down");
    const known = open(sim, repo, { head: "known" });
    await waits(sim, repo, known.headSha);
    await calm(gatehouse);
    sim.deliveryFault({ suppress: true });
    const unknown = open(sim, repo, { head: "unknown" });
    sim.review({ repo, number: known.number, by: "bob", state: "approve" });
    const fresh = newRepo(sim, "made-while-down");
    const there = open(sim, fresh);
    await gatehouse.restart();
    await waits(sim, repo, unknown.headSha);
    await turnsGreen(sim, repo, known.headSha);
    await waits(sim, fresh, there.headSha);
    sim.clearDeliveryFaults();
  });

  it("F6: GitHub hangs, and deliveries are taken as quickly as ever", async () => {
    const repo = newRepo(sim, "hanging");
    await calm(gatehouse);
    sim.fault({ hang: true });
    const from = sim.deliveries.length;
    const pulls = Array.from({ length: 8 }, (_, n) => open(sim, repo, { head: `hang-${n}` }));
    await sim.settled();
    const taken = sim.deliveries.slice(from);
    expect(taken.map((delivery) => delivery.statusCode).filter((status) => status !== 202)).toEqual(
      [],
    );
    expect(Math.max(...taken.map((delivery) => delivery.durationMs))).toBeLessThan(1000);
    // They are routed too: nothing on the way from the door to the queue asks GitHub.
    await until(
      "everything routed",
      () =>
        inDatabase(
          database(),
          (db) =>
            (
              db.prepare("select count(*) as n from inbox where state = 'unrouted'").get() as {
                readonly n: number;
              }
            ).n,
        ),
      (n) => n === 0,
      2000,
    );
    sim.clearFaults();
    await impatiently(
      database(),
      Promise.all(pulls.map(({ headSha }) => waits(sim, repo, headSha))),
    );
  });

  it("F24: a push too large to be told whole is read where it is true", async () => {
    const repo = newRepo(sim, "large-push", tested);
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calm(gatehouse);
    sim.holdWebhooks();
    sim.commit({ repo, files: { ".github/gatehouse.yml": reviewed }, author: "ada" });
    // GitHub names at most 2,048 commits; the one that matters is not among them.
    for (const delivery of sim.world.outbox.queue) {
      if (delivery.event !== "push") continue;
      const other = (delivery.payload["commits"] as readonly object[])[0];
      Object.assign(delivery.payload, {
        commits: Array.from({ length: 2048 }, (_, n) => ({
          ...other,
          id: n.toString(16).padStart(40, "0"),
          added: [],
          removed: [],
          modified: [`src/${n}.ts`],
        })),
      });
    }
    sim.releaseWebhooks();
    await until(
      "the new policy",
      () => theRun(sim, repo, headSha).title,
      (title) => /approval/.test(title ?? ""),
    );
  });

  it("sends GitHub nothing that its descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
