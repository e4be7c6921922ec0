import Ajv from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSays, issuesOf } from "./deployments-world.ts";
import { ask, jobIn, noon, outsideShop, tokenFor, type Job } from "./gate-world.ts";
import { idle, runGatehouse, until, type Gatehouse } from "./harness.ts";

interface Operation {
  readonly responses: Readonly<
    Record<
      string,
      { readonly content: { readonly "application/json": { readonly schema: object } } }
    >
  >;
}

const hour = 3_600_000;
const minute = 60_000;

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: noon });
});
afterAll(() => gatehouse.stop());

const asked = ({ repo, run, deployment, sha }: Job) => ({ repo, run, id: deployment, sha });

/** A change of ada's that carol merged, in a repository of its own; people speak on its pull request. */
async function merged(name: string): Promise<{ repo: string; number: number }> {
  const { sim } = gatehouse;
  const repo = outsideShop(gatehouse, name);
  const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
  sim.mergePull({ repo, number, by: "carol" });
  await idle(gatehouse);
  return { repo, number };
}

const say = (repo: string, number: number, by: string, body: string): unknown =>
  gatehouse.sim.comment({ repo, number, by, body });

describe("a job asks", () => {
  it("T56: and is held until people approved, as its commit shows; a yes is given once, and the next question judged anew", async () => {
    const { sim } = gatehouse;
    const { repo, number } = await merged("approved");
    const job = jobIn(gatehouse, repo);
    const held = await ask(gatehouse, job.token(), job.question);
    expect(held.status).toBe(200);
    expect(held.body).toMatchObject({ decision: "hold", valid_until: null });
    expect(held.body.rules.find(({ name }) => name === "release-approval")).toMatchObject({
      verdict: "pending",
      enforcement: "active",
    });
    await checkSays(sim, asked(job), "live", ({ status }) => status === "in_progress");
    const waits = ask(gatehouse, job.token(), job.question, { wait: 60 });
    say(repo, number, "bob", "/gate approve live");
    const { body } = await waits;
    expect(body).toMatchObject({ decision: "allow", until: "2026-11-24T17:00:00.000Z" });
    const until5 = Date.parse(body.valid_until ?? "");
    expect(until5).toBeGreaterThan(gatehouse.now() + 4 * minute);
    expect(until5).toBeLessThanOrEqual(gatehouse.now() + 5 * minute);
    expect(body.url).toBe(`${gatehouse.gate.url}/decisions/${body.id ?? ""}`);
    expect(body.id).not.toBe(held.body.id);
    await checkSays(sim, asked(job), "live", ({ conclusion }) => conclusion === "success");

    say(repo, number, "bob", "/gate freeze live the books close");
    await idle(gatehouse);
    const again = await ask(gatehouse, job.token(), job.question);
    expect(again.body.decision).toBe("hold");
    await checkSays(sim, asked(job), "live", ({ status }) => status === "in_progress");
    expect(sim.calls.filter(({ path }) => path.includes("deployment_protection_rule"))).toEqual([]);
  });

  it("after a rejection gets the no, and gets it again", async () => {
    const { repo, number } = await merged("rejected");
    const job = jobIn(gatehouse, repo);
    expect((await ask(gatehouse, job.token(), job.question)).body.decision).toBe("hold");
    // Nobody is there when it is rejected: whoever comes back is told.
    say(repo, number, "bob", "/gate reject live the migration is missing");
    await idle(gatehouse);
    for (let time = 0; time < 2; time += 1) {
      const { body } = await ask(gatehouse, job.token(), job.question);
      expect(body.decision).toBe("deny");
      expect(body.rules.find(({ verdict }) => verdict === "fail")?.found).toContain("migration");
    }
    await checkSays(
      gatehouse.sim,
      asked(job),
      "live",
      ({ conclusion }) => conclusion === "failure",
    );
  });

  it("and waits for everything but itself", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "checked");
    const job = jobIn(gatehouse, repo, "checked");
    sim.workflowRun({
      repo,
      sha: job.sha,
      event: "push",
      jobs: [{ name: "unit", status: "in_progress" }],
    });
    await sim.settled();
    const first = await ask(gatehouse, job.token(), job.question);
    expect(first.body.decision).toBe("hold");
    const waits = ask(gatehouse, job.token(), job.question, { wait: 60 });
    const run = [
      ...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.runs.values() ?? []),
    ].at(-1)?.id;
    sim.job({ repo, run: run ?? 0, name: "unit", status: "completed", conclusion: "success" });
    expect((await waits).body.decision).toBe("allow");
  });

  it("and what goes out on its yes is proven, and no bypass", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "promoted");
    const second = jobIn(gatehouse, repo, "second");
    expect((await ask(gatehouse, second.token(), second.question)).body.decision).toBe("hold");
    const first = jobIn(gatehouse, repo, "first");
    const waits = ask(gatehouse, second.token(), second.question, { wait: 60 });
    expect((await ask(gatehouse, first.token(), first.question)).body.decision).toBe("allow");
    sim.finishDeployment({ repo, deployment: first.deployment });
    expect((await waits).body.decision).toBe("allow");
    sim.finishDeployment({ repo, deployment: second.deployment });
    await sim.settled();
    gatehouse.advance(minute);
    await idle(gatehouse);
    expect(issuesOf(sim, repo)).toEqual([]);
  });

  it("whose success was never allowed: it went past the gate", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "ignored");
    const job = jobIn(gatehouse, repo);
    expect((await ask(gatehouse, job.token(), job.question)).body.decision).toBe("hold");
    sim.finishDeployment({ repo, deployment: job.deployment });
    await sim.settled();
    gatehouse.advance(minute);
    await until(
      "an issue",
      () => issuesOf(sim, repo),
      (issues) => issues.some(({ title }) => title.includes("past the gate")),
    );
  });

  it("is held, never allowed, while GitHub does not answer", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "unread");
    const job = jobIn(gatehouse, repo, "first");
    await idle(gatehouse);
    sim.fault({ match: { path: `/repos/${repo}/actions/runs/${job.run}` }, status: 502 });
    const { status, body } = await ask(gatehouse, job.token(), job.question);
    expect([status, body.decision ?? "none"]).not.toContain("allow");
    expect(status === 503 || body.decision === "hold").toBe(true);
    sim.clearFaults();
    const { body: after } = await ask(gatehouse, job.token(), job.question, { wait: 60 });
    expect(after.decision).toBe("allow");
  });
});

describe("who may ask what", () => {
  let job: Job;
  beforeAll(async () => {
    const repo = outsideShop(gatehouse, "claims");
    outsideShop(gatehouse, "other");
    job = jobIn(gatehouse, repo, "first");
    gatehouse.sim.repo({ name: "acme/hidden", private: true, files: { a: "1" } });
    await idle(gatehouse);
  });
  const other = "f".repeat(40);

  it("T55: strangers learn nothing, whatever they ask", async () => {
    const expired = await tokenFor(gatehouse, ["acme/claims"], [], -1);
    const replies = await Promise.all(
      [
        null,
        "nonsense",
        "ght_nonsense",
        expired,
        job.token({ audience: "https://elsewhere.example.com" }),
        job.token({ lasts: -3600 }),
        job.token({ header: { alg: "none" } }),
        job.token({ claims: { iss: "https://evil.example.com" } }),
      ].flatMap((token) =>
        [job.question, { ...job.question, repository: "acme/hidden" }, "{"].map((question) =>
          ask(gatehouse, token, question),
        ),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it.each([
    ["another repository", {}, { repository: "acme/other" }],
    ["another commit", {}, { sha: other }],
    ["another environment", {}, { environment: "live" }],
    ["another ref", {}, { ref: "release" }],
    ["no environment of the job", { environment: undefined }, {}],
    ["a repository of the name and another id", { claims: { repository_id: "999" } }, {}],
    ["an owner of the name and another id", { claims: { repository_owner_id: "999" } }, {}],
  ])("T54: 403: %s", async (_what, token, question) => {
    const { environment, ...rest } = { environment: "first", ...token } as {
      readonly environment: string | undefined;
    };
    const { status, body } = await ask(
      gatehouse,
      gatehouse.sim.oidcToken({
        repo: job.repo,
        sha: job.sha,
        run: job.run,
        audience: gatehouse.gate.url,
        ...(environment === undefined ? {} : { environment }),
        ...rest,
      }),
      { ...job.question, ...question },
    );
    expect([status, body.error]).toEqual([403, "forbidden"]);
  });

  it("a token is for its repositories and environments, and dies when it is revoked", async () => {
    const token = await tokenFor(gatehouse, ["acme/claims"], ["first"]);
    const of = async (over: object): Promise<number> =>
      (await ask(gatehouse, token, { ...job.question, ...over })).status;
    expect(await of({})).toBe(200);
    expect(await of({ environment: "live" })).toBe(403);
    expect(await of({ repository: "acme/other" })).toBe(403);
    expect(await of({ repository: "acme/nothing" })).toBe(403);
  });

  it("T55: what is not governed looks like what does not exist", async () => {
    const token = await tokenFor(gatehouse, ["acme/*"]);
    const replies = await Promise.all(
      ["acme/hidden", "acme/nothing"].map((repository) =>
        ask(gatehouse, token, { ...job.question, repository }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
    expect(replies[0]?.body).toEqual(replies[1]?.body);
  });

  it("T54: a token is bound to the repository that had the name when it asked first", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "recycled");
    const { sha } = jobIn(gatehouse, repo, "first");
    const token = await tokenFor(gatehouse, [repo]);
    const question = { repository: repo, sha, environment: "first" };
    expect((await ask(gatehouse, token, question)).status).toBe(200);
    sim.deleteRepo({ repo });
    await idle(gatehouse);
    outsideShop(gatehouse, "recycled");
    await idle(gatehouse);
    expect((await ask(gatehouse, token, question)).status).toBe(403);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", []],
    ["no commit", { repository: "acme/claims", environment: "first" }],
    ["a branch as commit", { repository: "acme/claims", environment: "first", sha: "main" }],
    ["a commit that is not there", { repository: "acme/claims", environment: "first", sha: other }],
    [
      "an unknown key",
      { repository: "acme/claims", environment: "first", sha: other, force: true },
    ],
  ])("422: %s", async (_what, question) => {
    const token = await tokenFor(gatehouse, ["acme/claims"]);
    const { status, body } = await ask(gatehouse, token, question);
    expect(status).toBe(422);
    expect(body.problems?.[0]?.message).toBeTruthy();
  });

  it("413: a body that is no question; 422: a wait that is none", async () => {
    const token = await tokenFor(gatehouse, ["acme/claims"]);
    const large = await ask(gatehouse, token, { ...job.question, digest: "x".repeat(20_000) });
    expect(large.status).toBe(413);
    const wait = await ask(gatehouse, token, job.question, { wait: "long" });
    expect([wait.status, wait.body.problems?.[0]?.field]).toEqual([422, "wait"]);
  });
});

describe("a token asks", () => {
  it("about commits of a branch or tag of the repository alone", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "branches");
    const { sha } = sim.commit({ repo, branch: "release", files: { "src/a.ts": "9\n" } });
    const token = await tokenFor(gatehouse, [repo]);
    const question = { repository: repo, sha, environment: "first" };
    const astray = await ask(gatehouse, token, question);
    expect(astray.body).toMatchObject({ decision: "hold" });
    expect(astray.body.rules.map(({ name }) => name)).toContain("own-code");
    const named = await ask(gatehouse, token, { ...question, ref: "release" });
    expect(named.body.decision).toBe("allow");
  });
});

describe("time", () => {
  it("opens a question by itself when the window does, and says until when", async () => {
    const { repo, number } = await merged("windows");
    say(repo, number, "bob", "/gate approve live");
    await idle(gatehouse);
    gatehouse.advance(6 * hour);
    await idle(gatehouse);
    const job = jobIn(gatehouse, repo);
    const held = await ask(gatehouse, job.token(), job.question);
    expect(held.body).toMatchObject({ decision: "hold", until: "2026-11-25T09:00:00.000Z" });
    const waits = ask(gatehouse, job.token(), job.question, { wait: 60 });
    await idle(gatehouse);
    gatehouse.advance(Date.parse("2026-11-25T09:00:00Z") - gatehouse.now());
    const { body } = await waits;
    expect(body.decision).toBe("allow");
    gatehouse.advance(Date.parse("2026-11-25T16:58:00Z") - gatehouse.now());
    await idle(gatehouse);
    const late = jobIn(gatehouse, repo);
    const near = await ask(gatehouse, late.token(), late.question);
    expect(near.body).toMatchObject({ decision: "allow", valid_until: "2026-11-25T17:00:00.000Z" });
  });
});

describe("the answers", () => {
  it("are as the OpenAPI document says", async () => {
    const document = (await (await fetch(`${gatehouse.gate.url}/api/v1/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
      readonly components: object;
    };
    const { post } = document.paths["/api/v1/gate"] ?? {};
    const token = await tokenFor(gatehouse, ["acme/claims"]);
    const job = jobIn(gatehouse, "acme/claims", "first");
    const replies = [
      await ask(gatehouse, token, job.question),
      await ask(gatehouse, token, { ...job.question, environment: "live" }),
      await ask(gatehouse, null, job.question),
      await ask(gatehouse, token, { ...job.question, repository: "acme/other" }),
      await ask(gatehouse, token, {}),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 401, 403, 422]);
    for (const { status, body } of replies) {
      const schema = post?.responses[String(status)]?.content["application/json"].schema;
      const check = new Ajv.default({ strict: false, logger: false }).compile({
        ...schema,
        components: document.components,
      });
      expect(check(body), JSON.stringify(check.errors)).toBe(true);
    }
  });

  it("stand on the pages too: what waits, and its decision", async () => {
    const job = jobIn(gatehouse, outsideShop(gatehouse, "seen"));
    const token = await tokenFor(gatehouse, [job.repo]);
    const { body } = await ask(gatehouse, token, job.question);
    const read = async (path: string): Promise<unknown> =>
      (
        await fetch(`${gatehouse.gate.url}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).json();
    expect(await read("/api/v1/waiting")).toMatchObject({
      waiting: [{ answer: "hold", subject: { environment: "live", sha: job.sha } }],
    });
    expect(await read(`/api/v1/decisions/${body.id ?? ""}?replay=1`)).toMatchObject({
      answer: "hold",
      title: body.title,
      replay: { kind: "same" },
    });
  });
});

describe("a name that looks like one that a rule names", () => {
  it("W23: is held until GitHub has it, and stays known once something was let through", async () => {
    const { sim } = gatehouse;
    const { repo, sha } = jobIn(gatehouse, outsideShop(gatehouse, "slips"), "first");
    const token = await tokenFor(gatehouse, [repo]);
    const decided = async (environment: string): Promise<string | undefined> =>
      (await ask(gatehouse, token, { repository: repo, sha, environment })).body.decision;
    // Asking makes no name known.
    expect([await decided("chekced"), await decided("chekced")]).toEqual(["hold", "hold"]);
    sim.environment({ repo, name: "chekced" });
    expect(await decided("chekced")).toBe("allow");
    sim.deleteEnvironment({ repo, name: "chekced" });
    expect([await decided("chekced"), await decided("cheked")]).toEqual(["allow", "hold"]);
  });
});

describe("many", () => {
  it("callers are held at once in little memory, and let go when the process stops", async () => {
    const { repo } = await merged("crowd");
    const job = jobIn(gatehouse, repo);
    const token = await tokenFor(gatehouse, [repo]);
    await ask(gatehouse, token, job.question);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const held = Array.from({ length: 100 }, () =>
      ask(gatehouse, token, job.question, { wait: 60 }),
    );
    await idle(gatehouse);
    globalThis.gc?.();
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
    console.info(`100 held callers, both ends in this process: ${megabytes.toFixed(1)} MB`);
    const from = performance.now();
    await gatehouse.restart();
    const replies = await Promise.all(held);
    console.info(`let go in ${Math.round(performance.now() - from)} ms`);
    expect(replies.map(({ body }) => body.decision)).toEqual(replies.map(() => "hold"));
  });
});
