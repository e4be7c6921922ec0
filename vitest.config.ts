import { defineConfig } from "vitest/config";
import { long } from "./test/support/long.ts";
import { patience } from "./test/support/patience.ts";
import { sayWithoutPostgres } from "./test/support/postgres-binaries.ts";
import { reporters } from "./test/support/reporters.ts";

sayWithoutPostgres();

/** A working directory and CPU time are a process's, and threads share one. */
const inItsOwnProcess = ["test/acceptance/times.test.ts", "test/core/calendar/hostile.test.ts"];
const times = { testTimeout: 30_000 * patience, hookTimeout: 30_000 * patience } as const;

export default defineConfig({
  // Subpath imports (package.json) lead to the sources, not to what was built; projects inherit this only if they say so.
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    reporters,
    maxWorkers: 3,
    projects: [
      // The whole product. Modules keep no state: they are loaded once a worker, and so are GitHub's descriptions.
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/e2e/**/*.test.ts", ...inItsOwnProcess],
          exclude: long,
          pool: "forks",
          isolate: false,
          ...times,
        },
      },
      {
        extends: true,
        test: {
          name: "parts",
          include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
          exclude: [
            "test/e2e/**",
            "test/browser/**",
            "test/corpus/**",
            ...inItsOwnProcess,
            ...long,
          ],
          pool: "threads",
          isolate: false,
          ...times,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "src/**/*.tsx", "packages/*/src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      // The law of the house: what decides is covered. io, flow and doors are covered by whole-process tests.
      thresholds: { "src/core/**": { lines: 90 } },
    },
  },
});
