import { defineConfig } from "vitest/config";

if (process.env["GATEHOUSE_CORPUS"] === undefined) {
  console.error(
    "GATEHOUSE_CORPUS is not set: these tests read real input written by others, which is no part of this repository. Set it to the folder that holds it. `npm test` needs none of it.",
  );
  process.exit(2);
}

/** Tests over input that does not lie in the repository: a run of their own, so that `npm test` needs nothing beside it. */
export default defineConfig({
  test: {
    include: ["test/corpus/**/*.test.ts"],
    pool: "forks",
    isolate: false,
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
