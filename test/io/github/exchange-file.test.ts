import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { asRepository } from "#io/github/client/requests.ts";
import { clientOf, errorOf, serveGitHub, type Reply } from "./local-github.ts";

/** A storage host whose answers are scripted byte by byte. */
async function storageHost(
  answer: (response: ServerResponse, nth: number) => void | Promise<void>,
): Promise<{ readonly url: string; readonly asked: () => number; readonly close: () => void }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    void answer(response, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const opened: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const limits = { maxBytes: 1_000, idleMs: 400, totalMs: 5_000 };

/** Downloads one artifact; GitHub's own answers have 300 ms. */
async function fetched(
  storage: { readonly url: string; readonly close: () => unknown } | Reply,
  over: Partial<typeof limits> = {},
): Promise<Uint8Array> {
  const isHost = "close" in storage;
  const local = await serveGitHub((seen) =>
    seen.path.includes("/artifacts/5")
      ? isHost
        ? { status: 302, headers: { location: `${storage.url}/blob` } }
        : storage
      : undefined,
  );
  opened.push(local, ...(isHost ? [storage] : []));
  const github = clientOf(local, { timeoutMs: 300 });
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    { owner: "acme", repo: "shop", artifact_id: 5, archive_format: "zip" },
  );
  return github.file(asRepository({ id: 100, installationId: 1 }), request, { ...limits, ...over });
}

describe("a large file on a slow line", () => {
  it("arrives although it takes longer than an answer may, as long as it moves", async () => {
    const host = await storageHost(async (response) => {
      for (let part = 0; part < 6; part += 1) {
        response.write("0123456789");
        await pause(100);
      }
      response.end();
    });
    expect((await fetched(host)).byteLength).toBe(60);
  });

  it("F15: that stands still is given up, and not waited for twice", async () => {
    const host = await storageHost((response) => void response.write("begun"));
    expect(await errorOf(fetched(host))).toMatchObject({
      code: "unavailable",
      message: "the file came too slowly",
    });
    expect(host.asked()).toBe(1);
  });

  it("F15: that drips for ever ends with the time for the whole", async () => {
    const host = await storageHost(async (response) => {
      while (!response.destroyed) {
        response.write(".");
        await pause(50);
      }
    });
    expect(await errorOf(fetched(host, { totalMs: 600 }))).toMatchObject({
      code: "unavailable",
      message: "the file came too slowly",
    });
  });

  it("F15: a black hole is left as soon as any answer would be late", async () => {
    const host = await storageHost(() => undefined);
    const from = performance.now();
    expect(await errorOf(fetched(host, { totalMs: 60_000, idleMs: 60_000 }))).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("in time"),
    });
    expect(performance.now() - from).toBeLessThan(10_000);
  });

  it("F: that is larger than allowed is not read: by what it declares, and by what comes", async () => {
    const declared = await storageHost(
      (response) => void response.writeHead(200, { "content-length": "2000" }).flushHeaders(),
    );
    expect((await errorOf(fetched(declared))).code).toBe("incomplete");
    const silent = await storageHost((response) => void response.end("x".repeat(2_000)));
    expect((await errorOf(fetched(silent))).code).toBe("incomplete");
  });
});

describe("the storage host's troubles", () => {
  it("F: an address that ran out is asked for anew, and is no missing permission", async () => {
    const host = await storageHost(
      (response, nth) =>
        void (nth === 1 ? response.writeHead(403).end("expired") : response.end("whole")),
    );
    expect(Buffer.from(await fetched(host)).toString()).toBe("whole");
    const never = await storageHost((response) => void response.writeHead(403).end("expired"));
    expect((await errorOf(fetched(never))).code).toBe("unavailable");
  });

  it.each([
    ["5xx", (response: ServerResponse) => void response.writeHead(503).end()],
    [
      "a connection lost in the middle",
      (response: ServerResponse) => {
        response.writeHead(200, { "content-length": "10" });
        response.write("half");
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])("F10: %s is tried again", async (_title, trouble) => {
    const host = await storageHost(
      (response, nth) => void (nth === 1 ? trouble(response) : response.end("whole")),
    );
    expect(Buffer.from(await fetched(host)).toString()).toBe("whole");
    const never = await storageHost((response) => void trouble(response));
    expect((await errorOf(fetched(never))).code).toBe("unavailable");
  });

  it("a file that GitHub hands out itself is taken as well", async () => {
    expect(Buffer.from(await fetched({ text: "direct" })).toString()).toBe("direct");
  });
});
