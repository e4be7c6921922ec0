import { afterEach, describe, expect, it } from "vitest";
import { dueNow, inDatabase } from "./fault-world.ts";
import { appId, calm, checkRunsOn, until } from "./harness.ts";
import { peopleWorld, repo, type Opened, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

const database = (): string => world.gatehouse.settings.databaseUrl;

const measured = (): Promise<readonly unknown[]> =>
  inDatabase(database(), (db) =>
    (
      db.prepare("select detail from measurements where kind = 'change'").all() as {
        readonly detail: string;
      }[]
    ).map(({ detail }) => JSON.parse(detail) as unknown),
  );

/** What the audit log holds of one kind. */
const audited = (kind: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  inDatabase(database(), (db) =>
    (
      db.prepare("select detail from audit_log where kind = ? order by seq").all(kind) as {
        readonly detail: string;
      }[]
    ).map(({ detail }) => JSON.parse(detail) as Readonly<Record<string, unknown>>),
  );

/** The hourly comparison, now. */
async function anHourLater(): Promise<void> {
  await dueNow(database(), "reconcile-all");
  await calm(world.gatehouse);
  await dueNow(database(), `required-check:${world.sim.world.repoNames.get(repo)}`);
  await calm(world.gatehouse);
}

/** A green pull request where the given checks are required, and how to change that. */
async function guarded(
  required: readonly { readonly context: string; readonly appId?: number }[] | null,
): Promise<Opened & { readonly ruleset: number; readonly summary: () => string }> {
  world = await peopleWorld();
  const { sim } = world;
  const ruleset =
    required === null ? 0 : sim.ruleset({ repo, name: "main", requiredChecks: required }).id;
  const opened = world.open();
  sim.review({ repo, number: opened.number, by: "dora", state: "approve" });
  await world.green(opened.headSha);
  await calm(world.gatehouse);
  await anHourLater();
  // What was found is said with the next judgement.
  world.say(opened.number, "bob", "/recheck");
  await calm(world.gatehouse);
  return {
    ...opened,
    ruleset,
    summary: () =>
      checkRunsOn(sim, repo, opened.headSha).find((run) => run.name === "gatehouse")?.summary ?? "",
  };
}

const ours = { context: "gatehouse", appId };

describe("ways past the check run", () => {
  it("T3: a check that is required from our App is said to be nothing special", async () => {
    const { summary } = await guarded([ours]);
    expect(summary()).not.toContain("Not enforced");
    expect(world.issues()).toEqual([]);
    expect(await audited("required_check")).toEqual([
      { branch: "main", before: null, now: "pinned" },
    ]);
  });

  it.each([
    [
      "T3: required from anybody",
      [{ context: "gatehouse" }],
      /Not enforced: main requires the check gatehouse from any source/,
    ],
    [
      "T3: required from another App",
      [{ context: "gatehouse", appId: 15368 }],
      /Not enforced: main requires the check gatehouse from another App/,
    ],
    [
      "T41: required under another name",
      [{ context: "gatehouse-old", appId }],
      /Not enforced: no ruleset .* on main, only gatehouse-old, so/,
    ],
    ["required by no ruleset at all", null, /Not enforced: no ruleset/],
  ])("%s: the check run says that it binds nobody", async (_what, required, says) => {
    const { summary, headSha } = await guarded(required);
    expect(summary()).toMatch(says);
    await world.green(headSha);
    expect(world.issues()).toEqual([]);
  });

  it("T41: a ruleset that is taken away is found, recorded, shown, and somebody owes a review", async () => {
    const { summary, ruleset } = await guarded([ours]);
    world.sim.editRuleset({ repo, id: ruleset, deleted: true });
    await anHourLater();
    await until(
      "a review",
      () => world.issues(),
      (issues) =>
        issues.some(
          (issue) =>
            issue.title === "Review: main no longer requires the check gatehouse of this App",
        ),
    );
    expect(world.issues()[0]?.body).toMatch(/Not enforced: no ruleset[^]*@acme\/security/);
    expect(summary()).toContain("Not enforced");
    expect(await audited("bypass")).toMatchObject([
      { how: "not_required", branch: "main", required: "missing" },
    ]);
    // Put back, that is recorded too; the review stays owed.
    world.sim.ruleset({ repo, name: "again", requiredChecks: [ours] });
    await anHourLater();
    expect(summary()).not.toContain("Not enforced");
    expect((await audited("required_check")).map(({ now }) => now)).toEqual([
      "pinned",
      "missing",
      "pinned",
    ]);
    expect(world.issues()).toHaveLength(1);
  });

  it("T41: a ruleset that only evaluates for a while is found by the merge that it let through", async () => {
    const { ruleset } = await guarded([ours]);
    const { number, headSha } = world.open({ head: "other", title: "wrong" });
    await until(
      "a red check",
      () => checkRunsOn(world.sim, repo, headSha),
      (runs) => runs.some((run) => run.conclusion === "failure"),
    );
    world.sim.editRuleset({ repo, id: ruleset, enforcement: "evaluate" });
    world.sim.mergePull({ repo, number, by: "carol" });
    const titles = await until(
      "both reviews",
      () => world.issues().map(({ title }) => title),
      (seen) => seen.length === 2,
    );
    expect(titles.toSorted()).toEqual([
      `Review: #${number} was merged past the gate`,
      "Review: main no longer requires the check gatehouse of this App",
    ]);
    const merged = world.issues().find(({ title }) => title.includes("merged"));
    expect(merged?.body).toMatch(
      new RegExp(`/decisions/pr:\\d+:${number}:${headSha.slice(0, 12)}\\)`),
    );
    const ruled = world.issues().find(({ title }) => title.includes("no longer"));
    expect(ruled?.body).not.toContain("/decisions/");
  });

  it("T41: a push past pull requests is found where the ruleset forbids it, once for each person and branch", async () => {
    const { number } = await guarded([ours]);
    world.sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    expect(await audited("bypass")).toEqual([]);
    // What reports tell of a merge is measured with it.
    expect(await measured()).toMatchObject([
      { number, mergedBy: "carol", committedAt: expect.any(Number) as number },
    ]);
    const { sha } = world.sim.commit({
      repo,
      branch: "main",
      files: { "src/a.ts": "quick\n" },
      author: "carol",
    });
    await until(
      "a review",
      () => world.issues(),
      (issues) =>
        issues.some((issue) => issue.title === "Review: @carol pushed to main past the gate"),
    );
    expect(world.issues()[0]?.body).toContain(sha.slice(0, 7));
    world.sim.commit({ repo, branch: "main", files: { "src/a.ts": "quicker\n" }, author: "carol" });
    await until(
      "a second record",
      () => audited("bypass"),
      (seen) => seen.length === 2,
    );
    await calm(world.gatehouse);
    expect(world.issues()).toHaveLength(1);
  });

  it("T41: a merge commit made by hand with more in it than its pull request is a push", async () => {
    const { headSha } = await guarded([ours]);
    world.sim.commit({
      repo,
      merge: [headSha],
      files: { "src/more.ts": "1\n" },
      author: "carol",
    });
    const [bypass] = await until(
      "a record",
      () => audited("bypass"),
      (seen) => seen.length > 0,
    );
    expect(JSON.stringify(bypass)).toContain("past its ruleset");
  });

  it("a push to a branch that no ruleset guards is nobody's business, and costs no call", async () => {
    await guarded(null);
    world.sim.resetCalls();
    world.sim.commit({ repo, branch: "feature", files: { "src/b.ts": "1\n" }, author: "carol" });
    await calm(world.gatehouse);
    expect(world.sim.calls.filter((call) => !call.isToken)).toEqual([]);
    expect(await audited("bypass")).toEqual([]);
  });
});
