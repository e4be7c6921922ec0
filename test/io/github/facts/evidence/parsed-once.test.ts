import { expect, it } from "vitest";
import { GatehouseError } from "#core/model/errors.ts";
import { createEvidenceCache } from "#io/github/facts/evidence/evidence-cache.ts";
import { parsedOnce } from "#io/github/facts/evidence/parse-once.ts";
import type { ParsePool } from "#io/github/facts/evidence/parse-pool.ts";

it("a report that cannot be read holds a thread once in ten minutes, another one at once", async () => {
  let now = 0;
  let tried = 0;
  const caches = createEvidenceCache({ now: () => now });
  const pool: ParsePool = {
    parse: () => {
      tried += 1;
      return Promise.reject(
        new GatehouseError("invalid", "a report took longer than 60 s to read"),
      );
    },
    close: async () => undefined,
  };
  const read = (key: string) =>
    parsedOnce(
      { pool, caches },
      key,
      async () => ({ kind: "tests", archives: [] }),
      undefined,
      () => 1,
    );
  for (const key of ["1:2:tests:7@a", "1:2:tests:7@a", "1:2:tests:8@b"])
    await expect(read(key)).rejects.toThrow("took longer");
  expect(tried).toBe(2);
  now += 11 * 60_000;
  await expect(read("1:2:tests:7@a")).rejects.toThrow("took longer");
  expect(tried).toBe(3);
});
