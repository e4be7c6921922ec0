import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { send, TooLarge, TooLate } from "#io/github/client/send.ts";

let server: Server | undefined;

async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const get = (url: string, over: { readonly timeoutMs?: number } = {}) =>
  send(url, { method: "GET", headers: {}, body: undefined, timeoutMs: 5_000, ...over });

describe("send", () => {
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
    server = undefined;
  });

  it("carries method, headers and body, and brings back status, headers in any case, and text", async () => {
    const url = await serving((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        response.writeHead(201, { "X-Said": "a", Link: ["<b>", "<c>"] });
        response.end(
          `${request.method} ${request.headers.authorization} ${request.headers["content-length"]} ${Buffer.concat(chunks).toString()}`,
        );
      });
    });
    const answer = await send(url, {
      method: "POST",
      headers: { authorization: "token t" },
      body: "größe",
      timeoutMs: 5_000,
    });
    expect([answer.status, answer.body]).toEqual([201, "POST token t 7 größe"]);
    expect([
      answer.headers.get("x-said"),
      answer.headers.get("LINK"),
      answer.headers.get("etag"),
    ]).toEqual(["a", "<b>, <c>", null]);
  });

  it("reads compressed answers, asked for as such", async () => {
    const url = await serving((request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(`{"asked":"${request.headers["accept-encoding"]}"}`));
    });
    expect((await get(url)).body).toBe('{"asked":"gzip"}');
  });

  it("does not unpack what is larger than any answer of GitHub's", async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    const url = await serving((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    });
    await expect(get(url)).rejects.toThrow(TooLarge);
  });

  it("follows nobody elsewhere", async () => {
    const url = await serving((_request, response) => {
      response.writeHead(301, { location: "http://elsewhere.example/" });
      response.end();
    });
    expect(await get(url)).toMatchObject({ status: 301, body: "" });
  });

  it.each([
    [
      "before the answer",
      (_request: IncomingMessage, _response: ServerResponse): void => undefined,
    ],
    [
      "within the answer",
      (_request: IncomingMessage, response: ServerResponse): void =>
        void response.writeHead(200, { "content-length": "100" }).write("half"),
    ],
  ])("F12: a host that falls silent %s is given up in time", async (_when, answer) => {
    await expect(get(await serving(answer), { timeoutMs: 100 })).rejects.toThrow(TooLate);
  });

  it.each([
    ["before the answer", (request: IncomingMessage): void => void request.socket.destroy()],
    [
      "within the answer",
      (request: IncomingMessage, response: ServerResponse): void =>
        void response
          .writeHead(200, { "content-length": "100" })
          .write("half", () => request.socket.destroy()),
    ],
  ])("a connection that breaks %s is an error, never half an answer", async (_when, answer) => {
    const broken = get(await serving(answer));
    await expect(broken).rejects.toThrow();
    await expect(broken).rejects.not.toThrow(TooLate);
  });

  it("keeps its connection for the next request", async () => {
    const ports = new Set<number | undefined>();
    const url = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("{}");
    });
    for (let n = 0; n < 5; n += 1) await get(url);
    expect(ports.size).toBe(1);
  });

  it("says no more of an address it cannot use than that it failed", async () => {
    await expect(get("http://127.0.0.1:1/")).rejects.toThrow();
    await expect(get("ftp://x.example/")).rejects.toThrow();
  });
});
