import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CheckRunContent, Effect } from "#core/model/effect.ts";
import type { Annotation } from "#core/model/evidence.ts";
import type { KnownEffect } from "#core/ports/publisher.ts";
import { simulate, type Simulated } from "../facts/simulated.ts";

let world: Simulated;
let sha: string;
beforeEach(async () => {
  world = await simulate();
  sha = world.sim.openPull({ repo: "acme/shop", author: "alice", files: { a: "1\n" } }).headSha;
});
afterEach(() => world.stop());

const fresh: KnownEffect = { remoteId: null, maybeSent: false, annotationsSent: 0 };
const content = (overrides: Partial<CheckRunContent> = {}): CheckRunContent => ({
  status: "completed",
  conclusion: "success",
  title: "Allowed",
  summary: "All is well",
  text: null,
  annotations: [],
  actions: [],
  externalId: "pr:100:1#1",
  ...overrides,
});
const effect = (overrides: Partial<CheckRunContent> = {}): Effect => ({
  kind: "check_run",
  key: "k",
  repository: world.repository.id,
  sha,
  name: "gatehouse",
  content: content(overrides),
  guard: null,
});
const annotations = (count: number): Annotation[] =>
  Array.from({ length: count }, (_, index) => ({
    path: "a.ts",
    startLine: index + 1,
    endLine: index + 1,
    level: "failure",
    title: `Title ${index}`,
    message: `Message ${index}`,
  }));

interface Run {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  external_id: string;
  output: { title: string; summary: string; text: string | null; annotations_count: number };
}
async function runs(): Promise<readonly Run[]> {
  const { z } = await import("zod");
  const { asRepository } = await import("#io/github/client/requests.ts");
  const { data } = await world.github.rest(
    asRepository(world.repository),
    world.github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
      owner: "acme",
      repo: "shop",
      ref: sha,
      filter: "all",
    }),
    z.object({ check_runs: z.array(z.custom<Run>()) }),
  );
  return data.check_runs.filter((run) => run.name === "gatehouse");
}
const perform = (one: Effect, known: KnownEffect = fresh) =>
  world.publisher.perform(one, world.repository, known);

describe("a check run", () => {
  it("is made once and changed in place, back to in_progress too", async () => {
    const { remoteId } = await perform(effect());
    await perform(
      effect({
        status: "in_progress",
        conclusion: null,
        title: "Needs 1 approval",
        externalId: "pr:100:1#2",
      }),
      { ...fresh, remoteId },
    );
    expect(await runs()).toMatchObject([
      {
        id: remoteId,
        status: "in_progress",
        conclusion: null,
        external_id: "pr:100:1#2",
        output: { title: "Needs 1 approval" },
      },
    ]);
    await perform(effect({ conclusion: "failure", externalId: "pr:100:1#3" }), {
      ...fresh,
      remoteId,
    });
    expect(await runs()).toMatchObject([
      { id: remoteId, status: "completed", conclusion: "failure" },
    ]);
  });

  it("costs one call", async () => {
    world.calls();
    await perform(effect());
    expect(world.calls()).toEqual(["POST /repos/acme/shop/check-runs"]);
  });

  it("F: crash publish→record: what an earlier try made is found and taken over", async () => {
    world.sim.fault({ match: { method: "POST", path: /check-runs$/ }, loseAnswer: true, times: 1 });
    await expect(perform(effect())).rejects.toMatchObject({ code: "unavailable" });
    expect(await runs()).toHaveLength(1);
    const { remoteId } = await perform(effect(), { ...fresh, maybeSent: true });
    expect(await runs()).toMatchObject([{ id: remoteId }]);
  });

  it("F9: whether a try that was cut off has taken effect is told by the content's mark", async () => {
    const landed = (hash: string): Promise<boolean> =>
      world.publisher.hasLanded(effect(), world.repository, { remoteId: null, hash });
    expect(await landed("0123456789abcdef")).toBe(false);
    await perform(effect({ externalId: "pr:100:1:aaaa:0123456789ab" }));
    expect(await landed("0123456789abcdef:0")).toBe(true);
    expect(await landed("ffff456789abcdef:0")).toBe(false);
  });

  it("never takes over a run of another app that has our name", async () => {
    const foreign = world.sim.checkRun({
      repo: "acme/shop",
      sha,
      name: "gatehouse",
      app: "forger",
      status: "completed",
      conclusion: "success",
    });
    const { remoteId } = await perform(effect(), { ...fresh, maybeSent: true });
    expect(remoteId).not.toBe(foreign.id);
  });

  it("that is gone, or of another repository's numbers, is made anew", async () => {
    const { remoteId } = await perform(effect(), { ...fresh, remoteId: 123_456_789 });
    expect(await runs()).toMatchObject([{ id: remoteId }]);
  });

  it("that GitHub refuses to change any more is made anew", async () => {
    const first = await perform(effect());
    world.sim.fault({
      match: { method: "PATCH", path: /check-runs/ },
      status: 422,
      body: { message: "Check run is stale" },
      times: 1,
    });
    const second = await perform(effect({ conclusion: "failure" }), {
      ...fresh,
      remoteId: first.remoteId,
    });
    expect(second.remoteId).not.toBe(first.remoteId);
    expect((await runs()).at(-1)?.status).toBe("completed");
  });

  it("that keeps its old conclusion although it should run again is made anew", async () => {
    const first = await perform(effect());
    world.sim.fault({
      match: { method: "PATCH", path: /check-runs/ },
      status: 200,
      body: { id: first.remoteId, status: "completed", conclusion: "success" },
      times: 1,
    });
    const second = await perform(effect({ status: "in_progress", conclusion: null }), {
      ...fresh,
      remoteId: first.remoteId,
    });
    expect(second.remoteId).not.toBe(first.remoteId);
  });
});

describe("annotations", () => {
  it("go in batches of 50", async () => {
    world.calls();
    await perform(effect({ annotations: annotations(120) }));
    expect(world.calls()).toHaveLength(3);
    expect(await runs()).toMatchObject([{ output: { annotations_count: 120 } }]);
  });

  it("F: annotation batch dies: the next try goes on where it ended, nothing twice", async () => {
    world.sim.fault({ match: { method: "PATCH", path: /check-runs/ }, status: 502, times: 1 });
    await expect(perform(effect({ annotations: annotations(120) }))).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await runs()).toMatchObject([{ output: { annotations_count: 50 } }]);
    const { remoteId } = await perform(effect({ annotations: annotations(120) }), {
      ...fresh,
      maybeSent: true,
    });
    expect(await runs()).toMatchObject([{ id: remoteId, output: { annotations_count: 120 } }]);
  });

  it("F: annotation batch dies after it arrived: still nothing twice", async () => {
    world.sim.fault({ match: { method: "PATCH", path: /check-runs/ }, loseAnswer: true, times: 1 });
    await expect(perform(effect({ annotations: annotations(120) }))).rejects.toMatchObject({
      code: "unavailable",
    });
    await perform(effect({ annotations: annotations(120) }), { ...fresh, maybeSent: true });
    expect(await runs()).toMatchObject([{ output: { annotations_count: 120 } }]);
  });

  it("that stand there already are not appended again by a later decision", async () => {
    const { remoteId } = await perform(effect({ annotations: annotations(10) }));
    await perform(effect({ annotations: annotations(12), title: "Other", externalId: "x" }), {
      ...fresh,
      remoteId,
    });
    expect(await runs()).toMatchObject([{ output: { annotations_count: 12 } }]);
  });

  it("that GitHub refuses do not keep the verdict back", async () => {
    world.sim.fault({
      match: { method: "POST", path: /check-runs$/ },
      status: 422,
      body: { message: "Invalid request" },
      times: 1,
    });
    await perform(effect({ annotations: annotations(2), conclusion: "failure" }));
    expect(await runs()).toMatchObject([
      { conclusion: "failure", output: { annotations_count: 0 } },
    ]);
  });

  it("without a line or a message are made acceptable", async () => {
    await perform(
      effect({
        annotations: [
          { path: "a.ts", startLine: 0, endLine: -3, level: "warning", title: "T", message: "" },
        ],
      }),
    );
    expect(await runs()).toMatchObject([{ output: { annotations_count: 1 } }]);
  });
});

describe("GitHub's lengths", () => {
  const bytes = (text: string): number => Buffer.byteLength(text);

  it.each([
    ["ASCII", "x".repeat(70_000)],
    ["four-byte characters", "🚦".repeat(30_000)],
  ])("are kept for %s, and what had to go is said", async (_, long) => {
    await perform(effect({ title: long, summary: long, text: long }));
    const [run] = await runs();
    expect(bytes(run?.output.title ?? "")).toBeLessThanOrEqual(255);
    expect(bytes(run?.output.summary ?? "")).toBeLessThanOrEqual(65_535);
    expect(run?.output.summary).toMatch(/longer than GitHub accepts/);
    expect(run?.output.text).toMatch(/longer than GitHub accepts/);
    expect(run?.output.summary).not.toContain("\uFFFD");
  });

  it("of buttons are kept; a key that is too long is a mistake", async () => {
    const action = { label: "l".repeat(30), description: "d".repeat(60), identifier: "recheck" };
    await perform(effect({ actions: [action, action, action, action] }));
    await expect(
      perform(effect({ actions: [{ ...action, identifier: "i".repeat(21) }] })),
    ).rejects.toMatchObject({ code: "invalid" });
  });
});
