import { z } from "zod";
import { pullRequestKey } from "#core/model/subject.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import { renderSummaryComment, summaryMarker } from "#core/render/summary-comment.ts";
import { contentHash } from "./content-hash.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import type { Deps } from "#flow/deps.ts";
import { publish } from "./publish.ts";

const keptSchema = z.object({
  comment: z.number().nullable(),
  sections: z.array(z.object({ name: z.string(), text: z.string(), at: z.number() })),
});

type Kept = z.infer<typeof keptSchema>;

interface Section {
  readonly name: string;
  readonly text: string | null;
}

export interface SummaryComment {
  /** Sets sections of the pull request's one summary comment (`text` null takes one out) and sends it; nothing is sent where nothing is new. */
  readonly update: (
    lease: Lease,
    repository: RepositoryRecord,
    number: number,
    sections: readonly Section[],
    audit?: readonly AuditEntry[],
  ) => Promise<void>;
}

/**
 * Keeps the summary comments: at most one a pull request, edited in place, and none unless something was asked or
 * granted. `isNew`: nothing can have been said on the pull request that the records do not know of.
 */
export function createSummaryComment(
  deps: Deps,
  isNew: (repository: number, number: number) => Promise<boolean>,
): SummaryComment {
  const { store, clock, pagesAt } = deps;
  const exclusive = createExclusive();
  const commentKey = (repository: number, number: number): string =>
    `comment:${repository}:${number}`;
  const valueKey = (repository: number, number: number): string => `words:${repository}:${number}`;

  async function read(key: string): Promise<{ readonly text: string | null; readonly kept: Kept }> {
    const text = await store.records.getValue(key);
    return {
      text,
      kept: text === null ? { comment: null, sections: [] } : keptSchema.parse(JSON.parse(text)),
    };
  }

  /** Records the comment with its new sections in one step; "outdated": another worker changed some meanwhile. */
  async function record(
    lease: Lease,
    repository: RepositoryRecord,
    number: number,
    sections: readonly Section[],
    audit: readonly AuditEntry[],
  ): Promise<"recorded" | "outdated"> {
    const key = valueKey(repository.id, number);
    const { text, kept: before } = await read(key);
    const now = clock.now();
    const changed = sections.filter(
      ({ name, text: wanted }) =>
        (before.sections.find((section) => section.name === name)?.text ?? null) !== wanted,
    );
    const kept = before.sections.filter(
      (section) => !changed.some(({ name }) => name === section.name),
    );
    const after = [
      ...kept,
      ...changed.flatMap(({ name, text: wanted }) =>
        wanted === null ? [] : [{ name, text: wanted, at: now }],
      ),
    ].slice(-40);
    if (changed.length === 0 || (after.length === 0 && before.comment === null)) {
      return audit.length === 0
        ? "recorded"
        : store.ledger.record({ lease, decision: null, effects: [], audit });
    }
    const effect = {
      kind: "comment" as const,
      key: commentKey(repository.id, number),
      repository: repository.id,
      issue: number,
      // The newest decision's, whatever the head is by then: the comment is not written again for a push.
      body: renderSummaryComment(
        after,
        pagesAt === null
          ? null
          : `${pagesAt()}${decisionPath(pullRequestKey(repository.id, number))}`,
      ),
      marker: summaryMarker,
    };
    const premises = [
      {
        kind: "value" as const,
        key,
        from: text,
        to: JSON.stringify({ comment: before.comment, sections: after }),
      },
    ];
    return store.ledger.record({
      lease,
      decision: null,
      effects: [{ effect, hash: contentHash(effect) }],
      audit,
      premises,
    });
  }

  /** Keeps GitHub's number of the comment; "outdated" as above. */
  async function keepNumber(
    lease: Lease,
    key: string,
    comment: number | null,
  ): Promise<"recorded" | "outdated"> {
    const { text, kept } = await read(key);
    if (comment === null || comment === kept.comment) return "recorded";
    return store.ledger.record({
      lease,
      decision: null,
      effects: [],
      audit: [],
      premises: [{ kind: "value", key, from: text, to: JSON.stringify({ ...kept, comment }) }],
    });
  }

  return {
    update: (lease, repository, number, sections, audit = []) =>
      exclusive(valueKey(repository.id, number), async () => {
        while ((await record(lease, repository, number, sections, audit)) === "outdated");
        const key = commentKey(repository.id, number);
        const { comment } = (await read(valueKey(repository.id, number))).kept;
        // Also what an earlier try recorded and could not send.
        await publish(deps, lease, key, repository, {
          found: comment,
          fresh: false,
          isUnseen: comment === null && !(await isNew(repository.id, number)),
        });
        const made = (await store.outbox.row(key))?.remoteId ?? null;
        while ((await keepNumber(lease, valueKey(repository.id, number), made)) === "outdated");
      }),
  };
}
