import examples from "@octokit/webhooks-examples" with { type: "json" };
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runGatehouse, until, type Gatehouse } from "./harness.ts";
import { send, sign } from "./send.ts";

interface Example {
  readonly name: string;
  readonly examples: readonly unknown[];
}

let gatehouse: Gatehouse;
const old = "o".repeat(32);
const current = "c".repeat(40);

beforeAll(async () => {
  gatehouse = await runGatehouse({ secrets: [old, current], skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
});

const at = (): { url: string; secret: string; event: string } => ({
  url: gatehouse.gate.url,
  secret: current,
  event: "issues",
});

describe("the webhook door", () => {
  it("stores a signed delivery (202) and knows it again by its GUID (200)", async () => {
    const guid = "11111111-2222-3333-4444-555555555555";
    expect(await send({ ...at(), payload: { n: 1 }, guid })).toBe(202);
    expect(await send({ ...at(), payload: { n: 1 }, guid })).toBe(200);
  });

  it("T36: the same body under another GUID or event name is a replay", async () => {
    expect(await send({ ...at(), payload: { n: 2 } })).toBe(202);
    expect(await send({ ...at(), payload: { n: 2 } })).toBe(200);
    expect(await send({ ...at(), event: "pull_request", payload: { n: 2 } })).toBe(200);
  });

  it("takes both secrets while they are rotated", async () => {
    expect(await send({ ...at(), secret: old, payload: { n: 3 } })).toBe(202);
    expect(await send({ ...at(), secret: current, payload: { n: 4 } })).toBe(202);
  });

  it.each([
    ["no signature", null],
    ["a SHA-1 signature", "sha1=0000000000000000000000000000000000000000"],
    ["another secret", sign("x".repeat(40), JSON.stringify({ n: 5 }))],
    ["the signature of another body", sign(current, "{}")],
    ["Probot's default secret", sign("development", JSON.stringify({ n: 5 }))],
    ["garbage", "sha256=zz"],
  ])("refuses %s with 401", async (_name, signature) => {
    expect(await send({ ...at(), payload: { n: 5 }, signature })).toBe(401);
  });

  it.each([
    ["not JSON", "{"],
    ["a list", "[]"],
    ["a number", "7"],
    ["nothing", ""],
  ])("answers 400 to a signed body that is %s", async (_name, body) => {
    expect(await send({ ...at(), payload: null, body })).toBe(400);
  });

  it("answers 400 to a header that is no event name", async () => {
    expect(await send({ ...at(), event: "../../etc", payload: { n: 6 } })).toBe(400);
  });

  it("reads the form encoding too", async () => {
    const body = new URLSearchParams({ payload: JSON.stringify({ n: 7 }) }).toString();
    expect(
      await send({
        ...at(),
        payload: null,
        body,
        contentType: "application/x-www-form-urlencoded",
      }),
    ).toBe(202);
  });

  it("T37: 40 MB are refused with 413, announced or not", async () => {
    const big = Buffer.alloc(40 * 1024 * 1024, 0x20);
    const announced = await fetch(`${gatehouse.gate.url}/api/github/webhooks`, {
      method: "POST",
      body: big,
      headers: { "x-github-event": "push", "x-github-delivery": "a" },
    }).then(
      (answer) => answer.status,
      () => "cut",
    );
    expect([413, "cut"]).toContain(announced);
    let sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        if (sent > 40) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const streamed = await fetch(`${gatehouse.gate.url}/api/github/webhooks`, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { "x-github-event": "push", "x-github-delivery": "b" },
    } as RequestInit).then(
      (answer) => answer.status,
      () => "cut",
    );
    expect([413, "cut"]).toContain(streamed);
    expect(await fetch(`${gatehouse.gate.url}/healthz`).then((answer) => answer.status)).toBe(200);
  });

  it("answers 405 to a GET", async () => {
    expect((await fetch(`${gatehouse.gate.url}/api/github/webhooks`)).status).toBe(405);
  });

  it("serves health, readiness and metrics", async () => {
    expect(await (await fetch(`${gatehouse.gate.url}/healthz`)).json()).toMatchObject({
      status: "ok",
    });
    expect(await (await fetch(`${gatehouse.gate.url}/readyz`)).json()).toMatchObject({
      status: "ready",
    });
    expect(await (await fetch(`${gatehouse.gate.url}/metrics`)).text()).toMatch(
      /^gatehouse_deliveries_total\{status="202"\} \d+$/m,
    );
  });

  it("takes every published example payload without a 5xx, a crash or a poisoned queue", async () => {
    const before = process.memoryUsage().heapUsed;
    const statuses = new Map<number, number>();
    let count = 0;
    for (const { name, examples: payloads } of examples as unknown as readonly Example[]) {
      for (const payload of payloads) {
        count += 1;
        const status = await send({ ...at(), event: name, payload });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
    expect(count).toBe(329);
    expect([...statuses.keys()].filter((status) => status !== 202 && status !== 200)).toEqual([]);
    const settled = await until(
      "everything routed",
      async () =>
        (await (await fetch(`${gatehouse.gate.url}/readyz`)).json()) as {
          queue: { due: number; leased: number; dead: number };
        },
      (seen) => seen.queue.leased === 0,
    );
    expect(settled.queue.dead).toBe(0);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
  });
});
