import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHeld, knock, newShop, opens } from "./deployments-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

const policy = `version: 1
commands: { bare: true }
rules:
  - { name: reviewed, require: { reviews: { approvals: 1 } } }
  - name: release-approval
    when: { environments: ["production*", policy] }
    require: { approvals: { count: 1, teams: [release] } }
overrides:
  - { name: emergency, label: emergency, rules: [reviewed], by: { teams: [release] }, lasts: 4h }
`;

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
});

interface Shop {
  readonly repo: string;
  readonly number: number;
  readonly headSha: string;
  readonly issue: () => {
    readonly labels: readonly { readonly name: string }[];
    readonly comments: readonly { readonly body: string; readonly viaAppId: number | null }[];
  };
  readonly says: (what: RegExp) => Promise<unknown>;
  readonly waits: (title?: RegExp) => Promise<unknown>;
  readonly isGreen: (title?: RegExp) => Promise<unknown>;
}

/** A repository of its own with one open pull request of ada's; bob and carol may override and approve. */
async function shop(name: string): Promise<Shop> {
  const { sim } = gatehouse;
  const repo = newShop(sim, name, policy);
  const { number, headSha } = sim.openPull({
    repo,
    author: "ada",
    head: "topic",
    title: "feat: something",
    files: { "src/a.ts": "2\n" },
  });
  const issue: Shop["issue"] = () => {
    const found = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.issues.get(number);
    if (found === undefined) throw new Error("no pull request");
    return found;
  };
  const made: Shop = {
    repo,
    number,
    headSha,
    issue,
    says: (what) =>
      until(
        `a comment that says ${what}`,
        () => issue().comments.filter(({ viaAppId }) => viaAppId !== null),
        (seen) => seen.some(({ body }) => what.test(body)),
      ),
    waits: (title = /./) =>
      gateSays(
        sim,
        repo,
        headSha,
        (run) => run.status === "in_progress" && title.test(run.title ?? ""),
      ),
    isGreen: (title = /./) =>
      gateSays(
        sim,
        repo,
        headSha,
        (run) => run.conclusion === "success" && title.test(run.title ?? ""),
      ),
  };
  await made.waits();
  return made;
}

const labelGone = (on: Shop): Promise<unknown> =>
  until(
    "no label",
    () => on.issue().labels.map(({ name }) => name),
    (names) => !names.includes("emergency"),
  );

describe.concurrent("acts of people", () => {
  it("W2: Approve on the check run of `production EU` approves production EU, and not production", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "eu", policy);
    for (const name of ["production EU", "policy"]) sim.environment({ repo, name, gate: true });
    const asked = {
      plain: knock(sim, repo, { environment: "production" }),
      eu: knock(sim, repo, { environment: "production EU" }),
      policy: knock(sim, repo, { environment: "policy" }),
    };
    for (const each of Object.values(asked)) await isHeld(sim, each, /Needs 1 approval/);
    const press = async (name: string, by: string): Promise<void> => {
      const run = await until(
        `the check run ${name}`,
        () => checkRunsOn(sim, repo, asked.eu.sha).find((each) => each.name === name),
        (found) => found !== undefined,
      );
      sim.pressCheck({ repo, id: run?.id ?? 0, by, identifier: "approve:0" });
    };
    await press("gatehouse / production EU", "bob");
    await opens(sim, asked.eu);
    await press("gatehouse / policy (environment)", "bob");
    await opens(sim, asked.policy);
    await calm(gatehouse);
    await isHeld(sim, asked.plain, /Needs 1 approval/);
    await press("gatehouse / production", "bob");
    await opens(sim, asked.plain);
  });

  it("W31: a button that is pressed the moment it is shown counts", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "quick", policy);
    const asked = knock(sim, repo, { environment: "production" });
    await until(
      "the check run",
      () => checkRunsOn(sim, repo, asked.sha).find(({ name }) => name === "gatehouse / production"),
      (run) => {
        if (run === undefined) return false;
        sim.pressCheck({ repo, id: run.id, by: "bob", identifier: "approve:0" });
        return true;
      },
    );
    await opens(sim, asked);
  });

  it("W31: a label and its reason in the same second, and the reason that is heard first, both count", async () => {
    const { sim } = gatehouse;
    const on = await shop("together");
    sim.holdWebhooks();
    sim.label({ repo: on.repo, number: on.number, label: "emergency", by: "bob" });
    sim.comment({ repo: on.repo, number: on.number, by: "bob", body: "the shop is down" });
    sim.releaseWebhooks({ order: "reversed" });
    await on.isGreen(/override emergency of @bob/);
  });

  it("W31: a press that comes too late is answered", async () => {
    const { sim } = gatehouse;
    const on = await shop("late");
    const run = checkRunsOn(sim, on.repo, on.headSha).find(({ name }) => name === "gatehouse");
    const press = (by: string, identifier: string): void => {
      sim.pressCheck({ repo: on.repo, id: run?.id ?? 0, by, identifier });
    };
    sim.comment({ repo: on.repo, number: on.number, by: "carol", body: "/hold, waiting on legal" });
    await on.waits(/On hold by @carol.*waiting on legal/);
    sim.comment({ repo: on.repo, number: on.number, by: "carol", body: "/hold cancel" });
    await on.waits(/Needs 1 approval/);
    press("bob", "hold:0");
    await on.says(/bob, the button Hold was shown before somebody else said something/);
    await on.waits(/Needs 1 approval/);
  });

  it("W15: putting a label back brings no override back, whoever does it", async () => {
    const { sim } = gatehouse;
    const on = await shop("void");
    const label = { repo: on.repo, number: on.number, label: "emergency" };
    sim.label({ ...label, by: "bob" });
    await on.says(/asked for the override emergency/);
    sim.comment({ repo: on.repo, number: on.number, by: "bob", body: "the shop is down" });
    await on.isGreen(/override emergency/);
    // Off and on again in one burst, by somebody who may not.
    sim.unlabel({ ...label, by: "ada" });
    sim.label({ ...label, by: "ada" });
    await on.waits(/Needs 1 approval/);
    await labelGone(on);
    // By somebody who may: a new act, with a reason of its own.
    sim.label({ ...label, by: "carol" });
    await on.says(/carol.* asked for the override emergency/);
    await calm(gatehouse);
    await on.waits(/Needs 1 approval/);
    sim.comment({ repo: on.repo, number: on.number, by: "bob", body: "my old one, please" });
    await calm(gatehouse);
    await on.waits(/Needs 1 approval/);
    sim.comment({ repo: on.repo, number: on.number, by: "carol", body: "still down" });
    await on.isGreen(/override emergency of @carol/);
  });

  it("W16: an App that labels or comments in a person's name asks for nothing", async () => {
    const { sim } = gatehouse;
    sim.app({ slug: "helper-app", id: 4712 });
    const on = await shop("via");
    const label = { repo: on.repo, number: on.number, label: "emergency", by: "bob" };
    sim.label({ ...label, viaAppId: 4712 });
    sim.comment({ repo: on.repo, number: on.number, by: "bob", body: "the shop is down" });
    await labelGone(on);
    await on.says(/added by an App in somebody's name, was taken off/);
    sim.label(label);
    await on.says(/bob.* asked for the override emergency/);
    sim.comment({
      repo: on.repo,
      number: on.number,
      by: "bob",
      body: "it is down",
      viaAppId: 4712,
    });
    await calm(gatehouse);
    await on.waits(/Needs 1 approval/);
    sim.comment({ repo: on.repo, number: on.number, by: "bob", body: "it is down" });
    await on.isGreen(/override emergency of @bob/);
  });

  it("W43: commands in the body of a submitted review are carried out, and answered", async () => {
    const { sim } = gatehouse;
    const on = await shop("reviewed");
    sim.review({
      repo: on.repo,
      number: on.number,
      by: "carol",
      state: "comment",
      body: "Looks odd.\n\n/gate hold, legal has to look\n/gate xhold",
    });
    await on.waits(/On hold by @carol.*legal has to look/);
    await on.says(/`\/gate hold`[^]*done[^]*no command `xhold`/);
    sim.review({
      repo: on.repo,
      number: on.number,
      by: "bob",
      state: "approve",
      body: "/gate unhold",
    });
    await on.isGreen();
    const edited = sim.review({
      repo: on.repo,
      number: on.number,
      by: "bob",
      state: "comment",
      body: "fine",
    });
    await calm(gatehouse);
    sim.editReview({
      repo: on.repo,
      number: on.number,
      id: edited.id,
      body: "/gate hold",
      by: "bob",
    });
    await calm(gatehouse);
    await on.isGreen();
  });

  it("W43: a second person who asks for the same override confirms it", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "twice", policy.replace("lasts: 4h", "lasts: 4h, confirmations: 1"));
    const { number, headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "topic",
      title: "x",
      files: { "src/a.ts": "2\n" },
    });
    await gateSays(sim, repo, headSha, (run) => run.status === "in_progress");
    sim.comment({ repo, number, by: "bob", body: "/override emergency the shop is down" });
    sim.comment({ repo, number, by: "carol", body: "/override emergency it is, indeed" });
    const run = await gateSays(sim, repo, headSha, (seen) => seen.conclusion === "success");
    expect(run.title).toMatch(/override emergency of @bob/);
  });
});
