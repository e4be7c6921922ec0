import { defineConfig } from "vitest/config";
import { long } from "./test/support/long.ts";
import { patience } from "./test/support/patience.ts";
import { reporters } from "./test/support/reporters.ts";

/** What takes minutes because processes die in it: a run of its own, so that `npm test` stays one that is run often. */
export default defineConfig({
  // Subpath imports (package.json) lead to the sources, not to what was built.
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    reporters,
    include: long,
    pool: "forks",
    isolate: false,
    maxWorkers: 3,
    testTimeout: 30_000 * patience,
    hookTimeout: 30_000 * patience,
  },
});
