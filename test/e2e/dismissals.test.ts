import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open, turnsGreen, turnsRed } from "./fault-world.ts";
import { gateSays, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

/** Alerts that somebody dismissed, of the two sources that watch a whole repository. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
});

const policy = (from: string): string =>
  `version: 1\nrules:\n  - name: scans\n    require: { findings: { from: [${from}], block: high, require_scan: none } }\n`;
const plain = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const refused = (repo: string, sha: string) =>
  gateSays(
    gatehouse.sim,
    repo,
    sha,
    (run) => plain(run).includes("who has a part in this change"),
    60_000,
  );

describe("dismissed alerts", () => {
  it(
    "W19: of Dependabot, by the author before opening: it blocks; by somebody else: it is taken",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "dependabot-dismissed", policy("dependabot"));
      sim.editRepo({ repo, private: true });
      const { number } = sim.dependabotAlert({ repo, package: "lodash", severity: "critical" });
      sim.setDependabotAlert({ repo, number, state: "dismissed", by: "ada" });
      const { headSha } = open(sim, repo);
      await turnsRed(sim, repo, headSha, 60_000);
      await refused(repo, headSha);
      sim.setDependabotAlert({ repo, number, state: "open", by: "bob" });
      sim.setDependabotAlert({ repo, number, state: "dismissed", by: "bob" });
      expect(plain(await turnsGreen(sim, repo, headSha, 60_000))).toContain("dismissed by @bob");
    },
  );

  it(
    "W19: of secret scanning, by the author: it blocks; by somebody else: it is taken",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "secret-dismissed", policy("secret-scanning"));
      sim.editRepo({ repo, private: true });
      const { headSha } = open(sim, repo);
      const { number } = sim.secretAlert({
        repo,
        locations: [{ path: "src/a.ts", line: 1, sha: headSha }],
      });
      await turnsRed(sim, repo, headSha, 60_000);
      sim.setSecretAlert({ repo, number, state: "resolved", by: "ada", resolution: "wont_fix" });
      await refused(repo, headSha);
      sim.setSecretAlert({ repo, number, state: "open", by: "bob" });
      sim.setSecretAlert({
        repo,
        number,
        state: "resolved",
        by: "bob",
        resolution: "false_positive",
      });
      expect(plain(await turnsGreen(sim, repo, headSha, 60_000))).toContain("dismissed by @bob");
    },
  );
});
