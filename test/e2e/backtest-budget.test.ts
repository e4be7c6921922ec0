import { afterEach, describe, expect, it } from "vitest";
import { askLive } from "../../src/ask-live.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
afterEach(async () => {
  await gatehouse.stop();
});

const repo = "acme/shop";

describe("a replay keeps within its calls", () => {
  it.each(["recommended", "regulated"])(
    "gatehouse:%s over 50 pull requests: 200 calls, 60 s, all of them seen, and what was not looked at is said",
    async (preset) => {
      gatehouse = await runGatehouse({ simulator: { latencyMs: 80 } });
      const { sim, settings } = gatehouse;
      sim.org({ login: "acme", members: ["ada", "carol", "dora"] });
      sim.repo({
        name: repo,
        files: {
          "a.txt": "1\n",
          ".github/gatehouse.yml":
            'version: 1\nrules:\n  - { name: titled, require: { title: { pattern: "^feat" } } }\n',
        },
      });
      for (const login of ["ada", "carol", "dora"])
        sim.collaborator({ repo, login, role: "write" });
      for (let index = 0; index < 50; index += 1) {
        const { number } = sim.openPull({
          repo,
          author: "ada",
          head: `topic-${index}`,
          title: "feat: it",
          files: { [`src/${index}.ts`]: "1\n" },
        });
        if (index % 2 === 0) sim.review({ repo, number, by: "dora", state: "approve" });
        if (index >= 4) sim.mergePull({ repo, number, by: "carol" });
      }
      await calm(gatehouse);
      sim.resetCalls();
      const told: number[] = [];
      const from = performance.now();
      if (settings.app === null) throw new Error("no credentials");
      const { answer } = await askLive(settings, settings.app, (live) =>
        live.backtest({
          owner: "acme",
          name: "shop",
          policy: `version: 1\nextends: gatehouse:${preset}\n`,
          last: 50,
          onProgress: (done) => told.push(done),
        }),
      );
      const took = performance.now() - from;
      const calls = sim.calls.filter((call) => !call.isToken).length;
      if (answer.kind !== "replayed") throw new Error(JSON.stringify(answer));
      const { replayed, leftOut, calls: counted } = answer.impact;
      const whole = replayed.filter(({ notReplayed }) => notReplayed.length === 0).length;
      console.info(
        `backtest ${preset}: ${Math.round(took)} ms, ${calls} calls (${counted} of the replay), ${replayed.length} replayed, ${whole} by every rule`,
      );
      expect({ replayed: replayed.length, leftOut }).toEqual({ replayed: 50, leftOut: 0 });
      expect(calls).toBeLessThanOrEqual(200);
      expect(calls - counted).toBeLessThan(10);
      expect(took).toBeLessThan(60_000);
      // A decision is never said to change because nobody looked.
      for (const { before, after, rules, notReplayed } of replayed) {
        expect(rules.filter(({ name }) => notReplayed.includes(name))).toEqual([]);
        if (before !== after) expect(rules.length).toBeGreaterThan(0);
      }
      expect(told.at(-1)).toBe(50);
      expect([...told].sort((a, b) => a - b)).toEqual(told);
    },
    120_000 * patience,
  );
});
