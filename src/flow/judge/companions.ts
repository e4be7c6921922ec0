import { pullRequestKey } from "#core/model/subject.ts";
import type { Premise } from "#core/ports/ledger.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { renderDecision } from "#core/render/decision.ts";
import type { SharedAnswer } from "#core/render/several.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";

/** What else is shown on the commit, and the decisions that this was read from. */
export interface Companions {
  readonly answers: readonly SharedAnswer[];
  readonly premises: readonly Premise[];
  /** When the first of them may be another answer (epoch ms). */
  readonly changesAt: readonly number[];
}

/** The other open pull requests on this very commit, by what was last decided for them on it. */
export async function companionsOf(
  { store, clock }: Deps,
  repository: RepositoryRecord,
  row: PullRequestRow,
): Promise<Companions> {
  const others = (await store.records.openPullRequestsWithHead(repository.id, row.headSha)).filter(
    (other) => other.number !== row.number,
  );
  const answers: SharedAnswer[] = [];
  const premises: Premise[] = [];
  const changesAt: number[] = [];
  for (const other of others) {
    const label = `#${other.number}`;
    const key = pullRequestKey(repository.id, other.number);
    const record = await store.records.lastDecision(key);
    premises.push({ kind: "decision", subjectKey: key, number: record?.number ?? 0 });
    const until = record?.decision.changesAt ?? null;
    // A yes that may be over by now lets nothing through; a no stands until it is taken back.
    const isOver = record?.decision.kind === "allow" && until !== null && until <= clock.now();
    if (
      record !== null &&
      !isOver &&
      record.headSha === row.headSha &&
      record.baseRef === other.baseRef
    ) {
      if (record.decision.kind === "allow" && until !== null) changesAt.push(until);
      answers.push({
        label,
        kind: record.decision.kind,
        rendered: renderDecision(record.decision),
      });
      continue;
    }
    await store.queue.mark([
      judgeItem(
        { kind: "pull_request", repository: repository.id, number: other.number },
        clock.now(),
        true,
      ),
    ]);
    answers.push({
      label,
      kind: "wait",
      rendered: {
        title: `${label} on the same commit is not judged yet`,
        summary: "It is judged next.",
        text: null,
        annotations: [],
      },
    });
  }
  return { answers, premises, changesAt };
}
