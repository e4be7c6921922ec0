import { defineConfig } from "vitest/config";
import { patience } from "./test/support/patience.ts";
import { reporters } from "./test/support/reporters.ts";

/** Tests over input that does not lie in the repository: a run of their own, so that `npm test` needs nothing beside it. */
export default defineConfig({
  // Subpath imports (package.json) lead to the sources, not to what was built.
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    reporters,
    include: ["test/corpus/**/*.test.ts"],
    globalSetup: "test/corpus/setup.ts",
    pool: "forks",
    isolate: false,
    maxWorkers: 3,
    testTimeout: 30_000 * patience,
    hookTimeout: 30_000 * patience,
  },
});
