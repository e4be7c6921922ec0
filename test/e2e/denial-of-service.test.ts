import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { newSite, startProcess, type GateProcess, type Site } from "../support/gate-process.ts";
import { until } from "./harness.ts";
import { send, sign } from "./send.ts";
import { patience } from "../support/patience.ts";

let site: Site;
let sim: Simulator;
let gate: GateProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  site = newSite();
  sim = await Simulator.start({
    appId: 7,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
  });
  gate = await startProcess(sim, site);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await gate.kill("SIGKILL");
  await sim.stop();
  site.remove();
});

/** A connection that sends this and then does as it is told. */
function dial(head: string): {
  readonly socket: Socket;
  readonly seen: () => string;
  readonly closed: () => boolean;
} {
  const { hostname, port } = new URL(gate.url);
  const socket = connect(Number(port), hostname);
  let seen = "";
  let isClosed = false;
  socket.on("data", (chunk: Buffer) => (seen += chunk.toString("latin1")));
  socket.on("error", () => (isClosed = true));
  socket.on("close", () => (isClosed = true));
  socket.write(head);
  sockets.push(socket);
  return { socket, seen: () => seen, closed: () => isClosed };
}

const post = (headers: string): string =>
  `POST /api/github/webhooks HTTP/1.1\r\nhost: gate\r\nx-github-event: push\r\nx-github-delivery: a\r\n${headers}\r\n\r\n`;

const residentMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gate.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

/** Signed deliveries as GitHub sends them; each has to be taken. */
async function deliveriesAreTaken(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const from = performance.now();
    expect(
      await send({
        url: gate.url,
        secret: site.secret,
        event: "issues",
        payload: { at: `${Date.now()} ${n} ${Math.random()}` },
      }),
    ).toBe(202);
    expect(performance.now() - from).toBeLessThan(8_000 * patience);
  }
}

describe.runIf(process.platform === "linux")("unsigned senders", () => {
  it("W32: what is announced and never sent blocks nobody, and is cut off", async () => {
    const liars = Array.from({ length: 8 }, () => dial(post("content-length: 25000000")));
    const silent = Array.from({ length: 8 }, () =>
      dial("POST /api/github/webhooks HTTP/1.1\r\nhost"),
    );
    await deliveriesAreTaken(5);
    await until(
      "slow senders to be cut off",
      () => [...liars, ...silent].filter(({ closed }) => !closed()).length,
      (open) => open === 0,
      25_000,
    );
    expect(liars[0]?.seen()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("W32: chunked bodies are counted, whoever holds most makes room, and memory stays below 400 MB", async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 0x20);
    const floods = Array.from({ length: 12 }, () => dial(post("transfer-encoding: chunked")));
    let most = 0;
    for (let sent = 0; sent < 22; sent += 1) {
      for (const { socket, closed } of floods) {
        if (closed()) continue;
        socket.write(`${megabyte.length.toString(16)}\r\n`);
        socket.write(megabyte);
        socket.write("\r\n");
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      most = Math.max(most, residentMb());
      if (sent % 7 === 0) await deliveriesAreTaken(1);
    }
    await deliveriesAreTaken(3);
    most = Math.max(most, residentMb());
    expect(most).toBeLessThan(400);
    await until(
      "room to be made",
      () => floods.filter(({ seen }) => / 503 /.test(seen())).length,
      (refused) => refused > 0,
    );
  });

  it("W32: hundreds of slow bodies crowd out one another, and no delivery of GitHub's", async () => {
    const slow = Array.from({ length: 400 }, () => dial(post("content-length: 100000")));
    for (const { socket } of slow) socket.write("{");
    await deliveriesAreTaken(5);
    await until(
      "room to be made",
      () => slow.filter(({ seen }) => / 503 /.test(seen())).length,
      (refused) => refused > 100,
    );
    await deliveriesAreTaken(3);
    expect(residentMb()).toBeLessThan(400);
  });

  it("W32: bodies in single bytes, from hundreds of connections that come again, cost neither memory nor time", async () => {
    const crumbs = "1\r\n \r\n".repeat(1000);
    const drip = (): ReturnType<typeof dial> => dial(post("transfer-encoding: chunked"));
    const drips = Array.from({ length: 600 }, drip);
    const endsAt = performance.now() + 8_000;
    let most = 0;
    let isOver = false;
    const attack = (async (): Promise<void> => {
      while (!isOver) {
        drips.forEach(({ socket, closed }, at) => {
          if (closed()) drips[at] = drip();
          else if (socket.writableLength < 20_000) socket.write(crumbs);
        });
        most = Math.max(most, residentMb());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    try {
      while (performance.now() < endsAt) await deliveriesAreTaken(1);
    } finally {
      isOver = true;
      await attack;
    }
    expect(most).toBeLessThan(400);
  });

  it.each([
    ["pages", "POST /readyz HTTP/1.1\r\nhost: gate\r\ntransfer-encoding: chunked\r\n\r\n"],
    [
      "the webhook's other methods",
      "PUT /api/github/webhooks HTTP/1.1\r\nhost: gate\r\ntransfer-encoding: chunked\r\n\r\n",
    ],
  ])("W32: no body is kept for %s", async (_where, head) => {
    const drips = Array.from({ length: 200 }, () => dial(head + "1\r\n \r\n".repeat(20_000)));
    await deliveriesAreTaken(3);
    await until(
      "whoever sends crumbs to be cut off",
      () => drips.filter(({ closed }) => closed()).length,
      (closed) => closed === drips.length,
      20_000,
    );
    expect(residentMb()).toBeLessThan(400);
  });

  it("W32: a thousand requests in one packet are not begun at once", async () => {
    const pipes = Array.from({ length: 50 }, () =>
      dial("GET /metrics HTTP/1.1\r\nhost: gate\r\n\r\n".repeat(1_000)),
    );
    await deliveriesAreTaken(3);
    await until(
      "connections to be closed",
      () => pipes.filter(({ closed }) => closed()).length,
      (closed) => closed === pipes.length,
    );
    expect(residentMb()).toBeLessThan(400);
  });

  it("W32: a signed body that a proxy cut into small chunks is taken", async () => {
    const body = JSON.stringify({ text: "x".repeat(400), at: Math.random() });
    const { hostname, port } = new URL(gate.url);
    const chunked = [...body].map((byte) => `1\r\n${byte}\r\n`).join("");
    const sent = dial(
      `POST /api/github/webhooks HTTP/1.1\r\nhost: ${hostname}:${port}\r\nx-github-event: issues\r\n` +
        `x-github-delivery: ${Date.now()}\r\nx-hub-signature-256: ${sign(site.secret, body)}\r\n` +
        `transfer-encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`,
    );
    await until("the answer", sent.seen, (seen) => seen.startsWith("HTTP/1.1 202 "));
  });
});
