import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploymentOf } from "./deployments-world.ts";
import { ask, noon, outsideShop, tokenFor, type Job } from "./gate-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: noon });
});
afterAll(() => gatehouse.stop());

/** A job of somebody's own run, for an environment without a protection rule. */
function jobOf(
  repo: string,
  actor: string,
  event = "push",
): Pick<Job, "sha" | "question"> & {
  readonly token: () => string;
} {
  const { sim, gate } = gatehouse;
  const environment = "live";
  const { run, deployments } = sim.deploy({ repo, environment, actor, event });
  const { sha } = deploymentOf(sim, repo, deployments[0]?.id ?? 0);
  return {
    sha,
    question: { repository: repo, sha, environment },
    token: () => sim.oidcToken({ repo, sha, run, environment, actor, audience: gate.url }),
  };
}

/** A change of ada's that dave merged. */
async function merged(name: string, policy: string): Promise<{ repo: string; number: number }> {
  const { sim } = gatehouse;
  const repo = outsideShop(gatehouse, name, policy);
  const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
  sim.mergePull({ repo, number, by: "dave" });
  await idle(gatehouse);
  return { repo, number };
}

const approved = `version: 1
rules:
  - name: release-approval
    when: { environments: [live] }
    require: { approvals: { count: 1, teams: [release] } }
`;
const closed = `${approved}  - name: closed
    when: { environments: [live] }
    require: { window: never }
windows:
  never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] }
overrides:
  - { name: emergency, rules: [release-approval, closed], by: { users: [bob] }, lasts: 4h }
`;

describe("two callers wait with one commit for one environment", () => {
  it("and a person's own run gets no yes on their own approval, whoever asks beside it", async () => {
    const { sim } = gatehouse;
    const { repo, number } = await merged("own-yes", approved);
    const daves = jobOf(repo, "dave");
    const bobs = jobOf(repo, "bob", "workflow_dispatch");
    await ask(gatehouse, daves.token(), daves.question);
    const bobWaits = ask(gatehouse, bobs.token(), bobs.question, { wait: 5 });
    await idle(gatehouse);
    const daveWaits = ask(gatehouse, daves.token(), daves.question, { wait: 60 });
    await idle(gatehouse);
    sim.comment({ repo, number, by: "bob", body: "/gate approve live" });
    expect((await daveWaits).body.decision).toBe("allow");
    const { body } = await bobWaits;
    expect(body.decision).toBe("hold");
    expect(body.rules[0]?.found).toContain("bob");
  });

  it.each(["runs", "calls of one token"])(
    "T53, T56: and one override lets one of two %s through",
    async (kind) => {
      const { sim } = gatehouse;
      const { repo, number } = await merged(`one-of-two-${kind.slice(0, 4)}`, closed);
      const one = jobOf(repo, "dave");
      const two = jobOf(repo, "dave", "workflow_dispatch");
      const token = await tokenFor(gatehouse, [repo]);
      const tokens = kind === "runs" ? [one.token(), two.token()] : [token, token];
      const waits: ReturnType<typeof ask>[] = [];
      for (const each of tokens) {
        waits.push(ask(gatehouse, each, one.question, { wait: 5 }));
        await idle(gatehouse);
      }
      sim.comment({ repo, number, by: "bob", body: "/gate override emergency live is down" });
      const decisions = (await Promise.all(waits)).map(({ body }) => body.decision);
      expect(decisions.toSorted()).toEqual(["allow", "hold"]);
    },
  );
});
