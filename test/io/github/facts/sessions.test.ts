import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checks } from "#core/facts/checks.ts";
import { deployment } from "#core/facts/deployment.ts";
import { roleOf, teamMembers } from "#core/facts/people.ts";
import { behindBase, changedFiles, headFile, pullRequest } from "#core/facts/pull-request.ts";
import { codeOwnersFile, reviews, sameDiff } from "#core/facts/reviews.ts";
import { lookUp, type Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { createFactReader } from "#io/github/facts/fact-reader.ts";
import {
  aRepository,
  clientOf,
  recordingLog,
  type Reply,
  type Seen,
  serveGitHub,
} from "../local-github.ts";
import { simulate, type Simulated, valueOf } from "./simulated.ts";

const repo = "acme/shop";
const bob = { id: 2, login: "bob" };

describe("a merge group", () => {
  let world: Simulated;
  beforeEach(async () => {
    world = await simulate();
  });
  afterEach(() => world.stop());

  it.each(["graphql", "rest"])(
    "T46: is judged by the checks of its own head (%s)",
    async (door) => {
      world.sim.commit({ repo, files: { CODEOWNERS: "* @bob\n" }, author: "bob" });
      const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
      const group = world.sim.enqueuePull({ repo, number, by: "alice" });
      world.sim.checkRun({
        repo,
        sha: group.headSha,
        name: "unit",
        app: "ci",
        status: "completed",
        conclusion: "success",
      });
      if (door === "rest") world.sim.fault({ match: { path: "/graphql" }, status: 404, body: {} });
      const subject: Subject = {
        kind: "merge_group",
        repository: world.repository.id,
        headSha: group.headSha,
        headRef: group.ref,
        baseRef: "refs/heads/main",
      };
      const session = world.facts.open(subject, world.repository);
      const table = await session.read([
        checks.need(),
        codeOwnersFile.need(),
        headFile.need("a"),
        changedFiles.need(),
      ]);
      expect(valueOf(lookUp(table, checks.need()))).toMatchObject([
        { name: "unit", conclusion: "success" },
      ]);
      expect(valueOf(lookUp(table, codeOwnersFile.need()))).toEqual({
        path: "CODEOWNERS",
        text: "* @bob\n",
      });
      expect(valueOf(lookUp(table, headFile.need("a")))).toBe("1\n");
      expect(lookUp(table, changedFiles.need())).toMatchObject({ ok: false, code: "unsupported" });
    },
  );

  it("T46: its members are everything queued up to it", async () => {
    const numbers = ["x", "y"].map(
      (name) =>
        world.sim.openPull({ repo, author: "alice", head: name, files: { [name]: "1\n" } }).number,
    );
    const groups = numbers.map((number) => world.sim.enqueuePull({ repo, number, by: "alice" }));
    const members = await Promise.all(
      groups.map((group) =>
        world.reader.mergeGroupMembers(world.repository, group.ref, group.headSha),
      ),
    );
    expect(members).toEqual([numbers.slice(0, 1), numbers]);
  });
});

describe("what never changes is asked for once", () => {
  let world: Simulated;
  beforeEach(async () => {
    world = await simulate();
  });
  afterEach(() => world.stop());

  it.each([
    ["how far behind", () => behindBase.need()],
    ["the same diff", (reviewed: string) => sameDiff.need(reviewed)],
    ["a file of the head", () => headFile.need("a")],
    ["who wrote CODEOWNERS", () => codeOwnersFile.need()],
  ] as [string, (reviewed: string) => Need<unknown>][])(
    "%s: one call for the overview alone the second time; a new commit asks again",
    async (what, need) => {
      world.sim.commit({ repo, files: { CODEOWNERS: "* @bob\n" }, author: "bob" });
      const { number, headSha } = world.sim.openPull({
        repo,
        author: "alice",
        head: "feature",
        files: { a: "1\n" },
      });
      world.sim.commit({ repo, branch: "feature", files: { a: "2\n" }, author: "alice" });
      await world.read(number, need(headSha));
      world.calls();
      await world.read(number, need(headSha));
      expect(world.calls().length).toBeLessThanOrEqual(1);
      world.sim.commit({
        repo,
        branch: "feature",
        files: { a: "3\n", CODEOWNERS: "* @carol\n" },
        author: "alice",
      });
      world.sim.commit({ repo, files: { CODEOWNERS: "* @alice\n" }, author: "bob" });
      world.calls();
      await world.read(number, need(headSha));
      // Plain commits on top are compared by what the overview shows of them.
      if (what !== "the same diff") expect(world.calls().length).toBeGreaterThan(1);
    },
  );
});

describe("F: permission reduced", () => {
  let world: Simulated;
  beforeEach(async () => {
    world = await simulate();
  });
  afterEach(() => world.stop());

  it("the fact that needs it is unreadable, the others go on", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.setPermissions({
      account: "acme",
      permissions: { metadata: "read", pull_requests: "read", contents: "read" },
    });
    const session = world.facts.open(
      { kind: "pull_request", repository: world.repository.id, number },
      world.repository,
    );
    const table = await session.read([
      pullRequest.need(),
      changedFiles.need(),
      checks.need(),
      teamMembers.need("backend"),
    ]);
    expect(lookUp(table, pullRequest.need())?.ok).toBe(true);
    expect(lookUp(table, changedFiles.need())?.ok).toBe(true);
    expect(lookUp(table, checks.need())).toMatchObject({ ok: false });
    expect(lookUp(table, teamMembers.need("backend"))).toMatchObject({ ok: false });
  });
});

async function scripted(answer: (seen: Seen, nth: number) => Reply | undefined) {
  // Nothing happened to it, unless a test says so.
  const local = await serveGitHub(
    (seen, nth) =>
      answer(seen, nth) ?? (seen.path.endsWith("/timeline") ? { json: [] } : undefined),
  );
  const log = recordingLog();
  const facts = createFactReader(clientOf(local), {
    clock: { now: Date.now },
    log,
    store: await openStore({ url: ":memory:" }),
  });
  const repository = aRepository();
  const open = (
    subject: Subject = { kind: "pull_request", repository: 100, number: 1 },
    one = repository,
  ) => facts.open(subject, one);
  return { local, facts, repository, open, log };
}

const pull = {
  number: 1,
  html_url: "u",
  state: "open",
  title: "T",
  user: { id: 1, login: "alice", type: "User" },
  base: { ref: "main", sha: "b", repo: { id: 100 } },
  head: { ref: "x", sha: "h", repo: { id: 100 } },
  created_at: "2026-01-01T00:00:00Z",
  labels: [],
  changed_files: 1,
  commits: 1,
};

describe("lists that shift while they are paged", () => {
  const review = (id: number) => ({
    author: { __typename: "User", login: `u${id}`, databaseId: id },
    authorCanPushToRepository: true,
    state: "APPROVED",
    submittedAt: "2026-01-01T00:00:00Z",
    commit: { oid: "h" },
  });
  const graphqlPull = {
    number: 1,
    url: "u",
    state: "OPEN",
    isDraft: false,
    title: "T",
    body: "",
    author: null,
    baseRefName: "main",
    baseRefOid: "b",
    headRefName: "x",
    headRefOid: "h",
    isCrossRepository: false,
    headRepository: { databaseId: 100 },
    createdAt: "2026-01-01T00:00:00Z",
    changedFiles: 1,
  };
  const page = (ids: readonly number[], totalCount: number, endCursor: string | null) => ({
    totalCount,
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
    nodes: ids.map(review),
  });
  const isMore = (seen: Seen): boolean =>
    (seen.body as { query: string }).query.includes("list: reviews");

  it("F: pages shift/truncate: one that grew between pages is read again from the start", async () => {
    const { local, open } = await scripted((seen) => {
      if (seen.path !== "/graphql") return undefined;
      if (!isMore(seen))
        return {
          json: {
            data: {
              repository: {
                databaseId: 100,
                pullRequest: { ...graphqlPull, reviews: page([1, 2], 3, "c") },
              },
            },
          },
        };
      const after = (seen.body as { variables: { after: string | null } }).variables.after;
      return {
        json: {
          data: {
            repository: {
              pullRequest: { list: after === null ? page([1, 2], 4, "c") : page([3, 4], 4, null) },
            },
          },
        },
      };
    });
    const table = await open().read([reviews.need()]);
    expect(valueOf(lookUp(table, reviews.need())).map((one) => one.by?.id)).toEqual([1, 2, 3, 4]);
    await local.close();
  });

  it("F: pages shift/truncate: one that never adds up is refused where REST does not answer either", async () => {
    const { local, open } = await scripted((seen) => {
      if (seen.path !== "/graphql")
        return seen.path.endsWith("/reviews")
          ? { status: 403, json: { message: "no" } }
          : undefined;
      return isMore(seen)
        ? { json: { data: { repository: { pullRequest: { list: page([3], 9, null) } } } } }
        : {
            json: {
              data: {
                repository: {
                  databaseId: 100,
                  pullRequest: { ...graphqlPull, reviews: page([1, 2], 3, null) },
                },
              },
            },
          };
    });
    expect(lookUp(await open().read([reviews.need()]), reviews.need())).toMatchObject({
      ok: false,
    });
    await local.close();
  });

  it("q: F: 3,001 files are more than GitHub lists", async () => {
    const { local, open } = await scripted((seen) =>
      seen.path.endsWith("/pulls/1") ? { json: { ...pull, changed_files: 3_001 } } : undefined,
    );
    expect(lookUp(await open().read([changedFiles.need()]), changedFiles.need())).toMatchObject({
      ok: false,
      code: "incomplete",
    });
    await local.close();
  });

  it("a server without Link headers is paged all the same", async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({
      id: index + 1,
      login: `u${index}`,
      type: "User",
    }));
    const { local, open } = await scripted((seen) => {
      if (!seen.path.endsWith("/members")) return undefined;
      const at = (Number(seen.query.get("page") ?? "1") - 1) * 100;
      return { json: rows.slice(at, at + 100) };
    });
    expect(
      valueOf(lookUp(await open().read([teamMembers.need("all")]), teamMembers.need("all"))),
    ).toHaveLength(230);
    await local.close();
  });
});

describe("sessions", () => {
  it("F: 403/429 secondary: the fact says when to come back", async () => {
    const { local, open } = await scripted((seen) =>
      seen.path === "/graphql"
        ? { status: 429, headers: { "retry-after": "90" }, json: {} }
        : undefined,
    );
    const result = lookUp(await open().read([changedFiles.need()]), changedFiles.need());
    expect(result).toMatchObject({ ok: false, code: "rate_limited" });
    expect(result?.ok === false ? result.retryAt : 0).toBeGreaterThan(Date.now() + 80_000);
    await local.close();
  });

  it("T45: a name that another repository has now is not read", async () => {
    const { local, open } = await scripted((seen) => {
      if (seen.path === "/graphql")
        return { json: { data: { repository: { databaseId: 999, pullRequest: {} } } } };
      return seen.path.endsWith("/pulls/1")
        ? { json: { ...pull, base: { ...pull.base, repo: { id: 999 } } } }
        : undefined;
    });
    expect(lookUp(await open().read([pullRequest.need()]), pullRequest.need())).toMatchObject({
      ok: false,
      code: "stale",
    });
    await local.close();
  });

  it("T45: what is remembered of people is remembered per tenant", async () => {
    const { local, open, repository } = await scripted((seen) =>
      seen.path.endsWith("/permission")
        ? { json: { permission: "write", role_name: "maintain", user: { id: 2 } } }
        : undefined,
    );
    const subject: Subject = { kind: "pull_request", repository: 100, number: 1 };
    for (const one of [
      repository,
      repository,
      { ...repository, installationId: 2 },
      { ...repository, id: 101 },
    ])
      await open(subject, one).read([roleOf.need(bob)]);
    expect(local.calls()).toHaveLength(3);
    await local.close();
  });

  it.each([
    [{ permission: "write", role_name: "maintain" }, "maintain"],
    [{ permission: "read", role_name: "triage" }, "triage"],
    [{ permission: "write", role_name: "release-captain" }, "write"],
    [{ permission: "admin" }, "admin"],
    [{ permission: "none", role_name: "" }, "none"],
  ])("g: %j is the role %s", async (json, role) => {
    const { local, open } = await scripted((seen) =>
      seen.path.endsWith("/permission") ? { json: { ...json, user: { id: 2 } } } : undefined,
    );
    expect(valueOf(lookUp(await open().read([roleOf.need(bob)]), roleOf.need(bob)))).toBe(role);
    await local.close();
  });

  it.each([
    ["recycled: another account has the login", { 9: "bob", 2: "bob-of-old" }, "read"],
    ["renamed, and nobody has the login", { 2: "bob-of-old" }, "read"],
    ["gone", { 9: "bob" }, "none"],
    ["recycled while it is read", { 1: "bob-of-old", 2: "bob-of-old" }, null],
  ])("T30: a role is asked by id where the login is %s", async (_what, logins, role) => {
    const { local, open } = await scripted((seen) => {
      const asked = /\/collaborators\/([^/]+)\/permission$/.exec(seen.path)?.[1];
      const holder = Object.entries(logins).find(([, login]) => login === asked)?.[0];
      if (asked !== undefined)
        return holder === undefined
          ? { status: 404, json: {} }
          : {
              json: {
                permission: asked === "bob" ? "admin" : "read",
                user: { id: Number(holder) },
              },
            };
      const account = /^\/user\/(\d+)$/.exec(seen.path)?.[1];
      if (account === undefined) return undefined;
      const login = (logins as Readonly<Record<string, string>>)[account];
      return login === undefined ? { status: 404, json: {} } : { json: { id: 2, login } };
    });
    const read = lookUp(await open().read([roleOf.need(bob)]), roleOf.need(bob));
    expect(read?.ok === true ? read.value : null).toBe(role);
    await local.close();
  });

  it("nonsense for parameters is an error of that fact alone, and is logged", async () => {
    const { local, open, log } = await scripted(() => undefined);
    const need: Need<unknown> = { fact: "role", key: "role:5", params: 5, describe: "a role" };
    expect((await open().read([need])).get("role:5")).toMatchObject({ ok: false, code: "invalid" });
    expect(log.lines.join()).toContain("reading a fact failed");
    await local.close();
  });
});

describe("a deployment", () => {
  const subject = {
    kind: "deployment",
    repository: 100,
    deploymentId: 9,
    environment: "production",
    sha: "s",
    ref: "main",
    runId: 55,
  } as const;
  const answer =
    (overrides: object = {}, run: object = {}) =>
    (seen: Seen): Reply | undefined => {
      if (seen.path.endsWith("/deployments/9"))
        return {
          json: {
            id: 9,
            environment: "production",
            sha: "s",
            ref: "main",
            creator: { id: 2, login: "github-actions[bot]", type: "Bot" },
            created_at: "2026-01-01T00:00:00Z",
            ...overrides,
          },
        };
      return seen.path.endsWith("/runs/55")
        ? {
            json: {
              id: 55,
              head_sha: "s",
              actor: { id: 1, login: "alice", type: "User" },
              triggering_actor: { id: 1, login: "alice", type: "User" },
              ...run,
            },
          }
        : undefined;
    };
  const read = async (script: (seen: Seen) => Reply | undefined, runId: number | null = 55) => {
    const { local, open } = await scripted(script);
    try {
      return lookUp(await open({ ...subject, runId }).read([deployment.need()]), deployment.need());
    } finally {
      await local.close();
    }
  };

  it("was asked for by who started the run, and triggered by who re-ran it", async () => {
    expect(valueOf(await read(answer()))).toMatchObject({
      actor: { login: "alice" },
      triggeredBy: null,
      sha: "s",
      environment: "production",
    });
    expect(
      valueOf(await read(answer({}, { triggering_actor: { id: 3, login: "bob", type: "User" } }))),
    ).toMatchObject({ actor: { login: "alice" }, triggeredBy: { login: "bob" } });
    expect(valueOf(await read(answer(), null))).toMatchObject({
      actor: { login: "github-actions[bot]" },
    });
  });

  it("T39: of another commit or environment is not the one to be judged", async () => {
    expect(await read(answer({ environment: "staging" }))).toMatchObject({
      ok: false,
      code: "invalid",
    });
    expect(await read(answer({ sha: "other" }))).toMatchObject({ ok: false, code: "invalid" });
  });

  it("that does not exist any more is gone", async () => {
    await expect(
      read((seen) => (seen.path.endsWith("/runs/55") ? answer()(seen) : undefined)),
    ).rejects.toMatchObject({ code: "gone" });
  });
});
