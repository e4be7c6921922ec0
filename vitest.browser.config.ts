import { defineConfig } from "vitest/config";
import { patience } from "./test/support/patience.ts";
import { reporters } from "./test/support/reporters.ts";

/** Pages in a real browser: a run of their own, so that `npm test` needs no browser. */
export default defineConfig({
  // Subpath imports (package.json) lead to the sources, not to what was built.
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    reporters,
    include: ["test/browser/**/*.test.ts"],
    globalSetup: "test/browser/setup.ts",
    passWithNoTests: true,
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 60_000 * patience,
    hookTimeout: 120_000 * patience,
  },
});
