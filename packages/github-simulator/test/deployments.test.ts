import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import { ask, at, startSimulator, token } from "./client.ts";

const repo = "acme/shop";
const day = 86_400_000;

describe("deployments", () => {
  let sim: Simulator;
  let as: string;

  beforeEach(async () => {
    sim = await startSimulator({ tokenLifetimeMs: 400 * day });
    const { installationId } = sim.org({ login: "acme", members: ["ada", "bob"] });
    sim.repo({ name: repo });
    sim.environment({ repo, name: "production", gate: true });
    as = await token(sim, installationId ?? 0);
  });
  afterEach(() => sim.stop());

  const answer = async (run: number, body: unknown): Promise<[number, unknown]> => {
    const reply = await ask(
      sim,
      "POST",
      `/repos/${repo}/actions/runs/${run}/deployment_protection_rule`,
      { as, body },
    );
    return [reply.status, at(reply.body, "message")];
  };
  const events = (): string[] =>
    sim.deliveries.map(({ event, action }) => `${event}.${action ?? ""}`);
  const stateOf = async (id: number): Promise<unknown> =>
    at(
      (await ask(sim, "GET", `/repos/${repo}/deployments/${id}/statuses`, { as })).body,
      0,
      "state",
    );
  const first = (view: ReturnType<Simulator["deploy"]>): number => view.deployments[0]?.id ?? 0;

  it("wait at a guarded environment and ask the App, with the callback URL of the run", () => {
    const view = sim.deploy({ repo, environment: "production", actor: "ada" });
    expect(view.deployments[0]?.state).toBe("waiting");
    const asked = sim.deliveries.find(({ event }) => event === "deployment_protection_rule");
    expect(asked?.payload).toMatchObject({
      action: "requested",
      environment: "production",
      deployment_callback_url: `${sim.url}/api/v3/repos/${repo}/actions/runs/${view.run}/deployment_protection_rule`,
      sender: { login: "ada" },
    });
  });

  it("go on once approved, and a second verdict is refused", async () => {
    const view = sim.deploy({ repo, environment: "production" });
    expect(
      await answer(view.run, {
        environment_name: "production",
        state: "approved",
        comment: "fine",
      }),
    ).toEqual([204, undefined]);
    expect(await stateOf(first(view))).toBe("in_progress");
    expect(await answer(view.run, { environment_name: "production", state: "rejected" })).toEqual([
      422,
      "No pending deployment requests to approve or reject",
    ]);
    sim.finishDeployment({ repo, deployment: first(view) });
    expect(await stateOf(first(view))).toBe("success");
    const next = sim.deploy({ repo, environment: "production" });
    await answer(next.run, { environment_name: "production", state: "approved" });
    sim.finishDeployment({ repo, deployment: first(next) });
    expect(await stateOf(first(view))).toBe("inactive");
  });

  it("fail once rejected", async () => {
    const view = sim.deploy({ repo, environment: "production" });
    await answer(view.run, { environment_name: "production", state: "rejected", comment: "no" });
    expect(await stateOf(first(view))).toBe("failure");
    const run = await ask(sim, "GET", `/repos/${repo}/actions/runs/${view.run}`, { as });
    expect(run.body).toMatchObject({ status: "completed", conclusion: "failure" });
  });

  it("take ten status reports of 1,024 characters and no more, and still a verdict", async () => {
    const { run } = sim.deploy({ repo, environment: "production" });
    expect(
      (await answer(run, { environment_name: "production", comment: "x".repeat(1025) }))[0],
    ).toBe(422);
    for (let report = 0; report < 10; report++)
      expect(
        (await answer(run, { environment_name: "production", comment: "x".repeat(1024) }))[0],
      ).toBe(204);
    expect((await answer(run, { environment_name: "production", comment: "eleventh" }))[0]).toBe(
      422,
    );
    expect((await answer(run, { environment_name: "production", state: "approved" }))[0]).toBe(204);
  });

  it.each([
    {
      name: "an environment the App does not guard",
      body: { environment_name: "staging", state: "approved" },
      status: 403,
    },
    {
      name: "a wrong state",
      body: { environment_name: "production", state: "maybe" },
      status: 422,
    },
    { name: "no environment", body: { state: "approved" }, status: 422 },
    { name: "a report without words", body: { environment_name: "production" }, status: 422 },
  ])("refuse an answer with $name", async ({ body, status }) => {
    const { run } = sim.deploy({ repo, environment: "production" });
    expect((await answer(run, body))[0]).toBe(status);
  });

  it("wait for people too, who are then remembered by name", async () => {
    sim.environment({ repo, name: "production", gate: true, reviewers: { users: ["bob"] } });
    const view = sim.deploy({ repo, environment: "production", actor: "ada" });
    await answer(view.run, { environment_name: "production", state: "approved" });
    expect(await stateOf(first(view))).toBe("waiting");
    const pending = await ask(
      sim,
      "GET",
      `/repos/${repo}/actions/runs/${view.run}/pending_deployments`,
      { as },
    );
    expect(at(pending.body, 0, "reviewers", 0, "reviewer", "login")).toBe("bob");
    sim.reviewDeployment({ repo, run: view.run, by: "bob", comment: "ok" });
    expect(await stateOf(first(view))).toBe("in_progress");
    const approvals = await ask(sim, "GET", `/repos/${repo}/actions/runs/${view.run}/approvals`, {
      as,
    });
    expect([
      at(approvals.body, 0, "user", "login"),
      at(approvals.body, 1, "user", "login"),
    ]).toEqual(["gatehouse[bot]", "bob"]);
    expect(events()).toEqual(
      expect.arrayContaining(["deployment_review.requested", "deployment_review.approved"]),
    );
  });

  it("let only reviewers review through the API, and not themselves where that is forbidden", async () => {
    sim.environment({
      repo,
      name: "production",
      reviewers: { users: ["ada", "bob"], preventSelfReview: true },
    });
    const { run } = sim.deploy({ repo, environment: "production", actor: "ada" });
    const id = sim.world.repos.values().next().value?.environments.get("production")?.id;
    const review = async (login: string): Promise<number> =>
      (
        await ask(sim, "POST", `/repos/${repo}/actions/runs/${run}/pending_deployments`, {
          as: sim.user({ login }).token,
          body: { environment_ids: [id], state: "approved", comment: "" },
        })
      ).status;
    sim.collaborator({ repo, login: "eve", role: "write" });
    expect(await review("eve")).toBe(403);
    expect(await review("ada")).toBe(403);
    expect(await review("bob")).toBe(200);
  });

  it("are started past every rule by an administrator", async () => {
    const view = sim.deploy({ repo, environment: "production" });
    sim.startWaitingJobs({ repo, run: view.run, by: "admin" });
    expect(await stateOf(first(view))).toBe("in_progress");
    expect((await answer(view.run, { environment_name: "production", state: "rejected" }))[0]).toBe(
      422,
    );
  });

  it("make the environment of a typo, which nothing guards", async () => {
    const view = sim.deploy({ repo, environment: "prodution" });
    expect(view.deployments[0]?.state).toBe("ungated");
    const list = await ask(sim, "GET", `/repos/${repo}/environments`, { as });
    expect(list.body).toMatchObject({ total_count: 2 });
  });

  it("are refused on a branch that may not deploy", async () => {
    sim.environment({ repo, name: "production", gate: true, branches: ["main", "release/*"] });
    sim.createBranch({ repo, branch: "feature" });
    sim.createBranch({ repo, branch: "release/1" });
    expect(
      await stateOf(first(sim.deploy({ repo, environment: "production", branch: "feature" }))),
    ).toBe("failure");
    expect(
      await stateOf(first(sim.deploy({ repo, environment: "production", branch: "release/1" }))),
    ).toBe("waiting");
  });

  it("wait out a timer as the clock moves", async () => {
    sim.environment({ repo, name: "production", waitMinutes: 30 });
    const view = sim.deploy({ repo, environment: "production" });
    sim.advance(29 * 60_000);
    expect(await stateOf(first(view))).toBe("waiting");
    sim.advance(60_000);
    expect(await stateOf(first(view))).toBe("in_progress");
  });

  it("fail after thirty days of waiting", async () => {
    const view = sim.deploy({ repo, environment: "production" });
    sim.advance(30 * day - 3_600_000);
    expect(await stateOf(first(view))).toBe("waiting");
    sim.advance(3_600_000);
    expect(await stateOf(first(view))).toBe("failure");
    expect((await answer(view.run, { environment_name: "production", state: "approved" }))[0]).toBe(
      422,
    );
  });

  it("keep the run's id when run again, as another attempt and another deployment", async () => {
    const view = sim.deploy({ repo, environment: "production", actor: "ada" });
    await answer(view.run, { environment_name: "production", state: "rejected" });
    expect(sim.rerun({ repo, run: view.run, by: "bob" })).toEqual({ attempt: 2 });
    const asked = sim.deliveries.filter(({ event }) => event === "deployment_protection_rule");
    expect(asked).toHaveLength(2);
    expect(new Set(asked.map(({ payload }) => at(payload, "deployment", "id"))).size).toBe(2);
    const run = await ask(sim, "GET", `/repos/${repo}/actions/runs/${view.run}`, { as });
    expect(run.body).toMatchObject({
      run_attempt: 2,
      status: "waiting",
      actor: { login: "ada" },
      triggering_actor: { login: "bob" },
    });
  });

  it("that the API makes merge the default branch unless told not to", async () => {
    sim.createBranch({ repo, branch: "release" });
    sim.commit({ repo, files: { "new.ts": "1\n" } });
    const body = { ref: "release", required_contexts: [], environment: "staging" };
    expect((await ask(sim, "POST", `/repos/${repo}/deployments`, { as, body })).status).toBe(202);
    expect(
      (
        await ask(sim, "POST", `/repos/${repo}/deployments`, {
          as,
          body: { ...body, auto_merge: false },
        })
      ).status,
    ).toBe(201);
  });

  it("that the API makes want the commit's checks green unless told not to", async () => {
    const { sha } = sim.commit({ repo, files: { "new.ts": "1\n" } });
    sim.status({ repo, sha, context: "ci", state: "failure" });
    const body = { ref: "main", auto_merge: false };
    expect((await ask(sim, "POST", `/repos/${repo}/deployments`, { as, body })).status).toBe(409);
    expect(
      (
        await ask(sim, "POST", `/repos/${repo}/deployments`, {
          as,
          body: { ...body, required_contexts: [] },
        })
      ).status,
    ).toBe(201);
  });
});
