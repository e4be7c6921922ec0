/**
 * Whole processes that are killed, or wait for time to pass, again and again: minutes of waiting, in a run of their own, so
 * that `npm test` stays one that is run often.
 */
export const long = [
  "test/acceptance/process.test.ts",
  "test/e2e/ask-live.test.ts",
  "test/e2e/crash-instances.test.ts",
  "test/e2e/crash-steps.test.ts",
  "test/e2e/denial-of-service.test.ts",
  "test/e2e/deployments-clock.test.ts",
  "test/e2e/faults-deliveries.test.ts",
  "test/e2e/gate-api.test.ts",
  "test/e2e/postgres-point-in-time.test.ts",
  "test/e2e/postgres-processes.test.ts",
  "test/e2e/process-life.test.ts",
  "test/e2e/store-lost.test.ts",
  "test/walk/walk.test.ts",
];
