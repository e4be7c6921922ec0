import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultPermissions } from "@gatehouse/github-simulator/world/grants.ts";
import {
  calmIn,
  dueNow,
  impatiently,
  inDatabase,
  newRepo,
  open,
  repositoryId,
  reviewed,
  staged,
  theRun,
  turnsGreen,
  turnsRed,
  waits,
  worded,
  writesTo,
} from "./fault-world.ts";
import { checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";

// What happens to pull requests, repositories and installations while they are judged. Tests run side by side, each in
// an organisation or repository of its own.

const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true, simulator: { onExchange: wire.onExchange } });
  sim = gatehouse.sim;
});
afterAll(async () => {
  await gatehouse.stop();
});

const database = (): string => gatehouse.settings.databaseUrl;
const soon = <T>(wanted: Promise<T>): Promise<T> => impatiently(database(), wanted);
const reconcile = (): Promise<void> => dueNow(database(), "reconcile-all");
const deadRows = (repo: string): Promise<number> =>
  inDatabase(
    database(),
    (db) =>
      (
        db
          .prepare("select count(*) as n from queue where state = 'dead' and key || ':' like ?")
          .get(`%:${repositoryId(sim, repo)}:%`) as { readonly n: number }
      ).n,
  );
const audited = (repo: string): Promise<number> =>
  inDatabase(
    database(),
    (db) =>
      (
        db
          .prepare("select count(*) as n from audit_log where repository = ?")
          .get(repositoryId(sim, repo)) as { readonly n: number }
      ).n,
  );

async function knownRepo(name: string, policy = reviewed, owner = "acme"): Promise<string> {
  const repo = newRepo(sim, name, policy, owner);
  await calmIn(gatehouse, repo);
  return repo;
}

const place = (
  call: "overview" | "head" | "change" | "policy" | "creation",
): { readonly method?: string; readonly path?: string; readonly graphql?: boolean } => {
  switch (call) {
    case "overview":
      return { graphql: true };
    case "head":
      return { method: "GET", path: "/pulls/\\d+$" };
    case "change":
      return { method: "PATCH", path: "/check-runs/" };
    case "creation":
      return { method: "POST", path: "/check-runs$" };
    case "policy":
      return { method: "GET", path: "/contents/" };
  }
};

describe.concurrent("a head that moves while it is judged", () => {
  it.for(["overview", "head", "change"] as const)(
    "F26: a force-push while the %s is read or written leaves no green on the new head",
    async (call) => {
      const repo = await knownRepo(`forced-${call}`);
      const { number, headSha } = open(sim, repo);
      await waits(sim, repo, headSha);
      let sha = "";
      staged(sim, repo, {
        ...place(call),
        delayMs: 100,
        times: 1,
        onHit: () => {
          sha = sim.commit({
            repo,
            branch: "topic",
            parent: sim.world.repos.get(repositoryId(sim, repo))?.refs.get("refs/heads/main") ?? "",
            force: true,
            files: { "src/a.ts": "forced\n" },
            author: "ada",
          }).sha;
        },
      });
      sim.review({ repo, number, by: "bob", state: "approve" });
      await until(
        "the push",
        () => sha,
        (pushed) => pushed !== "",
      );
      await waits(sim, repo, sha);
      await calmIn(gatehouse, repo);
      expect(theRun(sim, repo, sha)).toMatchObject({ status: "in_progress", conclusion: null });
      if (call !== "change") expect(theRun(sim, repo, headSha).conclusion).not.toBe("success");
    },
  );

  it.for(["overview", "head"] as const)(
    "F26: a push that no webhook tells, while the %s is read, is noticed before the green",
    async (call) => {
      const repo = await knownRepo(`unheard-${call}`);
      const { number, headSha } = open(sim, repo);
      await waits(sim, repo, headSha);
      await calmIn(gatehouse, repo);
      let sha = "";
      staged(sim, repo, {
        ...place(call),
        delayMs: 100,
        times: 1,
        onHit: () => {
          // As if the deliveries about it were lost for good.
          sha = sim.commit({
            repo,
            branch: "topic",
            files: { "src/a.ts": "more\n" },
            author: "ada",
          }).sha;
          const { queue } = sim.world.outbox;
          for (let at = queue.length - 1; at >= 0; at -= 1)
            if (queue[at]?.repositoryId === repositoryId(sim, repo)) queue.splice(at, 1);
        },
      });
      sim.review({ repo, number, by: "bob", state: "approve" });
      await until(
        "the push",
        () => sha,
        (pushed) => pushed !== "",
      );
      await waits(sim, repo, sha);
      expect(theRun(sim, repo, headSha).conclusion).toBeNull();
    },
  );

  it.for(["overview", "head", "change"] as const)(
    "F30: a pull request that is closed while the %s is read or written ends quietly",
    async (call) => {
      const repo = await knownRepo(`closed-${call}`);
      const { number, headSha } = open(sim, repo);
      await waits(sim, repo, headSha);
      let isClosed = false;
      staged(sim, repo, {
        ...place(call),
        delayMs: 100,
        times: 1,
        onHit: () => {
          sim.closePull({ repo, number, by: "ada" });
          isClosed = true;
        },
      });
      sim.review({ repo, number, by: "bob", state: "approve" });
      await until(
        "the closing",
        () => isClosed,
        (closed) => closed,
      );
      await calmIn(gatehouse, repo);
      expect(await deadRows(repo)).toBe(0);
      if (call !== "change") expect(theRun(sim, repo, headSha).conclusion).toBeNull();
    },
  );

  it("F30: a commit that GitHub has collected is given up quietly, and the new head is judged", async () => {
    const repo = await knownRepo("collected");
    let sha = "";
    staged(sim, repo, {
      ...place("creation"),
      status: 422,
      body: { message: "No commit found for SHA" },
      times: 1,
      onHit: () => {
        sha = sim.commit({
          repo,
          branch: "topic",
          parent: sim.world.repos.get(repositoryId(sim, repo))?.refs.get("refs/heads/main") ?? "",
          force: true,
          files: { "src/a.ts": "again\n" },
          author: "ada",
        }).sha;
      },
    });
    const { headSha } = open(sim, repo);
    await waits(
      sim,
      repo,
      await until(
        "the push",
        () => sha,
        (pushed) => pushed !== "",
      ),
    );
    await calmIn(gatehouse, repo);
    expect(checkRunsOn(sim, repo, headSha)).toEqual([]);
    expect(
      await inDatabase(database(), (db) =>
        db
          .prepare("select key from queue where attempts > 0 and key like ?")
          .all(`pr:${repositoryId(sim, repo)}:%`),
      ),
    ).toEqual([]);
  });
});

describe.concurrent("an App that may less, or nothing", () => {
  it("F27: a suspended installation is left alone, and caught up with when it is back", async () => {
    const repo = await knownRepo("shop", reviewed, "suspended");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    sim.suspend({ account: "suspended" });
    await calmIn(gatehouse, repo);
    const before = sim.calls.filter((call) => call.path.startsWith(`/repos/${repo}/`)).length;
    sim.review({ repo, number, by: "bob", state: "approve" });
    const later = open(sim, repo, { head: "later" });
    await reconcile();
    await calmIn(gatehouse, repo);
    expect(sim.calls.filter((call) => call.path.startsWith(`/repos/${repo}/`)).length).toBe(before);
    sim.unsuspend({ account: "suspended" });
    await turnsGreen(sim, repo, headSha);
    await waits(sim, repo, later.headSha);
  });

  it.for(["suspend", "uninstall"] as const)(
    "F27: %s in the middle of a judgement ends it quietly",
    async (what) => {
      const owner = `mid-${what}`;
      const repo = await knownRepo("shop", reviewed, owner);
      const { number, headSha } = open(sim, repo);
      await waits(sim, repo, headSha);
      let isOver = false;
      staged(sim, repo, {
        graphql: true,
        delayMs: 100,
        times: 1,
        onHit: () => {
          sim[what]({ account: owner });
          isOver = true;
        },
      });
      // Rows of two organisations' repositories are told apart by name here: "shop" belongs to several.
      sim.review({ repo, number, by: "bob", state: "approve" });
      await until(
        "the end",
        () => isOver,
        (over) => over,
      );
      await calmIn(gatehouse, repo);
      expect(await deadRows(repo)).toBe(0);
      expect(theRun(sim, repo, headSha).conclusion).toBeNull();
    },
  );

  it("F27: an installation removed and made again, both unheard of, keeps its audit log and is judged anew", async () => {
    const repo = await knownRepo("removed-shop", reviewed, "removed");
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    const records = await audited(repo);
    expect(records).toBeGreaterThan(0);
    const unheard = (act: () => void): void => {
      act();
      const { queue } = sim.world.outbox;
      for (let at = queue.length - 1; at >= 0; at -= 1)
        if (queue[at]?.event === "installation") queue.splice(at, 1);
    };
    sim.holdWebhooks();
    unheard(() => sim.uninstall({ account: "removed" }));
    sim.releaseWebhooks();
    await reconcile();
    await until(
      "an inactive repository",
      () =>
        inDatabase(
          database(),
          (db) =>
            db
              .prepare("select active from repositories where id = ?")
              .get(repositoryId(sim, repo)) as { readonly active: number },
        ),
      (row) => row.active === 0,
    );
    sim.holdWebhooks();
    unheard(() => sim.installApp({ account: "removed" }));
    sim.releaseWebhooks();
    const later = open(sim, repo, { head: "later" });
    await reconcile();
    await waits(sim, repo, later.headSha);
    expect(await audited(repo)).toBeGreaterThan(records);
  });

  const without = (...names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(defaultPermissions).filter(([name]) => !names.includes(name)),
    );

  it.for([
    [
      "actions",
      "version: 1\nrules:\n  - name: tests\n    require: { checks: { names: [unit], app: github-actions } }\n",
      /actions: read/,
    ],
    [
      "members",
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { teams: [core] } }\n",
      /members: read/,
    ],
  ] as const)(
    "F28: without the permission %s its facts are unknown, and it is asked for by name",
    async ([permission, policy, named]) => {
      const owner = `less-${permission}`;
      const repo = await knownRepo(`${owner}-shop`, policy, owner);
      sim.team({ org: owner, slug: "core", members: ["bob"] });
      sim.setPermissions({ account: owner, permissions: without(permission) });
      const { number, headSha } = open(sim, repo);
      sim.workflowRun({
        repo,
        sha: headSha,
        jobs: [{ name: "unit", status: "completed", conclusion: "success" }],
      });
      sim.review({ repo, number, by: "bob", state: "approve" });
      const run = await gateSays(sim, repo, headSha, (seen) =>
        /^Cannot read/.test(seen.title ?? ""),
      );
      expect(run.summary).toMatch(named);
      expect(run.conclusion).toBeNull();
      sim.setPermissions({ account: owner, permissions: defaultPermissions });
      await soon(turnsGreen(sim, repo, headSha));
      theRun(sim, repo, headSha);
    },
  );

  it("F28: a refusal that could not be shown is shown once the permission is back", async () => {
    const repo = await knownRepo("mute-shop", worded, "mute");
    sim.setPermissions({ account: "mute", permissions: without("checks") });
    await calmIn(gatehouse, repo);
    const { headSha, number } = open(sim, repo, { title: "no prefix" });
    const key = `pr:${repositoryId(sim, repo)}:${number}`;
    // Eight tries take minutes: seven of them are said to lie behind it.
    const tryForTheLastTime = (): Promise<unknown> =>
      inDatabase(database(), (db) =>
        db
          .prepare(
            "update queue set attempts = 7, faults = 7, due_at = ?, firm_at = ? where key = ? and state = 'waiting' and attempts > 0",
          )
          .run(Date.now(), Date.now(), key),
      );
    await until(
      "given up",
      () => tryForTheLastTime().then(() => deadRows(repo)),
      (count) => count === 1,
    );
    sim.setPermissions({ account: "mute", permissions: defaultPermissions });
    await turnsRed(sim, repo, headSha);
  });

  it("F28: without the permission to read runs, pull requests are reconciled all the same", async () => {
    const repo = await knownRepo("runless-shop", reviewed, "runless");
    sim.setPermissions({ account: "runless", permissions: without("actions", "deployments") });
    await calmIn(gatehouse, repo);
    sim.holdWebhooks();
    const { headSha } = open(sim, repo);
    const { queue } = sim.world.outbox;
    for (let at = queue.length - 1; at >= 0; at -= 1)
      if (queue[at]?.repositoryId === repositoryId(sim, repo)) queue.splice(at, 1);
    sim.releaseWebhooks();
    await reconcile();
    await waits(sim, repo, headSha);
  });
});

describe.concurrent("a repository that moves", () => {
  it("F29: a renamed repository is judged on, told or not", async () => {
    const repo = await knownRepo("old-name");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    const id = repositoryId(sim, repo);
    sim.renameRepo({ repo, to: "new-name" });
    sim.review({ repo: "acme/new-name", number, by: "bob", state: "approve" });
    await turnsGreen(sim, "acme/new-name", headSha);
    theRun(sim, "acme/new-name", headSha);
    expect(repositoryId(sim, "acme/new-name")).toBe(id);
  });

  it("F29: a name that another repository took leads to no answer there; ours is found where it went", async () => {
    const repo = await knownRepo("taken", worded);
    const { number, headSha } = open(sim, repo, { title: "feat: mine" });
    await turnsGreen(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    sim.holdWebhooks();
    sim.renameRepo({ repo, to: "moved" });
    sim.repo({ name: repo, files: { "src/a.ts": "other\n", ".github/gatehouse.yml": worded } });
    const { queue } = sim.world.outbox;
    queue.splice(0, queue.length, ...queue.filter((delivery) => delivery.event !== "repository"));
    sim.releaseWebhooks();
    const stranger = open(sim, repo, { title: "no prefix" });
    await turnsRed(sim, repo, stranger.headSha);
    sim.editPull({ repo: "acme/moved", number, title: "not any more", by: "ada" });
    await turnsRed(sim, "acme/moved", headSha);
    theRun(sim, "acme/moved", headSha);
  });

  it("F29: a transferred repository belongs to its new owner's installation", async () => {
    const repo = await knownRepo("wandering", reviewed, "from");
    sim.org({ login: "to", members: ["ada", "bob"] });
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    sim.transferRepo({ repo, to: "to" });
    sim.collaborator({ repo: "to/wandering", login: "bob", role: "write" });
    sim.review({ repo: "to/wandering", number, by: "bob", state: "approve" });
    await turnsGreen(sim, "to/wandering", headSha);
    const row = await inDatabase(
      database(),
      (db) =>
        db
          .prepare("select owner, installation_id from repositories where id = ?")
          .get(repositoryId(sim, "to/wandering")) as {
          readonly owner: string;
          readonly installation_id: number;
        },
    );
    expect(row).toMatchObject({
      owner: "to",
      installation_id: [...sim.world.installations.values()].find(
        (one) => sim.world.accounts.get(one.accountId)?.login === "to",
      )?.id,
    });
  });

  it("F29: a repository that went to somebody without the App is left alone, quietly", async () => {
    const repo = await knownRepo("leaving", reviewed, "leavers");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    sim.user({ login: "nobody" });
    sim.transferRepo({ repo, to: "nobody" });
    sim.review({ repo: "nobody/leaving", number, by: "bob", state: "approve" });
    await reconcile();
    await until(
      "an inactive repository",
      () =>
        inDatabase(
          database(),
          (db) =>
            db
              .prepare("select active from repositories where id = ?")
              .get(repositoryId(sim, "nobody/leaving")) as { readonly active: number },
        ),
      (row) => row.active === 0,
    );
    expect(await deadRows("nobody/leaving")).toBe(0);
    expect(theRun(sim, "nobody/leaving", headSha).conclusion).toBeNull();
  });

  it("F29: an archived repository is written to no more, and again when it is taken out", async () => {
    const repo = await knownRepo("archived");
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    const writes = writesTo(sim, repo);
    sim.archiveRepo({ repo });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await calmIn(gatehouse, repo);
    expect(writesTo(sim, repo)).toBe(writes);
    expect(
      sim.calls.filter(
        (call) => call.path.startsWith(`/repos/${repo}/check-runs`) && call.status >= 400,
      ),
    ).toEqual([]);
    sim.archiveRepo({ repo, archived: false });
    await turnsGreen(sim, repo, headSha);
  });

  it("F29: a deleted repository is forgotten quietly", async () => {
    const repo = await knownRepo("deleted");
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await calmIn(gatehouse, repo);
    const id = repositoryId(sim, repo);
    sim.deleteRepo({ repo });
    await until(
      "an inactive repository",
      () =>
        inDatabase(
          database(),
          (db) =>
            db.prepare("select active from repositories where id = ?").get(id) as {
              readonly active: number;
            },
        ),
      (row) => row.active === 0,
    );
    expect(
      await inDatabase(database(), (db) =>
        db.prepare("select key from queue where state = 'dead' and key like ?").all(`pr:${id}:%`),
      ),
    ).toEqual([]);
  });
});

describe("the wire", () => {
  it("carries nothing that GitHub's descriptions do not know", () => {
    expect(wire.heard()).toBeGreaterThan(20);
    expect(wire.problems()).toEqual([]);
  });
});
