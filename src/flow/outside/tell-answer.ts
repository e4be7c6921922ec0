import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import { gateAnswer, type GateAnswer } from "#core/render/gate-answer.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import { forReadersOf } from "#flow/pages/reader-texts.ts";

const notJudged = { answer: "wait", title: "Not judged yet", changesAt: null } as const;

/**
 * The answer as the caller gets it, without anything private: everybody who can read the repository can read the
 * logs of its jobs.
 */
export async function answerFrom(
  deps: Deps,
  repository: RepositoryRecord,
  row: DeploymentRow,
  origin: string,
): Promise<GateAnswer> {
  const { views, records } = deps.store;
  const key = subjectKey(subjectOf(row));
  const judged = row.question?.judged ?? null;
  // The decision is among the newest entries: behind it stand at most what was shown, asked and answered.
  const entries = await views.ofSubject(key, { limit: 20 });
  const decided = entries.find(({ kind }) => kind === "decision");
  const id = decided === undefined ? null : String(decided.seq);
  const last = judged?.ruled === true ? await records.lastDecision(key) : null;
  const answer = gateAnswer(judged ?? notJudged, last?.decision ?? null, {
    id,
    url: id === null ? null : `${origin}${decisionPath(id)}`,
    validUntil: row.question?.validUntil ?? null,
  });
  const { id: _id, url: _url, ...told } = answer;
  return { ...answer, ...(await forReadersOf(deps, repository, told)) };
}
