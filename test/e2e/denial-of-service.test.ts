import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/simulator.ts";
import { newSite, startProcess, type GateProcess, type Site } from "../support/gate-process.ts";
import { until } from "./harness.ts";
import { send } from "./send.ts";

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
    expect(performance.now() - from).toBeLessThan(8_000);
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
    expect(floods.filter(({ seen }) => / 503 /.test(seen())).length).toBeGreaterThan(0);
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
});
