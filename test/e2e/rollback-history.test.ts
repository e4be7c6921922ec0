import { afterEach, describe, expect, it } from "vitest";
import { doorSays, knock, newShop, opens } from "./deployments-world.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
afterEach(async () => {
  await gatehouse.stop();
});

const shut = `version: 1
rules:
  - name: hours
    when: { environments: [production] }
    require: { window: never }
windows:
  never:
    timezone: UTC
    open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }]
`;
const open = shut.replace(
  '{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }',
  '{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "00:00" }',
);

/** Somebody says it on a new pull request; answers the reactions once there is a last one. */
async function saying(repo: string, body: string): Promise<readonly string[]> {
  const { sim } = gatehouse;
  const { number } = sim.openPull({ repo, author: "ada", files: { "src/z.ts": "9\n" } });
  await calm(gatehouse);
  const { id } = sim.comment({ repo, number, by: "bob", body });
  return until(
    `an answer to ${body}`,
    () =>
      sim.world.repos
        .get(sim.world.repoNames.get(repo) ?? 0)
        ?.issues.get(number)
        ?.comments.find((comment) => comment.id === id)
        ?.reactions.map(({ content }) => content) ?? [],
    (seen) => seen.some((content) => content !== "eyes"),
  );
}

describe("roll back to what only GitHub knows of", () => {
  it("W50: a commit that ran before the installation takes the fast lane; one that did not is refused", async () => {
    gatehouse = await runGatehouse({ skipsWaits: true });
    const { sim } = gatehouse;
    sim.org({ login: "acme", members: ["ada", "bob", "carol", "dave"], install: false });
    const repo = newShop(sim, "before-us", shut);
    const ran = (sha: string, state: "success" | "failure"): string => {
      const { id } = sim.apiDeployment({ repo, environment: "production", sha, by: "bob" });
      sim.deploymentStatus({ repo, deployment: id, state, by: "bob" });
      return sha;
    };
    const change = (n: string): string =>
      sim.commit({ repo, files: { "src/a.ts": n }, author: "ada" }).sha;
    const good = ran(change("2\n"), "success");
    const bad = ran(change("3\n"), "failure");
    ran(change("4\n"), "success");
    // GitHub tells by the second: what was made in the second of the first look is not known to be older.
    gatehouse.advance(2_000);
    sim.installApp({ account: "acme" });
    await calm(gatehouse);

    expect(await saying(repo, `/gate rollback production to ${bad} it is broken`)).toContain(
      "confused",
    );
    expect(
      await saying(repo, `/gate rollback production to ${good.slice(0, 10)} it is broken`),
    ).toContain("rocket");
    await opens(sim, knock(sim, repo, { sha: good }));
    await doorSays(sim, knock(sim, repo, { sha: bad }), ({ state }) => state === "rejected");
  });

  it("W50: what the gate let through counts though the news of its success were lost", async () => {
    gatehouse = await runGatehouse({ skipsWaits: true });
    const { sim } = gatehouse;
    const repo = newShop(sim, "lost-news", open);
    await calm(gatehouse);
    const good = knock(sim, repo, {
      sha: sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" }).sha,
    });
    await opens(sim, good);
    await calm(gatehouse);
    sim.deliveryFault({ suppress: true });
    sim.finishDeployment({ repo, deployment: good.id });
    const made = sim.commit({ repo, files: { "src/a.ts": "3\n" }, author: "ada" }).sha;
    await sim.settled();
    sim.clearDeliveryFaults();
    // Somebody calls a deployment of their own a success: that is no history.
    const { id } = sim.apiDeployment({ repo, environment: "production", sha: made, by: "bob" });
    sim.deploymentStatus({ repo, deployment: id, state: "success", by: "bob" });
    sim.commit({ repo, files: { ".github/gatehouse.yml": shut }, author: "ada" });
    await calm(gatehouse);

    expect(await saying(repo, `/gate rollback production to ${made} it is broken`)).toContain(
      "confused",
    );
    expect(await saying(repo, `/gate rollback production to ${good.sha} it is broken`)).toContain(
      "rocket",
    );
    await opens(sim, knock(sim, repo, { sha: good.sha }));
  });
});
