import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowsIn } from "./rows-in.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  gatehouse.sim.org({ login: "acme", members: ["ada", "bob", "carol"] });
});
afterAll(() => gatehouse.stop());

const policy = `version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;
const gentle = policy.replace("    require", "    when: { branches: [main] }\n    require");

let made = 0;

function aRepository(text = policy): string {
  const repo = `acme/queue-${++made}`;
  const { sim } = gatehouse;
  sim.repo({ name: repo, files: { ".github/gatehouse.yml": text, "a.ts": "1\n" } });
  for (const login of ["ada", "bob", "carol"]) sim.collaborator({ repo, login, role: "write" });
  return repo;
}

const is = (conclusion: string | null) => (run: { readonly conclusion: string | null }) =>
  run.conclusion === conclusion;

function opened(repo: string, head: string, files: Readonly<Record<string, string>>) {
  return gatehouse.sim.openPull({ repo, author: "ada", head, files });
}

const approve = (repo: string, number: number, by = "bob"): unknown =>
  gatehouse.sim.review({ repo, number, by, state: "approve" });

/** Two rules that ask other facts of a pull request than of a group, and an exemption that its author has. */
const asksOfTheBase = `version: 1
rules:
  - { name: fresh, when: { branches: [main] }, require: { up_to_date: true } }
  - { name: open, applies_to: pull_request, require: { not_frozen: true } }
freezes:
  - name: for-good
    timezone: Europe/Berlin
    branches: [main]
    during: { from: "2020-01-01T00:00", until: "2199-01-01T00:00" }
    reason: Nothing goes in.
    exempt: { teams: [queue-keepers], labels: [let-in] }
`;

describe("merge queues", () => {
  it("W20: what is asked of a group is what it is judged by: a member behind the base, and exempt from a freeze", async () => {
    const { sim } = gatehouse;
    sim.team({ org: "acme", slug: "queue-keepers", members: ["carol"] });
    const repo = aRepository(asksOfTheBase);
    const one = opened(repo, "one", { "one.ts": "1\n" });
    await gateSays(sim, repo, one.headSha, is(null));
    sim.label({ repo, number: one.number, by: "carol", label: "let-in" });
    await gateSays(sim, repo, one.headSha, is("success"));
    sim.commit({ repo, files: { "a.ts": "2\n" } });
    await gateSays(sim, repo, one.headSha, is("failure"));
    const group = sim.enqueuePull({ repo, number: one.number });
    await gateSays(sim, repo, group.headSha, is("success"));
    sim.unlabel({ repo, number: one.number, by: "carol", label: "let-in" });
    await gateSays(sim, repo, group.headSha, is(null));
  });

  it("W21: a queued group turns with each of its members, both ways", async () => {
    const { sim } = gatehouse;
    const repo = aRepository();
    const one = opened(repo, "one", { "one.ts": "1\n" });
    const two = opened(repo, "two", { "two.ts": "1\n" });
    for (const { number, headSha } of [one, two]) {
      approve(repo, number);
      await gateSays(sim, repo, headSha, is("success"));
    }
    sim.enqueuePull({ repo, number: one.number });
    const group = sim.enqueuePull({ repo, number: two.number });
    await gateSays(sim, repo, group.headSha, is("success"));
    sim.review({ repo, number: one.number, by: "bob", state: "request_changes" });
    await gateSays(sim, repo, group.headSha, is("failure"));
    approve(repo, one.number);
    await gateSays(sim, repo, group.headSha, is("success"));
    sim.comment({ repo, number: two.number, by: "bob", body: "/gate hold" });
    await gateSays(sim, repo, group.headSha, is(null));
    sim.comment({ repo, number: two.number, by: "bob", body: "/gate unhold" });
    await gateSays(sim, repo, group.headSha, is("success"));
  });

  it("W20: a queue's list that lacks its newest entry lets nothing through", async () => {
    const { sim } = gatehouse;
    const repo = aRepository();
    const one = opened(repo, "one", { "one.ts": "1\n" });
    const two = opened(repo, "two", { "two.ts": "1\n" });
    approve(repo, two.number);
    await gateSays(sim, repo, two.headSha, is("success"));
    sim.queueLag({ repo, entries: 1 });
    sim.enqueuePull({ repo, number: one.number });
    const group = sim.enqueuePull({ repo, number: two.number });
    await sim.settled();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(checkRunsOn(sim, repo, group.headSha).filter(is("success"))).toEqual([]);
    sim.queueLag({ repo, entries: 0 });
    await gateSays(sim, repo, group.headSha, is(null));
    approve(repo, one.number);
    await gateSays(sim, repo, group.headSha, is("success"));
  });

  it("follows a queue that is built anew, and forgets the groups that were thrown away", async () => {
    const { sim } = gatehouse;
    const repo = aRepository();
    const one = opened(repo, "one", { "one.ts": "1\n" });
    approve(repo, one.number);
    const before = sim.enqueuePull({ repo, number: one.number });
    await gateSays(sim, repo, before.headSha, is("success"));
    sim.commit({ repo, files: { "a.ts": "2\n" } });
    const [ref] = refsOfGroups(repo);
    expect(ref?.[1]).not.toBe(before.headSha);
    await gateSays(sim, repo, ref?.[1] ?? "", is("success"));
    await calm(gatehouse);
    const kept = await rowsIn(gatehouse.settings.databaseUrl, "select head_sha from merge_groups");
    expect(JSON.stringify(kept)).not.toContain(before.headSha);
  });
});

/** Branches of the groups that are queued now, with their commits. */
function refsOfGroups(repo: string): readonly (readonly [string, string])[] {
  const { world } = gatehouse.sim;
  const refs = world.repos.get(world.repoNames.get(repo) ?? -1)?.refs ?? new Map<string, string>();
  return [...refs].filter(([name]) => name.includes("gh-readonly-queue"));
}

describe("merges", () => {
  const bypasses = async (repo: string): Promise<readonly string[]> => {
    const acts = await rowsIn<{ readonly reason: string }>(
      gatehouse.settings.databaseUrl,
      "select reason from acts where kind = 'bypass' and repository = ?",
      gatehouse.sim.world.repoNames.get(repo),
    );
    return acts.map(({ reason }) => reason);
  };

  it("W7: merged onto another base than the one it was judged for is a bypass", async () => {
    const { sim } = gatehouse;
    const repo = aRepository(gentle);
    sim.createBranch({ repo, branch: "dev" });
    const { number, headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "topic",
      base: "dev",
      files: { "b.ts": "1\n" },
    });
    await gateSays(sim, repo, headSha, is("success"));
    sim.editPull({ repo, number, base: "main" });
    sim.mergePull({ repo, number, by: "ada" });
    await until(
      "a recorded bypass",
      () => bypasses(repo),
      (seen) => seen.length === 1,
    );
  });

  it("W7: merged as ready where it was judged as a draft is a bypass", async () => {
    const { sim } = gatehouse;
    const repo = aRepository(
      "version: 1\nrules:\n  - { name: reviewed, when: { draft: false }, require: { reviews: { approvals: 1 } } }\n",
    );
    const { number, headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "topic",
      draft: true,
      files: { "b.ts": "1\n" },
    });
    await gateSays(sim, repo, headSha, is("success"));
    sim.markReady({ repo, number, by: "ada" });
    sim.mergePull({ repo, number, by: "ada" });
    const [reason] = await until(
      "a recorded bypass",
      () => bypasses(repo),
      (seen) => seen.length === 1,
    );
    expect(reason).toMatch(/as a draft/);
  });

  it("W7: merged onto the base it was judged for is none", async () => {
    const { sim } = gatehouse;
    const repo = aRepository(gentle);
    const { number, headSha } = opened(repo, "topic", { "b.ts": "1\n" });
    approve(repo, number);
    await gateSays(sim, repo, headSha, is("success"));
    sim.mergePull({ repo, number, by: "bob" });
    await calm(gatehouse);
    expect(await bypasses(repo)).toEqual([]);
  });
});

describe("W18: who pushed", () => {
  it("who pushed to a fork under another's name does not approve it", async () => {
    const { sim } = gatehouse;
    const repo = aRepository();
    sim.user({ login: `out-${made}` });
    sim.fork({ repo, owner: `out-${made}` });
    const fork = `out-${made}/${repo.split("/")[1]}`;
    const { number } = sim.openPull({
      repo,
      headRepo: fork,
      author: `out-${made}`,
      head: "topic",
      files: { "b.ts": "1\n" },
    });
    const { sha } = sim.commit({
      repo: fork,
      branch: "topic",
      files: { "b.ts": "2\n" },
      author: `out-${made}`,
      pusher: "bob",
    });
    approve(repo, number);
    await gateSays(sim, repo, sha, (run) => (run.summary ?? "").includes("pushed to the branch"));
    expect(checkRunsOn(sim, repo, sha).filter(is("success"))).toEqual([]);
    approve(repo, number, "carol");
    await gateSays(sim, repo, sha, is("success"));
  });

  it("a record of pushes that cannot be read, of pushes that nobody heard, is unknown", async () => {
    const { sim } = gatehouse;
    const repo = aRepository();
    sim.fault({
      match: { path: `/repos/${repo}/activity` },
      status: 404,
      body: { message: "Not Found" },
    });
    sim.deliveryFault({ event: "push", suppress: true, times: 4 });
    const { number, headSha } = opened(repo, "topic", { "b.ts": "1\n" });
    approve(repo, number);
    await gateSays(sim, repo, headSha, (run) => (run.summary ?? "").includes("who pushed"));
    expect(checkRunsOn(sim, repo, headSha).filter(is("success"))).toEqual([]);
  });
});
