import { describe, expect, it } from "vitest";
import type { SubjectState } from "#core/ports/views.ts";
import type { OpenStore } from "#io/database/store/open-store.ts";
import { aDelivery, anEntry, type Kind } from "../harness.ts";

/** A repository with open pull requests of which each waits since the instant given for it. */
async function waits(store: OpenStore, repository: number, since: readonly number[]) {
  await store.records.saveRepository({
    id: repository,
    installationId: 5,
    owner: "acme",
    ownerId: 3,
    ownerType: "Organization",
    name: `r${repository}`,
    private: true,
    archived: false,
    defaultBranch: "main",
    active: true,
  });
  for (const [number, at] of since.entries()) {
    await store.records.savePullRequest({
      repository,
      number,
      headSha: "aaa",
      headRef: "topic",
      baseRef: "main",
      state: "open",
    });
    const entry = anEntry({
      at,
      repository,
      subject: `pr:${repository}:${number}`,
      detail: { decision: "wait", title: "waits", head: "aaa" },
    });
    await store.ledger.record({ lease: null, decision: null, effects: [], audit: [entry] });
  }
}

export function viewsContract(kind: Kind): void {
  describe("views", () => {
    it("give what waits page by page, each once, those of one instant too", async () => {
      const store = await kind.open();
      await waits(store, 1, [30, 10, 20]);
      await waits(store, 2, [20, 20]);
      const seen: string[] = [];
      for (let after: SubjectState | undefined; ;) {
        const page = await store.views.waiting({
          limit: 2,
          ...(after === undefined ? {} : { after }),
        });
        seen.push(...page.map(({ subjectKey }) => subjectKey));
        after = page.at(-1);
        if (page.length < 2) break;
      }
      expect(seen).toEqual(["pr:1:1", "pr:1:2", "pr:2:0", "pr:2:1", "pr:1:0"]);
      const one = await store.views.waiting({ repository: 2, limit: 9 });
      expect(one.map(({ subjectKey }) => subjectKey)).toEqual(["pr:2:0", "pr:2:1"]);
      expect(await store.views.openIn(1, { kinds: ["deployment"] })).toEqual([]);
      expect(await store.views.openIn(1)).toHaveLength(3);
    });

    it("tell where something was recorded since", async () => {
      const store = await kind.open();
      await waits(store, 1, [10, 20]);
      const before = await store.views.newest();
      expect(await store.views.changedSince(before)).toEqual([]);
      await waits(store, 2, [30, 40]);
      await store.audit.append([anEntry({ kind: "start", repository: null, subject: null })]);
      expect([...(await store.views.changedSince(before))].toSorted()).toEqual([2, null]);
    });

    it("tell what followed an entry, oldest first, of some kinds and of one repository", async () => {
      const store = await kind.open();
      const kinds = ["decision", "bypass", "command", "decision", "bypass"];
      await store.audit.append(
        kinds.map((each, index) => anEntry({ kind: each, repository: 1 + (index % 2) })),
      );
      const seqs = async (...asked: Parameters<typeof store.views.following>) =>
        (await store.views.following(...asked)).map(({ seq }) => seq);
      const page = { kinds: ["decision", "bypass"], limit: 9 };
      expect(await seqs(0, page)).toEqual([1, 2, 4, 5]);
      expect(await seqs(2, page)).toEqual([4, 5]);
      expect(await seqs(0, { ...page, limit: 2 })).toEqual([1, 2]);
      expect(await seqs(0, { ...page, repository: 1 })).toEqual([1, 5]);
    });

    it("know when a delivery came last, however much was forgotten since", async () => {
      const store = await kind.open();
      expect(await store.views.lastDeliveryAt()).toBeNull();
      for (const [guid, receivedAt] of [
        ["a", 100],
        ["b", 200],
      ] as const)
        await store.inbox.put(aDelivery({ guid, receivedAt }));
      await store.inbox.markRouted(["a", "b"], 300);
      expect(await store.inbox.prune(9_000)).toBe(1);
      expect(await store.views.lastDeliveryAt()).toBe(200);
    });
  });
}
