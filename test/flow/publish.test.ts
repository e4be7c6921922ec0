import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "#core/model/effect.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { Publisher } from "#core/ports/publisher.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import { publish, type Published } from "#flow/publish/publish.ts";
import { stopsHeard } from "#flow/publish/terms.ts";
import { aRepository, noMeter } from "../io/github/local-github.ts";
import {
  aComment,
  anItem,
  closeAfterEach,
  handClock,
  openAt,
  type HandClock,
} from "../io/database/store/harness.ts";

// What two processes do that share a database, played by two workers with a lease each; GitHub is a list of comments.

const repository: RepositoryRecord = aRepository();
const key = "comment:1:1";

let clock: HandClock;
let store: Store;
let comments: { id: number; body: string }[];
/** What GitHub does with a request that arrives; a test may hold it up. */
let arrival: () => Promise<void>;

const publisher: Publisher = {
  perform: async (effect, _repository, known) => {
    await arrival();
    await known.mayLeave?.();
    if (effect.kind === "deployment_review") {
      comments.push({ id: comments.length + 1, body: effect.comment });
      return { remoteId: null };
    }
    if (effect.kind !== "comment") throw new Error("only comments and answers here");
    const id = known.remoteId ?? (known.maybeSent ? (comments[0]?.id ?? null) : null);
    if (id === null) comments.push({ id: comments.length + 1, body: effect.body });
    else
      comments = comments.map((comment) =>
        comment.id === id ? { id, body: effect.body } : comment,
      );
    return { remoteId: id ?? comments.length };
  },
  hasLanded: () => Promise.resolve(comments.length > 0),
};

closeAfterEach();
beforeEach(async () => {
  clock = handClock();
  store = await openAt(":memory:", clock);
  comments = [];
  arrival = () => Promise.resolve();
});

async function leaseOn(subject: string, owner = "w"): Promise<Lease> {
  await store.queue.mark([anItem({ key: subject, runAt: clock.now() })]);
  const [lease] = await store.queue.lease(owner, clock.now(), 15_000, 1);
  if (lease === undefined) throw new Error(`no lease on ${subject}`);
  return lease;
}

const wanted = (body: string, effect: Effect = aComment({ body })): Promise<unknown> =>
  store.ledger.record({
    lease: null,
    decision: null,
    effects: [{ effect, hash: body }],
    audit: [],
  });
const send = (lease: Lease, target = key): Promise<Published> =>
  publish(
    {
      store,
      publisher,
      clock,
      meter: noMeter,
      github: {
        currentHead: () => Promise.reject(new GatehouseError("not_found", "none here")),
        team: () => Promise.resolve(null),
      },
    },
    lease,
    target,
    repository,
  );

/** Holds up the first request until it is let go. */
function heldUp(): { readonly isUnderWay: Promise<void>; readonly letGo: () => void } {
  let letGo: () => void = () => undefined;
  let underWay: () => void = () => undefined;
  const isUnderWay = new Promise<void>((resolve) => (underWay = resolve));
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  let isFirst = true;
  arrival = async () => {
    if (!isFirst) return;
    isFirst = false;
    underWay();
    await gone;
  };
  return { isUnderWay, letGo };
}

describe("sending", () => {
  it("F21: two workers that want the same target changed send one after the other, the newest wish last", async () => {
    const [one, other] = [await leaseOn("pr:1:1"), await leaseOn("pr:1:2")];
    const first = heldUp();
    await wanted("old");
    const sending = send(one);
    await first.isUnderWay;
    await wanted("new");
    const next = send(other);
    first.letGo();
    expect(await Promise.all([sending, next])).toEqual(["sent", "sent"]);
    expect(comments).toEqual([{ id: 1, body: "new" }]);
  });

  it("F22: a worker whose lease was taken over sends nothing", async () => {
    const paused = await leaseOn("pr:1:1");
    await wanted("green");
    clock.forward(16_000);
    await leaseOn("pr:1:1", "other");
    await expect(send(paused)).rejects.toMatchObject({ code: "stale" });
    expect(comments).toEqual([]);
  });

  it("F22: what a paused worker sent, and another after it, is sent once more: nobody knows which landed last", async () => {
    const paused = await leaseOn("pr:1:1");
    const first = heldUp();
    await wanted("green");
    const late = send(paused);
    await first.isUnderWay;
    clock.forward(16_000);
    const next = await leaseOn("pr:1:1", "other");
    await wanted("wait");
    await send(next);
    await store.queue.complete(next, null);
    first.letGo();
    await late;
    // The request of the paused worker was the last to land.
    comments = [{ id: 1, body: "green" }];
    const again = await store.queue.lease("other", clock.now(), 15_000, 1);
    expect(again).toMatchObject([{ key: "pr:1:1" }]);
    await wanted("wait");
    for (const lease of again) await send(lease);
    expect(comments).toEqual([{ id: 1, body: "wait" }]);
  });

  it("F9: after a crash no second one is made while the first may still arrive, and the first is adopted", async () => {
    const killed = await leaseOn("pr:1:1");
    await wanted("hello");
    await store.outbox.beginSending(key, "hello", killed, killed.leasedUntil);
    const from = clock.now();
    await store.queue.releaseDead(() => false);
    clock.forward(300);
    const next = await leaseOn("pr:1:1");
    await expect(send(next)).rejects.toMatchObject({ code: "unavailable", retryAt: from + 10_000 });
    comments = [{ id: 1, body: "hello" }];
    expect(await send(next)).toBe("sent");
    expect(comments).toEqual([{ id: 1, body: "hello" }]);
    expect(await store.outbox.row(key)).toMatchObject({
      remoteId: 1,
      sentHash: "hello",
      maybeSent: false,
    });
  });

  it("F8: after a crash what never arrived is sent once it cannot arrive any more", async () => {
    const killed = await leaseOn("pr:1:1");
    await wanted("hello");
    await store.outbox.beginSending(key, "hello", killed, killed.leasedUntil);
    await store.queue.releaseDead(() => false);
    clock.forward(10_000);
    expect(await send(await leaseOn("pr:1:1"))).toBe("sent");
    expect(comments).toEqual([{ id: 1, body: "hello" }]);
  });

  it("an answer that is an error frees the target at once", async () => {
    const [one, other] = [await leaseOn("pr:1:1"), await leaseOn("pr:1:2")];
    await wanted("hello");
    arrival = () => Promise.reject(new GatehouseError("unavailable", "502"));
    await expect(send(one)).rejects.toMatchObject({ code: "unavailable" });
    arrival = () => Promise.resolve();
    expect(await send(other)).toBe("sent");
    expect(comments).toHaveLength(1);
  });
});

describe("a yes that may leave only under terms", () => {
  const approval = async (until: number | null): Promise<Effect> => ({
    kind: "deployment_review",
    key: "review:1:2:production",
    repository: repository.id,
    runId: 3,
    deploymentId: 2,
    environment: "production",
    state: "approved",
    comment: "may go",
    terms: {
      until,
      heard: await stopsHeard({ store }, repository.id, null),
    },
  });
  const freeze = (): Promise<boolean> =>
    store.acts.add({
      id: "comment:1:0",
      kind: "freeze",
      repository: repository.id,
      pullRequest: null,
      environment: "production",
      sha: null,
      name: null,
      actor: { id: 2, login: "bob", type: "User" },
      at: clock.now(),
      expiresAt: null,
      reason: "the shop is down",
      detail: {},
    });
  const happens = {
    "its time is over": () => Promise.resolve(clock.forward(1_000)),
    "somebody stops it": freeze,
  };

  it.each(Object.entries(happens))("does not leave once %s", async (_name, happen) => {
    const lease = await leaseOn("dep:1:2:production");
    const effect = await approval(clock.now() + 1_000);
    await wanted("approved", effect);
    await happen();
    expect(await send(lease, effect.key)).toBe("outdated");
    expect(comments).toEqual([]);
    expect(await store.outbox.row(effect.key)).toBeNull();
  });

  it.each(Object.entries(happens))(
    "does not leave where it waited for room until %s, and the next one does not wait for it",
    async (_name, happen) => {
      const lease = await leaseOn("dep:1:2:production");
      const effect = await approval(clock.now() + 1_000);
      await wanted("approved", effect);
      arrival = async () => void (await happen());
      expect(await send(lease, effect.key)).toBe("outdated");
      expect(comments).toEqual([]);
      arrival = () => Promise.resolve();
      await wanted("anew", await approval(null));
      expect(await send(lease, effect.key)).toBe("sent");
      expect(comments).toHaveLength(1);
    },
  );
});
