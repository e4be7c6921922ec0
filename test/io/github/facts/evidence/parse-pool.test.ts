import { afterEach, describe, expect, it } from "vitest";
import { createParsePool, type ParsePool } from "#io/github/facts/evidence/parse-pool.ts";
import type { ParseTask } from "#io/github/facts/evidence/parse-task.ts";
import { writeZip } from "../zip-writer.ts";
import { lcov } from "./evidence-world.ts";

const pools: ParsePool[] = [];
const aPool = (options: Parameters<typeof createParsePool>[0] = {}): ParsePool => {
  const pool = createParsePool(options);
  pools.push(pool);
  return pool;
};
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

/** Large enough to be read on a thread. */
const many = lcov(
  Object.fromEntries(
    Array.from({ length: 12_000 }, (_, index) => [`src/file-${index}.ts`, { 1: 1, 2: 0 }]),
  ),
);
const zip = (name: string, data: string): Uint8Array => new Uint8Array(writeZip([{ name, data }]));
const measure = (
  text: string,
  over: Partial<Extract<ParseTask, { kind: "measure" }>> = {},
): ParseTask => ({
  kind: "measure",
  archives: [{ artifact: "coverage", digest: null, bytes: zip("lcov.info", text) }],
  changed: null,
  ...over,
});

describe("reading on threads", () => {
  it("answers one task after the other on one thread, and several side by side", async () => {
    const pool = aPool({ threads: 2 });
    for (let turn = 0; turn < 3; turn += 1)
      expect((await pool.parse(measure(many))).result).toMatchObject({
        kind: "measured",
        measured: { covered: 12_000, valid: 24_000 },
      });
    const answers = await Promise.all(Array.from({ length: 6 }, () => pool.parse(measure(many))));
    expect(answers.map(({ result }) => result.kind)).toEqual(
      Array.from({ length: 6 }, () => "measured"),
    );
  });

  it("says the same as reading here", async () => {
    const pool = aPool();
    const small = await pool.parse(measure(lcov({ "src/a.ts": { 1: 1, 2: 0 } })));
    expect(small.result).toMatchObject({
      kind: "measured",
      measured: { covered: 1, valid: 2, percent: 50 },
    });
    expect((await pool.parse(measure("TN:\n".repeat(100_000)))).result).toMatchObject({
      kind: "unusable",
    });
  });

  it("asks for the tree only when the changed files cannot be found without it", async () => {
    const pool = aPool();
    let asked = 0;
    const tree = async (): Promise<Uint8Array> => {
      asked += 1;
      return new TextEncoder().encode(
        JSON.stringify({
          truncated: false,
          tree: [
            { path: "web/src/file-1.ts", type: "blob" },
            { path: "api/src/file-x.ts", type: "blob" },
          ],
        }),
      );
    };
    const changed = (path: string) => [{ path, additions: 2, patch: "@@ -0,0 +1,2 @@\n+a\n+b" }];
    expect(
      (await pool.parse(measure(many, { changed: changed("src/file-1.ts") }), tree)).result,
    ).toMatchObject({ measured: { patch: { covered: 1, valid: 2 } } });
    expect(asked).toBe(0);
    expect(
      (await pool.parse(measure(many, { changed: changed("web/src/file-1.ts") }), tree)).result,
    ).toMatchObject({ measured: { patch: { covered: 1, valid: 2 } } });
    expect(asked).toBe(1);
  });

  it("goes without the tree where it cannot be had", async () => {
    const result = await aPool().parse(
      measure(many, {
        changed: [{ path: "web/src/file-1.ts", additions: 2, patch: "@@ -0,0 +1,2 @@\n+a\n+b" }],
      }),
      () => Promise.reject(new Error("502")),
    );
    expect(result.result.kind).toBe("measured");
  });

  it("hands findings on in portions, all of them", async () => {
    const results = Array.from({ length: 3_000 }, (_, index) => ({
      ruleId: `r${index}`,
      level: "error",
      message: { text: "x".repeat(100) },
    }));
    const sarif = JSON.stringify({
      version: "2.1.0",
      runs: [{ tool: { driver: { name: "CodeQL" } }, results }],
    });
    const { findings, result } = await aPool().parse({
      kind: "scan",
      archive: { artifact: "sarif", digest: null, bytes: zip("a.sarif", sarif) },
    });
    expect(findings).toHaveLength(3_000);
    expect(result).toMatchObject({ kind: "scanned", scans: [{ tool: "codeql" }], beyond: {} });
  });

  it("ends a task that takes too long, with its thread, and goes on", async () => {
    const pool = aPool({ threads: 1, taskMs: 1 });
    await expect(pool.parse(measure(many))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("took longer"),
    });
    await expect(pool.parse(measure(many))).rejects.toMatchObject({ code: "invalid" });
  });

  it("T20: a report that wants more memory than it is given ends its thread and nothing else: who waited is served", async () => {
    const pool = aPool({ threads: 1, memoryMb: 24 });
    const huge = lcov({
      "src/a.ts": Object.fromEntries(Array.from({ length: 900_000 }, (_, line) => [line + 1, 1])),
    });
    const [refused, next] = await Promise.allSettled([
      pool.parse(measure(huge)),
      pool.parse(measure("TN:\n".repeat(100_000))),
    ]);
    expect(refused).toMatchObject({
      reason: { code: "invalid", message: expect.stringContaining("memory") },
    });
    expect(next).toMatchObject({ value: { result: { kind: "unusable" } } });
    expect((await pool.parse(measure(lcov({ "src/a.ts": { 1: 1 } })))).result.kind).toBe(
      "measured",
    );
  });
});
