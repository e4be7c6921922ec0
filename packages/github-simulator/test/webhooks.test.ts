import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { actions } from "../src/scenario/index.ts";
import type { Simulator } from "../src/simulator.ts";
import { checkWebhook } from "./conformance/openapi.ts";
import { ask, at, jwt, startSimulator } from "./client.ts";
import { playEverything } from "./everything.ts";

interface Received {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe("webhooks", () => {
  const received: Received[] = [];
  let answers: number[] = [];
  const listener: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 202).end();
    });
  }).listen(0, "127.0.0.1");
  let sim: Simulator;

  beforeEach(async () => {
    received.splice(0);
    answers = [];
    sim = await startSimulator({
      webhookUrl: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`,
      webhookSecret: "s".repeat(32),
    });
  });
  afterEach(() => sim.stop());
  afterAll(() => void listener.close());

  const events = (): string[] =>
    received.map(
      ({ headers, body }) =>
        `${String(headers["x-github-event"])}.${String(at(JSON.parse(body), "action") ?? "")}`,
    );
  const shop = (): void => {
    sim.org({ login: "acme" });
    sim.repo({ name: "acme/shop" });
  };

  it("are shaped as GitHub's description says, for everything a scenario can do", async () => {
    const done = playEverything(sim);
    await sim.settled();
    expect(Object.keys(actions).filter((name) => !done.has(name))).toEqual([]);
    expect([
      ...new Set(
        sim.deliveries.flatMap(({ event, action, payload }) =>
          checkWebhook({ event, action, payload }),
        ),
      ),
    ]).toEqual([]);
  }, 120_000);

  it("are signed and carry GitHub's headers", async () => {
    shop();
    await sim.settled();
    for (const { headers, body } of received) {
      expect(headers["x-hub-signature-256"]).toBe(
        `sha256=${createHmac("sha256", "s".repeat(32)).update(body).digest("hex")}`,
      );
      expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers["x-github-hook-installation-target-type"]).toBe("integration");
    }
    expect(received.length).toBeGreaterThan(2);
  });

  it("come in the order of what happened", async () => {
    shop();
    const { number } = sim.openPull({ repo: "acme/shop", files: { "a.ts": "1\n" } });
    sim.review({ repo: "acme/shop", number, by: "bob", state: "approve" });
    await sim.settled();
    expect(events()).toEqual([
      "installation.created",
      "repository.created",
      "push.",
      "push.",
      "push.",
      "check_suite.requested",
      "pull_request.opened",
      "pull_request_review.submitted",
    ]);
  });

  it.each([
    { name: "reversed", order: "reversed" as const },
    { name: "shuffled", order: "shuffled" as const },
  ])("can be held and released $name", async ({ order }) => {
    sim.holdWebhooks();
    shop();
    await sim.settled();
    expect(received).toEqual([]);
    sim.releaseWebhooks({ order });
    await sim.settled();
    expect(events().toSorted()).toEqual(["installation.created", "push.", "repository.created"]);
    if (order === "reversed")
      expect(events()).toEqual(["push.", "repository.created", "installation.created"]);
  });

  it("can come twice under one GUID", async () => {
    sim.deliveryFault({ event: "push", duplicate: 2 });
    shop();
    await sim.settled();
    const pushes = received.filter(({ headers }) => headers["x-github-event"] === "push");
    expect(pushes).toHaveLength(3);
    expect(new Set(pushes.map(({ headers }) => headers["x-github-delivery"])).size).toBe(1);
  });

  it("that were dropped are told as failed and come again when asked for, under the same GUID", async () => {
    sim.deliveryFault({ event: "push", drop: true, times: 1 });
    shop();
    await sim.settled();
    expect(events()).not.toContain("push.");
    const as = jwt(sim.now());
    const list = await ask(sim, "GET", "/app/hook/deliveries?status=failure", { as });
    expect(at(list.body, 0, "event")).toBe("push");
    const again = await ask(
      sim,
      "POST",
      `/app/hook/deliveries/${String(at(list.body, 0, "id"))}/attempts`,
      { as },
    );
    expect(again.status).toBe(202);
    await sim.settled();
    expect(received.at(-1)?.headers["x-github-delivery"]).toBe(at(list.body, 0, "guid"));
  });

  it("that were suppressed leave no trace", async () => {
    sim.deliveryFault({ event: "push", suppress: true });
    shop();
    await sim.settled();
    expect(events()).not.toContain("push.");
    expect(sim.deliveries.map(({ event }) => event)).not.toContain("push");
  });

  it("keep the status code of the answer", async () => {
    answers = [503];
    shop();
    await sim.settled();
    expect(sim.deliveries[0]).toMatchObject({ statusCode: 503 });
    expect(sim.deliveries[1]).toMatchObject({ statusCode: 202, status: "OK" });
  });

  it("are forgotten after three days", async () => {
    shop();
    await sim.settled();
    sim.advance(3 * 86_400_000 + 1000);
    expect((await ask(sim, "GET", "/app/hook/deliveries", { as: jwt(sim.now()) })).body).toEqual(
      [],
    );
  });

  it("page by cursor", async () => {
    shop();
    await sim.settled();
    const as = jwt(sim.now());
    const ids: unknown[] = [];
    for (let path: string | null = "/app/hook/deliveries?per_page=1"; path !== null;) {
      const page = await ask(sim, "GET", path, { as });
      ids.push(at(page.body, 0, "id"));
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(
        page.headers.get("link") ?? "",
      )?.[1];
      path = next === undefined ? null : next.slice(sim.url.length);
    }
    expect(ids).toEqual(sim.deliveries.map(({ id }) => id).toReversed());
  });

  it("do not reach a suspended App, nor one that lost the permission", async () => {
    shop();
    sim.setPermissions({
      account: "acme",
      permissions: { metadata: "read", pull_requests: "read" },
    });
    sim.commit({ repo: "acme/shop", files: { a: "1" } });
    sim.suspend({ account: "acme" });
    sim.openPull({ repo: "acme/shop" });
    await sim.settled();
    expect(events().slice(-2)).toEqual([
      "installation.new_permissions_accepted",
      "installation.suspend",
    ]);
  });
});
