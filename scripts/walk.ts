import type { Move } from "../test/walk/moves.ts";
import { walk } from "../test/walk/walk.ts";
import { runSeeds, type Task } from "./seeds.ts";

process.exitCode = await runSeeds(
  {
    name: "walk",
    about:
      "Walks at random through a simulated GitHub with the real gate; the oracle of the tests judges every green.",
    steps: 80,
    run: ({ server, ...task }: Task<Move>) => {
      // The gates of the walk take a database of it each.
      if (server !== undefined) process.env["GATEHOUSE_TEST_STORE"] = server.url;
      return walk(task);
    },
  },
  process.argv.slice(2),
);
