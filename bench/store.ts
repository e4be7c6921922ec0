import { rowsIn } from "../test/e2e/rows-in.ts";
import { startPostgres, type TestPostgres } from "../test/support/postgres.ts";

/** The database under what is measured: a file beside each process, or a PostgreSQL server of the bench's own that keeps its word on disk. */
export type StoreKind = "file" | "postgres";

let kind: StoreKind = "file";
let server: TestPostgres | undefined;

export const storeKind = (): StoreKind => kind;

export async function openBenchStore(asked: StoreKind): Promise<void> {
  kind = asked;
  if (asked === "postgres") server = await startPostgres({ isDurable: true });
}

export const closeBenchStore = async (): Promise<void> => server?.stop();

/** The `DATABASE_URL` of a new world; undefined: a file of its own. */
export const newDatabaseUrl = (): Promise<string> | undefined => server?.newDatabase();

/** What a database holds on disk, with its indexes. */
export async function bytesIn(url: string): Promise<number> {
  const [row] = url.startsWith("file:")
    ? await rowsIn<{ readonly bytes: number }>(
        url,
        "select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()",
      )
    : await rowsIn<{ readonly bytes: number }>(
        url,
        "select pg_database_size(current_database()) as bytes",
      );
  return Number(row?.bytes ?? Number.NaN);
}

/** What PostgreSQL wrote into its log of changes so far, over all of its databases; undefined: this store does not tell. */
export async function bytesLogged(url: string): Promise<number | undefined> {
  if (url.startsWith("file:")) return undefined;
  const [row] = await rowsIn<{ readonly bytes: number }>(
    url,
    "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes",
  );
  return Number(row?.bytes ?? Number.NaN);
}
