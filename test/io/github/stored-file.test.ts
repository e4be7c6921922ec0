import { afterEach, describe, expect, it } from "vitest";
import { fetchStored } from "#io/github/read/stored-file.ts";
import { serveGitHub, type LocalGitHub, type Reply } from "./local-github.ts";

const open: LocalGitHub[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(reply: Reply): Promise<LocalGitHub> {
  const server = await serveGitHub(() => reply);
  open.push(server);
  return server;
}

const fetched = (address: string, apiUrl: string, maxBytes = 100) =>
  fetchStored(address, { apiUrl: `${apiUrl}/api/v3`, timeoutMs: 500, maxBytes });

describe("a file that GitHub names by its address", () => {
  it("is fetched from GitHub's own host, and no token goes with it", async () => {
    const server = await serve({ text: "hello" });
    expect(Buffer.from(await fetched(`${server.url}/bundles/1`, server.url)).toString()).toBe(
      "hello",
    );
    expect(server.seen).toMatchObject([
      { path: "/bundles/1", headers: { "user-agent": "gatehouse" } },
    ]);
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([
    "http://tmaproduction.blob.core.windows.net/a",
    "https://tmaproduction.blob.core.windows.net:8443/a",
    "https://blob.core.windows.net.example.com/a",
    "https://evil.example/a",
    "https://169.254.169.254/latest/meta-data",
    "https://evilgithub.com/a",
    "http://localhost:1/a",
    "file:///etc/passwd",
    "data:application/json,{}",
    "not an address",
  ])("T38: %s is not asked", async (address) => {
    await expect(fetched(address, "https://github.example")).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("T38: a redirect is not followed", async () => {
    const evil = await serve({ text: "{}" });
    const server = await serve({ status: 302, headers: { location: `${evil.url}/` } });
    await expect(fetched(`${server.url}/a`, server.url)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(evil.seen).toEqual([]);
  });

  it.each<[string, Reply, string]>([
    ["is gone", { status: 404 }, "not_found"],
    ["is too large", { text: "x".repeat(101) }, "incomplete"],
    ["is on a host in trouble", { status: 503 }, "unavailable"],
    ["is on a host that breaks off", { drop: true }, "unavailable"],
    ["is on a host that hangs", { hang: true }, "unavailable"],
  ])("that %s is an error that says so, and never where it was", async (_what, reply, code) => {
    const server = await serve(reply);
    await expect(fetched(`${server.url}/a?sig=secret`, server.url)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining("secret"),
    });
  });
});
