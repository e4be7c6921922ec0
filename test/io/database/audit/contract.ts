import { describe, expect, it } from "vitest";
import { exportAudit } from "#io/database/audit/export.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { anEntry, type Kind } from "../store/harness.ts";

export function auditContract(kind: Kind): void {
  describe("audit log", () => {
    async function lines(source: AsyncGenerator<string>): Promise<readonly string[]> {
      const all: string[] = [];
      for await (const line of source) all.push(line);
      return all;
    }

    it("chains records whatever came together, and verifies", async () => {
      const store = await kind.open();
      expect(await verifyAudit(store)).toMatchObject({ kind: "ok", records: 0 });
      await Promise.all(
        Array.from({ length: 30 }, (_, at) =>
          store.audit.append([anEntry({ at }), anEntry({ at })]),
        ),
      );
      await store.audit.append([]);
      const head = await store.trail.head();
      expect(head.seq).toBe(60);
      expect(await verifyAudit(store)).toEqual({ kind: "ok", records: 60, head });
    });

    it("verifies from a head noted earlier, and says so when that record is another now", async () => {
      const store = await kind.open();
      await store.audit.append([anEntry(), anEntry()]);
      const noted = await store.trail.head();
      await store.audit.append([anEntry()]);
      expect(await verifyAudit(store, noted)).toMatchObject({ kind: "ok", records: 1 });
      expect(await verifyAudit(store, { seq: 2, hash: "f".repeat(64) })).toMatchObject({
        kind: "broken",
        seq: 2,
      });
      expect(await verifyAudit(store, { seq: 9, hash: noted.hash })).toMatchObject({
        kind: "broken",
        seq: 9,
      });
    });

    it("hostile text survives storing with its hash", async () => {
      const store = await kind.open();
      const hostile = 'a\u0000b \ud800 "quoted", \u202e=1+1\r\n<script>';
      await store.audit.append([
        anEntry({
          actor: hostile,
          subject: hostile,
          kind: hostile,
          detail: { [hostile]: hostile, __proto__: { x: 1 }, list: [undefined, true] },
        }),
      ]);
      expect((await verifyAudit(store)).kind).toBe("ok");
    });

    it("exports JSON lines that hold what the hash was made of", async () => {
      const store = await kind.open();
      await store.audit.append([
        anEntry({ detail: { z: 1, a: { y: [1, "é"], b: null } } }),
        anEntry({ repository: null, actor: "ann" }),
      ]);
      const [first, second] = await lines(exportAudit(store, "jsonl"));
      expect(JSON.parse(first ?? "")).toMatchObject({
        seq: 1,
        time: "2027-01-15T08:00:00.000Z",
        kind: "decision",
        repository: 1,
        actor: null,
        detail: { a: { b: null, y: [1, "é"] }, z: 1 },
      });
      expect(JSON.parse(second ?? "")).toMatchObject({ seq: 2, repository: null, actor: "ann" });
      expect(await lines(exportAudit(store, "jsonl", 1))).toEqual([second]);
    });

    it("exports CSV whose cells are quoted and never formulas", async () => {
      const store = await kind.open();
      await store.audit.append([
        anEntry({ at: 0, actor: '=HYPERLINK("x")', subject: null, detail: {} }),
      ]);
      const [names, row] = await lines(exportAudit(store, "csv"));
      const { hash } = await store.trail.head();
      expect(names).toBe("seq,time,at,kind,repository,subject,actor,detail,hash");
      expect(row).toBe(`1,1970-01-01T00:00:00.000Z,0,decision,1,,"'=HYPERLINK(""x"")",{},${hash}`);
    });
  });
}
