import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Event } from "#core/model/event.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Deps } from "#flow/deps.ts";
import { createTicketKeeper, type TicketKeeper } from "#flow/tickets/open-ticket.ts";
import { createPolicies, type Policies } from "#flow/policy/policies.ts";
import { bindJob } from "#flow/jobs/define-job.ts";
import type { Outcome } from "#flow/jobs/outcome.ts";
import { ticketsJob } from "#flow/jobs/repository-jobs.ts";
import { createPublisher } from "#io/github/publish/publisher.ts";
import { createFactReader } from "#io/github/facts/fact-reader.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { anEvent } from "../core/build.ts";
import { simulate, type Simulated } from "../io/github/facts/simulated.ts";
import { depsOf } from "./simulated-deps.ts";

const policy = (extra = ""): string => `
version: 1
rules:
  - name: scans
    require: { findings: { block: critical, ticket: high, require_scan: none${extra} } }
tickets: { high: { assign: { users: [alice], teams: [security] }, within: 14d, labels: [security] } }
`;
const repo = "acme/shop";

let world: Simulated;
let store: Store;
let repository: RepositoryRecord;
let keeper: TicketKeeper;
let policies: Policies;
let folder: string;

async function setUp(text = policy(), isPublic = false): Promise<void> {
  world = await simulate();
  folder = mkdtempSync(join(tmpdir(), "gatehouse-tickets-"));
  world.sim.commit({ repo, files: { ".github/gatehouse.yml": text }, author: "bob" });
  if (isPublic) world.sim.editRepo({ repo, private: false });
  repository = { ...world.repository, private: !isPublic };
  await begin("gatehouse.db");
}

/** A process over a store that knows of nothing. */
async function begin(file: string): Promise<void> {
  store = await openStore({ url: `file:${join(folder, file)}`, now: world.sim.now });
  await store.records.saveRepository(repository);
  const clock = { now: world.sim.now };
  const deps: Deps = {
    ...depsOf(world, store, clock),
    facts: createFactReader(world.github, { clock, log: world.log, store }),
    publisher: createPublisher(world.github),
  };
  policies = createPolicies(deps);
  keeper = createTicketKeeper(deps, policies);
}

beforeEach(() => setUp());
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  await world.stop();
});

async function keep(): Promise<Outcome> {
  await store.queue.mark([
    {
      key: `tickets:${repository.id}`,
      kind: "tickets",
      payload: { repository: repository.id },
      priority: 90,
      runAt: world.sim.now(),
    },
  ]);
  const [lease] = await store.queue.lease("test", world.sim.now() + 60_000, 60_000, 1);
  if (lease === undefined) throw new Error("nothing to do");
  try {
    return await bindJob(store, ticketsJob, keeper.handle).prepare(lease).run();
  } finally {
    await store.queue.complete(lease, null);
  }
}

const issues = () => [...(world.sim.world.repos.get(repository.id)?.issues.values() ?? [])];
const vulnerable = (name = "lodash", severity: "critical" | "high" | "medium" = "high") =>
  world.sim.dependabotAlert({
    repo,
    package: name,
    severity,
    cve: `CVE-2025-${name.length}${severity.length}`,
  });
const aRepositoryEvent = (name: string, over: Partial<Event> = {}): Event =>
  anEvent(name, {
    repository: {
      id: repository.id,
      owner: "acme",
      ownerId: 1,
      ownerType: "Organization",
      name: "shop",
      private: true,
      defaultBranch: "main",
      archived: false,
    },
    ...over,
  });

describe("tickets of findings on the default branch", () => {
  it("opens one issue for each, with labels, people and a due date", async () => {
    vulnerable();
    vulnerable("minor", "medium");
    await keep();
    expect(issues()).toHaveLength(1);
    const [issue] = issues();
    expect(issue).toMatchObject({
      title: expect.stringMatching(/^high: .*lodash.* in package-lock.json$/),
      state: "open",
    });
    expect(issue?.body).toContain("@acme/security");
    expect(issue?.body).toMatch(/\*\*Due: /);
    const rows = await store.tickets.open(repository.id, "finding");
    expect(rows).toEqual([
      expect.objectContaining({
        issue: issue?.number,
        state: "open",
        dueAt: (rows[0]?.openedAt ?? 0) + 14 * 86_400_000,
      }),
    ]);
  });

  it.each([
    ["asks for none any more", policy().replace("ticket: high, ", "")],
    ["asks for graver ones only", policy().replace("ticket: high", "ticket: critical")],
  ])("closes it where the policy %s, and does not call the finding gone", async (_, text) => {
    vulnerable();
    await keep();
    await store.close();
    world.sim.commit({ repo, files: { ".github/gatehouse.yml": text }, author: "bob" });
    await begin("gatehouse.db");
    await policies.refresh(repository);
    await keep();
    const [issue] = issues();
    expect(issue?.state).toBe("closed");
    expect(issue?.comments.at(-1)?.body).toContain("asks for an issue about this finding any more");
    expect(await store.tickets.open(repository.id, "finding")).toEqual([]);
  });

  it("never opens a second one: not the next time, not after a crash before the number was recorded, not when the answer was lost", async () => {
    vulnerable();
    await keep();
    await keep();
    const [row] = await store.tickets.open(repository.id, "finding");
    if (row !== undefined) await store.tickets.save({ ...row, issue: null, state: "wanted" });
    await keep();
    expect(issues()).toHaveLength(1);
    expect(await store.tickets.open(repository.id, "finding")).toMatchObject([
      { state: "open", issue: issues()[0]?.number },
    ]);
    vulnerable("express");
    world.sim.advance(61_000);
    world.sim.fault({ match: { method: "POST", path: /\/issues$/ }, loseAnswer: true, times: 1 });
    await keep().catch(() => null);
    await keep();
    expect(issues()).toHaveLength(2);
  });

  it.each([
    ["stays open", () => undefined, { state: "open" }],
    [
      "stays closed as somebody closed it",
      (number: number) => world.sim.setIssueState({ repo, number, state: "closed", by: "alice" }),
      { state: "closed" },
    ],
  ])(
    "F20: one that an earlier life of the store opened is adopted and %s",
    async (_, happens, then) => {
      vulnerable();
      await keep();
      happens(issues()[0]?.number ?? 0);
      await store.close();
      await begin("put-back.db");
      await keep();
      expect(issues()).toMatchObject([then]);
      expect(await store.tickets.open(repository.id, "finding")).toMatchObject([
        {
          issue: issues()[0]?.number,
          state: "open",
          detail: then.state === "closed" ? { closedByPerson: true } : {},
        },
      ]);
    },
  );

  it("F20: one that the gate closed before a backup was put back is closed, and says so once", async () => {
    const { number } = vulnerable();
    await keep();
    const known = await store.tickets.open(repository.id, "finding");
    world.sim.setDependabotAlert({ repo, number, state: "fixed" });
    const isFixed = (): void => {
      world.facts.forget({
        name: "dependabot_alert.fixed",
        installationId: repository.installationId,
        repository: null,
      });
      world.sim.advance(61_000);
    };
    isFixed();
    await keep();
    await store.close();
    await begin("put-back.db");
    for (const row of known) await store.tickets.save(row);
    isFixed();
    await keep();
    expect(issues()).toMatchObject([{ state: "closed" }]);
    expect(issues()[0]?.comments).toHaveLength(1);
    expect(await store.tickets.open(repository.id, "finding")).toEqual([]);
  });

  it("closes it when the finding is gone, and opens the same one again when it is back", async () => {
    const { number } = vulnerable();
    await keep();
    world.sim.setDependabotAlert({ repo, number, state: "fixed" });
    world.facts.forget({
      name: "dependabot_alert.fixed",
      installationId: repository.installationId,
      repository: null,
    });
    world.sim.advance(61_000);
    await keep();
    expect(issues()).toMatchObject([{ state: "closed" }]);
    expect(await store.tickets.open(repository.id, "finding")).toEqual([]);
    world.sim.setDependabotAlert({ repo, number, state: "open" });
    world.sim.advance(61_000);
    await keep();
    expect(issues()).toMatchObject([{ state: "open" }]);
  });

  it("leaves one that a person closed while the finding stands, and shows it as such", async () => {
    vulnerable();
    await keep();
    const number = issues()[0]?.number ?? 0;
    world.sim.setIssueState({ repo, number, state: "closed", by: "alice" });
    await keeper.onEvent(
      aRepositoryEvent("issues.closed", {
        issue: { number, isPullRequest: false, state: "closed" },
      }),
    );
    await keep();
    expect(issues()).toMatchObject([{ state: "closed" }]);
    expect(await store.tickets.open(repository.id, "finding")).toMatchObject([
      { state: "open", detail: { closedByPerson: true } },
    ]);
    await keeper.onEvent(
      aRepositoryEvent("issues.reopened", {
        issue: { number, isPullRequest: false, state: "open" },
      }),
    );
    expect(await store.tickets.open(repository.id, "finding")).toMatchObject([
      { detail: { closedByPerson: false } },
    ]);
  });

  it("does not take silence for a repair: a tip that nothing scanned closes nothing", async () => {
    const tip = world.sim.commit({ repo, files: { a: "1" }, author: "bob" }).sha;
    const report = JSON.stringify({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "Semgrep" } },
          results: [{ ruleId: "js/eval", level: "error", message: { text: "eval" } }],
        },
      ],
    });
    world.sim.workflowRun({
      repo,
      sha: tip,
      event: "push",
      jobs: ["scan"],
      artifacts: { sarif: { "a.sarif": report } },
    });
    await keep();
    expect(issues()).toMatchObject([{ state: "open" }]);
    const next = world.sim.commit({ repo, files: { a: "2" }, author: "bob" }).sha;
    await keep();
    expect(issues()).toMatchObject([{ state: "open" }]);
    world.sim.workflowRun({
      repo,
      sha: next,
      event: "push",
      jobs: ["scan"],
      artifacts: {
        sarif: {
          "a.sarif": JSON.stringify({
            version: "2.1.0",
            runs: [{ tool: { driver: { name: "Semgrep" } }, results: [] }],
          }),
        },
      },
    });
    await keep();
    expect(issues()).toMatchObject([{ state: "closed" }]);
  });

  it("T51: an issue on a public repository says no more than that there is one", async () => {
    await store.close();
    await world.stop();
    await setUp(policy(), true);
    vulnerable("secretlib");
    await keep();
    expect(issues()).toHaveLength(1);
    expect(JSON.stringify([issues()[0]?.title, issues()[0]?.body])).not.toMatch(
      /CVE|GHSA-0000|secretlib/,
    );
  });

  it("T51: a leaked secret's place is told nowhere", async () => {
    const tip = world.sim.commit({ repo, files: { "src/leak.ts": "x" }, author: "bob" }).sha;
    world.sim.secretAlert({
      repo,
      type: "mailchimp_api_key",
      locations: [{ path: "src/leak.ts", sha: tip }],
    });
    await keep();
    expect(JSON.stringify([issues()[0]?.title, issues()[0]?.body])).not.toMatch(
      /leak\.ts|mailchimp/,
    );
  });

  it("gives no ticket to what a waiver accepts, and closes one that a waiver now accepts", async () => {
    await store.close();
    await world.stop();
    await setUp(
      `${policy()}waivers: [{ finding: GHSA-0000-0000-0001, until: 2099-01-01, owner: octocat, reason: unreachable }]\n`,
    );
    vulnerable();
    vulnerable("express");
    await keep();
    expect(issues().map((issue) => issue.title)).toEqual([expect.stringContaining("express")]);
  });

  it("under new_only what was there before gets none", async () => {
    await store.close();
    await world.stop();
    await setUp(policy(", new_only: true"));
    vulnerable("old");
    await keep();
    expect(issues()).toEqual([]);
    world.sim.advance(61_000);
    vulnerable("fresh");
    await keep();
    expect(issues().map((issue) => issue.title)).toEqual([expect.stringContaining("fresh")]);
  });

  it("opens a few at a time, the gravest first, and goes on by itself", async () => {
    for (let index = 0; index < 25; index += 1)
      vulnerable(`p${String(index).padStart(2, "0")}`, index === 24 ? "critical" : "high");
    const first = await keep();
    expect(first).toMatchObject({ kind: "done", wakeAt: expect.any(Number) });
    expect(issues()).toHaveLength(20);
    expect(issues()[0]?.title).toMatch(/^critical/);
    expect(await keep()).toEqual({ kind: "done", wakeAt: null });
    expect(issues()).toHaveLength(25);
  });

  it("issues that are switched off stop nothing else", async () => {
    world.sim.fault({
      match: { method: "POST", path: /\/issues$/ },
      status: 410,
      body: { message: "Issues has been disabled in this repository." },
    });
    vulnerable();
    expect(await keep()).toEqual({ kind: "done", wakeAt: null });
    world.sim.clearFaults();
    await keep();
    expect(issues()).toHaveLength(1);
  });

  it("F: a source that does not answer closes nothing and is asked again", async () => {
    vulnerable();
    await keep();
    world.sim.advance(61_000);
    world.sim.fault({ match: { path: "/dependabot/" }, status: 502, body: {} });
    expect(await keep()).toMatchObject({ kind: "again" });
    expect(issues()).toMatchObject([{ state: "open" }]);
  });

  it.each<[string, () => Partial<Event> & { readonly name: string }, boolean]>([
    [
      "a push to the default branch",
      () => ({
        name: "push",
        push: { ref: "refs/heads/main", after: "a".repeat(40), deleted: false },
      }),
      true,
    ],
    [
      "a push elsewhere",
      () => ({
        name: "push",
        push: { ref: "refs/heads/feature", after: "a".repeat(40), deleted: false },
      }),
      false,
    ],
    [
      "an alert on the default branch",
      () => ({
        name: "code_scanning_alert.created",
        alert: { ref: "refs/heads/main", byPerson: false },
      }),
      true,
    ],
    [
      "an alert on a pull request",
      () => ({
        name: "code_scanning_alert.created",
        alert: { ref: "refs/pull/7/merge", byPerson: false },
      }),
      false,
    ],
    [
      "a Dependabot alert",
      () => ({ name: "dependabot_alert.created", alert: { ref: null, byPerson: false } }),
      true,
    ],
    [
      "the end of a run on no pull request's head",
      () => ({
        name: "workflow_run.completed",
        check: {
          name: null,
          headSha: "a".repeat(40),
          appId: null,
          pullRequests: [],
          externalId: null,
          action: null,
        },
      }),
      true,
    ],
    ["a comment", () => ({ name: "issue_comment.created" }), false],
  ])("%s is listened to or not", async (_title, event, asks) => {
    await keep();
    const { name, ...over } = event();
    expect(await keeper.onEvent(aRepositoryEvent(name, over))).toHaveLength(asks ? 1 : 0);
  });

  it("a policy that is not known wakes, and is not asked for on the way", async () => {
    const push = { ref: "refs/heads/main", after: "a".repeat(40), deleted: false };
    world.calls();
    expect(await keeper.onEvent(aRepositoryEvent("push", { push }))).toHaveLength(1);
    expect(world.calls()).toEqual([]);
  });

  it("nothing asks for work where no rule asks for tickets", async () => {
    await store.close();
    await world.stop();
    await setUp("version: 1\nrules:\n  - { name: scans, require: { findings: {} } }\n");
    await keep();
    world.calls();
    expect(
      await keeper.onEvent(
        aRepositoryEvent("push", {
          push: { ref: "refs/heads/main", after: "a".repeat(40), deleted: false },
        }),
      ),
    ).toEqual([]);
    expect(world.calls()).toEqual([]);
  });
});
