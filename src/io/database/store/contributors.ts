import type { Selectable } from "kysely";
import type { Person } from "#core/model/actor.ts";
import type { ContributorSeen } from "#core/model/contributor-seen.ts";
import { seenAnew } from "#core/people/earlier-contributors.ts";
import type { ContributorsSeen } from "#core/ports/contributors.ts";
import type { Db } from "./tables.ts";
import type { ContributorTable, PullPusherTable } from "./tables/pull-requests.ts";
import type { Database } from "./writer.ts";

/** A statement takes a limited number of values. */
const rowsAtOnce = 100;

const findPushers = async (
  db: Db,
  repository: number,
  number: number,
  baseRef: string,
): Promise<readonly Person[]> =>
  (
    await db
      .selectFrom("pull_pushers")
      .selectAll()
      .where("repository", "=", repository)
      .where("number", "=", number)
      .where("base_ref", "=", baseRef)
      .orderBy("person_id")
      .execute()
  ).map(personOf);

const find = async (
  db: Db,
  repository: number,
  number: number,
): Promise<readonly ContributorSeen[]> =>
  (
    await db
      .selectFrom("contributors")
      .selectAll()
      .where("repository", "=", repository)
      .where("number", "=", number)
      .execute()
  ).map(seenOf);

/** Who had a hand in pull requests. Never pruned: a pull request may stay open for years, and be deployed after. */
export function createContributors(db: Database): ContributorsSeen {
  return {
    note: async (repository, number, seen) => {
      // Every judgement reports what it saw, which is mostly known already: then nothing is written.
      if (seenAnew(await find(db.read, repository, number), seen).length === 0) return;
      await db.write(async (transaction) => {
        const news = seenAnew(await find(transaction, repository, number), seen);
        const rows = onceEach(news).map((one) => ({
          repository,
          number,
          commit_sha: one.commit,
          person_id: one.person.id,
          person_login: one.person.login,
          person_type: one.person.type,
          head_sha: one.headSha,
          within_base: one.withinBase,
        }));
        for (let from = 0; from < rows.length; from += rowsAtOnce)
          await transaction
            .insertInto("contributors")
            .values(rows.slice(from, from + rowsAtOnce))
            .onConflict((conflict) =>
              conflict
                .columns(["repository", "number", "commit_sha", "person_id"])
                .doUpdateSet((eb) => ({
                  head_sha: eb.ref("excluded.head_sha"),
                  within_base: eb.ref("excluded.within_base"),
                })),
            )
            .execute();
      });
    },
    of: (repository, number) => find(db.read, repository, number),
    notePushers: async (repository, number, baseRef, people) => {
      const known = new Set(
        (await findPushers(db.read, repository, number, baseRef)).map(({ id }) => id),
      );
      const rows = people
        .filter(({ id }) => !known.has(id))
        .map((person) => ({
          repository,
          number,
          base_ref: baseRef,
          person_id: person.id,
          person_login: person.login,
          person_type: person.type,
        }));
      if (rows.length === 0) return;
      await db.write(async (transaction) => {
        for (let from = 0; from < rows.length; from += rowsAtOnce)
          await transaction
            .insertInto("pull_pushers")
            .values(rows.slice(from, from + rowsAtOnce))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
      });
    },
    pushers: (repository, number, baseRef) => findPushers(db.read, repository, number, baseRef),
  };
}

/** A commit may name one person as author, committer and co-author, and PostgreSQL writes no row twice in one statement: the last word stands. */
const onceEach = (seen: readonly ContributorSeen[]): readonly ContributorSeen[] => [
  ...new Map(seen.map((one) => [`${one.commit} ${one.person.id}`, one])).values(),
];

const personOf = (
  row: Pick<Selectable<PullPusherTable>, "person_id" | "person_login" | "person_type">,
): Person => ({ id: Number(row.person_id), login: row.person_login, type: row.person_type });

const seenOf = (row: Selectable<ContributorTable>): ContributorSeen => ({
  commit: row.commit_sha,
  person: personOf(row),
  headSha: row.head_sha,
  withinBase: row.within_base,
});
