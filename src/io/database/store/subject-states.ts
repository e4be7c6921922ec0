import { z } from "zod";
import { readSubjectKey } from "#core/model/subject.ts";
import { unmetRules } from "#core/render/decision.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { ListedRule } from "#core/ports/views.ts";
import type { AuditRecord } from "../audit/chain.ts";
import type { Db } from "./tables.ts";
import type { SubjectStateTable } from "./tables/decisions.ts";

const passing = ["allow", "approve"];

const said = z.object({
  decision: z.string(),
  title: z.string(),
  head: z.string().nullish(),
  author: z.string().nullish(),
  triggeredBy: z.string().nullish(),
  requestedBy: z.string().nullish(),
});

type SubjectColumns = Pick<
  SubjectStateTable,
  "kind" | "repository" | "number" | "deployment_id" | "environment"
>;

/** What a subject's key tells of it; null: not a subject of ours. */
function columnsOf(key: string): SubjectColumns | null {
  const subject = readSubjectKey(key);
  if (subject === null) return null;
  const { kind, repository } = subject;
  return {
    kind,
    repository,
    number: kind === "pull_request" ? subject.number : null,
    deployment_id: kind === "deployment" ? subject.deploymentId : null,
    environment: kind === "deployment" ? subject.environment : null,
  };
}

/** Keeps where a subject stands as its decision is written, so that a list of what waits reads no decision at all. */
export async function saveSubjectState(
  transaction: Db,
  record: AuditRecord,
  decision: Omit<DecisionRecord, "number"> | null,
): Promise<void> {
  if (record.kind !== "decision" || record.subject === null) return;
  const subject = columnsOf(record.subject);
  const detail = said.safeParse(JSON.parse(record.detail));
  if (subject === null || !detail.success) return;
  const { decision: answer, title, head, author, triggeredBy, requestedBy } = detail.data;
  const own = decision?.subjectKey === record.subject ? decision.decision : null;
  const unmet: readonly ListedRule[] =
    own === null
      ? []
      : unmetRules(own).map(({ name, verdict: { need, found, next } }) => ({
          name,
          need: need === "" ? found : need,
          next,
        }));
  const passes = passing.includes(answer) ? (1 as const) : (0 as const);
  const before = await transaction
    .selectFrom("subject_states")
    .select(["passes", "since", "head_sha"])
    .where("subject_key", "=", record.subject)
    .executeTakeFirst();
  const columns = {
    ...subject,
    author: author ?? triggeredBy ?? requestedBy ?? null,
    head_sha: head ?? "",
    answer,
    passes,
    title,
    unmet: JSON.stringify(unmet),
    since: before !== undefined && before.passes === passes ? before.since : record.at,
    at: record.at,
    changes_at: own?.changesAt ?? null,
    seq: record.seq,
  };
  await transaction
    .insertInto("subject_states")
    .values({ subject_key: record.subject, ...columns })
    .onConflict((conflict) => conflict.column("subject_key").doUpdateSet(columns))
    .execute();
}
