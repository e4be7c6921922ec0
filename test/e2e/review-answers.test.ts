import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operatorViewer } from "#flow/pages/viewer.ts";
import { readReport } from "#flow/pages/report.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { calm, until } from "./harness.ts";
import { peoplePolicy, peopleWorld, repo, type PeopleWorld } from "./people-world.ts";

const policy = peoplePolicy
  .replace("    confirmations: 1\n", "")
  .replace("    ticket: required\n", "");

const answers = (judged: string, rule = "`titled`"): string =>
  `### Incident\nnone\n### Impact\nnobody noticed\n### Rule that would have caught it\n${rule}\n### What changes\nnothing\n### Was it right to go past the gate\n${judged}`;

let world: PeopleWorld;

beforeAll(async () => {
  world = await peopleWorld(policy);
});
afterAll(() => world.gatehouse.stop());

/** An override that was granted, and the issue of its review. */
async function owed(head: string): Promise<number> {
  const before = new Set(world.issues().map(({ number }) => number));
  const { number, headSha } = world.open({ head });
  await world.waiting(headSha);
  world.say(number, "bob", "/emergency the shop is down");
  await world.green(headSha, /override emergency/);
  const issues = await until(
    "a review",
    () => world.issues().filter((issue) => !before.has(issue.number)),
    (seen) => seen.length === 1,
  );
  return issues[0]?.number ?? 0;
}

const issue = (number: number) => world.issues().find((each) => each.number === number);
const close = (number: number, by: string): void =>
  world.sim.setIssueState({ repo, number, state: "closed", by });

async function lessons() {
  const store = await openStore({ url: world.gatehouse.settings.databaseUrl });
  try {
    const answer = await readReport(
      store,
      operatorViewer,
      {
        from: world.gatehouse.now() - 86_400_000,
        to: world.gatehouse.now() + 86_400_000,
        repository: undefined,
        environment: undefined,
      },
      world.gatehouse.now(),
    );
    if (answer.kind !== "report") throw new Error("no report");
    return answer.report.lessons;
  } finally {
    await store.close();
  }
}

describe("what a review answers", () => {
  it("feeds the report when its reviewer says it, and nobody else's words do", async () => {
    const number = await owed("one");
    expect(issue(number)?.body).toMatch(/### Incident[^]*### Impact[^]*### What changes/);
    // bob commands and reviews nothing; what he writes into the body makes the body count for nothing.
    world.sim.editIssue({ repo, number, body: answers("yes"), by: "bob" });
    world.say(number, "bob", answers("yes"));
    close(number, "dora");
    await calm(world.gatehouse);
    expect(issue(number)?.state).toBe("closed");
    expect(world.words(number).join("\n")).toMatch(
      /Still empty: Incident, Impact, Rule that would have caught it, What changes/,
    );
    expect(await lessons()).toMatchObject({
      judgedRight: { value: null, rows: 0, missing: 1 },
      caughtBy: [],
      reviews: 1,
      unanswered: 1,
    });
    // What dora says afterwards is heard; what somebody changes in it is not.
    const said = world.say(number, "dora", answers("no"));
    await calm(world.gatehouse);
    expect(await lessons()).toMatchObject({
      judgedRight: { value: 0, rows: 1, missing: 0 },
      caughtBy: [{ name: "titled", times: 1 }],
    });
    world.sim.editComment({ repo, id: said, body: answers("yes", "reviewed"), by: "bob" });
    await calm(world.gatehouse);
    expect((await lessons()).caughtBy).toEqual([]);
    expect(world.words(number)).toHaveLength(1);
  });

  it("is read from the body where only its reviewers changed that", async () => {
    const number = await owed("two");
    world.sim.editIssue({ repo, number, body: answers("Yes, it was."), by: "dora" });
    close(number, "dora");
    await calm(world.gatehouse);
    expect(world.words(number)).toEqual([]);
    expect(await lessons()).toMatchObject({
      judgedRight: { value: 100, rows: 1 },
      caughtBy: [{ name: "titled", times: 1 }],
    });
  });

  it("closed by somebody whose review it is not, it is opened again and nothing is read", async () => {
    const number = await owed("three");
    world.say(number, "bob", answers("yes"));
    close(number, "bob");
    await until(
      "an open review",
      () => issue(number)?.state,
      (state) => state === "open",
    );
    await calm(world.gatehouse);
    expect((await lessons()).reviews).toBe(2);
  });
});
