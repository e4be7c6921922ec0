import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folder of initdb and pg_ctl: of the PATH, or where Debian puts them; null: this machine has no PostgreSQL server. */
export function postgresBinaries(): string | null {
  const debian = "/usr/lib/postgresql";
  const folders = [
    ...(process.env["PATH"] ?? "").split(":"),
    ...(existsSync(debian)
      ? readdirSync(debian)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(debian, version, "bin"))
      : []),
  ];
  return (
    folders.find((folder) =>
      ["initdb", "pg_ctl", "postgres"].every((name) => existsSync(join(folder, name))),
    ) ?? null
  );
}

/** Said once a run, before any test. */
export function sayWithoutPostgres(): void {
  if (postgresBinaries() === null)
    process.stderr.write(
      "PostgreSQL's server (initdb, pg_ctl) is not on this machine: tests over it are not run\n",
    );
}
