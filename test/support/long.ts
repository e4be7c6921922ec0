/** Whole processes that are killed and started again and again: minutes of waiting, in a run of their own. */
export const long = [
  "test/e2e/crash-instances.test.ts",
  "test/e2e/crash-steps.test.ts",
  "test/e2e/denial-of-service.test.ts",
  "test/e2e/postgres-point-in-time.test.ts",
  "test/e2e/process-life.test.ts",
  "test/e2e/store-lost.test.ts",
  "test/walk/walk.test.ts",
];
