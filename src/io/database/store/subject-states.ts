import { z } from "zod";
import { unmetRules } from "#core/render/decision.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { ListedRule } from "#core/ports/views.ts";
import type { AuditRecord } from "../audit/chain.ts";
import type { Db, SubjectStateTable } from "./tables.ts";

const passing = ["allow", "approve"];

const said = z.object({
  decision: z.string(),
  title: z.string(),
  head: z.string().nullish(),
  author: z.string().nullish(),
  triggeredBy: z.string().nullish(),
  requestedBy: z.string().nullish(),
});

type Subject = Pick<SubjectStateTable, "kind" | "number" | "deployment_id" | "environment">;

/** What a subject's key tells of it; null: not a subject of ours. */
function subjectOf(key: string): Subject | null {
  const [, kind, rest = ""] = /^(pr|mg|dep):\d+:(.+)$/s.exec(key) ?? [];
  switch (kind) {
    case "pr":
      return {
        kind: "pull_request",
        number: Number(rest),
        deployment_id: null,
        environment: null,
      };
    case "mg":
      return { kind: "merge_group", number: null, deployment_id: null, environment: null };
    case "dep": {
      const at = rest.indexOf(":");
      return {
        kind: "deployment",
        number: null,
        deployment_id: Number(rest.slice(0, at)),
        environment: rest.slice(at + 1),
      };
    }
    default:
      return null;
  }
}

/** Keeps where a subject stands as its decision is written, so that a list of what waits reads no decision at all. */
export async function saveSubjectState(
  transaction: Db,
  record: AuditRecord,
  decision: Omit<DecisionRecord, "number"> | null,
): Promise<void> {
  if (record.kind !== "decision" || record.subject === null || record.repository === null) return;
  const subject = subjectOf(record.subject);
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
    repository: record.repository,
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
