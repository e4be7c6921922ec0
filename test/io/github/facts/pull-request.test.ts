import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checks, jobBehindCheck, statusReports } from "#core/facts/checks.ts";
import { labelsAdded } from "#core/facts/labels-added.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import {
  behindBase,
  changedFiles,
  commits,
  draftState,
  headFile,
  labels,
  linkedIssues,
  pullRequest,
  pushers,
  text,
} from "#core/facts/pull-request.ts";
import { customProperties, repository as repositoryFact } from "#core/facts/repository.ts";
import { codeOwnersFile, reviews, reviewThreads, sameDiff } from "#core/facts/reviews.ts";
import type { FactResult } from "#core/model/fact.ts";
import { simulate, type Simulated, valueOf } from "./simulated.ts";

let world: Simulated;
beforeEach(async () => {
  world = await simulate();
});
afterEach(() => world.stop());

const repo = "acme/shop";

/** GraphQL answers; or it is broken and REST answers for it. */
describe.each(["graphql", "rest"] as const)("a pull request through %s", (door) => {
  beforeEach(() => {
    if (door === "rest")
      world.sim.fault({ match: { path: "/graphql" }, status: 404, body: { message: "Not Found" } });
  });

  it("says who, from where, onto what", async () => {
    const opened = world.sim.openPull({
      repo,
      author: "alice",
      title: "Add cart",
      body: "Closes #1",
      head: "cart",
      files: { "cart.ts": "a\n" },
      labels: ["shop"],
    });
    const pull = valueOf(await world.read(opened.number, pullRequest.need()));
    expect(pull).toMatchObject({
      number: opened.number,
      state: "open",
      draft: false,
      baseRef: "main",
      headRef: "cart",
      headSha: opened.headSha,
      fork: false,
      headRepository: world.repository.id,
      author: { login: "alice", type: "User" },
    });
    expect(valueOf(await world.read(opened.number, text.need()))).toEqual({
      title: "Add cart",
      body: "Closes #1",
    });
    expect(valueOf(await world.read(opened.number, labels.need()))).toEqual([{ name: "shop" }]);
    expect(valueOf(await world.read(opened.number, draftState.need()))).toBe(false);
    expect(valueOf(await world.read(opened.number, repositoryFact.need()))).toEqual({
      id: world.repository.id,
      owner: "acme",
      name: "shop",
      private: world.repository.private,
      defaultBranch: "main",
    });
  });

  it("from a deleted account has no author", async () => {
    const { number } = world.sim.openPull({ repo, author: null, files: { a: "1\n" } });
    expect(valueOf(await world.read(number, pullRequest.need())).author).toBeNull();
  });

  it("F: PR closed/SHA collected: a pull request that is not there is gone, not unreadable", async () => {
    await expect(world.read(99, pullRequest.need())).rejects.toMatchObject({ code: "gone" });
  });

  it("j: a renamed file has both names", async () => {
    world.sim.commit({ repo, files: { "old.ts": "one\ntwo\nthree\nfour\n" }, author: "bob" });
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      files: { "new.ts": { from: "old.ts" }, "more.ts": "x\n" },
    });
    expect(valueOf(await world.read(number, changedFiles.need()))).toEqual([
      { path: "more.ts", status: "added", additions: 1, deletions: 0 },
      { path: "new.ts", previousPath: "old.ts", status: "renamed", additions: 0, deletions: 0 },
    ]);
  });

  it("q: more than 100 files are all there", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 250 }, (_, index) => [`src/file-${index}.ts`, `${index}\n`]),
    );
    const { number } = world.sim.openPull({ repo, author: "alice", files });
    const list = valueOf(await world.read(number, changedFiles.need()));
    expect(new Set(list.map((file) => file.path))).toEqual(new Set(Object.keys(files)));
  });

  it("q: more than 100 reviews are all there, oldest first", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    for (let index = 0; index < 120; index += 1)
      world.sim.review({ repo, number, by: index % 2 === 0 ? "bob" : "carol", state: "comment" });
    world.sim.review({ repo, number, by: "bob", state: "approve" });
    const list = valueOf(await world.read(number, reviews.need()));
    expect(list).toHaveLength(121);
    expect(list.at(-1)).toMatchObject({ state: "approved", by: { login: "bob" } });
  });

  it("q: more than 250 commits are all there, the head among them", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "long",
      files: { a: "0\n" },
    });
    let head = "";
    for (let index = 1; index <= 260; index += 1)
      head = world.sim.commit({
        repo,
        branch: "long",
        files: { a: `${index}\n` },
        author: "alice",
      }).sha;
    const list = valueOf(await world.read(number, commits.need()));
    expect(list).toHaveLength(261);
    expect(new Set(list.map((commit) => commit.sha)).size).toBe(261);
    expect(list.some((commit) => commit.sha === head)).toBe(true);
  });

  it("knows the reviews: state, commit, and who may push", async () => {
    world.sim.user({ login: "outsider" });
    world.sim.collaborator({ repo, login: "bob", role: "write" });
    const { number, headSha } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.review({ repo, number, by: "bob", state: "approve" });
    world.sim.review({ repo, number, by: "outsider", state: "request_changes" });
    world.sim.review({ repo, number, by: null, state: "approve" });
    world.sim.review({ repo, number, by: "carol", state: "comment", commit: null });
    expect(valueOf(await world.read(number, reviews.need()))).toMatchObject([
      { by: { login: "bob" }, state: "approved", commitSha: headSha, canPush: true },
      { by: { login: "outsider" }, state: "changes_requested", canPush: false },
      { by: null, state: "approved", canPush: false },
      { by: { login: "carol" }, commitSha: null },
    ]);
  });

  it("knows who made the commits", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "people",
      files: { a: "1\n" },
      verified: true,
    });
    world.sim.commit({
      repo,
      branch: "people",
      files: { b: "1\n" },
      author: "bob",
      authorEmail: "nobody@nowhere.example",
    });
    const list = valueOf(await world.read(number, commits.need()));
    expect(list[0]).toMatchObject({
      verified: true,
      parents: 1,
      authors: [{ person: { login: "alice" } }],
    });
    expect(list[1]).toMatchObject({ verified: false, authors: [{ person: null, name: "nobody" }] });
  });

  it("e: commits reachable through a second parent only are commits of the pull request", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "feature",
      files: { a: "1\n" },
    });
    const side = world.sim.commit({ repo, branch: "side", files: { s: "1\n" }, author: "carol" });
    world.sim.commit({
      repo,
      branch: "feature",
      merge: ["side"],
      author: "alice",
      message: "Merge side",
      files: { s: "1\n" },
    });
    expect(valueOf(await world.read(number, commits.need())).map((commit) => commit.sha)).toContain(
      side.sha,
    );
  });

  it("sees checks and statuses of the head, without our own", async () => {
    const { number, headSha } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    const run = world.sim.workflowRun({
      repo,
      sha: headSha,
      path: ".github/workflows/ci.yml",
      event: "pull_request",
      jobs: ["unit"],
    });
    world.sim.checkRun({ repo, sha: headSha, name: "lint", app: "linter", status: "in_progress" });
    world.sim.checkRun({
      repo,
      sha: headSha,
      name: "gatehouse",
      app: 7,
      status: "completed",
      conclusion: "success",
    });
    world.sim.status({ repo, sha: headSha, context: "ci/old", state: "pending" });
    world.sim.status({ repo, sha: headSha, context: "ci/old", state: "success" });
    const session = world.facts.open(
      { kind: "pull_request", repository: world.repository.id, number },
      world.repository,
    );
    const table = await session.read([checks.need()]);
    const list = valueOf(table.get("checks")) as { name: string }[];
    expect([...list].sort((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: "ci/old", kind: "status", status: "completed", conclusion: "success" },
      {
        name: "lint",
        kind: "check_run",
        status: "in_progress",
        conclusion: null,
        app: { slug: "linter" },
      },
      {
        name: "unit",
        kind: "check_run",
        status: "completed",
        conclusion: "success",
        app: { slug: "github-actions" },
        run: { id: run.id, event: "pull_request", path: ".github/workflows/ci.yml" },
      },
    ]);
    expect(session.ownCheckRuns()).toMatchObject([{ name: "gatehouse" }]);
  });

  it("q: more than 100 checks are all there", async () => {
    const { number, headSha } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    for (let index = 0; index < 130; index += 1)
      world.sim.checkRun({
        repo,
        sha: headSha,
        name: `check-${index}`,
        app: "ci",
        status: "completed",
        conclusion: "success",
      });
    expect(valueOf(await world.read(number, checks.need()))).toHaveLength(130);
  });

  it("T2: a check without a job behind it is found out", async () => {
    const { number, headSha } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    const run = world.sim.workflowRun({ repo, sha: headSha, jobs: ["unit"] });
    const forged = world.sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      status: "completed",
      conclusion: "success",
    });
    const real = run.jobs[0]?.checkRunId ?? 0;
    expect(
      valueOf(await world.read(number, jobBehindCheck.need({ check: real, run: run.id }))),
    ).toBe(true);
    expect(
      valueOf(await world.read(number, jobBehindCheck.need({ check: forged.id, run: run.id }))),
    ).toBe(false);
    expect(
      valueOf(await world.read(number, jobBehindCheck.need({ check: forged.id, run: null }))),
    ).toBe(false);
    world.calls();
    expect(valueOf(await world.read(number, jobBehindCheck.need({ check: real, run: null })))).toBe(
      true,
    );
    expect(world.calls()).toEqual([]);
  });

  it("T8: knows every pusher by GitHub's own record", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "feature",
      files: { a: "1\n" },
    });
    world.sim.commit({
      repo,
      branch: "feature",
      files: { a: "2\n" },
      author: "alice",
      pusher: "bob",
    });
    expect(
      valueOf(await world.read(number, pushers.need()))
        .map((person) => person.login)
        .sort(),
    ).toEqual(["alice", "bob"]);
  });

  it("W3: keeps whom it found to have pushed after GitHub's own record ends behind them", async () => {
    const branch = { repo, branch: "feature", author: "alice" };
    const { number } = world.sim.openPull({
      ...branch,
      head: "feature",
      files: { a: "1\n" },
    });
    world.sim.commit({ ...branch, files: { a: "2\n" }, pusher: "bob" });
    const pushed = async () =>
      valueOf(await world.read(number, pushers.need())).map((person) => person.login);
    expect((await pushed()).sort()).toEqual(["alice", "bob"]);
    const { sha: after } = world.sim.commit({ ...branch, files: { a: "3\n" } });
    const entry = { activity_type: "push", after, actor: { id: 1, login: "zoe", type: "User" } };
    world.sim.fault({ match: { path: `/repos/${repo}/activity` }, status: 200, body: [entry] });
    expect((await pushed()).sort()).toEqual(["alice", "bob", "zoe"]);
  });

  describe("reopened, and its base rewritten while it was closed", () => {
    const reopenedOnto = (pushes: number) => {
      world.sim.createBranch({ repo, branch: "below", from: "main" });
      const { number } = world.sim.openPull({
        repo,
        author: "alice",
        base: "below",
        files: { a: "1\n" },
      });
      world.sim.closePull({ repo, number });
      world.sim.advance(1_000);
      world.sim.deleteBranch({ repo, branch: "below" });
      world.sim.createBranch({ repo, branch: "below", from: "main" });
      world.sim.advance(1_000);
      world.sim.reopenPull({ repo, number });
      for (let n = 0; n < pushes; n += 1)
        world.sim.commit({ repo, branch: "below", files: { b: `${n}\n` }, author: "bob" });
      return number;
    };
    const readPull = async (number: number) =>
      valueOf(await world.read(number, pullRequest.need()));
    const activity = { path: `/repos/${repo}/activity` };

    it("tells when, however much was pushed to it since, and asks for no more than the newest of each kind", async () => {
      const number = reopenedOnto(120);
      expect(await readPull(number)).toMatchObject({ baseRewritten: true });
      expect(world.calls().filter((call) => call.endsWith("/activity"))).toHaveLength(3);
    });

    it("is remembered until somebody pushes, and for five minutes at most", async () => {
      const number = reopenedOnto(0);
      const rewritten = { baseRewritten: true };
      await readPull(number);
      world.sim.fault({ match: activity, status: 404, body: { message: "Not Found" } });
      expect(await readPull(number)).toMatchObject(rewritten);
      world.facts.forget({
        name: "push",
        installationId: world.repository.installationId,
        repository: world.repository,
      });
      expect((await readPull(number)).baseHistoryUnknown).toBeDefined();
      world.sim.clearFaults();
      expect(await readPull(number)).toMatchObject(rewritten);
      world.sim.fault({ match: activity, status: 404, body: { message: "Not Found" } });
      world.sim.advance(5 * 60_000 + 1);
      expect((await readPull(number)).baseHistoryUnknown).toBeDefined();
    });

    it("a server that shows other activity than was asked for is not believed", async () => {
      const number = reopenedOnto(0);
      const entry = { activity_type: "push", timestamp: "2030-01-01T00:00:00Z" };
      world.sim.fault({ match: activity, status: 200, body: [entry] });
      expect((await readPull(number)).baseHistoryUnknown).toMatch(/does not tell the last/);
    });
  });

  describe("of a coding agent", () => {
    const byCopilot = () => {
      world.sim.user({ login: "Copilot" });
      return world.sim.openPull({ repo, author: "Copilot", files: { a: "1\n" } }).number;
    };
    const askedBy = async (number: number) =>
      valueOf(await world.read(number, pullRequest.need())).askedBy?.map(({ login }) => login);

    it("T8: names whoever asked the agent for it or for more, and whom it assigned", async () => {
      const number = byCopilot();
      expect(await askedBy(number)).toBeUndefined();
      world.sim.agentStarts({ repo, number, askedBy: "alice" });
      world.sim.assign({ repo, number, to: "carol", by: "Copilot" });
      world.sim.assign({ repo, number, to: "dave", by: "carol" });
      expect(await askedBy(number)).toEqual(["alice", "carol"]);
      world.calls();
      await askedBy(number);
      if (door === "graphql") expect(world.calls()).toEqual(["POST /graphql"]);
    });

    it("T8: is asked again for another head, where the agent was asked by another person", async () => {
      const number = byCopilot();
      world.sim.agentStarts({ repo, number, askedBy: "alice" });
      expect(await askedBy(number)).toEqual(["alice"]);
      world.sim.agentStarts({ repo, number, askedBy: "bob" });
      world.sim.commit({
        repo,
        branch: `change-${number}`,
        files: { a: "2\n" },
        author: "Copilot",
      });
      expect(await askedBy(number)).toEqual(["alice", "bob"]);
    });

    it("reads the timeline once for all that stand on it, and not again where it told nobody long after the opening", async () => {
      const number = byCopilot();
      const timelines = () => world.calls().filter((call) => call.endsWith("/timeline")).length;
      const needs = [pullRequest.need(), labelsAdded.need()];
      const judge = async () => {
        const subject = { kind: "pull_request", repository: world.repository.id, number } as const;
        const table = await world.facts.open(subject, world.repository).read(needs);
        expect([...table.values()].map(({ ok }) => ok)).toEqual([true, true]);
        return timelines();
      };
      world.calls();
      expect(await judge()).toBe(1);
      // The answer may lag behind the opening.
      expect(await judge()).toBe(1);
      world.sim.advance(11 * 60_000);
      expect(await askedBy(number)).toBeUndefined();
      world.calls();
      expect(await askedBy(number)).toBeUndefined();
      if (door === "graphql") expect(timelines()).toBe(0);
    });

    it("leaves out who asked Copilot for a review only", async () => {
      const number = byCopilot();
      const line = (slug: string, id: number) => ({
        event: "copilot_work_started",
        actor: { id, login: `person-${id}`, type: "User" },
        performed_via_github_app: { id: 1, slug },
      });
      world.sim.fault({
        match: { path: `/repos/${repo}/issues/${number}/timeline` },
        status: 200,
        body: [line("copilot-pull-request-reviewer", 70), line("copilot-swe-agent", 71)],
      });
      expect(await askedBy(number)).toEqual(["person-71"]);
    });

    it("is not known where the timeline cannot be read", async () => {
      const number = byCopilot();
      world.sim.fault({
        match: { path: `/repos/${repo}/issues/${number}/timeline` },
        status: 404,
        body: { message: "Not Found" },
      });
      expect((await world.read(number, pullRequest.need()))?.ok).toBe(false);
    });

    it("costs a person's pull request no question, unless the agent wrote a commit of it", async () => {
      const { number } = world.sim.openPull({
        repo,
        author: "alice",
        head: "own",
        files: { a: "1\n" },
      });
      world.sim.agentStarts({ repo, number, askedBy: "bob" });
      world.calls();
      if (door === "graphql") {
        expect(await askedBy(number)).toBeUndefined();
        expect(world.calls().filter((call) => call.endsWith("/timeline"))).toEqual([]);
      }
      world.sim.user({ login: "Copilot" });
      world.sim.commit({ repo, branch: "own", files: { a: "2\n" }, author: "Copilot" });
      expect(await askedBy(number)).toEqual(["bob"]);
    });
  });

  it("knows how far the branch is behind", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "feature",
      files: { a: "1\n" },
    });
    expect(valueOf(await world.read(number, behindBase.need()))).toBe(0);
    world.sim.commit({ repo, files: { b: "1\n" }, author: "bob" });
    world.sim.commit({ repo, files: { b: "2\n" }, author: "bob" });
    expect(valueOf(await world.read(number, behindBase.need()))).toBe(2);
  });

  it("c, d: a clean merge of the base keeps the diff, an edit hidden in one does not", async () => {
    const { number, headSha } = world.sim.openPull({
      repo,
      author: "alice",
      head: "feature",
      files: { "a.ts": "1\n" },
    });
    world.sim.commit({ repo, files: { "other.ts": "1\n" }, author: "bob" });
    world.sim.commit({
      repo,
      branch: "feature",
      merge: ["main"],
      files: { "other.ts": "1\n" },
      author: "alice",
      message: "Merge main",
    });
    expect(valueOf(await world.read(number, sameDiff.need(headSha)))).toEqual({
      same: true,
      changedPaths: [],
    });
    world.sim.commit({ repo, branch: "feature", files: { "other.ts": "evil\n" }, author: "alice" });
    expect(valueOf(await world.read(number, sameDiff.need(headSha)))).toEqual({
      same: false,
      changedPaths: ["other.ts"],
    });
    expect(valueOf(await world.read(number, sameDiff.need("0".repeat(40))))).toMatchObject({
      same: false,
    });
  });

  it("reads CODEOWNERS of the base, and files of the head", async () => {
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "feature",
      files: { "a.ts": "1\n", "docs/CODEOWNERS": "* @alice\n" },
    });
    expect(valueOf(await world.read(number, codeOwnersFile.need()))).toBeNull();
    world.sim.commit({ repo, files: { CODEOWNERS: "* @bob\n" }, author: "bob" });
    expect(valueOf(await world.read(number, codeOwnersFile.need()))).toEqual({
      path: "CODEOWNERS",
      text: "* @bob\n",
    });
    world.sim.commit({ repo, files: { ".github/CODEOWNERS": "* @carol\n" }, author: "bob" });
    expect(valueOf(await world.read(number, codeOwnersFile.need()))).toEqual({
      path: ".github/CODEOWNERS",
      text: "* @carol\n",
    });
    expect(valueOf(await world.read(number, headFile.need("a.ts")))).toBe("1\n");
    expect(valueOf(await world.read(number, headFile.need("missing.ts")))).toBeNull();
  });

  it("g: knows roles, teams without pending members, and accounts", async () => {
    world.sim.team({ org: "acme", slug: "backend", members: ["alice"], pending: ["bob"] });
    world.sim.team({ org: "acme", slug: "database", parent: "backend", members: ["carol"] });
    world.sim.collaborator({ repo, login: "bob", role: "triage" });
    world.sim.collaborator({ repo, login: "carol", role: "maintain" });
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    expect(
      valueOf(await world.read(number, teamMembers.need("backend")))
        .map((person) => person.login)
        .sort(),
    ).toEqual(["alice", "carol"]);
    expect(
      valueOf(await world.read(number, teamMembers.need("acme/database"))).map(
        (person) => person.login,
      ),
    ).toEqual(["carol"]);
    expect(await world.read(number, teamMembers.need("nothing"))).toMatchObject({
      ok: false,
      code: "not_found",
    });
    const id = (login: string): number =>
      [...world.sim.world.accounts.values()].find((one) => one.login === login)?.id ?? 0;
    const roleUnder = async (login: string, asked: number) =>
      valueOf(await world.read(number, roleOf.need({ id: asked, login })));
    expect(await roleUnder("bob", id("bob"))).toBe("triage");
    expect(await roleUnder("CAROL", id("carol"))).toBe("maintain");
    // A role is the account's: the login may be somebody else's by now, nobody's, or changed.
    expect(await roleUnder("carol", id("alice"))).toBe("read");
    expect(await roleUnder("bobby-of-old", id("bob"))).toBe("triage");
    expect(await roleUnder("carol", 4_000_000)).toBe("none");
    expect(valueOf(await world.read(number, account.need("Alice")))).toMatchObject({
      login: "alice",
      type: "User",
    });
    expect(valueOf(await world.read(number, account.need("nobody-at-all")))).toBeNull();
  });

  it("reads custom properties", async () => {
    world.sim.setProperties({
      repo,
      properties: { tier: "one", areas: ["web", "api"], unset: null },
    });
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    expect(valueOf(await world.read(number, customProperties.need()))).toMatchObject({
      tier: "one",
      areas: ["web", "api"],
    });
  });

  it("sees a fork, and its deletion", async () => {
    world.sim.user({ login: "dave" });
    world.sim.fork({ repo, owner: "dave" });
    const { number } = world.sim.openPull({
      repo,
      author: "dave",
      headRepo: "dave/shop",
      head: "patch",
      files: { a: "1\n" },
    });
    expect(valueOf(await world.read(number, pullRequest.need()))).toMatchObject({ fork: true });
    expect(valueOf(await world.read(number, pushers.need()))).toEqual([]);
    world.sim.deleteRepo({ repo: "dave/shop" });
    expect(valueOf(await world.read(number, pullRequest.need()))).toMatchObject({
      fork: true,
      headRepository: null,
    });
  });

  it("F: renamed/transferred/archived: the old name still leads there", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.renameRepo({ repo, to: "store" });
    expect(valueOf(await world.read(number, pullRequest.need()))).toMatchObject({ number });
    expect(valueOf(await world.read(number, changedFiles.need()))).toHaveLength(1);
  });
});

describe("what only GraphQL knows", () => {
  it("threads and linked issues are read", async () => {
    world.sim.openIssue({ repo, title: "bug", by: "bob" });
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      files: { a: "1\n" },
      closes: [1],
    });
    const one = world.sim.thread({ repo, number, path: "a", by: "bob" });
    world.sim.thread({ repo, number, path: "a", by: "bob" });
    world.sim.resolveThread({ repo, number, id: one.id, by: "alice" });
    expect(valueOf(await world.read(number, reviewThreads.need()))).toEqual({
      total: 2,
      unresolved: 1,
    });
    expect(valueOf(await world.read(number, linkedIssues.need()))).toEqual([1]);
  });

  it("and unreadable while it is broken", async () => {
    world.sim.fault({ match: { path: "/graphql" }, status: 404, body: {} });
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    expect(await world.read(number, reviewThreads.need())).toMatchObject({
      ok: false,
      code: "unavailable",
    });
    expect(await world.read(number, linkedIssues.need())).toMatchObject({ ok: false });
  });
});

describe("calls", () => {
  it("everything that fits is one call, however many facts are asked for, and the policy's blob comes along", async () => {
    world.sim.commit({ repo, files: { ".github/gatehouse.yml": "version: 1\n" }, author: "bob" });
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.review({ repo, number, by: "bob", state: "approve" });
    world.calls();
    const session = world.facts.open(
      { kind: "pull_request", repository: world.repository.id, number },
      world.repository,
    );
    const needs = [
      pullRequest,
      draftState,
      text,
      labels,
      changedFiles,
      commits,
      reviews,
      reviewThreads,
      linkedIssues,
      checks,
      repositoryFact,
      codeOwnersFile,
    ].map((fact) => fact.need());
    const table = await session.read(needs);
    await session.read(needs);
    expect([...table.values()].map((result) => result.ok)).toEqual(needs.map(() => true));
    expect(world.calls()).toEqual(["POST /graphql"]);
    expect(session.policyHints()).toEqual({
      repository: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
    });
  });

  it("no policy is a hint too", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    const session = world.facts.open(
      { kind: "pull_request", repository: world.repository.id, number },
      world.repository,
    );
    await session.read([pullRequest.need()]);
    expect(session.policyHints()).toEqual({ repository: null });
  });

  it("people are remembered for a while, until an event says that they changed", async () => {
    world.sim.team({ org: "acme", slug: "backend", members: ["alice"] });
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    await world.read(number, teamMembers.need("backend"));
    world.calls();
    await world.read(number, teamMembers.need("backend"));
    expect(world.calls()).toEqual([]);
    world.sim.teamMember({ org: "acme", team: "backend", login: "bob" });
    world.facts.forget({
      name: "membership.added",
      installationId: world.repository.installationId,
      repository: null,
    });
    expect(valueOf(await world.read(number, teamMembers.need("backend")))).toHaveLength(2);
  });
});

describe("F: a broken part never makes a partial fact", () => {
  it("F: GraphQL 200 with errors/nulls: the lists come from REST", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.review({ repo, number, by: "bob", state: "approve" });
    world.sim.fault({
      match: { path: "/graphql" },
      partialGraphql: { path: ["repository", "pullRequest", "reviews"] },
    });
    expect(valueOf(await world.read(number, reviews.need()))).toHaveLength(1);
    expect(valueOf(await world.read(number, changedFiles.need()))).toHaveLength(1);
    expect(await world.read(number, reviewThreads.need())).toMatchObject({ ok: false });
  });

  it("F: 500/502/503: an outage of GraphQL is unavailable, for the queue to try again", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.fault({ match: { path: "/graphql" }, status: 502 });
    expect(await world.read(number, changedFiles.need())).toMatchObject({
      ok: false,
      code: "unavailable",
    });
  });

  it("F: 403/404 ambiguity: a list that REST refuses is unreadable, not empty", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.fault({ match: { path: "/graphql" }, status: 404, body: {} });
    world.sim.fault({
      match: { path: /\/(check-runs|statuses)$/ },
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });
    expect(await world.read(number, checks.need())).toMatchObject({ ok: false, code: "forbidden" });
  });

  it("F: pages shift/truncate: a list shorter than promised is read again, then refused", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`f${index}`, "x\n"]),
    );
    const { number } = world.sim.openPull({ repo, author: "alice", files });
    world.sim.fault({ match: { path: /\/pulls\/\d+\/files$/ }, status: 200, body: [], times: 2 });
    expect(valueOf(await world.read(number, changedFiles.need()))).toHaveLength(130);
    world.sim.fault({ match: { path: /\/pulls\/\d+\/files$/ }, status: 200, body: [] });
    expect(await world.read(number, changedFiles.need())).toMatchObject({
      ok: false,
      code: "incomplete",
    });
  });

  it("F: suspended/uninstalled: the subject is gone", async () => {
    const { number } = world.sim.openPull({ repo, author: "alice", files: { a: "1\n" } });
    world.sim.suspend({ account: "acme" });
    await expect(world.read(number, pullRequest.need())).rejects.toMatchObject({ code: "gone" });
  });
});

describe("statuses", () => {
  it("W12: who set which status cannot be told from a list that fails or lags behind", async () => {
    const { number, headSha } = world.sim.openPull({
      repo,
      author: "alice",
      files: { a: "1\n" },
    });
    world.sim.status({ repo, sha: headSha, context: "ci/test", state: "success", by: "bob" });
    const path = `/commits/${headSha}/statuses`;
    const read = async (): Promise<FactResult<unknown> | undefined> =>
      (
        await world.facts
          .open({ kind: "pull_request", repository: world.repository.id, number }, world.repository)
          .read([statusReports.need()])
      ).get("status_reports");
    world.sim.fault({ match: { path }, status: 403, body: { message: "no" }, times: 1 });
    expect(await read()).toMatchObject({ ok: false });
    world.sim.fault({ match: { path }, status: 200, body: [], times: 1 });
    expect(await read()).toMatchObject({ ok: false, code: "unavailable" });
    expect(await read()).toMatchObject({
      ok: true,
      value: [{ name: "ci/test", creator: { login: "bob" } }],
    });
  });
});
