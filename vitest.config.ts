import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "src/**/*.tsx"],
      reporter: ["text-summary", "json-summary"],
      // The law of the house: what decides is covered. io, flow and doors are covered by whole-process tests.
      thresholds: { "src/core/**": { lines: 90 } },
    },
  },
});
