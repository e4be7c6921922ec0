import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import { ask, at, startSimulator, token } from "./client.ts";

const repo = "/repos/acme/shop";

describe("the API over HTTP", () => {
  let sim: Simulator;
  let as: string;

  beforeEach(async () => {
    sim = await startSimulator();
    const { installationId } = sim.org({ login: "acme" });
    sim.repo({ name: "acme/shop" });
    as = await token(sim, installationId ?? 0);
    sim.resetCalls();
  });
  afterEach(() => sim.stop());

  it("answers under both prefixes alike", async () => {
    const [short, long] = [
      await ask(sim, "GET", repo, { as }),
      await ask(sim, "GET", `/api/v3${repo}`, { as }),
    ];
    expect(short.body).toEqual(long.body);
    expect(
      (await ask(sim, "POST", "/graphql", { as, body: { query: "{viewer{login}}" } })).body,
    ).toEqual(
      (await ask(sim, "POST", "/api/graphql", { as, body: { query: "{viewer{login}}" } })).body,
    );
  });

  it("answers 304 while nothing changed", async () => {
    const etag = (await ask(sim, "GET", `${repo}/pulls`, { as })).headers.get("etag") ?? "";
    const again = await ask(sim, "GET", `${repo}/pulls`, {
      as,
      headers: { "if-none-match": etag },
    });
    expect([again.status, again.body]).toEqual([304, undefined]);
    sim.openPull({ repo: "acme/shop", files: { a: "1" } });
    expect(
      (await ask(sim, "GET", `${repo}/pulls`, { as, headers: { "if-none-match": etag } })).status,
    ).toBe(200);
  });

  it("pages with links that lead through everything once", async () => {
    const { number } = sim.openPull({
      repo: "acme/shop",
      files: Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`f${n}.ts`, `${n}\n`])),
    });
    const names: unknown[] = [];
    for (
      let path: string | undefined = `/api/v3${repo}/pulls/${number}/files?per_page=100`;
      path !== undefined;
    ) {
      const page = await ask(sim, "GET", path, { as });
      names.push(
        ...(Array.isArray(page.body) ? page.body.map((file: unknown) => at(file, "filename")) : []),
      );
      path = /<([^>]+)>; rel="next"/
        .exec(page.headers.get("link") ?? "")?.[1]
        ?.slice(sim.url.length);
    }
    expect(new Set(names).size).toBe(250);
    expect(names).toHaveLength(250);
  });

  it("lists 3,000 files of a pull request and counts them all", async () => {
    const { number } = sim.openPull({
      repo: "acme/shop",
      files: Object.fromEntries(Array.from({ length: 3001 }, (_, n) => [`f${n}.ts`, `${n}\n`])),
    });
    expect(
      at((await ask(sim, "GET", `${repo}/pulls/${number}`, { as })).body, "changed_files"),
    ).toBe(3001);
    expect(
      (
        await ask(sim, "GET", `${repo}/pulls/${number}/files?per_page=100&page=30`, { as })
      ).headers.get("link"),
    ).not.toContain('rel="next"');
    expect(
      (await ask(sim, "GET", `${repo}/pulls/${number}/files?per_page=100&page=31`, { as })).body,
    ).toEqual([]);
  });

  it("counts calls, and marks those that only fetch tokens", async () => {
    await ask(sim, "GET", repo, { as });
    await token(sim, sim.world.installations.keys().next().value ?? 0);
    expect(
      sim.calls.map(({ method, path, status, isToken }) => [method, path, status, isToken]),
    ).toEqual([
      ["GET", repo, 200, false],
      ["POST", expect.stringMatching(/^\/app\/installations\/\d+\/access_tokens$/), 201, true],
    ]);
  });

  it("has no rate limit, as GHES comes, until it is given one", async () => {
    expect((await ask(sim, "GET", "/rate_limit", { as })).status).toBe(404);
    sim.quota({ limit: 2 });
    const first = await ask(sim, "GET", repo, { as });
    expect([first.status, first.headers.get("x-ratelimit-remaining")]).toEqual([200, "1"]);
    await ask(sim, "GET", repo, { as });
    const third = await ask(sim, "GET", repo, { as });
    expect([third.status, third.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
    sim.advance(3_600_000 - 60_000);
    expect((await ask(sim, "GET", "/rate_limit", { as })).status).toBe(200);
    sim.quota({ limit: 100 });
    expect((await ask(sim, "GET", repo, { as })).status).toBe(200);
  });

  it("refuses a body that is not JSON, and unknown paths", async () => {
    const broken = await fetch(`${sim.url}${repo}/issues`, {
      method: "POST",
      body: "{",
      headers: { authorization: `bearer ${as}` },
    });
    expect(broken.status).toBe(400);
    expect((await ask(sim, "GET", "/nothing/here", { as })).status).toBe(404);
  });

  describe("check runs", () => {
    const sha = (): string =>
      sim.world.repos.values().next().value?.refs.get("refs/heads/main") ?? "";
    const post = async (body: Readonly<Record<string, unknown>>): Promise<number> =>
      (
        await ask(sim, "POST", `${repo}/check-runs`, {
          as,
          body: { name: "gatehouse", head_sha: sha(), ...body },
        })
      ).status;
    const annotation = {
      path: "a",
      start_line: 1,
      end_line: 1,
      annotation_level: "failure",
      message: "m",
    };

    it.each([
      {
        name: "51 annotations",
        body: {
          output: {
            title: "t",
            summary: "s",
            annotations: Array.from({ length: 51 }, () => annotation),
          },
        },
        status: 422,
      },
      {
        name: "50 annotations",
        body: {
          output: {
            title: "t",
            summary: "s",
            annotations: Array.from({ length: 50 }, () => annotation),
          },
        },
        status: 201,
      },
      {
        name: "a summary of 65,536 bytes",
        body: { output: { title: "t", summary: "s".repeat(65_536) } },
        status: 422,
      },
      {
        name: "a summary of 65,535 bytes",
        body: { output: { title: "t", summary: "s".repeat(65_535) } },
        status: 201,
      },
      { name: "an output without summary", body: { output: { title: "t" } }, status: 422 },
      { name: "completed without conclusion", body: { status: "completed" }, status: 422 },
      {
        name: "a conclusion of GitHub's own",
        body: { status: "completed", conclusion: "stale" },
        status: 422,
      },
      {
        name: "a fourth button",
        body: {
          actions: Array.from({ length: 4 }, (_, n) => ({
            label: "x",
            description: "y",
            identifier: String(n),
          })),
        },
        status: 422,
      },
      {
        name: "columns over several lines",
        body: {
          output: {
            title: "t",
            summary: "s",
            annotations: [{ ...annotation, end_line: 2, start_column: 1 }],
          },
        },
        status: 422,
      },
      { name: "an unknown commit", body: { head_sha: "1".repeat(40) }, status: 422 },
    ])("with $name are answered with $status", async ({ body, status }) => {
      expect(await post(body)).toBe(status);
    });

    it("add annotations with every change, and belong to their App", async () => {
      const output = { title: "t", summary: "s", annotations: [annotation] };
      const made = await ask(sim, "POST", `${repo}/check-runs`, {
        as,
        body: { name: "gatehouse", head_sha: sha(), output },
      });
      const changed = await ask(sim, "PATCH", `${repo}/check-runs/${String(at(made.body, "id"))}`, {
        as,
        body: { output },
      });
      expect(at(changed.body, "output", "annotations_count")).toBe(2);
      const foreign = sim.checkRun({
        repo: "acme/shop",
        sha: sha(),
        name: "gatehouse",
        app: "evil",
      });
      expect(
        (
          await ask(sim, "PATCH", `${repo}/check-runs/${foreign.id}`, {
            as,
            body: { conclusion: "success" },
          })
        ).status,
      ).toBe(403);
    });

    it("list the newest of a name, or all", async () => {
      await post({});
      await post({ status: "completed", conclusion: "success" });
      const list = async (query: string): Promise<unknown> =>
        at(
          (await ask(sim, "GET", `${repo}/commits/${sha()}/check-runs?${query}`, { as })).body,
          "total_count",
        );
      expect([
        await list("check_name=gatehouse"),
        await list("check_name=gatehouse&filter=all"),
        await list("app_id=15368"),
      ]).toEqual([1, 2, 0]);
    });
  });

  it.each([
    { name: "delays", fault: { match: { path: "/pulls" }, status: 502, times: 1 }, first: 502 },
    {
      name: "secondary limits",
      fault: {
        match: { method: "GET" },
        status: 403,
        body: { message: "You have exceeded a secondary rate limit" },
        headers: { "retry-after": "1" },
        times: 1,
      },
      first: 403,
    },
  ])("stages $name a number of times", async ({ fault, first }) => {
    sim.fault(fault);
    expect((await ask(sim, "GET", `${repo}/pulls`, { as })).status).toBe(first);
    expect((await ask(sim, "GET", `${repo}/pulls`, { as })).status).toBe(200);
  });

  it("stages a page of HTML where JSON was due", async () => {
    sim.fault({ match: { path: "/pulls" }, status: 502, body: "<html>unicorn</html>", times: 1 });
    const answer = await ask(sim, "GET", `${repo}/pulls`, { as });
    expect([answer.status, answer.body]).toEqual([502, "<html>unicorn</html>"]);
  });

  it("stages an answer that is lost after the work was done", async () => {
    sim.fault({ match: { method: "POST", path: "/check-runs" }, loseAnswer: true, times: 1 });
    const headSha = sim.world.repos.values().next().value?.refs.get("refs/heads/main");
    await expect(
      ask(sim, "POST", `${repo}/check-runs`, {
        as,
        body: { name: "gatehouse", head_sha: headSha },
      }),
    ).rejects.toThrow();
    expect(
      at((await ask(sim, "GET", `${repo}/commits/main/check-runs`, { as })).body, "total_count"),
    ).toBe(1);
  });

  it("stages a black hole, which ends with the simulator", async () => {
    sim.fault({ match: { path: "/pulls" }, hang: true });
    await expect(
      fetch(`${sim.url}${repo}/pulls`, {
        signal: AbortSignal.timeout(50),
        headers: { authorization: `bearer ${as}` },
      }),
    ).rejects.toThrow();
  });

  it("stages a GraphQL answer that is partly null", async () => {
    sim.fault({ partialGraphql: { path: ["repository", "name"] }, times: 1 });
    const answer = await ask(sim, "POST", "/graphql", {
      as,
      body: { query: '{repository(owner:"acme",name:"shop"){id name}}' },
    });
    expect(answer.body).toMatchObject({
      data: { repository: { name: null } },
      errors: [{ path: ["repository", "name"] }],
    });
    expect(at(answer.body, "data", "repository", "id")).toBeTypeOf("string");
  });

  it("is directed over HTTP too", async () => {
    const opened = await ask(sim, "POST", "/_simulator/openPull", {
      body: { repo: "acme/shop", author: "ada", files: { "a.ts": "1\n" } },
    });
    expect(opened).toMatchObject({ status: 200, body: { number: 1 } });
    const state = await ask(sim, "GET", "/_simulator/state");
    expect(at(state.body, "repositories", 0, "pulls", 0)).toMatchObject({
      number: 1,
      state: "open",
    });
    expect(
      (await ask(sim, "POST", "/_simulator/openPull", { body: { repo: "acme/nowhere" } })).body,
    ).toMatchObject({ message: expect.stringContaining("no repository") });
    expect((await ask(sim, "POST", "/_simulator/dance")).status).toBe(404);
    expect((await ask(sim, "POST", "/_simulator/advance", { body: { ms: 5 } })).status).toBe(200);
    expect(sim.calls).toEqual([]);
  });

  it("hands out artifacts as real archives, for one minute", async () => {
    const run = sim.workflowRun({
      repo: "acme/shop",
      sha: "main",
      jobs: ["unit"],
      artifacts: { coverage: { "lcov.info": "TN:\n", "deep/a.txt": { base64: "aGk=" } } },
    });
    const found = await ask(sim, "GET", `${repo}/actions/artifacts/${run.artifacts[0]?.id}/zip`, {
      as,
    });
    expect(found.status).toBe(302);
    const location = found.headers.get("location") ?? "";
    const bytes = Buffer.from(await (await fetch(location)).arrayBuffer());
    expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
    sim.advance(61_000);
    expect((await fetch(location)).status).toBe(403);
  });
});
