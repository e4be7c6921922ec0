import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dueNow,
  inDatabase,
  newRepo,
  open,
  reviewed,
  theRun,
  turnsGreen,
  turnsRed,
  waits,
  type Opened,
} from "./fault-world.ts";
import { repoNamed } from "@gatehouse/github-simulator/world/lookup.ts";
import { runGatehouse, until, type Gatehouse } from "./harness.ts";

/** Decision 0007: a green stands on what cannot be read only while everything else still allows, and not for long. */
let gatehouse: Gatehouse;
beforeAll(async () => (gatehouse = await runGatehouse({ skipsWaits: true })));
afterAll(() => gatehouse.stop());

const scans = "{ findings: { kinds: [code], block: high } }";
const split = `${reviewed}  - name: scans\n    require: ${scans}\n`;
const composed = `version: 1\nrules:\n  - name: both\n    require: { all: [{ reviews: { approvals: 1 } }, ${scans}] }\n`;

/** A pull request that is green by a review and a scan, whose scan cannot be read any more. */
async function greenAndBlind(name: string, policy: string) {
  const { sim } = gatehouse;
  const repo = newRepo(sim, name, policy);
  const pull = open(sim, repo);
  sim.codeScan({ repo, ref: `refs/pull/${pull.number}/merge` });
  sim.checkRun({ repo, sha: pull.headSha, name: "CodeQL", app: "github-advanced-security" });
  if (policy.includes("names: [unit]"))
    sim.checkRun({ repo, sha: pull.headSha, name: "unit", app: "ci" });
  const review = sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
  await turnsGreen(sim, repo, pull.headSha);
  await sim.settled();
  const path = new RegExp(`${repo}/code-scanning`);
  const hits = path.test.bind(path);
  let isOver = false;
  path.test = (text) => !isOver && hits(text);
  sim.fault({ match: { path }, status: 502 });
  return { repo, pull, review, over: () => (isOver = true) };
}

const subjectOf = (repo: string, { number }: Opened): string => {
  const record = repoNamed(gatehouse.sim.world, repo);
  return `pr:${record.id}:${number}`;
};

/** As if something could not be read for as long as that by now. */
async function unreadFor(subject: string, ms: number): Promise<void> {
  const key = `unread-since:${subject}`;
  const { databaseUrl } = gatehouse.settings;
  await until(
    "the trouble is noticed",
    () =>
      inDatabase(databaseUrl, (db) =>
        db.prepare("select value from kept_values where key = ?").get(key),
      ),
    (row) => row !== undefined,
  );
  await inDatabase(databaseUrl, (db) =>
    db
      .prepare("update kept_values set value = ? where key = ?")
      .run(String(gatehouse.now() - ms), key),
  );
  await dueNow(databaseUrl, subject);
}

describe.concurrent("what turns an answer is published whatever cannot be read beside it", () => {
  it.each([
    ["two rules", split],
    ["one rule of two parts", composed],
  ])(
    "W4: a dismissed approval, a lost role, a check that runs again (%s)",
    async (name, policy) => {
      const { sim } = gatehouse;
      const slug = name.replaceAll(" ", "-");
      const [one, two] = await Promise.all([
        greenAndBlind(`dismissed-${slug}`, policy),
        greenAndBlind(`role-${slug}`, policy),
      ]);
      sim.dismissReview({
        repo: one.repo,
        number: one.pull.number,
        id: one.review.id,
        by: "bob",
      });
      await waits(sim, one.repo, one.pull.headSha);
      sim.collaborator({ repo: two.repo, login: "bob", role: "read" });
      await waits(sim, two.repo, two.pull.headSha);
    },
  );

  it("W4: a required check that runs again", async () => {
    const { sim } = gatehouse;
    const { repo, pull } = await greenAndBlind(
      "runs-again",
      `${split}  - name: ci\n    require: { checks: { names: [unit], app: ci } }\n`,
    );
    sim.checkRun({
      repo,
      sha: pull.headSha,
      name: "unit",
      app: "ci",
      status: "in_progress",
    });
    await waits(sim, repo, pull.headSha);
  });

  it("W4: what only cannot be read lets a green stand, for some minutes and no longer", async () => {
    const { sim } = gatehouse;
    const { repo, pull, over } = await greenAndBlind("bounded", split);
    sim.comment({ repo, number: pull.number, by: "bob", body: "/gate recheck" });
    const subject = subjectOf(repo, pull);
    await unreadFor(subject, 2 * 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(theRun(sim, repo, pull.headSha).conclusion).toBe("success");
    await unreadFor(subject, 6 * 60_000);
    const run = await waits(sim, repo, pull.headSha);
    expect(run.title).toMatch(/^Cannot be read since \d{4}-/);
    over();
    await dueNow(gatehouse.settings.databaseUrl, subject);
    await turnsGreen(sim, repo, pull.headSha);
  });
});

describe.concurrent("merge groups whose pull requests cannot be told any more", () => {
  async function queued(name: string, count: number) {
    const { sim } = gatehouse;
    const repo = newRepo(sim, name, reviewed);
    const pulls: Opened[] = [];
    const groups: { readonly headSha: string }[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      const pull = sim.openPull({
        repo,
        author: "ada",
        head: `topic-${nth}`,
        files: { [`new-${nth}.ts`]: "1\n" },
      });
      sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, pull.headSha);
      pulls.push(pull);
    }
    for (const pull of pulls) {
      const group = sim.enqueuePull({ repo, number: pull.number });
      await turnsGreen(sim, repo, group.headSha);
      groups.push(group);
    }
    await sim.settled();
    return {
      repo,
      pull: pulls.at(-1) ?? { number: 0, headSha: "" },
      group: groups.at(-1)?.headSha ?? "",
    };
  }

  it.each([1, 2])("W20: a list that lags by %i hides no member that turned red", async (lag) => {
    const { sim } = gatehouse;
    const { repo, pull, group } = await queued(`lags-${lag}`, 2);
    sim.queueLag({ repo, entries: lag });
    sim.review({ repo, number: pull.number, by: "bob", state: "request_changes" });
    await turnsRed(sim, repo, group);
  });

  it("W20: nor does a queue that GitHub does not tell", async () => {
    const { sim } = gatehouse;
    const { repo, pull, group } = await queued("untold", 1);
    sim.fault({
      match: { graphql: /mergeQueue[^]*"name":"untold"/ },
      partialGraphql: { path: ["repository", "mergeQueue"] },
    });
    sim.review({ repo, number: pull.number, by: "bob", state: "request_changes" });
    await turnsRed(sim, repo, group);
  });
});
