import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open, reviewed, turnsGreen, turnsRed, waits, worded } from "./fault-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const yml = ".github/gatehouse.yml";
const yaml = ".github/gatehouse.yaml";
const disabled = "version: 1\nenforcement: disabled\nrules: []\n";

const put = (repo: string, files: Readonly<Record<string, string | null>>): void => {
  gatehouse.sim.commit({ repo, author: "bob", files: { ...files } });
};

describe("a policy may be called .yml or .yaml", () => {
  it.concurrent(
    "one called .yaml judges from the first pull request on, and is moved without a gap",
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "yaml-alone", null);
      put(repo, { [yaml]: reviewed });
      const pull = open(sim, repo);
      await waits(sim, repo, pull.headSha);

      put(repo, { [yaml]: null, [yml]: worded });
      await turnsRed(sim, repo, pull.headSha);
      sim.editPull({ repo, number: pull.number, title: "feat: one", by: "ada" });
      await turnsGreen(sim, repo, pull.headSha);
      put(repo, { [yml]: null, [yaml]: reviewed });
      await waits(sim, repo, pull.headSha);

      put(repo, { [yaml]: null });
      const gone = await turnsRed(sim, repo, pull.headSha);
      expect(gone.title).toContain(`${yaml} was removed without being retired`);
    },
  );

  it.concurrent(
    "both are an error that names both, whatever either says; the last good one judges",
    async () => {
      const { sim } = gatehouse;
      const fresh = newRepo(sim, "both-at-once", null);
      put(fresh, { [yaml]: reviewed, [yml]: disabled });
      const denied = open(sim, fresh);
      const run = await turnsRed(sim, fresh, denied.headSha);
      for (const path of [yml, yaml]) expect(`${run.title} ${run.summary}`).toContain(path);

      const repo = newRepo(sim, "both-later", reviewed);
      const pull = open(sim, repo);
      await waits(sim, repo, pull.headSha);
      put(repo, { [yaml]: disabled });
      const said = await gateSays(sim, repo, pull.headSha, ({ summary }) =>
        (summary ?? "").includes(yaml),
      );
      expect(said.status).toBe("in_progress");
      put(repo, { [yml]: null });
      await turnsGreen(sim, repo, pull.headSha);
    },
  );

  it.concurrent("the organisation's may be called .yaml, too", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "below", null, "initech");
    sim.repo({ name: "initech/.github", files: { [yaml]: worded } });
    const pull = open(sim, repo, { title: "no words" });
    await turnsRed(sim, repo, pull.headSha);
  });

  it.concurrent(
    "a proposal that adds the other name is previewed as an error, and so are its tests",
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "proposed", reviewed);
      const preview = (sha: string) =>
        until(
          "the preview",
          async () =>
            checkRunsOn(sim, repo, sha).find(
              (run) => run.name === "gatehouse / policy" && run.status === "completed",
            ),
          (run) => run !== undefined,
        );
      const both = open(sim, repo, { files: { [yaml]: worded } });
      expect((await preview(both.headSha))?.conclusion).toBe("failure");
      const moved = open(sim, repo, { head: "moved", files: { [yml]: null, [yaml]: worded } });
      expect((await preview(moved.headSha))?.conclusion).toBe("success");
      const tests = ".github/gatehouse.test.yaml";
      const tested = open(sim, repo, {
        head: "tested",
        files: { [tests]: "- name: odd\n  given: {}\n  expect: deny\n" },
      });
      expect((await preview(tested.headSha))?.conclusion).toBe("failure");
      await calm(gatehouse);
    },
  );

  it("a push that nobody told of is seen with the next pull request, from .yml to both and back", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "both-unheard", worded);
    const pull = open(sim, repo, { title: "feat: x" });
    await turnsGreen(sim, repo, pull.headSha);
    sim.deliveryFault({ event: "push", suppress: true });
    put(repo, { [yaml]: disabled });
    const second = open(sim, repo, { head: "two", title: "feat: y" });
    await gateSays(sim, repo, second.headSha, ({ summary }) => (summary ?? "").includes(yaml));
    put(repo, { [yml]: null });
    const third = open(sim, repo, { head: "three", title: "no words" });
    await turnsGreen(sim, repo, third.headSha);
    sim.clearDeliveryFaults();
  });
});
