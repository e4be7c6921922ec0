import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { Deps } from "#flow/deps.ts";
import { noMeter } from "../io/github/local-github.ts";
import type { Simulated } from "../io/github/facts/simulated.ts";

/** What a use case may use, with the simulator as GitHub. */
export const depsOf = (world: Simulated, store: Store, clock: Clock): Deps => ({
  store,
  github: world.reader,
  facts: world.facts,
  publisher: world.publisher,
  clock,
  log: world.log,
  meter: noMeter,
  appId: 7,
  presets: new Map(),
  anchor: null,
  health: {
    isEmpty: true,
    mayAsk: () => false,
    ask: () => Promise.reject(new Error("nobody asks")),
  },
  startedAt: 0,
  keepInputsMs: 1,
  webUrl: world.sim.url,
  pagesAt: null,
});
