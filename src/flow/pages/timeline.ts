import { z } from "zod";
import { differences, readRecorded, type RecordedDecision } from "#core/record/differences.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { LoggedEntry } from "#core/ports/views.ts";

import { asRecordedFor } from "./reader-texts.ts";

/** One entry of the audit log in words. */
export interface TimelineItem {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly actor: string | null;
  readonly title: string;
  /** The answer, where it is a decision. */
  readonly answer: string | null;
  /** In what it differs from the decision before it. */
  readonly differs: readonly string[];
  readonly subject: string | null;
}

const said = z.object({
  reason: z.string().nullish().catch(null),
  because: z.string().nullish().catch(null),
  command: z.string().nullish().catch(null),
  rest: z.string().nullish().catch(null),
  outcome: z.string().nullish().catch(null),
  effect: z.string().nullish().catch(null),
  name: z.string().nullish().catch(null),
  title: z.string().nullish().catch(null),
  environment: z.string().nullish().catch(null),
});

function titleOf({ kind, detail }: LoggedEntry): string {
  const read = said.safeParse(JSON.parse(detail)).data;
  if (read === undefined) return kind;
  const words =
    kind === "command"
      ? [`/gate ${read.command ?? ""} ${read.rest ?? ""}`.trim(), read.outcome, read.because]
      : kind === "effect"
        ? [(read.effect ?? "").replaceAll("_", " "), read.name, read.title]
        : [kind.replaceAll("_", " "), read.name, read.environment, read.reason ?? read.because];
  return words.filter((word) => word !== null && word !== undefined && word !== "").join(": ");
}

/** Entries, newest first, as a reader sees them; each decision with what differed. */
export function timelineOf(
  entries: readonly LoggedEntry[],
  repository: Pick<RepositoryRecord, "private" | "publicSince">,
): readonly TimelineItem[] {
  const before = new Map<string, RecordedDecision>();
  const items: TimelineItem[] = [];
  for (const entry of entries.toReversed()) {
    const { seq, at, kind, actor, subject } = entry;
    const decision = kind === "decision" ? readRecorded(JSON.parse(entry.detail)) : null;
    if (decision === null) {
      items.push({
        seq,
        at,
        kind,
        actor,
        subject,
        title: titleOf(entry),
        answer: null,
        differs: [],
      });
      continue;
    }
    const earlier = before.get(subject ?? "");
    before.set(subject ?? "", decision);
    items.push({
      seq,
      at,
      kind,
      actor,
      subject,
      title: decision.title,
      answer: decision.decision,
      differs: earlier === undefined ? [] : differences(earlier, decision),
    });
  }
  return items.toReversed().map((item) => asRecordedFor(repository, item.at, item));
}
