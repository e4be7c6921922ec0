import { afterAll, beforeAll, describe, it } from "vitest";
import { newRepo, open, turnsGreen, turnsRed } from "./fault-world.ts";
import { runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const counted = (teams: string): string =>
  `version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1${teams} } }\n`;

describe("whoever requested changes and gets a say afterwards", () => {
  it.each([
    {
      what: "joins a child team of the team that counts",
      policy: counted(", teams: [backend]"),
      prepare: (_repo: string) => {
        gatehouse.sim.team({ org: "acme", slug: "backend", members: ["bob"] });
        gatehouse.sim.team({ org: "acme", slug: "backend-web", parent: "backend", members: [] });
        gatehouse.sim.team({
          org: "acme",
          slug: "backend-web-ui",
          parent: "backend-web",
          members: [],
        });
        return "backend-web-ui";
      },
    },
    {
      what: "joins a team that no policy names and that gives write access",
      policy: counted(""),
      prepare: (repo: string) => {
        gatehouse.sim.team({ org: "acme", slug: "ops", members: [] });
        gatehouse.sim.teamRepo({ org: "acme", team: "ops", repo, role: "write" });
        return "ops";
      },
    },
  ])("W4: $what: the green goes", async ({ policy, prepare }) => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `joins-${policy.length}`, policy);
    const team = prepare(repo);
    const pull = open(sim, repo);
    sim.review({ repo, number: pull.number, by: "eve", state: "request_changes" });
    sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, pull.headSha);
    sim.teamMember({ org: "acme", team, login: "eve" });
    await turnsRed(sim, repo, pull.headSha);
  });
});
