import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuditAnchor } from "#io/system/audit-anchor.ts";
import { scratchFolder } from "../../support/scratch.ts";

const [first, second] = [
  { seq: 1, hash: "a".repeat(64), at: Date.UTC(2027, 0, 1) },
  { seq: 9, hash: "b".repeat(64), at: Date.UTC(2027, 0, 1, 1) },
] as const;
const linesOf = [
  { time: "2027-01-01T00:00:00.000Z", seq: 1, hash: "a".repeat(64) },
  { time: "2027-01-01T01:00:00.000Z", seq: 9, hash: "b".repeat(64) },
];

describe("a file as the anchor", () => {
  it("T48: gets a line for each head, and loses none", async () => {
    const path = join(scratchFolder("gatehouse-anchor-"), "heads.jsonl");
    const anchor = createAuditAnchor({ kind: "file", path });
    await anchor.check();
    await anchor.note(first);
    await createAuditAnchor({ kind: "file", path }).note(second);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(linesOf);
  });

  it("says why nothing can be noted", async () => {
    const folder = scratchFolder("gatehouse-anchor-");
    const missing = createAuditAnchor({ kind: "file", path: join(folder, "no", "heads.jsonl") });
    await expect(missing.check()).rejects.toThrow(/cannot be appended to: the folder is not there/);
    mkdirSync(join(folder, "heads.jsonl"));
    chmodSync(folder, 0o700);
    const isFolder = createAuditAnchor({ kind: "file", path: join(folder, "heads.jsonl") });
    await expect(isFolder.note(first)).rejects.toThrow(/heads.jsonl cannot be appended to/);
  });
});

describe("a sink as the anchor", () => {
  const seen: {
    readonly path: string | undefined;
    readonly token: unknown;
    readonly body: unknown;
  }[] = [];
  let server: Server;
  let url = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => {
        seen.push({
          path: request.url,
          token: request.headers.authorization,
          body: JSON.parse(body),
        });
        if (request.url === "/elsewhere") response.writeHead(307, { location: "/heads" });
        else response.writeHead(request.url === "/heads" ? 204 : 500);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it("T48: is sent each head, with its token", async () => {
    await createAuditAnchor({ kind: "http", url: `${url}/heads`, token: "t0ken" }).note(first);
    await createAuditAnchor({ kind: "http", url: `${url}/heads`, token: null }).note(second);
    expect(seen).toEqual([
      { path: "/heads", token: "Bearer t0ken", body: linesOf[0] },
      { path: "/heads", token: undefined, body: linesOf[1] },
    ]);
  });

  it.each([
    ["refuses", "/full", /127\.0\.0\.1:\d+ answered 500/],
    ["sends on to another place, which is not followed", "/elsewhere", /did not answer/],
  ])("fails where it %s", async (_what, path, says) => {
    await expect(
      createAuditAnchor({ kind: "http", url: `${url}${path}`, token: null }).note(first),
    ).rejects.toThrow(says);
  });

  it("fails where nobody listens", async () => {
    const anchor = createAuditAnchor({ kind: "http", url: "http://127.0.0.1:1/", token: null });
    await expect(anchor.note(first)).rejects.toThrow(/127\.0\.0\.1:1 did not answer/);
  });
});
