import { describe, expect, it } from "vitest";
import type { AuditAnchor } from "#core/ports/audit.ts";
import { anchorAuditLog } from "#flow/sweeps/anchor-audit-log.ts";
import { openStore } from "#io/database/store/open-store.ts";

const hour = 3_600_000;
const now = Date.UTC(2027, 0, 1);

async function anchoring(anchor: AuditAnchor | null, records: number) {
  const store = await openStore({ url: ":memory:" });
  await store.audit.append(
    Array.from({ length: records }, (_, at) => ({
      at,
      kind: "command",
      repository: 1,
      subject: null,
      actor: null,
      detail: {},
    })),
  );
  const counted: unknown[] = [];
  const said: unknown[] = [];
  const say = (fields: unknown): void => void said.push(fields);
  const outcome = await anchorAuditLog({
    store,
    anchor,
    clock: { now: () => now },
    log: { info: say, warn: say, error: say },
    meter: { count: (_name, labels) => void counted.push(labels), observe: () => undefined },
  });
  const head = await store.audit.head();
  await store.close();
  return { outcome, counted, said, head };
}

describe("the audit log's head", () => {
  it("T48: is noted every hour", async () => {
    const noted: unknown[] = [];
    const note = (head: unknown): Promise<void> => Promise.resolve(void noted.push(head));
    const { outcome, counted, head } = await anchoring({ note }, 3);
    expect(head.seq).toBe(3);
    expect(noted).toEqual([{ ...head, at: now }]);
    expect(outcome).toEqual({ kind: "done", wakeAt: now + hour });
    expect(counted).toEqual([{ sweep: "anchor", outcome: "done" }]);
    await anchoring({ note }, 0);
    expect(noted).toHaveLength(1);
  });

  it("is noted soon again, and said, where it could not be", async () => {
    const note = (): Promise<void> => Promise.reject(new Error("the disk is full"));
    const { outcome, counted, said } = await anchoring({ note }, 1);
    expect(outcome).toMatchObject({ kind: "again", at: now + hour / 12 });
    expect(counted).toEqual([{ sweep: "anchor", outcome: "failed" }]);
    expect(said).toEqual([{ record: 1, reason: "the disk is full" }]);
  });

  it("is looked for later where this process has no place for it", async () => {
    expect((await anchoring(null, 1)).outcome).toEqual({ kind: "done", wakeAt: now + hour });
  });
});
