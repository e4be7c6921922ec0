import { defineConfig } from "vitest/config";
import { patience } from "./test/support/patience.ts";
import { reporters } from "./test/support/reporters.ts";

/** Whole-process tests once more, over PostgreSQL: a sample of each kind of subject. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    reporters,
    include: [
      "test/e2e/main-job.test.ts",
      "test/e2e/queues-and-merges.test.ts",
      "test/e2e/people-commands.test.ts",
      "test/e2e/deployments.test.ts",
      "test/e2e/pages.test.ts",
      "test/e2e/pages-forms.test.ts",
      "test/e2e/pages-private.test.ts",
      "test/e2e/pages-sign-in.test.ts",
    ],
    globalSetup: "test/support/postgres-for-all.ts",
    pool: "forks",
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000 * patience,
    hookTimeout: 30_000 * patience,
  },
});
