import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  calmIn,
  impatiently,
  newRepo,
  open,
  reviewed,
  staged,
  tested,
  theRun,
  turnsGreen,
  waits,
  writesTo,
} from "./fault-world.ts";
import { checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";

// Each test stages faults of its own repository only: they run side by side over one gate.

const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({
    skipsWaits: true,
    simulator: { onExchange: wire.onExchange },
    patience: { requestTimeoutMs: 300 },
  });
  sim = gatehouse.sim;
});
afterAll(async () => {
  await gatehouse.stop();
});

/** The eventual answer, without the waits between tries. */
const soon = <T>(wanted: Promise<T>): Promise<T> =>
  impatiently(gatehouse.settings.databaseUrl, wanted);

async function knownRepo(name: string, policy = reviewed): Promise<string> {
  const repo = newRepo(sim, name, policy);
  await calmIn(gatehouse, repo);
  return repo;
}

const triesInVain = (repo: string, status: number): Promise<number> =>
  until(
    "a try in vain",
    () =>
      sim.calls.filter((call) => call.path.startsWith(`/repos/${repo}/`) && call.status === status)
        .length,
    (count) => count > 0,
  );

describe.concurrent("answers that fail", () => {
  it.for([
    ["the policy file", { method: "GET", path: "/contents/" }],
    ["the pull request", { graphql: true }],
    ["the new check run", { method: "POST", path: "/check-runs" }],
    ["the read before the green", { method: "GET", path: "/pulls/\\d+$" }],
    ["the changed check run", { method: "PATCH", path: "/check-runs/" }],
  ] as const)(
    "F10: 500, 502 and 503 in a row for %s leave no commit without its check run",
    async ([what, where]) => {
      // Nothing is known of the repository yet where its policy is what fails.
      const name = `trouble-${what.replaceAll(" ", "-")}`;
      if (what === "the policy file")
        for (const status of [502, 503, 500])
          staged(sim, `acme/${name}`, { ...where, status, times: 1 });
      const repo = newRepo(sim, name);
      if (what !== "the policy file") {
        await calmIn(gatehouse, repo);
        for (const status of [502, 503, 500]) staged(sim, repo, { ...where, status, times: 1 });
      }
      const { number, headSha } = open(sim, repo);
      await soon(waits(sim, repo, headSha));
      sim.review({ repo, number, by: "bob", state: "approve" });
      await soon(turnsGreen(sim, repo, headSha));
      theRun(sim, repo, headSha);
      expect(
        sim.calls.filter(
          (call) =>
            call.status >= 500 &&
            (call.path.startsWith(`/repos/${repo}/`) ||
              JSON.stringify(call.body ?? "").includes(name)),
        ),
      ).toHaveLength(3);
    },
  );

  it("F10: answers that are no JSON, or of another shape, are failures", async () => {
    const repo = await knownRepo("garbled");
    staged(sim, repo, { graphql: true, status: 200, body: "<html>unicorn</html>", times: 1 });
    const { number, headSha } = open(sim, repo);
    await soon(waits(sim, repo, headSha));
    staged(sim, repo, {
      graphql: true,
      status: 200,
      body: { data: { repository: { pullRequest: { reviews: "all fine" } } } },
      times: 1,
    });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await soon(turnsGreen(sim, repo, headSha));
  });

  it.for([
    ["checks", 403, tested, "head", "/check-runs"],
    ["checks", 404, tested, "head", "/check-runs"],
    ["reviews", 403, reviewed, "reviews", "/reviews"],
    ["reviews", 404, reviewed, "reviews", "/reviews"],
  ] as const)(
    "F13: %s refused with %i are unknown, never clean",
    async ([fact, status, policy, part, path]) => {
      const repo = await knownRepo(`ambiguous-${fact}-${status}`, policy);
      const refusals = [
        staged(sim, repo, {
          graphql: true,
          partialGraphql: { path: ["repository", "pullRequest", part], type: "FORBIDDEN" },
        }),
        staged(sim, repo, {
          method: "GET",
          path: `/.*${path}$`,
          status,
          body: {
            message: status === 403 ? "Resource not accessible by integration" : "Not Found",
          },
        }),
      ];
      const { number, headSha } = open(sim, repo);
      const speak = (): void => {
        sim.checkRun({
          repo,
          sha: headSha,
          name: "unit",
          app: "ci",
          status: "completed",
          conclusion: "success",
        });
        sim.review({ repo, number, by: "bob", state: "approve" });
      };
      speak();
      const run = await gateSays(sim, repo, headSha, (seen) =>
        /^Cannot read/.test(seen.title ?? ""),
      );
      expect(run.conclusion).toBeNull();
      for (const end of refusals) end();
      speak();
      await turnsGreen(sim, repo, headSha);
    },
  );

  it.for([2, 4])("F14: a fresh token that is refused %i times serves in the end", async (times) => {
    const repo = await knownRepo(`lagging-${times}`);
    staged(sim, repo, { graphql: true, status: 401, body: { message: "Bad credentials" }, times });
    const { headSha } = open(sim, repo);
    await soon(waits(sim, repo, headSha));
    theRun(sim, repo, headSha);
  });

  it("F16: GraphQL's 200 with errors is no answer: what it nulls is read elsewhere or is not known", async () => {
    const repo = await knownRepo("partial");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    staged(sim, repo, {
      graphql: true,
      partialGraphql: { path: ["repository", "pullRequest", "reviews"] },
    });
    const ended = staged(sim, repo, { path: "/pulls/\\d+/reviews", status: 502 });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await triesInVain(repo, 502);
    expect(theRun(sim, repo, headSha)).toMatchObject({
      status: "in_progress",
      title: "Needs 1 approval",
    });
    // GraphQL goes on failing, REST answers.
    ended();
    await soon(turnsGreen(sim, repo, headSha));
  });
});

describe.concurrent("lists that are not whole", () => {
  const pinned = "version: 1\nrules:\n  - name: pinned\n    require: { pinned_actions: true }\n";
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`src/many/f${n}.ts`, "x\n"]));

  it("F17: of 3,001 changed files GitHub lists 3,000, and a part is never taken for the whole", async () => {
    const repo = await knownRepo("huge", pinned);
    const { headSha } = open(sim, repo, { files: many(3001) });
    const run = await gateSays(sim, repo, headSha, (seen) => seen.title !== null);
    expect(run.conclusion).not.toBe("success");
    expect(run.summary).toMatch(/3001 files changed; GitHub lists at most 3000/);
  });

  it("F17: a page that comes back short is read again; one that stays short is not believed", async () => {
    const repo = await knownRepo("shifting", pinned);
    staged(sim, repo, { path: "/pulls/\\d+/files$", status: 200, body: [], times: 1 });
    const { headSha } = open(sim, repo, { files: many(150) });
    await turnsGreen(sim, repo, headSha);
    staged(sim, repo, { path: "/pulls/\\d+/files$", status: 200, body: [] });
    const other = open(sim, repo, { head: "short", files: many(151) });
    const run = await gateSays(sim, repo, other.headSha, (seen) => seen.title !== null);
    expect(run.conclusion).not.toBe("success");
    expect(run.title).toMatch(/^Cannot read/);
  });
});

describe.concurrent("answers that were lost", () => {
  it("F9: a check run whose making was not confirmed is found and taken over", async () => {
    const repo = await knownRepo("lost-post");
    staged(sim, repo, { method: "POST", path: "/check-runs", loseAnswer: true, times: 1 });
    const { number, headSha } = open(sim, repo);
    await soon(waits(sim, repo, headSha));
    sim.review({ repo, number, by: "bob", state: "approve" });
    await soon(turnsGreen(sim, repo, headSha));
    theRun(sim, repo, headSha);
  });

  it("F9: a green whose sending was not confirmed does not outlive its reason", async () => {
    const repo = await knownRepo("lost-green");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    const ended = staged(sim, repo, { method: "PATCH", path: "/check-runs/", loseAnswer: true });
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    sim.dismissReview({ repo, number, id, by: "ada" });
    await sim.settled();
    ended();
    const run = await soon(waits(sim, repo, headSha));
    expect(run.title).toBe("Needs 1 approval");
    theRun(sim, repo, headSha);
  });

  it.for([
    ["refused", { status: 502 }],
    ["lost", { loseAnswer: true }],
    ["swallowed", { hang: true }],
  ] as const)(
    "F18: annotations go on where a %s batch left off, none twice",
    async ([kind, fault]) => {
      const repo = await knownRepo(`batches-${kind}`);
      const broken = `version: 1\nrules:\n${Array.from({ length: 120 }, (_, n) => `  - name: r${n}\n    require: { reviews: { aprovals: ${n} } }\n`).join("")}`;
      staged(sim, repo, { method: "PATCH", path: "/check-runs/", ...fault, times: 1 });
      const { headSha } = open(sim, repo, { files: { ".github/gatehouse.yml": broken } });
      const preview = (): ReturnType<typeof checkRunsOn> =>
        checkRunsOn(sim, repo, headSha).filter((run) => run.name === "gatehouse / policy");
      await soon(
        until("every annotation", preview, (runs) => (runs[0]?.annotations.length ?? 0) >= 120),
      );
      await calmIn(gatehouse, repo);
      const [run] = preview();
      expect(preview()).toHaveLength(1);
      expect(run?.annotations).toHaveLength(120);
      expect(new Set(run?.annotations.map((annotation) => annotation.start_line)).size).toBe(120);
    },
  );
});

describe("a partial outage", () => {
  const age = async (): Promise<number> =>
    Number(
      /^gatehouse_verdict_age_seconds (\S+)$/m.exec(
        await (await fetch(`${gatehouse.gate.url}/metrics`)).text(),
      )?.[1],
    );

  it("F23: no verdict flips while GitHub cannot be read, the gauge tells its age, and the truth comes after", async () => {
    const repo = await knownRepo("outage");
    const green = open(sim, repo, { head: "green" });
    sim.review({ repo, number: green.number, by: "bob", state: "approve" });
    const waiting = open(sim, repo, { head: "waiting" });
    await turnsGreen(sim, repo, green.headSha);
    await waits(sim, repo, waiting.headSha);
    await calmIn(gatehouse, repo);
    const waitsFor = (sha: string, title: RegExp) =>
      until(
        `the title ${title.source}`,
        () => theRun(sim, repo, sha),
        (run) => title.test(run.title ?? ""),
      );
    const writes = writesTo(sim, repo);
    const ended = [
      staged(sim, repo, {
        graphql: true,
        partialGraphql: { path: ["repository", "pullRequest", "reviews"] },
      }),
      staged(sim, repo, { path: "/pulls/\\d+/reviews$", status: 503 }),
    ];
    sim.review({ repo, number: waiting.number, by: "bob", state: "approve" });
    sim.review({ repo, number: green.number, by: "eve", state: "comment" });
    await until(
      "both tried in vain",
      () =>
        new Set(
          sim.calls
            .filter((call) => call.path.startsWith(`/repos/${repo}/`) && call.status === 503)
            .map((call) => call.path),
        ).size,
      (count) => count === 2,
    );
    await until("the age of the older answer", age, (seconds) => seconds > 0);
    expect(theRun(sim, repo, green.headSha).conclusion).toBe("success");
    // What waited anyway says once for whom it waits by now, and nothing else is written.
    const told = await waitsFor(waiting.headSha, /^Waiting for GitHub: cannot read the reviews/);
    expect(told.status).toBe("in_progress");
    expect(writesTo(sim, repo)).toBe(writes + 1);
    // Where nothing was known, the check run says for whom it waits.
    const fresh = open(sim, repo, { head: "fresh" });
    expect((await waits(sim, repo, fresh.headSha)).title).toMatch(/^Waiting for GitHub/);
    for (const end of ended) end();
    await soon(turnsGreen(sim, repo, waiting.headSha));
    await soon(waitsFor(fresh.headSha, /^Needs 1 approval$/));
    await calmIn(gatehouse, repo);
    expect(await age()).toBe(0);
  });

  it("F23: an approval withdrawn while nothing can be written turns the green back as soon as it can", async () => {
    const repo = await knownRepo("read-only");
    const { number, headSha } = open(sim, repo);
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    const ended = staged(sim, repo, { method: "PATCH", status: 503 });
    sim.dismissReview({ repo, number, id, by: "ada" });
    await triesInVain(repo, 503);
    ended();
    await soon(waits(sim, repo, headSha));
  });
});

describe("the wire", () => {
  it("carries nothing that GitHub's descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
