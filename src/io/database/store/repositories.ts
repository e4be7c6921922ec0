import type { Selectable } from "kysely";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { keepFirst } from "./kept-values.ts";
import type { RepositoryTable } from "./tables/repositories.ts";
import type { Database } from "./writer.ts";

type RepositoryRecords = Pick<
  Records,
  | "saveRepository"
  | "repository"
  | "repositoryByName"
  | "activeRepositories"
  | "deactivateInstallation"
>;

const fullName = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();

/** What was read while it was private may be recorded a little later. */
const settlesMs = 10 * 60_000;

/** Repositories by their numeric id; names are kept for reading and for GitHub's URLs. */
export function createRepositoryRecords(db: Database, now: () => number): RepositoryRecords {
  return {
    saveRepository: (repository) =>
      db.write(async (transaction) => {
        const savedAt = now();
        const { id, public_since, ...columns } = columnsOf(repository, savedAt);
        await transaction
          .insertInto("repositories")
          .values({ id, public_since, ...columns })
          .onConflict((conflict) =>
            conflict.column("id").doUpdateSet((known) => ({
              ...columns,
              public_since: repository.private
                ? null
                : known
                    .case()
                    .when("repositories.private", "=", 1)
                    .then(savedAt + settlesMs)
                    .else(known.ref("repositories.public_since"))
                    .end(),
            })),
          )
          .execute();
        // Whichever event made it known, from then on only deployments that the gate let through prove anything.
        await keepFirst(transaction, firstLookKey(id), String(savedAt));
      }),

    repository: async (id) => {
      const row = await db.read
        .selectFrom("repositories")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },

    repositoryByName: async (owner, name) => {
      // Names are reused after a rename or a deletion: the one seen last under it is the one meant.
      const row = await db.read
        .selectFrom("repositories")
        .selectAll()
        .where("full_name", "=", fullName(owner, name))
        .orderBy("active", "desc")
        .orderBy("saved_at", "desc")
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },

    activeRepositories: async () => {
      const rows = await db.read
        .selectFrom("repositories")
        .selectAll()
        .where("active", "=", 1)
        .orderBy("id")
        .execute();
      return rows.map(recordOf);
    },

    deactivateInstallation: (installationId) =>
      db.write(async (transaction) => {
        await transaction
          .updateTable("repositories")
          .set({ active: 0 })
          .where("installation_id", "=", installationId)
          .execute();
      }),
  };
}

function columnsOf(record: RepositoryRecord, savedAt: number): Selectable<RepositoryTable> {
  return {
    id: record.id,
    installation_id: record.installationId,
    owner: record.owner,
    owner_id: record.ownerId,
    owner_type: record.ownerType,
    name: record.name,
    full_name: fullName(record.owner, record.name),
    private: record.private ? 1 : 0,
    archived: record.archived ? 1 : 0,
    default_branch: record.defaultBranch,
    active: record.active ? 1 : 0,
    saved_at: savedAt,
    public_since: record.private ? null : savedAt,
  };
}

export function recordOf(row: Selectable<RepositoryTable>): RepositoryRecord {
  return {
    id: row.id,
    installationId: row.installation_id,
    owner: row.owner,
    ownerId: row.owner_id,
    ownerType: row.owner_type,
    name: row.name,
    private: row.private === 1,
    archived: row.archived === 1,
    defaultBranch: row.default_branch,
    active: row.active === 1,
    ...(row.public_since === null ? {} : { publicSince: row.public_since }),
  };
}
