import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGitHubReader } from "#io/github/read/reader.ts";
import { membersOfChain, parseQueueRef } from "#io/github/read/merge-group.ts";
import { simulate, type Simulated } from "./facts/simulated.ts";
import { aRepository, clientOf, type Reply, type Seen, serveGitHub } from "./local-github.ts";

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
    expect(await world.reader.currentHead(world.repository, opened[1]?.number ?? 0)).toMatchObject({
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
  return { local, reader: createGitHubReader(clientOf(local), { now: Date.now }) };
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
  const sha = (letter: string): string => letter.repeat(40);
  const [head, onto, tip] = [sha("a"), sha("b"), sha("c")];
  const ref = `refs/heads/gh-readonly-queue/release/1.x/pr-104-${onto}`;
  const at = (oid: string | null) => (oid === null ? null : { target: { oid } });
  const queue = (entries: unknown, base: string | null = tip, group: string | null = head) => ({
    json: { data: { repository: { base: at(base), group: at(group), mergeQueue: entries } } },
  });
  const page = (nodes: readonly unknown[], totalCount = nodes.length) => ({
    entries: { totalCount, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
  });
  const entry = (position: number, number: number, from: string | null, to: string | null) => ({
    position,
    pullRequest: { number },
    baseCommit: from === null ? null : { oid: from },
    headCommit: to === null ? null : { oid: to },
  });
  const asked = async (answer: unknown) => {
    const { local, reader } = await scripted((seen) =>
      seen.path === "/graphql" ? (answer as ReturnType<typeof queue>) : undefined,
    );
    const members = await reader
      .mergeGroupMembers(aRepository(), ref, head)
      .catch((error: { readonly code: string }) => error.code);
    expect(local.calls()[0]?.body).toMatchObject({
      variables: { branch: "release/1.x", base: "refs/heads/release/1.x", group: ref },
    });
    await local.close();
    return members;
  };

  it("the branch name says base and last pull request", () => {
    expect(parseQueueRef(ref)).toEqual({ base: "release/1.x", last: 104, onto });
    expect(parseQueueRef("refs/heads/main")).toBeNull();
    expect(parseQueueRef(`gh-readonly-queue/main/pr-1-${"b".repeat(40)}x`)).toBeNull();
  });

  it.each([
    [
      "everything between the base and its head belongs to it, nothing after",
      [entry(1, 101, tip, onto), entry(2, 104, onto, head), entry(3, 90, head, sha("d"))],
      [101, 104],
    ],
    ["one that is built on the base itself stands alone", [entry(2, 104, tip, head)], [104]],
    [
      "one queued before it counts, whatever it says it is built on",
      [entry(1, 101, tip, onto), entry(2, 104, tip, head)],
      [101, 104],
    ],
    ["W20: its own entry is not listed yet", [entry(1, 101, tip, onto)], "unavailable"],
    ["W20: the entry before it is not listed", [entry(2, 104, onto, head)], "unavailable"],
    [
      "W20: the entry before it is not built yet",
      [entry(1, 101, tip, null), entry(2, 104, onto, head)],
      "unavailable",
    ],
    [
      "W20: its entry does not say what it is built on",
      [entry(1, 101, tip, onto), entry(2, 104, null, head)],
      "unavailable",
    ],
    ["W20: another one is listed with its head", [entry(1, 90, tip, head)], "unavailable"],
    [
      "W20: entries that lead in a circle",
      [entry(1, 101, head, onto), entry(2, 104, onto, head)],
      "unavailable",
    ],
    ["W20: nothing is listed", [], "unavailable"],
  ] as const)("%s", async (_, entries, expected) => {
    expect(await asked(queue(page(entries)))).toEqual(expected);
  });

  it("is over when it was merged, or its branch is gone and nobody lists it", async () => {
    expect(await asked(queue(page([]), head))).toBe("gone");
    expect(await asked(queue(page([]), tip, null))).toBe("gone");
    expect(await asked(queue(page([entry(1, 104, tip, head)]), tip, null))).toEqual([104]);
  });

  it("law: a longer queue never makes a group smaller", async () => {
    const groups = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(groups, fc.nat(7), (length, left) => {
        const oid = (n: number): string => String(n).padStart(40, "0");
        const entries = Array.from({ length }, (_, n) => ({
          position: n + 1,
          pullRequest: { number: n + 1 },
          baseCommit: { oid: oid(n) },
          headCommit: { oid: oid(n + 1) },
        }));
        expect(membersOfChain(entries, oid(length), oid(0))).toHaveLength(length);
        // Whichever entry a list lacks, the answer is no smaller group.
        const shown = entries.filter((_, n) => n !== left % length);
        expect(() => membersOfChain(shown, oid(length), oid(0))).toThrow("do not add up");
      }),
    );
  });

  const merge = (row: string, onto_: string, message: string, parents = [onto_, sha("e")]) => ({
    sha: row,
    commit: { message },
    parents: parents.map((parent) => ({ sha: parent })),
  });

  it.each([
    [
      "merge commits name them",
      [
        merge(sha("e"), tip, "Change cart", [tip]),
        merge(onto, tip, "Merge pull request #101 from acme/cart"),
        merge(head, onto, "Merge pull request #104 from acme/till"),
      ],
      [101, 104],
    ],
    [
      "the only commit is that of the pull request that the branch is named after",
      [merge(head, tip, "Change till", [tip])],
      [104],
    ],
    [
      "W20: squashed ones bear whatever their authors wrote",
      [
        merge(onto, tip, "Change cart (#104)", [tip]),
        merge(head, onto, "Change till (#104)", [onto]),
      ],
      null,
    ],
    [
      "W20: one merge commit of another's making between them",
      [
        merge(onto, tip, "Merge branch 'cart'"),
        merge(head, onto, "Merge pull request #104 from acme/till"),
      ],
      null,
    ],
    [
      "W20: the chain does not reach the base",
      [merge(head, onto, "Merge pull request #104")],
      null,
    ],
  ] as const)("without a readable queue: %s", async (_, commits, expected) => {
    const { local, reader } = await scripted((seen) => {
      if (seen.path === "/graphql") return queue(null);
      return seen.path.includes("/compare/")
        ? { json: { total_commits: commits.length, commits } }
        : undefined;
    });
    const members = reader.mergeGroupMembers(aRepository(), ref, head);
    if (expected === null) await expect(members).rejects.toMatchObject({ code: "incomplete" });
    else expect(await members).toEqual(expected);
    await local.close();
  });

  it("without GraphQL: the branches and the commits between them tell it", async () => {
    const { local, reader } = await scripted((seen) => {
      if (seen.path === "/graphql") return { json: { errors: [{ message: "Something broke" }] } };
      if (seen.path.includes("/compare/"))
        return {
          json: {
            total_commits: 1,
            commits: [merge(head, tip, "Merge pull request #104 from acme/till")],
          },
        };
      const isGroup = seen.path.includes("gh-readonly-queue");
      return seen.path.includes("/git/ref/")
        ? { json: { object: { sha: isGroup ? head : tip } } }
        : undefined;
    });
    expect(await reader.mergeGroupMembers(aRepository(), ref, head)).toEqual([104]);
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
    expect(await asked(queue(page([entry(1, 101, tip, onto)], 130)))).toBe("unavailable");
  });
});
