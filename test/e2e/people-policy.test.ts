import { afterEach, describe, expect, it } from "vitest";
import { calm, checkRunsOn, until, type CheckRunSeen } from "./harness.ts";
import { peopleWorld, repo, type PeopleWorld } from "./people-world.ts";
import { patience } from "../support/patience.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

const lenient =
  'version: 1\nrules:\n  - name: titled\n    require: { title: { pattern: "^feat: " } }\n';
const strict =
  'version: 1\nrules:\n  - name: titled\n    require: { title: { pattern: "^feat: " } }\n  - name: reviewed\n    require: { reviews: { approvals: 1, teams: [nobody-here] } }\n  - name: tested\n    require: { checks: { names: [unit] } }\n';

const proposal = (files: Readonly<Record<string, string>>): string =>
  world.sim.openPull({ repo, author: "carol", head: "policy", title: "feat: policy", files })
    .headSha;
const preview = (
  sha: string,
  holds: (run: CheckRunSeen) => boolean,
): Promise<CheckRunSeen | undefined> =>
  until(
    "gatehouse / policy",
    () => checkRunsOn(world.sim, repo, sha).find((run) => run.name === "gatehouse / policy"),
    (run) => run !== undefined && run.status === "completed" && holds(run),
    60_000,
  );

describe("gatehouse / policy", () => {
  it(
    "tells how many decisions would change over 50 pull requests, within 200 calls and 60 s",
    async () => {
      world = await peopleWorld(lenient, { simulator: { latencyMs: 80 } });
      const { sim } = world;
      for (let index = 0; index < 48; index += 1) {
        const { number } = sim.openPull({
          repo,
          author: "ada",
          head: `topic-${index}`,
          title: "feat: something",
          files: { [`src/${index}.ts`]: "1\n" },
        });
        if (index % 2 === 0) sim.review({ repo, number, by: "dora", state: "approve" });
        if (index >= 4) sim.mergePull({ repo, number, by: "carol" });
      }
      await calm(world.gatehouse);
      sim.resetCalls();
      const from = performance.now();
      const run = await preview(
        proposal({ ".github/gatehouse.yml": strict }),
        (seen) => seen.summary?.includes("### Impact") === true,
      );
      const took = performance.now() - from;
      await calm(world.gatehouse);
      const calls = sim.calls.filter((call) => !call.isToken).length;
      console.info(`impact: ${Math.round(took)} ms, ${calls} calls in all`);
      expect(run?.conclusion).toBe("success");
      expect(run?.summary).toMatch(
        /Replayed over 5 open pull requests and the last 44 merged: \*\*49 decisions would change\*\*/,
      );
      expect(run?.summary).toMatch(/reviewed: no such rule → pending/);
      expect(run?.summary).toMatch(
        /Rules that may never pass[^]*`reviewed`: the team nobody-here is not there[^]*`tested`: no check unit reported/,
      );
      expect(run?.annotations).toContainEqual(
        expect.objectContaining({
          path: ".github/gatehouse.yml",
          start_line: 5,
          message: expect.stringMatching(/rule "reviewed" may never pass: the team nobody-here/),
        }),
      );
      expect(calls).toBeLessThanOrEqual(200);
      expect(took).toBeLessThan(60_000);
    },
    120_000 * patience,
  );

  it("says so where nothing would change", async () => {
    world = await peopleWorld(lenient);
    world.open();
    const run = await preview(
      proposal({ ".github/gatehouse.yml": `${lenient}# only words\n` }),
      (seen) => seen.summary?.includes("### Impact") === true,
    );
    expect(run?.summary).toMatch(/\*\*no decision would change\*\*/);
  });

  it("runs the policy's tests at the head; a mismatch fails on its line", async () => {
    world = await peopleWorld(lenient);
    const cases = (expected: string): string =>
      `- name: a plain title\n  given: { pull_request: { title: something } }\n  expect: ${expected}\n`;
    const good = proposal({
      ".github/gatehouse.yml": `${lenient}# a\n`,
      ".github/gatehouse.test.yml": cases("deny"),
    });
    expect(
      (await preview(good, (seen) => seen.summary?.includes("### Policy tests") === true))
        ?.conclusion,
    ).toBe("success");
    const { sha } = world.sim.commit({
      repo,
      branch: "policy",
      files: { ".github/gatehouse.test.yml": cases("allow") },
      author: "carol",
    });
    const bad = await preview(sha, (seen) => seen.conclusion === "failure");
    expect(bad?.annotations).toEqual([
      expect.objectContaining({
        path: ".github/gatehouse.test.yml",
        start_line: 1,
        message: expect.stringContaining("expected allow, got deny"),
      }),
    ]);
  });
});
