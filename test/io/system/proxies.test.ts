import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { networkCode } from "#core/render/unreachable.ts";
import { send } from "#io/github/client/send.ts";
import { isWithoutProxy, useProxies } from "#io/system/proxies.ts";
import { proxiesOfProcess } from "../../../src/env.ts";

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** What the proxy was asked for; it lets through who shows a password. */
const asked: string[] = [];
let target = "";
let proxy = "";
const isKnown = ({ headers }: IncomingMessage): boolean =>
  headers["proxy-authorization"] === `Basic ${Buffer.from("me:secret").toString("base64")}`;
const world = createServer((_request, response: ServerResponse) => response.end("here"));
const middle = createServer((request, response) => {
  asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
  if (isKnown(request)) response.end("through");
  else response.writeHead(407).end();
});
middle.on("connect", (request: IncomingMessage, socket) => {
  asked.push(`CONNECT ${request.url ?? ""}`);
  if (!isKnown(request)) {
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    return;
  }
  const [host = "", port] = (request.url ?? "").split(":");
  const out = connect(Number(port), host, () => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    out.pipe(socket).pipe(out);
  });
});
beforeAll(async () => {
  target = await listening(world);
  proxy = await listening(middle);
});
afterEach(async () => {
  asked.splice(0);
  await useProxies(null);
});
afterAll(() => {
  for (const server of [world, middle]) {
    server.close();
    server.closeAllConnections();
  }
});

const get = (url: string) =>
  send(url, { method: "GET", headers: {}, body: undefined, timeoutMs: 5_000 });
const by = (userinfo: string, without = "") =>
  useProxies({ https: `http://${userinfo}${proxy}`, http: `http://${userinfo}${proxy}`, without });

describe("through a proxy", () => {
  it("goes what asks GitHub, with the name and password of its address", async () => {
    await by("me:secret@");
    expect((await get(`http://${target}/x`)).body).toBe("through");
    expect(asked).toEqual([`GET http://${target}/x`]);
    // TLS is asked to be led through; our target speaks none, so that it ends there.
    await expect(get(`https://${target}/x`)).rejects.toThrow();
    expect(asked.at(-1)).toBe(`CONNECT ${target}`);
  });

  it("goes what Node's own fetch asks", async () => {
    await by("me:secret@");
    expect(await (await fetch(`http://${target}/x`)).text()).toMatch(/here|through/);
    expect(asked).toHaveLength(1);
  });

  it("goes nothing that NO_PROXY names, and nothing where there is none", async () => {
    await by("me:secret@", "localhost,127.0.0.1");
    expect((await get(`http://${target}/x`)).body).toBe("here");
    expect(await (await fetch(`http://${target}/x`)).text()).toBe("here");
    await useProxies(null);
    expect((await get(`http://${target}/x`)).body).toBe("here");
    expect(asked).toEqual([]);
  });

  it("that lets nobody in, it is said so", async () => {
    await by("");
    for (const url of [`http://${target}/x`, `https://${target}/x`]) {
      const error: unknown = await get(url).catch((reason: unknown) => reason);
      expect(networkCode(error), url).toBe("EPROXY");
    }
  });
});

describe("the settings", () => {
  it("are read in either case, and checked", () => {
    expect(proxiesOfProcess({ https_proxy: "http://p:3128", NO_PROXY: "a,b" })).toEqual({
      https: "http://p:3128/",
      http: null,
      without: "a,b",
    });
    expect(() => proxiesOfProcess({ HTTPS_PROXY: "proxy" })).toThrow(/^HTTPS_PROXY: .*3128\.$/);
  });

  it.each([
    ["example.com", "example.com", true],
    ["example.com", "api.example.com:443", true],
    [".example.com", "api.example.com", true],
    ["*.example.com", "api.Example.com", true],
    ["example.com", "notexample.com", false],
    ["example.com:8443", "example.com:8443", true],
    ["example.com:8443", "example.com:443", false],
    ["*", "anything", true],
    ["a b,c", "c", true],
    ["", "c", false],
  ])("NO_PROXY=%s names %s: %s", (written, host, is) => {
    expect(isWithoutProxy(written, host)).toBe(is);
  });
});
