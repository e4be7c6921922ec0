import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  actsOf,
  always,
  doorOf,
  doorSays,
  inProduction,
  isRejected,
  knock,
  newShop,
  ruled,
  type Door,
} from "./deployments-world.ts";
import { calm, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { rowsIn } from "./rows-in.ts";
import { patience } from "../support/patience.ts";

// GitHub is slow while something is judged. What comes to be true before the answer leaves, counts.

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
const close = Date.UTC(2026, 11, 2, 17, 0, 0);
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: close - 30 * 60_000 });
  sim = gatehouse.sim;
});
afterEach(() => sim.clearFaults());
afterAll(() => gatehouse.stop());

const isAnswered = ({ state, reports }: Door): boolean => state !== "waiting" || reports.length > 0;
const hours =
  '\nwindows:\n  hours: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }\n';

describe("time", () => {
  const policies = {
    "a window closes": ruled([inProduction("hours", "window: hours")], hours),
    "a freeze begins": ruled(
      [inProduction("calm", "not_frozen: true")],
      '\nfreezes:\n  - { name: eve, timezone: UTC, environments: [production], during: { from: "2026-12-02T17:00", until: "2026-12-02T18:00" }, reason: the evening before }\n',
    ),
  };

  it(
    "an approval that was judged before a window closed or a freeze began does not leave afterwards",
    async () => {
      const repos = Object.entries(policies).map(([name, policy]) =>
        newShop(sim, name.replaceAll(" ", "-"), policy),
      );
      const merging = newShop(
        sim,
        "merging",
        ruled(["{ name: hours, applies_to: pull_request, require: { window: hours } }"], hours),
      );
      await calm(gatehouse);
      sim.fault({ match: { path: /\/actions\/runs\/\d+$/ }, delayMs: 3_000 });
      sim.fault({ match: { path: /\/graphql$/ }, delayMs: 3_000 });
      gatehouse.advance(close - 1_500 - gatehouse.now());
      const pull = sim.openPull({
        repo: merging,
        author: "ada",
        head: "x",
        files: { "a.ts": "1\n" },
      });
      const asked = repos.map((repo) => knock(sim, repo));
      for (const one of asked) {
        const door = await doorSays(sim, one, isAnswered, 20_000);
        expect(door.state).toBe("waiting");
      }
      // Judged while the window was open, and the green must not show after it closed, not even for a moment.
      const check = await gateSays(sim, merging, pull.headSha, () => true, 20_000);
      expect(check.conclusion).toBeNull();
    },
    60_000 * patience,
  );
});

describe("people", () => {
  const said = {
    freeze: "/gate freeze production the shop is down",
    hold: "/gate hold it leaks money",
    reject: "/gate reject production it leaks money",
  } as const;

  it.each(["freeze", "hold", "reject"] as const)(
    "a %s that is on record before the approval leaves stops it",
    async (kind) => {
      const repo = newShop(
        sim,
        `said-${kind}`,
        ruled([inProduction("hours", "window: always")], `${always}freezers: { users: [bob] }\n`),
      );
      const { number } = sim.openPull({ repo, author: "ada", head: "x", files: { "x.ts": "1\n" } });
      await calm(gatehouse);
      const { sha } = sim.mergePull({ repo, number, by: "carol" });
      await calm(gatehouse);
      sim.fault({ match: { path: /\/actions\/runs\/\d+$/ }, delayMs: 3_000, times: 1 });
      const asked = knock(sim, repo, { sha });
      await until(
        "somebody judges it",
        () =>
          rowsIn(
            gatehouse.settings.databaseUrl,
            `select 1 from queue where state = 'leased' and key like 'dep:%:${asked.id}:%'`,
          ),
        (rows) => rows.length > 0,
      );
      sim.comment({ repo, number, by: "bob", body: said[kind] });
      await until(
        "the act",
        () => actsOf(gatehouse, [kind]),
        (acts) => acts.some(({ repository }) => repository === sim.world.repoNames.get(repo)),
      );
      expect(doorOf(sim, asked).state).toBe("waiting");
      if (kind === "reject") await isRejected(sim, asked);
      else expect((await doorSays(sim, asked, isAnswered, 20_000)).state).toBe("waiting");
    },
    30_000 * patience,
  );
});
