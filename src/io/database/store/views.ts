import type { Expression, ExpressionBuilder, Selectable, SqlBool } from "kysely";
import type { ListedRule, SubjectState, Views } from "#core/ports/views.ts";
import { stored } from "./database.ts";
import { recordOf } from "./repositories.ts";
import type { Db, Tables } from "./tables.ts";
import type { SubjectStateTable } from "./tables/decisions.ts";

const stateOf = (row: Selectable<SubjectStateTable>): SubjectState => ({
  subjectKey: row.subject_key,
  kind: row.kind,
  repository: row.repository,
  number: row.number,
  environment: row.environment,
  by: row.author,
  headSha: row.head_sha,
  answer: row.answer,
  title: row.title,
  unmet: stored<readonly ListedRule[]>(row.unmet),
  since: row.since,
  at: row.at,
  changesAt: row.changes_at,
  seq: row.seq,
});

/** Whether the subject is still there to be decided: an open pull request, a queued group, a deployment without an answer. */
function isOpen(where: ExpressionBuilder<Tables, "subject_states">): Expression<SqlBool> {
  return where.or([
    where.exists(
      where
        .selectFrom("pull_requests")
        .select("pull_requests.number")
        .whereRef("pull_requests.repository", "=", "subject_states.repository")
        .whereRef("pull_requests.number", "=", "subject_states.number")
        .where("pull_requests.state", "=", "open"),
    ),
    where.exists(
      where
        .selectFrom("merge_groups")
        .select("merge_groups.head_sha")
        .where("subject_states.kind", "=", "merge_group")
        .whereRef("merge_groups.repository", "=", "subject_states.repository")
        .whereRef("merge_groups.head_sha", "=", "subject_states.head_sha"),
    ),
    where.exists(
      where
        .selectFrom("deployments")
        .select("deployments.deployment_id")
        .whereRef("deployments.repository", "=", "subject_states.repository")
        .whereRef("deployments.deployment_id", "=", "subject_states.deployment_id")
        .where("deployments.gate_requested_at", "is not", null)
        .where("deployments.gate_answered_at", "is", null),
    ),
  ]);
}

/** More than this of one repository nobody reads on a page. */
const mostListed = 1_000;

/** What pages read. `replay` makes one recorded decision again. */
export function createViews(db: Db, replay: Views["replay"]): Views {
  const entries = db
    .selectFrom("audit_log")
    .select(["seq", "at", "kind", "repository", "subject", "actor", "detail"]);
  const active = (where: ExpressionBuilder<Tables, "subject_states">): Expression<SqlBool> =>
    where.exists(
      where
        .selectFrom("repositories")
        .select("repositories.id")
        .whereRef("repositories.id", "=", "subject_states.repository")
        .where("repositories.active", "=", 1),
    );
  return {
    waiting: async ({ repository, after, limit }) => {
      let query = db
        .selectFrom("subject_states")
        .selectAll()
        .where("passes", "=", 0)
        .where(isOpen)
        .where(active);
      if (repository !== undefined) query = query.where("repository", "=", repository);
      if (after !== undefined) {
        const { since, subjectKey } = after;
        query = query
          .where("since", ">=", since)
          .where((where) =>
            where.or([where("since", ">", since), where("subject_key", ">", subjectKey)]),
          );
      }
      const rows = await query.orderBy("since").orderBy("subject_key").limit(limit).execute();
      return rows.map(stateOf);
    },

    openIn: async (repository, { kinds } = {}) => {
      let query = db
        .selectFrom("subject_states")
        .selectAll()
        .where("repository", "=", repository)
        .where(isOpen);
      if (kinds !== undefined) query = query.where("kind", "in", kinds);
      const rows = await query.orderBy("passes").orderBy("since").limit(mostListed).execute();
      return rows.map(stateOf);
    },

    isListed: async (subjectKey) =>
      (await db
        .selectFrom("subject_states")
        .select("subject_key")
        .where("subject_key", "=", subjectKey)
        .executeTakeFirst()) !== undefined,

    entry: async (seq) => (await entries.where("seq", "=", seq).executeTakeFirst()) ?? null,

    ofSubject: (subjectKey, { before, limit }) => {
      let query = entries.where("subject", "=", subjectKey);
      if (before !== undefined) query = query.where("seq", "<", before);
      return query.orderBy("seq", "desc").limit(limit).execute();
    },

    ofRepository: (repository, { before, after, limit, kinds }) => {
      let query = entries.where("repository", "=", repository);
      if (after !== undefined) query = query.where("seq", ">", after);
      if (before !== undefined) query = query.where("seq", "<", before);
      if (kinds !== undefined) query = query.where("kind", "in", kinds);
      return query.orderBy("seq", "desc").limit(limit).execute();
    },

    following: (seq, { kinds, repository, limit }) => {
      let query = entries.where("seq", ">", seq).where("kind", "in", kinds);
      if (repository !== undefined) query = query.where("repository", "=", repository);
      return query.orderBy("seq").limit(limit).execute();
    },

    repositoriesNamed: async (name) =>
      (
        await db
          .selectFrom("repositories")
          .selectAll()
          .where("name", "=", name)
          .where("active", "=", 1)
          .orderBy("full_name")
          .execute()
      ).map(recordOf),

    withPolicy: async () =>
      (
        await db
          .selectFrom("repositories")
          .selectAll()
          .where("active", "=", 1)
          .where((where) =>
            where.exists(
              where
                .selectFrom("policies")
                .select("policies.repository")
                .whereRef("policies.repository", "=", "repositories.id")
                .where("policies.text", "is not", null),
            ),
          )
          .orderBy("full_name")
          .execute()
      ).map(recordOf),

    newest: async () =>
      (await db.selectFrom("audit_head").select("seq").where("id", "=", 1).executeTakeFirst())
        ?.seq ?? 0,

    changedSince: async (seq) =>
      (
        await db
          .selectFrom("audit_log")
          .select("repository")
          .distinct()
          .where("seq", ">", seq)
          .execute()
      ).map(({ repository }) => repository),

    lastDeliveryAt: async () =>
      (
        await db
          .selectFrom("inbox")
          .select("received_at as at")
          .orderBy("seq", "desc")
          .limit(1)
          .executeTakeFirst()
      )?.at ?? null,

    replay,
  };
}
