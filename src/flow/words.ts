import { z } from "zod";
import type { AuditEntry, Lease, RepositoryRecord } from "../core/ports.ts";
import { renderWords, wordsMarker } from "../core/render/words-comment.ts";
import { contentHash } from "./content-hash.ts";
import { createExclusive } from "./exclusive.ts";
import type { House } from "./house.ts";
import { publish } from "./publish.ts";

const keptSchema = z.object({ comment: z.number().nullable(), sections: z.array(z.object({ name: z.string(), text: z.string(), at: z.number() })) });

export interface Words {
  /** Sets sections of the pull request's one summary comment (`text` null takes one out) and sends it; nothing is sent where nothing is new. */
  readonly say: (repository: RepositoryRecord, number: number, sections: readonly { readonly name: string; readonly text: string | null }[], audit?: readonly AuditEntry[], lease?: Lease | null) => Promise<void>;
}

/** Keeps the summary comments: at most one a pull request, edited in place, and none unless something was asked or granted. */
export function createWords(house: House): Words {
  const { store, clock } = house;
  const exclusive = createExclusive();
  const valueKey = (repository: number, number: number): string => `words:${repository}:${number}`;

  return {
    say: (repository, number, sections, audit = [], lease = null) =>
      exclusive(valueKey(repository.id, number), async () => {
        const text = await store.records.getValue(valueKey(repository.id, number));
        const before = text === null ? { comment: null, sections: [] } : keptSchema.parse(JSON.parse(text));
        const now = clock.now();
        const changed = sections.filter(({ name, text: wanted }) => (before.sections.find((section) => section.name === name)?.text ?? null) !== wanted);
        const kept = before.sections.filter((section) => !changed.some(({ name }) => name === section.name));
        const after = [...kept, ...changed.flatMap(({ name, text: wanted }) => (wanted === null ? [] : [{ name, text: wanted, at: now }]))].slice(-40);
        const key = `comment:${repository.id}:${number}`;
        if (changed.length > 0 && (after.length > 0 || before.comment !== null)) {
          const effect = { kind: "comment" as const, key, repository: repository.id, issue: number, body: renderWords(after), marker: wordsMarker };
          await store.ledger.record({ lease, decision: null, effects: [{ effect, hash: contentHash(effect) }], audit });
          await store.records.setValue(valueKey(repository.id, number), JSON.stringify({ comment: before.comment, sections: after }));
        } else if (audit.length > 0) {
          await store.ledger.record({ lease, decision: null, effects: [], audit });
        }
        // Also what an earlier try recorded and could not send.
        await publish(house, key, repository, { found: before.comment, fresh: false });
        const remote = (await store.outbox.row(key))?.remoteId ?? before.comment;
        if (remote !== before.comment) await store.records.setValue(valueKey(repository.id, number), JSON.stringify({ comment: remote, sections: after }));
      }),
  };
}
