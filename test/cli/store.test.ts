import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { store as storeCommand } from "../../src/cli/commands/store.ts";
import { aDelivery, anEntry, anItem } from "../io/database/store/harness-data.ts";

let folder = "";
let service: OpenStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-backup-"));
  vi.stubEnv("DATABASE_URL", `file:${join(folder, "gate.db")}`);
  service = await openStore({ url: `file:${join(folder, "gate.db")}` });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const backup = async (file: string): Promise<unknown> => storeCommand().run(["backup", file], {});

describe("gatehouse store backup", () => {
  it("copies the database while the service writes to it, and the copy is one to start from", async () => {
    await service.audit.append([anEntry(), anEntry()]);
    await service.queue.mark([anItem()]);
    const file = join(folder, "copy.db");
    const [answer] = await Promise.all([
      backup(file),
      ...Array.from({ length: 20 }, (_, at) => service.inbox.put(aDelivery({ guid: `g${at}` }))),
    ]);
    expect(answer).toMatchObject({ json: { file }, exitCode: 0 });
    const restored = await openStore({ url: `file:${file}` });
    expect(await verifyAudit(restored)).toMatchObject({ kind: "ok", records: 2 });
    expect((await restored.queue.stats(anItem().runAt)).waiting).toBe(1);
    expect(await restored.inbox.put(aDelivery({ guid: "after" }))).toBe("stored");
    await restored.close();
  });

  it("writes over nothing, and says what it needs", async () => {
    await expect(backup(join(folder, "gate.db"))).rejects.toThrow(/must not exist yet/);
    await expect(backup("")).rejects.toThrow(/store backup FILE/);
    await expect(async () => storeCommand().run(["restore"], {})).rejects.toThrow(
      /is neither backup nor move/,
    );
  });

  it("leaves PostgreSQL to its own ways", async () => {
    vi.stubEnv("DATABASE_URL", "postgres://gate@db/gatehouse");
    await expect(backup(join(folder, "other.db"))).rejects.toThrow(/pg_dump/);
    vi.stubEnv("DATABASE_URL", `file:${join(folder, "gate.db")}`);
  });
});
