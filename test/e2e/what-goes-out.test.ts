import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  always,
  callsTo,
  inProduction,
  isHeld,
  isRejected,
  knock,
  newShop,
  opens,
  ruled,
} from "./deployments-world.ts";
import { calm, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(async () => {
  await gatehouse.stop();
});

type Files = Readonly<Record<string, string | null>>;

const reviewed =
  "{ name: reviewed, when: { branches: [main] }, require: { reviews: { approvals: 1 } } }";

/** Each is a pull request that carol approved and dave merged, in this order. */
async function merged(repo: string, ...changes: readonly Files[]) {
  const { sim } = gatehouse;
  const pulls: { number: number; sha: string }[] = [];
  for (const files of changes) {
    const head = `topic-${sim.world.nextId()}`;
    const { number, headSha } = sim.openPull({ repo, author: "ada", head, files });
    sim.review({ repo, number, by: "carol", state: "approve" });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
    const { sha } = sim.mergePull({ repo, number, by: "dave", method: "squash" });
    pulls.push({ number, sha });
  }
  await calm(gatehouse);
  return pulls;
}

async function ran(repo: string, sha?: string): Promise<void> {
  const asked = knock(gatehouse.sim, repo, sha === undefined ? {} : { sha });
  await opens(gatehouse.sim, asked);
  gatehouse.sim.finishDeployment({ repo, deployment: asked.id });
  await calm(gatehouse);
}

/** Nothing but reviewed changes goes to production there, unless bob says so; one was merged. */
async function gatedShop(name: string): Promise<string> {
  const policy = ruled(
    [reviewed, inProduction("gated", "changes_gated: true")],
    "\noverrides:\n  - { name: emergency, rules: [gated], by: { users: [bob] }, lasts: 4h }\n",
  );
  const repo = newShop(gatehouse.sim, name, policy);
  await calm(gatehouse);
  await merged(repo, { "src/zero.ts": "1\n" });
  return repo;
}

async function excused(repo: string, number: number | undefined, why: string): Promise<void> {
  const body = `/gate override emergency ${why}`;
  gatehouse.sim.comment({ repo, number: number ?? 0, by: "bob", body });
  await calm(gatehouse);
}

/** The commit that the repository began with. */
function rootOf(repo: string): string {
  const { world } = gatehouse.sim;
  const refs = world.repos.get(world.repoNames.get(repo) ?? 0)?.refs;
  let sha = refs?.get("refs/heads/main") ?? "";
  for (;;) {
    const parent = world.git.commits.get(sha)?.parents[0];
    if (parent === undefined) return sha;
    sha = parent;
  }
}

describe("a hold on a merged pull request holds whatever goes out with it", () => {
  const inHours = ruled([reviewed, inProduction("hours", "window: always")], always);
  const one: Files = { "src/one.ts": "1\n" };
  const two: Files = { "src/two.ts": "1\n" };

  async function onHold(repo: string, number: number | undefined): Promise<void> {
    gatehouse.sim.comment({ repo, number: number ?? 0, by: "bob", body: "/gate hold it leaks" });
    await calm(gatehouse);
  }

  it(
    "at the first deployment, merged below the commit",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "hold-first", inHours);
      const [held] = await merged(repo, one, two);
      await onHold(repo, held?.number);
      await isHeld(sim, knock(sim, repo), /hold/);
      // What went out before it was merged is no matter of it.
      await opens(sim, knock(sim, repo, { sha: rootOf(repo) }));
    },
    60_000 * patience,
  );

  it(
    "at an older state that never ran there",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "hold-older", inHours);
      await ran(repo);
      const [held, middle, fix] = await merged(repo, one, two, { "src/one.ts": null });
      await ran(repo, fix?.sha);
      await onHold(repo, held?.number);
      await isHeld(sim, knock(sim, repo, { sha: middle?.sha ?? "" }), /hold/);
    },
    60_000 * patience,
  );
});

it(
  "a freeze of paths holds where nothing is known to have run, and where what it covers is undone",
  async () => {
    const { sim } = gatehouse;
    const calmly = [reviewed, inProduction("calm", "not_frozen: true")];
    const frozen = ruled(
      calmly,
      '\nfreezes:\n  - { name: database, timezone: UTC, paths: ["db/**"], during: { from: "2020-01-01T00:00", until: "2100-01-01T00:00" }, reason: moving }\n',
    );
    const repo = newShop(sim, "frozen-paths", ruled(calmly));
    await calm(gatehouse);
    const [before, change] = await merged(
      repo,
      { "src/one.ts": "1\n" },
      { "db/schema.sql": "drop\n" },
    );
    await ran(repo, before?.sha);
    await ran(repo, change?.sha);
    const first = newShop(sim, "frozen-first", frozen);
    sim.commit({ repo, files: { ".github/gatehouse.yml": frozen } });
    await calm(gatehouse);
    // It lasts for longer than GitHub waits.
    await isRejected(sim, knock(sim, repo, { sha: before?.sha ?? "" }));
    await isRejected(sim, knock(sim, first));
    await opens(sim, knock(sim, repo, { sha: change?.sha ?? "" }));
  },
  60_000 * patience,
);

it(
  "a merge commit made by hand with more in it than the pull request is a direct push",
  async () => {
    const { sim } = gatehouse;
    const repo = await gatedShop("by-hand");
    await ran(repo);
    /** Pushed by ada: a merge of an approved pull request onto a base that went on, and whatever else is in it. */
    const byHand = async (head: string, more: Files): Promise<string> => {
      const files = { [`src/${head}.ts`]: "1\n" };
      const { number, headSha } = sim.openPull({ repo, author: "ada", head, files });
      sim.review({ repo, number, by: "carol", state: "approve" });
      await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
      await merged(repo, { [`src/before-${head}.ts`]: "1\n" });
      const { sha } = sim.commit({
        repo,
        merge: [head],
        files: { ...files, ...more },
        author: "ada",
        message: "Merge",
      });
      await calm(gatehouse);
      return sha;
    };
    await ran(repo, await byHand("clean", {}));
    const evil = await byHand("evil", { "src/more.ts": "nobody read this\n" });
    const { verdicts } = await isRejected(sim, knock(sim, repo, { sha: evil }));
    expect(verdicts[0]?.comment).toContain("1 commit went to the branch without a pull request");
  },
  60_000 * patience,
);

it(
  "an override of changes_gated for one commit lets no older one through that stands on the same push",
  async () => {
    const { sim } = gatehouse;
    const repo = await gatedShop("gated-older");
    await ran(repo);
    sim.commit({ repo, files: { "src/bad.ts": "bad\n" }, author: "ada" });
    const [between, back] = await merged(repo, { "src/one.ts": "1\n" }, { "src/bad.ts": null });
    await isRejected(sim, knock(sim, repo, { sha: back?.sha ?? "" }));
    await excused(repo, back?.number, "it is reverted");
    await ran(repo, back?.sha);
    const { verdicts } = await isRejected(sim, knock(sim, repo, { sha: between?.sha ?? "" }));
    expect(verdicts[0]?.comment).toContain("1 commit went to the branch without a pull request");
  },
  60_000 * patience,
);

it(
  "a failure in the environment itself, of which nothing was told, moves where the changes are counted from",
  async () => {
    const { sim } = gatehouse;
    const repo = await gatedShop("gated-unheard");
    await ran(repo);
    sim.commit({ repo, files: { "src/bad.ts": "bad\n" }, author: "ada" });
    const [late] = await merged(repo, { "src/one.ts": "1\n" });
    const asked = knock(sim, repo, { sha: late?.sha ?? "" });
    await isRejected(sim, asked);
    await excused(repo, late?.number, "it has to go out");
    const again = knock(sim, repo, { sha: late?.sha ?? "" });
    await opens(sim, again);
    sim.finishDeployment({ repo, deployment: again.id });
    await calm(gatehouse);
    gatehouse.advance(60_000);
    sim.deliveryFault({ event: "deployment_status", suppress: true });
    sim.deploymentStatus({
      repo,
      deployment: again.id,
      state: "failure",
      by: "github-actions[bot]",
    });
    await sim.settled();
    sim.clearDeliveryFaults();
    const [next] = await merged(repo, { "src/two.ts": "1\n" });
    const { verdicts } = await isRejected(sim, knock(sim, repo, { sha: next?.sha ?? "" }));
    expect(verdicts[0]?.comment).toContain("1 commit went to the branch without a pull request");
  },
  60_000 * patience,
);

it(
  "where the record knows no success there, the environment is listed once for a verdict",
  async () => {
    const { sim } = gatehouse;
    const repo = await gatedShop("gated-listed");
    const before = callsTo(sim, repo).length;
    await opens(sim, knock(sim, repo));
    const calls = callsTo(sim, repo).slice(before);
    expect(calls.filter((call) => call === "GET /deployments")).toHaveLength(1);
  },
  60_000 * patience,
);

it(
  "what was judged only as a draft, and is a bypass for that, does not go out as gated",
  async () => {
    const { sim } = gatehouse;
    const ready =
      "{ name: reviewed, when: { draft: false }, require: { reviews: { approvals: 1 } } }";
    const repo = newShop(
      sim,
      "gated-draft",
      ruled([ready, inProduction("gated", "changes_gated: true")]),
    );
    await calm(gatehouse);
    const [, second] = await merged(repo, { "src/zero.ts": "1\n" }, { "src/one.ts": "1\n" });
    await ran(repo, second?.sha);
    const { number } = sim.openPull({
      repo,
      author: "ada",
      head: "draft",
      draft: true,
      files: { "src/two.ts": "1\n" },
    });
    await calm(gatehouse);
    // It is merged before anything can look at it as ready.
    sim.holdWebhooks();
    sim.markReady({ repo, number, by: "ada" });
    const { sha } = sim.mergePull({ repo, number, by: "ada" });
    sim.releaseWebhooks();
    await calm(gatehouse);
    const { verdicts } = await isRejected(sim, knock(sim, repo, { sha }));
    expect(verdicts[0]?.comment).toContain(`#${number} was merged past the gate`);
  },
  60_000 * patience,
);

it(
  "what was merged onto the default branch of its time stays gated after another branch became the default one",
  async () => {
    const { sim } = gatehouse;
    const titled = "{ name: titled, require: { title: { pattern: '^feat: ' } } }";
    const policy = ruled([titled, inProduction("gated", "changes_gated: true")]);
    const repo = newShop(sim, "gated-trunk", policy);
    await calm(gatehouse);
    const change = async (head: string, base: string) => {
      const { number } = sim.openPull({
        repo,
        author: "ada",
        title: `feat: ${head}`,
        head,
        base,
        files: { [`src/${head}.ts`]: "1\n" },
      });
      await calm(gatehouse);
      const { sha } = sim.mergePull({ repo, number, by: "carol" });
      await calm(gatehouse);
      return sha;
    };
    await ran(repo, await change("zero", "main"));
    await change("one", "main");
    sim.createBranch({ repo, branch: "trunk", from: "main", by: "carol" });
    // It is no default branch yet: what is merged onto it passes by the rules of the default one.
    sim.createBranch({ repo, branch: "aside", from: "main", by: "carol" });
    const aside = await change("aside-one", "aside");
    sim.editRepo({ repo, defaultBranch: "trunk", by: "carol" });
    sim.deleteBranch({ repo, branch: "main", by: "carol" });
    await calm(gatehouse);
    const sha = await change("two", "trunk");
    await opens(sim, knock(sim, repo, { sha, branch: "trunk" }));
    await isRejected(sim, knock(sim, repo, { sha: aside, branch: "trunk" }));
  },
  60_000 * patience,
);
