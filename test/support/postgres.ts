import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { patience } from "./patience.ts";
import { postgresBinaries } from "./postgres-binaries.ts";

/** A PostgreSQL server of the tests' own, in a temporary folder, gone with them. */
export interface TestPostgres {
  readonly folder: string;
  readonly port: number;
  /** Without the name of a database. */
  readonly url: string;
  /** A new, empty database of its own; answers its URL. */
  readonly newDatabase: () => Promise<string>;
  /** Runs these lines as the server's user, with its programs in the path. */
  readonly shell: (lines: string, env: Readonly<Record<string, string>>) => void;
  /** The same beside everything else; rejects with what was said where a line fails. */
  readonly shellBeside: (lines: string, env: Readonly<Record<string, string>>) => Promise<void>;
  readonly restart: () => void;
  readonly halt: () => void;
  readonly resume: () => void;
  readonly stop: () => Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: then as another user, who owns the folder. */
function otherUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (!isRoot) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout.trim()),
    );
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error(
    "PostgreSQL does not run as root, and there is neither a user postgres nor nobody",
  );
}

/** A port of this machine on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const settings = [
  "listen_addresses = '127.0.0.1'",
  "max_connections = 200",
  "shared_buffers = 32MB",
].join("\n");
/** A test's server need not survive the machine. */
const forgetful = ["fsync = off", "full_page_writes = off", "autovacuum = off"].join("\n");

/** Whoever is not the tests' own user shows a password. */
const access = [
  "host all gate 127.0.0.1/32 trust",
  "host replication gate 127.0.0.1/32 trust",
  "host all all 127.0.0.1/32 scram-sha-256",
].join("\n");

export interface ServerOptions {
  /** Keeps its word on disk, as an operator's does. */
  readonly isDurable?: boolean;
  /** More lines for postgresql.conf. */
  readonly settings?: string;
}

/** Starts a server over TCP; its user `gate` may everything. */
export async function startPostgres({
  isDurable = false,
  settings: more = "",
}: ServerOptions = {}): Promise<TestPostgres> {
  const binaries = postgresBinaries();
  if (binaries === null) throw new Error("no PostgreSQL server on this machine");
  const user = otherUser();
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-postgres-"));
  const data = join(folder, "data");
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const run = (program: string, ...args: readonly string[]): void =>
    void execFileSync(join(binaries, program), args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      ...user,
    });
  run("initdb", "-D", data, "-U", "gate", "-A", "trust", "-E", "UTF8", "--no-sync");
  appendFileSync(
    join(data, "postgresql.conf"),
    `
${settings}
${isDurable ? "" : forgetful}
${more}
`,
  );
  writeFileSync(
    join(data, "pg_hba.conf"),
    `${access}
`,
  );
  const port = await freePort();
  const start = (): void =>
    run(
      "pg_ctl",
      ...["-D", data, "-w", "-s", "-l", join(folder, "log")],
      ...["-o", `-p ${port} -k ${folder}`, "start"],
    );
  const halt = (): void => run("pg_ctl", "-D", data, "-w", "-s", "-m", "immediate", "stop");
  start();
  const url = `postgres://gate@127.0.0.1:${port}`;
  const asUser = (env: Readonly<Record<string, string>>) => ({
    cwd: folder,
    env: { PATH: `${binaries}:${process.env["PATH"]}`, LC_ALL: "C", ...env },
    ...user,
  });
  return {
    folder,
    port,
    url,
    newDatabase: () => newDatabaseOf(url),
    shell: (lines, env) =>
      void execFileSync("sh", ["-euc", lines], {
        stdio: ["ignore", "ignore", "pipe"],
        ...asUser(env),
      }),
    shellBeside: (lines, env) =>
      new Promise((resolve, reject) => {
        const child = spawn("sh", ["-euc", lines], {
          stdio: ["ignore", "ignore", "pipe"],
          ...asUser(env),
        });
        let said = "";
        child.stderr.on("data", (piece: Buffer) => (said += piece.toString("utf8")));
        child.once("error", reject);
        child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(said))));
      }),
    halt,
    resume: start,
    restart: () => {
      halt();
      start();
    },
    stop: () => {
      try {
        halt();
      } catch {
        // It was halted by its test.
      }
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** A new, empty database of a server that is started; answers its URL. */
export async function newDatabaseOf(server: string): Promise<string> {
  const name = `gate_${process.pid}_${randomBytes(6).toString("hex")}`;
  await onServer(`${server}/postgres`, `create database ${name}`);
  return `${server}/${name}`;
}

/** Runs one statement beside everything else. */
export async function onServer(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Registers tests that need a server, which is started before them and stopped after them. Where this machine has none
 * there are no such tests, and the run says so in one line.
 */
export function withPostgres(
  register: (server: () => TestPostgres) => void,
  options: ServerOptions = {},
): void {
  if (postgresBinaries() === null) {
    it("is not run here, where PostgreSQL's server is not", () =>
      expect(postgresBinaries()).toBeNull());
    return;
  }
  let server: TestPostgres | undefined;
  beforeAll(async () => {
    server = await startPostgres(options);
  }, 60_000 * patience);
  afterAll(async () => {
    await server?.stop();
  });
  register(() => {
    if (server === undefined) throw new Error("the server was not started");
    return server;
  });
}

/** Forgets everything a database of ours holds, its append-only tables too, which is far quicker than making another. */
export async function emptied(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely_%'",
    );
    if (rows.length === 0) return;
    const names = rows.map(({ name }) => name).filter((name) => name !== "counters");
    await client.query(
      [
        "set session_replication_role = replica",
        ...names.map((name) => `delete from ${name}`),
        `insert into audit_head (id, seq, hash) values (1, 0, '${"0".repeat(64)}')`,
        "alter sequence counter_generation restart",
        "alter sequence counter_wish restart",
      ].join("; "),
    );
  } finally {
    await client.end();
  }
}
