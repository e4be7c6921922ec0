import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checks, statusReports } from "#core/facts/checks.ts";
import { reporting } from "#core/facts/reporting.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import {
  behindBase,
  changedFiles,
  commits,
  labels,
  linkedIssues,
  pullRequest,
  pushers,
  text,
} from "#core/facts/pull-request.ts";
import { reviews, reviewThreads, sameDiff } from "#core/facts/reviews.ts";
import type { FactResult } from "#core/model/fact.ts";
import { simulate, type Simulated } from "./simulated.ts";

const repo = "acme/shop";

/** Worlds in which one way of reading might see less than the other. Each answers the pull request, and an older head. */
const worlds: readonly (readonly [string, (sim: Simulated["sim"]) => Opened])[] = [
  ["a plain one", (sim) => open(sim)],
  [
    "another base since",
    (sim) => {
      const pull = open(sim, { base: "dev" });
      sim.advance(1_000);
      sim.editPull({ repo, number: pull.number, base: "main" });
      return pull;
    },
  ],
  [
    "a base that GitHub changed by itself",
    (sim) => {
      const below = open(sim, { head: "below" });
      const pull = open(sim, { head: "above", base: "below", files: { "z.ts": "1\n" } });
      sim.mergePull({ repo, number: below.number, by: "bob" });
      sim.advance(1_000);
      sim.deleteBranch({ repo, branch: "below" });
      return pull;
    },
  ],
  [
    "a base that was force-pushed",
    (sim) => {
      const before = sim.createBranch({ repo, branch: "below", from: "main" }).sha;
      sim.commit({ repo, branch: "below", author: "alice", files: { "y.ts": "1\n" } });
      const pull = open(sim, { base: "below" });
      sim.advance(1_000);
      sim.push({ repo, branch: "below", sha: before, by: "alice", force: true });
      return pull;
    },
  ],
  [
    "a base that was deleted and made anew while it was closed",
    (sim) => {
      sim.createBranch({ repo, branch: "below", from: "main" });
      const pull = open(sim, { base: "below" });
      sim.closePull({ repo, number: pull.number });
      sim.advance(1_000);
      sim.deleteBranch({ repo, branch: "below" });
      sim.createBranch({ repo, branch: "below", from: "main" });
      sim.reopenPull({ repo, number: pull.number });
      return pull;
    },
  ],
  [
    "merged, and its base deleted afterwards",
    (sim) => {
      sim.createBranch({ repo, branch: "below", from: "main" });
      const pull = open(sim, { base: "below" });
      sim.mergePull({ repo, number: pull.number, by: "bob" });
      sim.advance(1_000);
      sim.deleteBranch({ repo, branch: "below" });
      return pull;
    },
  ],
  [
    "co-authors, with addresses of any kind, in more commits than one page",
    (sim) => {
      const pull = open(sim);
      let sha = pull.headSha;
      for (let n = 0; n < 104; n += 1)
        sha = sim.commit({
          repo,
          branch: "topic",
          parent: sha,
          push: false,
          files: { "a.ts": `${n}\n` },
          author: "alice",
          ...(n === 102 ? { coauthors: ["carol"] } : {}),
        }).sha;
      sim.push({ repo, branch: "topic", sha, by: "alice" });
      return pull;
    },
  ],
  [
    "renamed files and many labels",
    (sim) =>
      open(sim, {
        files: { "moved.md": { from: "README.md" } },
        labels: Array.from({ length: 9 }, (_, n) => `l${n}`),
      }),
  ],
  [
    "reviews of every kind, one edited, one dismissed, one of an account that is gone",
    (sim) => {
      const pull = open(sim);
      const { number } = pull;
      const first = sim.review({ repo, number, by: "bob", state: "approve" });
      sim.review({ repo, number, by: "carol", state: "request_changes" });
      sim.editReview({ repo, number, id: first.id, body: "changed", by: "bob" });
      const last = sim.review({ repo, number, by: "bob", state: "approve" });
      sim.dismissReview({ repo, number, id: last.id, by: "carol", message: "no" });
      return pull;
    },
  ],
  [
    "a rebase over a change of the same file, its mode with it",
    (sim) => {
      sim.commit({ repo, files: { "long.ts": lines() }, author: "bob" });
      const pull = open(sim, { files: { "long.ts": lines({ 20: "mine" }) } });
      sim.commit({ repo, files: { "long.ts": lines({ 2: "theirs" }) }, author: "bob" });
      sim.commit({
        repo,
        branch: "topic",
        parent: "main",
        force: true,
        files: { "long.ts": lines({ 2: "theirs", 20: "mine" }) },
        author: "alice",
      });
      return pull;
    },
  ],
  [
    "a symbolic link of the same text",
    (sim) => {
      const pull = open(sim, { files: { "a.ts": "target" } });
      sim.commit({
        repo,
        branch: "topic",
        files: { "a.ts": { symlink: "target" } },
        author: "alice",
      });
      return pull;
    },
  ],
  [
    "statuses of several creators under one context, in any case",
    (sim) => {
      const pull = open(sim);
      const status = { repo, sha: pull.headSha, context: "ci/test" };
      sim.status({ ...status, state: "failure", by: "jenkins" });
      sim.advance(2_000);
      sim.status({ ...status, context: "CI/Test", state: "success", by: "bob" });
      sim.status({ ...status, context: "other", state: "pending", by: "carol" });
      return pull;
    },
  ],
  [
    "runs that go on and runs without a job",
    (sim) => {
      const pull = open(sim);
      const run = { repo, sha: pull.headSha };
      sim.workflowRun({ ...run, jobs: [{ name: "test", needs: ["lint"] }] });
      sim.workflowRun({
        ...run,
        path: ".github/workflows/a.yml",
        jobs: [],
        conclusion: "startup_failure",
      });
      sim.workflowRun({
        ...run,
        path: ".github/workflows/b.yml",
        jobs: [],
        conclusion: "action_required",
      });
      return pull;
    },
  ],
  [
    "a fork's",
    (sim) => {
      sim.user({ login: "out" });
      sim.fork({ repo, owner: "out" });
      return open(sim, { headRepo: "out/shop", author: "out" });
    },
  ],
];

interface Opened {
  readonly number: number;
  readonly headSha: string;
}

function open(
  sim: Simulated["sim"],
  more: Partial<Parameters<Simulated["sim"]["openPull"]>[0]> = {},
): Opened {
  if (more.base === "dev") sim.createBranch({ repo, branch: "dev" });
  return sim.openPull({ repo, author: "alice", head: "topic", files: { "a.ts": "1\n" }, ...more });
}

function lines(changed: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 30 }, (_, n) => `${changed[n] ?? `line ${n}`}\n`).join("");
}

describe("W10: two ways to read a fact", () => {
  let world: Simulated;
  beforeEach(async () => {
    world = await simulate();
    for (const login of ["alice", "bob", "carol"])
      world.sim.collaborator({ repo, login, role: "write" });
  });
  afterEach(() => world.stop());

  it.each(worlds)("%s: equal, or unknown", async (_, make) => {
    const { number, headSha } = make(world.sim);
    const needs = [
      ...[pullRequest, changedFiles, commits, labels, text, pushers, behindBase, linkedIssues],
      ...[reviews, reviewThreads, checks, statusReports, workflowRuns],
    ].map((fact) => fact.need());
    const asked = [...needs, sameDiff.need(headSha)];
    const read = async (): Promise<ReadonlyMap<string, FactResult<unknown>>> =>
      world.facts
        .open({ kind: "pull_request", repository: world.repository.id, number }, world.repository)
        .read(asked);
    const shown = await read();
    world.sim.fault({ match: { path: "/graphql" }, status: 404, body: { message: "Not Found" } });
    const other = await read();
    for (const { key } of asked) {
      const [one, two] = [shown.get(key), other.get(key)];
      expect(one?.ok, `${key} by GraphQL`).toBe(true);
      if (one?.ok === true && two?.ok === true) expect(two.value, key).toEqual(one.value);
    }
  });

  it("what reports checks is told by either way, and told the same", async () => {
    const { sim, repository, facts } = world;
    const workflow = "on: [push, pull_request]\njobs: {}\n";
    sim.commit({ repo, files: { ".github/workflows/ci.yml": workflow }, author: "bob" });
    for (const [index, author] of ["alice", "bob", "carol", "alice"].entries()) {
      const [head, file] = [`merged-${index}`, `${index}.ts`];
      const pull = open(sim, { author, head, files: { [file]: "1\n" } });
      sim.status({ repo, sha: pull.headSha, context: "ci/old", state: "success", by: "jenkins" });
      sim.mergePull({ repo, number: pull.number, by: "bob" });
      sim.advance(1_000);
    }
    const { number, headSha } = open(sim, { files: { ".github/workflows/b.yml": workflow } });
    sim.workflowRun({ repo, sha: headSha, path: ".github/workflows/b.yml", jobs: ["unit"] });
    const read = async (): Promise<FactResult<unknown> | undefined> => {
      const subject = { kind: "pull_request", repository: repository.id, number } as const;
      return (await facts.open(subject, repository).read([reporting.need()])).get(
        reporting.need().key,
      );
    };
    const shown = await read();
    sim.fault({
      match: { path: "/graphql" },
      status: 200,
      body: { data: null, errors: [{ message: "Something went wrong." }] },
    });
    expect(shown?.ok === true && shown.value).toMatchObject({
      signs: expect.arrayContaining([".github/workflows/ci.yml on main"]),
      ran: [".github/workflows/b.yml"],
      elsewhere: { reporters: [expect.objectContaining({ name: "jenkins" })] },
    });
    expect(await read()).toEqual(shown);
  });
});
