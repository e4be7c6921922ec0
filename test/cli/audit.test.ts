import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../src/cli/answer.ts";
import { audit } from "../../src/cli/commands/audit.ts";
import { openStore } from "#io/database/store/open-store.ts";

let folder = "";
let path = "";
const run = async (
  what: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Answer | null> => audit().run([what], { format: "jsonl", after: "0", ...options });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-audit-"));
  path = join(folder, "gate.db");
  vi.stubEnv("DATABASE_URL", `file:${path}`);
  const store = await openStore({ url: `file:${path}` });
  await store.audit.append(
    [1, 2, 3].map((at) => ({
      at,
      kind: "command",
      repository: 1,
      subject: "pr:1:7",
      actor: "bob",
      detail: { command: "hold" },
    })),
  );
  await store.close();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("gatehouse audit", () => {
  it("prints records, all or those after one", async () => {
    expect((await run("export", { json: true }))?.json).toHaveLength(3);
    expect((await run("export", { json: true, after: "2" }))?.json).toMatchObject([
      { seq: 3, actor: "bob", detail: { command: "hold" } },
    ]);
  });

  it.each([
    ["something", {}, /none of verify, export, replay/],
    ["export", { format: "xml" }, /neither jsonl nor csv/],
    ["export", { after: "x" }, /not the number of a record/],
    ["verify", { from: "head" }, /number and the hash/],
  ])("refuses %s %o", async (what, options, says) => {
    await expect(run(what, options)).rejects.toThrow(says);
  });

  it("T48: compares the log with the heads that were noted elsewhere", async () => {
    const records = (await run("export", { json: true }))?.json as readonly {
      readonly seq: number;
      readonly hash: string;
    }[];
    const anchors = join(folder, "heads.jsonl");
    const noting = (...heads: readonly unknown[]): void =>
      writeFileSync(anchors, `${heads.map((head) => JSON.stringify(head)).join("\n")}\n`);
    noting(records[0], records[2]);
    expect(await run("verify", { anchors })).toMatchObject({
      exitCode: 0,
      json: { ok: true, records: 3, noted: 2 },
      text: expect.stringContaining("as 2 noted heads say"),
    });
    noting(records[0], { ...records[1], hash: "0".repeat(64) });
    expect(await run("verify", { anchors })).toMatchObject({
      exitCode: 1,
      json: { ok: false, record: 2 },
    });
    noting(records[0], { seq: 4, hash: "0".repeat(64) });
    expect(await run("verify", { anchors })).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/broken at record 4: .*is gone/),
    });
    noting(records[0], "what");
    await expect(run("verify", { anchors })).rejects.toThrow(/heads\.jsonl:2: not a noted head/);
    await expect(run("verify", { anchors: join(folder, "no") })).rejects.toThrow(/cannot be read/);
  });

  it("makes no database where there is none", async () => {
    vi.stubEnv("DATABASE_URL", `file:${join(folder, "none.db")}`);
    for (const what of ["verify", "export", "replay"])
      await expect(run(what)).rejects.toThrow(
        /^DATABASE_URL: \S+none\.db: no such database\. Set DATABASE_URL/,
      );
    expect(readdirSync(folder).filter((name) => name.startsWith("none"))).toEqual([]);
    vi.stubEnv("DATABASE_URL", `file:${path}`);
  });

  it.each([
    ["an empty file", "", /holds no records of gatehouse: it is empty, or another program's/],
    ["notes", "These are my notes. ".repeat(200), /is a file of something else, or damaged/],
  ])("leaves %s as it is, and says what it is", async (_what, text, says) => {
    const other = join(folder, "other.db");
    writeFileSync(other, text);
    vi.stubEnv("DATABASE_URL", `file:${other}`);
    for (const what of ["verify", "export", "replay"])
      await expect(run(what)).rejects.toThrow(says);
    vi.stubEnv("DATABASE_URL", `file:${path}`);
    expect(readFileSync(other, "utf8")).toBe(text);
  });

  it("brings no database of another version up to this one", async () => {
    const older = join(folder, "older.db");
    const db = new Database(older);
    db.exec("create table kysely_migration (name text, timestamp text)");
    db.close();
    const before = readFileSync(older);
    vi.stubEnv("DATABASE_URL", `file:${older}`);
    await expect(run("verify")).rejects.toThrow(/is of another version of gatehouse\. Start/);
    vi.stubEnv("DATABASE_URL", `file:${path}`);
    expect(readFileSync(older)).toEqual(before);
  });

  it("T48: finds a record that was rewritten", async () => {
    const before = await run("verify");
    expect(before).toMatchObject({ exitCode: 0, json: { ok: true, records: 3, head: { seq: 3 } } });
    const db = new Database(path);
    db.exec("drop trigger audit_log_keeps");
    db.exec("update audit_log set actor = 'mallory' where seq = 2");
    db.close();
    expect(await run("verify")).toMatchObject({ exitCode: 1, json: { ok: false, record: 2 } });
  });
});
