import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHubReader } from "../../../src/io/github/reader.ts";
import { parseQueueRef } from "../../../src/io/github/merge-group.ts";
import { simulate } from "../facts/simulated.ts";
import type { Simulated } from "../facts/simulated.ts";
import { aRepository, clientOf, serveGitHub } from "./local-github.ts";
import type { Reply, Seen } from "./local-github.ts";

const repo = "acme/shop";
const path = ".github/gatehouse.yml";

describe("against a simulated GitHub", () => {
  let world: Simulated;
  beforeEach(async () => {
    world = await simulate();
  });
  afterEach(() => world.stop());

  it("reads a file of the default branch, and of a ref", async () => {
    expect(await world.reader.readFile(world.repository, path, null)).toEqual({ kind: "absent" });
    const { sha } = world.sim.commit({ repo, files: { [path]: "version: 1\n" }, author: "bob" });
    world.sim.commit({ repo, files: { [path]: "version: 1 # ä\n" }, author: "bob" });
    expect(await world.reader.readFile(world.repository, path, null)).toMatchObject({
      kind: "file",
      text: "version: 1 # ä\n",
    });
    expect(await world.reader.readFile(world.repository, path, sha)).toMatchObject({
      kind: "file",
      text: "version: 1\n",
    });
  });

  it.each([
    [
      "a symlink to a file",
      { ".github/gatehouse.yml": { symlink: "real.yml" }, ".github/real.yml": "version: 1\n" },
      { kind: "other", what: "symlink" },
    ],
    [
      "a symlink to nowhere",
      { ".github/gatehouse.yml": { symlink: "../../etc/passwd" } },
      { kind: "other", what: "symlink" },
    ],
    ["a directory", { ".github/gatehouse.yml/x": "1\n" }, { kind: "other", what: "directory" }],
    [
      "a submodule",
      { ".github/gatehouse.yml": { submodule: "a".repeat(40) } },
      { kind: "other", what: "submodule" },
    ],
    [
      "a file above 256 KiB",
      { ".github/gatehouse.yml": "#".repeat(256 * 1024 + 1) },
      { kind: "too_large", bytes: 256 * 1024 + 1 },
    ],
    [
      "a file above 1 MB",
      { ".github/gatehouse.yml": "#".repeat(1_100_000) },
      { kind: "too_large", bytes: 1_100_000 },
    ],
  ])("T17: %s is not a policy", async (_, files, expected) => {
    world.sim.commit({ repo, files, author: "bob" });
    expect(await world.reader.readFile(world.repository, path, null)).toEqual(expected);
  });

  it("finds repositories of the installation only", async () => {
    expect(
      await world.reader.findRepository(world.repository.installationId, "acme", "shop"),
    ).toEqual(world.repository);
    expect(
      await world.reader.findRepository(world.repository.installationId, "acme", "nothing"),
    ).toBeNull();
  });

  it("lists installations and repositories", async () => {
    world.sim.repo({ name: "acme/other", private: true });
    const installations = await world.reader.installations();
    expect(installations).toMatchObject([{ account: "acme", suspended: false }]);
    const repositories = await world.reader.repositoriesOf(world.repository.installationId);
    expect(repositories.map((one) => one.name).sort()).toEqual(["other", "shop"]);
    world.sim.suspend({ account: "acme" });
    expect(await world.reader.installations()).toMatchObject([{ suspended: true }]);
  });

  it("lists every open pull request, and tells the head of one now", async () => {
    const opened = Array.from({ length: 130 }, (_, index) =>
      world.sim.openPull({ repo, author: "alice", head: `b${index}`, files: { a: `${index}\n` } }),
    );
    world.sim.closePull({ repo, number: opened[0]?.number ?? 0, by: "alice" });
    const rows = await world.reader.openPullRequests(world.repository);
    expect(rows).toHaveLength(129);
    expect(await world.reader.currentHead(world.repository, opened[1]?.number ?? 0)).toEqual({
      repository: world.repository.id,
      number: opened[1]?.number,
      headSha: opened[1]?.headSha,
      headRef: "b1",
      baseRef: "main",
      state: "open",
    });
    expect(await world.reader.currentHead(world.repository, opened[0]?.number ?? 0)).toMatchObject({
      state: "closed",
    });
    await expect(world.reader.currentHead(world.repository, 9_999)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("reads custom properties", async () => {
    world.sim.setProperties({ repo, properties: { tier: "one" } });
    expect(await world.reader.customProperties(world.repository)).toEqual({ tier: "one" });
  });
});

async function scripted(answer: (seen: Seen, nth: number) => Reply | undefined) {
  const local = await serveGitHub(answer);
  return { local, reader: createGitHubReader(clientOf(local)) };
}

describe("failed deliveries", () => {
  const at = Date.parse("2026-03-02T10:00:00Z");
  const row = (id: number, guid: string, status: string, minutesAgo: number) => ({
    id,
    guid,
    status,
    status_code: status === "OK" ? 202 : 503,
    delivered_at: new Date(at - minutesAgo * 60_000).toISOString(),
  });

  it("F: lost: a GUID without one attempt that arrived is named by its newest", async () => {
    const { local, reader } = await scripted((seen) => {
      if (seen.path !== "/app/hook/deliveries") return undefined;
      if (seen.query.get("cursor") === "c2")
        return {
          json: [
            row(2, "b", "Invalid HTTP Response: 503", 20),
            row(1, "z", "Invalid HTTP Response: 503", 500),
          ],
        };
      return {
        headers: { link: `<${local.url}/app/hook/deliveries?per_page=100&cursor=c2>; rel="next"` },
        json: [
          row(9, "a", "OK", 1),
          row(8, "c", "failed to connect to host", 2),
          row(7, "c", "failed to connect to host", 3),
          row(6, "a", "timed out", 4),
        ],
      };
    });
    expect(await reader.failedDeliveries(at - 60 * 60_000)).toEqual([
      { id: 8, guid: "c" },
      { id: 2, guid: "b" },
    ]);
    await local.close();
  });

  it("are asked for again by their number", async () => {
    const { local, reader } = await scripted((seen) =>
      seen.path === "/app/hook/deliveries/8/attempts" ? { status: 202, json: {} } : undefined,
    );
    await reader.redeliver(8);
    expect(local.calls()).toMatchObject([
      { method: "POST", path: "/app/hook/deliveries/8/attempts" },
    ]);
    await local.close();
  });
});

describe("T46: merge groups", () => {
  const head = "a".repeat(40);
  const onto = "b".repeat(40);
  const ref = `refs/heads/gh-readonly-queue/release/1.x/pr-104-${onto}`;
  const queue = (entries: unknown) => ({ json: { data: { repository: { mergeQueue: entries } } } });
  const page = (nodes: readonly unknown[], totalCount = nodes.length) => ({
    entries: { totalCount, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
  });

  it("the branch name says base and last pull request", () => {
    expect(parseQueueRef(ref)).toEqual({ base: "release/1.x", last: 104, onto });
    expect(parseQueueRef("refs/heads/main")).toBeNull();
    expect(parseQueueRef(`gh-readonly-queue/main/pr-1-${"b".repeat(40)}x`)).toBeNull();
  });

  it.each([
    [
      "everything queued before belongs to it, nothing after",
      page([
        { position: 1, pullRequest: { number: 101 } },
        { position: 2, pullRequest: { number: 104 }, headCommit: { oid: head } },
        { position: 3, pullRequest: { number: 90 } },
      ]),
      [101, 104],
    ],
    [
      "one that left the queue stands for itself",
      page([{ position: 1, pullRequest: { number: 200 } }]),
      [104],
    ],
  ])("%s", async (_, entries, expected) => {
    const { local, reader } = await scripted((seen) =>
      seen.path === "/graphql" ? queue(entries) : undefined,
    );
    expect(await reader.mergeGroupMembers(aRepository(), ref, head)).toEqual(expected);
    expect(local.calls()[0]?.body).toMatchObject({ variables: { branch: "release/1.x" } });
    await local.close();
  });

  it.each([
    [
      "merge commits name them",
      [
        "Change cart",
        "Merge pull request #101 from acme/cart",
        "Change till",
        "Merge pull request #104 from acme/till",
      ],
      [101, 104],
    ],
    ["squashed commits name them", ["Change cart (#101)", "Change till (#104)"], [101, 104]],
    [
      "rebased commits do not, and a guess would wave one through",
      ["Change cart", "Change till (#104)"],
      null,
    ],
  ])("without a readable queue: %s", async (_, messages, expected) => {
    const { local, reader } = await scripted((seen) => {
      if (seen.path === "/graphql") return queue(null);
      return seen.path.includes("/compare/")
        ? {
            json: {
              total_commits: messages.length,
              commits: messages.map((message) => ({ commit: { message } })),
            },
          }
        : undefined;
    });
    const members = reader.mergeGroupMembers(aRepository(), ref, head);
    if (expected === null) await expect(members).rejects.toMatchObject({ code: "incomplete" });
    else expect(await members).toEqual(expected);
    await local.close();
  });

  it("a queue that cannot be read, or only in part, is no answer", async () => {
    const broken = await scripted((seen) =>
      seen.path === "/graphql"
        ? {
            json: {
              errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }],
            },
          }
        : undefined,
    );
    await expect(broken.reader.mergeGroupMembers(aRepository(), ref, head)).rejects.toMatchObject({
      code: "unavailable",
    });
    await broken.local.close();
    const part = await scripted((seen) =>
      seen.path === "/graphql"
        ? queue(page([{ position: 1, pullRequest: { number: 101 } }], 130))
        : undefined,
    );
    await expect(part.reader.mergeGroupMembers(aRepository(), ref, head)).rejects.toMatchObject({
      code: "incomplete",
    });
    await part.local.close();
  });
});
