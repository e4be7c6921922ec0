import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Effect } from "#core/model/effect.ts";
import type { KnownEffect } from "#core/ports/publisher.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { createPublisher } from "#io/github/publish/publisher.ts";
import { simulate, type Simulated } from "../facts/simulated.ts";
import { aRepository, clientOf, serveGitHub } from "../local-github.ts";

let world: Simulated;
let number: number;
const repo = "acme/shop";
beforeEach(async () => {
  world = await simulate();
  number = world.sim.openPull({
    repo,
    author: "alice",
    files: { a: "1\n" },
    labels: ["emergency"],
  }).number;
});
afterEach(() => world.stop());

const fresh: KnownEffect = { remoteId: null, maybeSent: false, annotationsSent: 0 };
/** The store does not know it, and nobody looked: a backup may have been put back. */
const unseen: KnownEffect = { ...fresh, isUnseen: true };
const perform = (one: Effect, known: KnownEffect = fresh) =>
  world.publisher.perform(one, world.repository, known);
const names = { owner: "acme", repo: "shop" };
const comments = async () =>
  (
    await world.github.rest(
      asRepository(world.repository),
      world.github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...names,
        issue_number: number,
      }),
      z.array(z.object({ id: z.number(), body: z.string() })),
    )
  ).data;

describe("a comment", () => {
  const marker = "<!-- gatehouse:status -->";
  const effect = (body = `Waits.\n${marker}`): Effect => ({
    kind: "comment",
    key: "k",
    repository: world.repository.id,
    issue: number,
    body,
    marker,
  });

  it("is made once and edited in place", async () => {
    const { remoteId } = await perform(effect());
    await perform(effect(`Open.\n${marker}`), { ...fresh, remoteId });
    expect(await comments()).toEqual([{ id: remoteId, body: `Open.\n${marker}` }]);
  });

  it("whose answer was lost is found by its marker", async () => {
    world.sim.fault({ match: { method: "POST", path: /comments$/ }, loseAnswer: true, times: 1 });
    await expect(perform(effect())).rejects.toMatchObject({ code: "unavailable" });
    await perform(effect(`Open.\n${marker}`), { ...fresh, maybeSent: true });
    expect(await comments()).toHaveLength(1);
  });

  it("F9: a try that was cut off has taken effect once the comment is there; an edit shows nothing", async () => {
    const landed = (remoteId: number | null): Promise<boolean> =>
      world.publisher.hasLanded(effect(), world.repository, { remoteId, hash: "h" });
    expect(await landed(null)).toBe(false);
    const { remoteId } = await perform(effect());
    expect(await landed(null)).toBe(true);
    expect(await landed(remoteId)).toBe(false);
  });

  it("F20: that an earlier life of the store made is found before another is made", async () => {
    const { remoteId } = await perform(effect());
    expect(await perform(effect(`Open.\n${marker}`), unseen)).toMatchObject({ remoteId });
    expect(await comments()).toEqual([{ id: remoteId, body: `Open.\n${marker}` }]);
  });

  it.each([403, 404])(
    "F20: is made all the same where GitHub refuses to list them (%i)",
    async (status) => {
      world.sim.fault({
        match: { method: "GET", path: /comments$/ },
        status,
        body: { message: "Resource not accessible by integration" },
        times: 1,
      });
      await perform(effect(), unseen);
      expect(await comments()).toHaveLength(1);
    },
  );

  it("of somebody else who wrote our marker is left alone", async () => {
    world.sim.comment({ repo, number, by: "bob", body: `mine ${marker}` });
    await perform(effect(), { ...fresh, maybeSent: true });
    expect((await comments()).map((one) => one.body)).toEqual([
      `mine ${marker}`,
      `Waits.\n${marker}`,
    ]);
  });

  it("that was deleted is made anew, and one too long keeps its marker", async () => {
    await perform(effect(`${"x".repeat(70_000)}\n${marker}`), { ...fresh, remoteId: 987_654 });
    const [only] = await comments();
    expect(only?.body.endsWith(marker)).toBe(true);
    expect(only?.body.length).toBeLessThan(65_536);
  });
});

describe("small effects", () => {
  it("a reaction is given, twice is once, and to a deleted comment not at all", async () => {
    const { id } = world.sim.comment({ repo, number, by: "bob", body: "/recheck" });
    const effect: Effect = {
      kind: "reaction",
      key: "k",
      repository: world.repository.id,
      commentId: id,
      content: "eyes",
    };
    const first = await perform(effect);
    expect((await perform(effect)).remoteId).toBe(first.remoteId);
    expect(await perform({ ...effect, commentId: 424_242 })).toEqual({ remoteId: null });
  });

  it("a label is taken off; one that is off stays off", async () => {
    const effect: Effect = {
      kind: "remove_label",
      key: "k",
      repository: world.repository.id,
      issue: number,
      label: "emergency",
    };
    await perform(effect);
    await perform(effect);
    const { data } = await world.github.rest(
      asRepository(world.repository),
      world.github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}", {
        ...names,
        issue_number: number,
      }),
      z.object({ labels: z.array(z.unknown()) }),
    );
    expect(data.labels).toEqual([]);
  });
});

describe("an issue", () => {
  const marker = "<!-- gatehouse:ticket:CVE-1 -->";
  const effect = (): Effect => ({
    kind: "open_issue",
    key: "k",
    repository: world.repository.id,
    title: "CVE-1",
    body: `Fix it.\n${marker}`,
    labels: ["security"],
    assignees: [],
    marker,
  });
  const issues = async () =>
    (
      await world.github.rest(
        asRepository(world.repository),
        world.github.endpoint("GET /repos/{owner}/{repo}/issues", { ...names, state: "all" }),
        z.array(
          z.object({ number: z.number(), state: z.string(), pull_request: z.unknown().optional() }),
        ),
      )
    ).data.filter((row) => row.pull_request === undefined);

  it("is opened once", async () => {
    const { remoteId } = await perform(effect());
    expect(await perform(effect(), { ...fresh, remoteId })).toEqual({ remoteId });
    expect(await issues()).toMatchObject([{ number: remoteId, state: "open" }]);
  });

  it("whose answer was lost is found by its marker", async () => {
    world.sim.fault({ match: { method: "POST", path: /issues$/ }, loseAnswer: true, times: 1 });
    await expect(perform(effect())).rejects.toMatchObject({ code: "unavailable" });
    const { remoteId } = await perform(effect(), { ...fresh, maybeSent: true });
    expect(await issues()).toMatchObject([{ number: remoteId }]);
  });

  it("F20: that an earlier life of the store opened is adopted; another of ours is not", async () => {
    const { remoteId } = await perform(effect());
    const later = createPublisher(world.github);
    const adopted = await later.perform(effect(), world.repository, unseen);
    expect(adopted).toEqual({ remoteId, isAdopted: true });
    const other = "<!-- gatehouse:ticket:CVE-2 -->";
    const second = await later.perform(
      { ...effect(), body: `Another.\n${other}`, marker: other } as Effect,
      world.repository,
      unseen,
    );
    expect(second).toEqual({ remoteId: expect.any(Number) as number });
    expect(await issues()).toHaveLength(2);
  });

  it("F20: is opened all the same where GitHub refuses to list them", async () => {
    world.sim.fault({
      match: { method: "GET", path: /issues$/ },
      status: 403,
      body: { message: "Resource not accessible by integration" },
      times: 1,
    });
    await perform(effect(), unseen);
    expect(await issues()).toHaveLength(1);
  });

  it("where issues are switched off is unsupported", async () => {
    world.sim.editRepo({ repo, hasIssues: false });
    await expect(perform(effect())).rejects.toMatchObject({ code: "unsupported" });
  });

  it("is opened without an assignee whom GitHub refuses", async () => {
    world.sim.fault({
      match: { method: "POST", path: /issues$/ },
      status: 422,
      body: { message: "Validation Failed" },
      times: 1,
    });
    const { remoteId } = await perform({ ...effect(), assignees: ["nobody"] } as Effect);
    expect(await issues()).toMatchObject([{ number: remoteId }]);
  });

  it("is closed with a word, once", async () => {
    const { remoteId } = await perform(effect());
    number = remoteId ?? 0;
    const close: Effect = {
      kind: "set_issue_state",
      key: "k",
      repository: world.repository.id,
      issue: number,
      state: "closed",
      comment: "Reviewed by @bob.",
    };
    world.sim.fault({ match: { method: "POST", path: /comments$/ }, loseAnswer: true, times: 1 });
    await expect(perform(close)).rejects.toMatchObject({ code: "unavailable" });
    await perform(close, { ...fresh, maybeSent: true });
    expect(await issues()).toMatchObject([{ state: "closed" }]);
    expect(await comments()).toHaveLength(1);
  });
});

const anIssue: Effect = {
  kind: "open_issue",
  key: "k",
  repository: 0,
  title: "CVE-3",
  body: "Fix it.",
  labels: [],
  assignees: [],
  marker: "<!-- gatehouse:ticket:CVE-3 -->",
};

describe("F20: an issue that stands as it is wanted", () => {
  it("is not told of a second time, and one that does not is", async () => {
    number = (await perform(anIssue)).remoteId ?? 0;
    const set = (state: "open" | "closed", comment: string): Effect => ({
      kind: "set_issue_state",
      key: "k",
      repository: world.repository.id,
      issue: number,
      state,
      comment,
    });
    await perform(set("closed", "The finding is gone."), unseen);
    await perform(set("closed", "The finding is gone."), unseen);
    expect(await comments()).toHaveLength(1);
    await perform(set("open", "The finding is back."), unseen);
    expect((await comments()).map(({ body }) => body)).toEqual([
      "The finding is gone.",
      "The finding is back.",
    ]);
  });
});

describe("a deployment review", () => {
  const effect = (
    overrides: Partial<Extract<Effect, { kind: "deployment_review" }>> = {},
  ): Effect => ({
    kind: "deployment_review",
    key: "k",
    repository: 100,
    runId: 55,
    deploymentId: 9,
    environment: "production",
    state: "approved",
    comment: "ok",
    ...overrides,
  });
  const path = "/repos/acme/shop/actions/runs/55/deployment_protection_rule";

  it("T38: goes to our own GitHub, by the run's number", async () => {
    const local = await serveGitHub((seen) => (seen.path === path ? { status: 204 } : undefined));
    await createPublisher(clientOf(local)).perform(
      effect({ comment: "x".repeat(2_000) }),
      aRepository(),
      fresh,
    );
    expect(local.calls()).toMatchObject([
      { method: "POST", path, body: { environment_name: "production", state: "approved" } },
    ]);
    expect((local.calls()[0]?.body as { comment: string }).comment.length).toBeLessThanOrEqual(
      1_024,
    );
    await expect(
      createPublisher(clientOf(local)).perform(
        effect({ runId: Number("1.5") }),
        aRepository(),
        fresh,
      ),
    ).rejects.toMatchObject({ code: "invalid" });
    await local.close();
  });

  it.each([
    [
      "F: verdict already given: the approvals show it",
      [{ environments: [{ name: "production" }] }],
      [{ environment: { name: "production" } }],
      true,
    ],
    [
      "F: verdict already given: nothing waits there any more",
      [],
      [{ environment: { name: "staging" } }],
      true,
    ],
    [
      "a person's review of the environment is not our verdict",
      [{ environments: [{ name: "production" }], user: { type: "User" } }],
      [{ environment: { name: "production" } }],
      false,
    ],
    [
      "F: verdict already given: the environment is written another way",
      [{ environments: [{ name: "Production" }], user: { type: "Bot" } }],
      [{ environment: { name: "production" } }],
      true,
    ],
    [
      "a refusal of a verdict that does not stand is an error",
      [],
      [{ environment: { name: "production" } }],
      false,
    ],
  ])("%s", async (_, approvals, pending, done) => {
    const local = await serveGitHub((seen) => {
      if (seen.path === path) return { status: 422, json: { message: "Validation Failed" } };
      if (seen.path.endsWith("/approvals")) return { json: approvals };
      return seen.path.endsWith("/pending_deployments") ? { json: pending } : undefined;
    });
    const performed = createPublisher(clientOf(local)).perform(effect(), aRepository(), fresh);
    if (done) expect(await performed).toEqual({ remoteId: null });
    else await expect(performed).rejects.toMatchObject({ code: "invalid" });
    await local.close();
  });

  it("a status report carries no verdict, and one too many changes nothing", async () => {
    const local = await serveGitHub((seen) =>
      seen.path === path ? { status: 422, json: { message: "Too many" } } : undefined,
    );
    await createPublisher(clientOf(local)).perform(effect({ state: null }), aRepository(), fresh);
    expect(local.calls()).toHaveLength(1);
    expect(local.calls()[0]?.body).not.toHaveProperty("state");
    await local.close();
  });
});
