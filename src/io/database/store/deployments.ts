import type { Selectable } from "kysely";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow, OutsideQuestion, ToldOf } from "#core/model/deployment.ts";
import { firstQuestionId } from "#core/model/subject.ts";
import type { Deployments } from "#core/ports/deployments.ts";
import { stored } from "./database.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Db } from "./tables.ts";
import type { DeploymentTable } from "./tables/deployments.ts";
import type { Database } from "./writer.ts";

/** As it is spelt, else in another case: GitHub knows one environment by all spellings of its name. */
const inThatEnvironment = <Row extends { readonly environment: string }>(
  rows: readonly Row[],
  environment: string,
): Row | undefined =>
  rows.find((row) => row.environment === environment) ??
  rows.find((row) => sameEnvironment(row.environment, environment));

/** The deployments of a commit, newest first. */
const ofCommit = (db: Db, repository: number, sha: string) =>
  db
    .selectFrom("deployments")
    .selectAll()
    .where("repository", "=", repository)
    .where("sha", "=", sha)
    .orderBy("created_at", "desc")
    .orderBy("deployment_id", "desc");

/** The deployments that rules look back over; of older ones only what ran, or was let through, matters. */
const lookedBack = 200;
const ranBack = 50;

/** Deployments by repository, id and environment, whose name counts in any case. */
export function createDeployments(db: Database): Deployments {
  const environments: Deployments["environments"] = async (repository) => {
    const rows = await db.read
      .selectFrom("deployments")
      .select("environment")
      .distinct()
      .where("repository", "=", repository)
      .orderBy("environment")
      .execute();
    return rows.map((row) => row.environment);
  };
  /** The names of the environment as deployments spell it. */
  const spellings = async (repository: number, environment: string): Promise<readonly string[]> =>
    (await environments(repository)).filter((name) => sameEnvironment(name, environment));
  const listed = async (
    repository: number,
    spelt: readonly string[],
    limit: number,
    which?: "succeeded" | "approved",
  ): Promise<readonly DeploymentRow[]> => {
    if (spelt.length === 0) return [];
    const there = db.read
      .selectFrom("deployments")
      .selectAll()
      .where("repository", "=", repository)
      .where("environment", "in", spelt);
    const asked =
      which === "succeeded"
        ? there.where("succeeded_at", "is not", null).where("question", "is", null)
        : which === "approved"
          ? there.where("gate_answer", "=", "approved")
          : there;
    const rows = await asked
      .orderBy("created_at", "desc")
      .orderBy("deployment_id", "desc")
      .limit(limit)
      .execute();
    return rows.map(rowOf);
  };

  return {
    save: (row) =>
      db.write(async (transaction) => {
        const { repository, deployment_id, environment, ...columns } = columnsOf(row);
        await transaction
          .insertInto("deployments")
          .values({ repository, deployment_id, environment, ...columns })
          .onConflict((conflict) =>
            conflict.columns(["repository", "deployment_id", "environment"]).doUpdateSet(columns),
          )
          .execute();
      }),

    change: ({ repository, deploymentId, environment }, change) =>
      db.write(async (transaction) => {
        await sqlOf(transaction).oneAtATime(
          transaction,
          `deployment:${repository}:${deploymentId}`,
        );
        const found = inThatEnvironment(
          await transaction
            .selectFrom("deployments")
            .selectAll()
            .where("repository", "=", repository)
            .where("deployment_id", "=", deploymentId)
            .execute(),
          environment,
        );
        const before = found === undefined ? null : rowOf(found);
        const after = change(before);
        if (after === null) return before;
        const {
          repository: _repository,
          deployment_id: _id,
          environment: _environment,
          ...columns
        } = columnsOf(after);
        await transaction
          .insertInto("deployments")
          .values({
            repository,
            deployment_id: deploymentId,
            environment: found?.environment ?? environment,
            ...columns,
          })
          .onConflict((conflict) =>
            conflict.columns(["repository", "deployment_id", "environment"]).doUpdateSet(columns),
          )
          .execute();
        return after;
      }),

    ask: ({ repository, sha }, { again, anew }) =>
      db.write(async (transaction) => {
        const { oneAtATime } = sqlOf(transaction);
        await oneAtATime(transaction, `question:${repository}:${sha}`);
        const known = async (): Promise<readonly DeploymentRow[]> =>
          (await ofCommit(transaction, repository, sha).execute()).map(rowOf);
        const found = again(await known());
        if (found !== null) {
          // An answer that is given meanwhile holds the row: what it is then is looked at again.
          await oneAtATime(transaction, `deployment:${repository}:${found.deploymentId}`);
          const row = again(await known());
          if (row?.deploymentId === found.deploymentId) {
            const {
              repository: _repository,
              deployment_id,
              environment,
              sha: _sha,
              ...columns
            } = columnsOf(row);
            await transaction
              .updateTable("deployments")
              .set(columns)
              .where("repository", "=", repository)
              .where("deployment_id", "=", deployment_id)
              .where("environment", "=", environment)
              .execute();
            return row;
          }
        }
        await oneAtATime(transaction, `questions:${repository}`);
        const newest = await transaction
          .selectFrom("deployments")
          .select(({ fn }) => fn.max("deployment_id").as("id"))
          .where("repository", "=", repository)
          .where("deployment_id", ">=", firstQuestionId)
          .executeTakeFirst();
        const row = anew(newest?.id ?? null);
        await transaction.insertInto("deployments").values(columnsOf(row)).execute();
        return row;
      }),

    row: async (repository, deploymentId, environment) => {
      const rows = await db.read
        .selectFrom("deployments")
        .selectAll()
        .where("repository", "=", repository)
        .where("deployment_id", "=", deploymentId)
        .execute();
      const row = inThatEnvironment(rows, environment);
      return row === undefined ? null : rowOf(row);
    },

    rows: async (keys) => {
      if (keys.length === 0) return [];
      // Both columns: the index begins with the repository, and held callers ask this every two seconds.
      const repositories = [...new Set(keys.map(({ repository }) => repository))];
      const ids = [...new Set(keys.map(({ deploymentId }) => deploymentId))];
      const found = await db.read
        .selectFrom("deployments")
        .selectAll()
        .where("repository", "in", repositories)
        .where("deployment_id", "in", ids)
        .execute();
      const wanted = new Set(
        keys.map((key) => `${key.repository}:${key.deploymentId}:${key.environment}`),
      );
      return found
        .map(rowOf)
        .filter((row) => wanted.has(`${row.repository}:${row.deploymentId}:${row.environment}`));
    },

    inEnvironment: async (repository, environment, ...asked) =>
      listed(repository, await spellings(repository, environment), ...asked),

    lookBack: async (repository, environment) => {
      const spelt = await spellings(repository, environment);
      const read = await Promise.all([
        listed(repository, spelt, lookedBack),
        listed(repository, spelt, ranBack, "succeeded"),
        listed(repository, spelt, ranBack, "approved"),
      ]);
      const rows = new Map(
        read.flat().map((row) => [`${row.deploymentId} ${row.environment}`, row]),
      );
      return [...rows.values()].sort(
        (a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId,
      );
    },

    ofSha: async (repository, sha) => {
      const rows = await ofCommit(db.read, repository, sha).execute();
      return rows.map(rowOf);
    },

    ofRun: async (repository, runId) => {
      const rows = await db.read
        .selectFrom("deployments")
        .selectAll()
        .where("repository", "=", repository)
        .where("run_id", "=", runId)
        .orderBy("deployment_id")
        .execute();
      return rows.map(rowOf);
    },

    waiting: async () => {
      const rows = await db.read
        .selectFrom("deployments")
        .selectAll()
        .where("gate_answered_at", "is", null)
        .where("gate_requested_at", "is not", null)
        .orderBy("gate_requested_at")
        .orderBy("deployment_id")
        .execute();
      return rows.map(rowOf);
    },

    environments,

    ofRepositories: async (repositories) => {
      if (repositories.length === 0) return [];
      const rows = await db.read
        .selectFrom("deployments")
        .selectAll()
        .where("repository", "in", repositories)
        .orderBy("created_at", "desc")
        .orderBy("deployment_id", "desc")
        .execute();
      return rows.map(rowOf);
    },

    repositoriesSince: async (createdAt) => {
      const rows = await db.read
        .selectFrom("deployments")
        .select("repository")
        .distinct()
        .where("created_at", ">=", createdAt)
        .orderBy("repository")
        .execute();
      return rows.map((row) => row.repository);
    },
  };
}

const columnsOf = (row: DeploymentRow): Selectable<DeploymentTable> => ({
  repository: row.repository,
  deployment_id: row.deploymentId,
  environment: row.environment,
  sha: row.sha,
  ref: row.ref,
  run_id: row.runId,
  actor: row.actor === null ? null : JSON.stringify(row.actor),
  created_at: row.createdAt,
  state: row.state,
  started_at: row.startedAt,
  finished_at: row.finishedAt,
  succeeded_at: row.succeededAt,
  gate_requested_at: row.gateRequestedAt,
  gate_answered_at: row.gateAnsweredAt,
  gate_answer: row.gateAnswer,
  reports: row.reports,
  question: row.question === undefined ? null : JSON.stringify(row.question),
  told: row.told === undefined ? null : JSON.stringify(row.told),
});

const rowOf = (row: Selectable<DeploymentTable>): DeploymentRow => ({
  repository: row.repository,
  deploymentId: row.deployment_id,
  environment: row.environment,
  sha: row.sha,
  ref: row.ref,
  runId: row.run_id,
  actor: row.actor === null ? null : stored<Person>(row.actor),
  createdAt: row.created_at,
  state: row.state,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  succeededAt: row.succeeded_at,
  gateRequestedAt: row.gate_requested_at,
  gateAnsweredAt: row.gate_answered_at,
  gateAnswer: row.gate_answer,
  reports: row.reports,
  ...(row.question === null ? {} : { question: stored<OutsideQuestion>(row.question) }),
  ...(row.told === null ? {} : { told: stored<ToldOf>(row.told) }),
});
