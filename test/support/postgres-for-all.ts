import { startPostgres, type TestPostgres } from "./postgres.ts";

let server: TestPostgres | undefined;

/** Vitest's global set-up: one server for all test files, whose gates take a database each. */
export async function setup(): Promise<void> {
  server = await startPostgres();
  process.env["GATEHOUSE_TEST_STORE"] = server.url;
}

export const teardown = (): Promise<void> | undefined => server?.stop();
