import { chaos } from "../test/chaos/chaos.ts";
import { runSeeds } from "./seeds.ts";

process.exitCode = await runSeeds(
  {
    name: "chaos",
    about:
      "Walks at random beside real processes that are killed and paused, over a database that stops, with a GitHub that fails; the oracle of the tests judges every green, and at the end nothing is lost or doubled.",
    steps: 120,
    run: chaos,
    more: ({ disturbances }) => `, ${disturbances} disturbances`,
    kept: ({ output }) => output,
  },
  process.argv.slice(2),
);
