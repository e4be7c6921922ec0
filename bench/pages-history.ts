import Libsql from "libsql";

/** How much a year has left behind. */
export interface History {
  readonly decisions: number;
  readonly deployments: number;
  readonly changes: number;
}

interface Logged {
  readonly actor: string | null;
  readonly detail: string;
  readonly hash: string;
}

const yearMs = 365 * 24 * 3_600_000;

/**
 * Puts a year of decisions, deployments and merged pull requests into a database that nobody has open: copies of what the
 * process itself recorded, spread over its repositories. The log's chain is not continued; pages do not read it.
 */
export function addHistory(file: string, history: History): void {
  const db = new Libsql(file);
  try {
    db.exec("begin immediate");
    const one = <T>(sql: string): T => db.prepare(sql).get([]) as T;
    const { seq } = one<{ seq: number }>("select seq from audit_head where id = 1");
    const logged = (prefix: string): Logged =>
      one<Logged>(
        `select actor, detail, hash from audit_log where kind = 'decision' and subject like '${prefix}:%' order by seq desc limit 1`,
      );
    const [pull, deployment] = [logged("pr"), logged("dep")];
    const repositories = (
      db.prepare("select id from repositories where active = 1 order by id").all([]) as {
        id: number;
      }[]
    ).map(({ id }) => id);
    const pick = (n: number): number => repositories[n % repositories.length] ?? 0;
    const from = Date.now() - yearMs;
    const at = (n: number, of: number): number => from + Math.floor((n * yearMs) / of);
    const log = db.prepare(
      "insert into audit_log (seq, at, kind, repository, subject, actor, detail, hash) values (?, ?, 'decision', ?, ?, ?, ?, ?)",
    );
    // What happened of late stays the newest: its numbers move up, which the log refuses otherwise.
    const triggers = db
      .prepare(
        "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'audit_log'",
      )
      .all([]) as { name: string; sql: string }[];
    for (const { name } of triggers) db.exec(`drop trigger "${name}"`);
    db.exec(`update audit_log set seq = -(seq + ${history.decisions})`);
    db.exec("update audit_log set seq = -seq");
    for (const { sql } of triggers) db.exec(sql);
    db.exec(`update subject_states set seq = seq + ${history.decisions}`);
    const every = Math.floor(history.decisions / history.deployments);
    const deployed = db.prepare(
      `insert into deployments (repository, deployment_id, environment, sha, ref, run_id, actor, created_at, state, started_at, finished_at, succeeded_at, gate_requested_at, gate_answered_at, gate_answer, reports, question)
       values (?, ?, 'production', ?, 'main', ?, ?, ?, 'success', ?, ?, ?, ?, ?, 'approved', 0, null)`,
    );
    const ada = JSON.stringify({ id: 1, login: "ada", type: "User" });
    for (let n = 1; n <= history.decisions; n += 1) {
      const when = at(n, history.decisions);
      const isDeployment = n % every === 0;
      // Ten decisions of a subject, of a repository in turn.
      const repository = pick(isDeployment ? n / every : Math.floor(n / 10));
      const id = 1_000_000 + (isDeployment ? n : Math.floor(n / 10));
      const { actor, detail, hash } = isDeployment ? deployment : pull;
      const subject = isDeployment
        ? `dep:${repository}:${id}:production`
        : `pr:${repository}:${id}`;
      log.run([n, when, repository, subject, actor, detail, hash]);
      if (isDeployment) {
        const sha = n.toString(16).padStart(40, "0");
        deployed.run([repository, id, sha, n, ada, when, when, when, when, when, when]);
      }
    }
    const changed = db.prepare(
      "insert into measurements (repository, kind, key, at, detail) values (?, 'change', ?, ?, ?)",
    );
    for (let n = 1; n <= history.changes; n += 1) {
      const when = at(n, history.changes);
      const detail = {
        number: 1_000_000 + n,
        sha: n.toString(16).padStart(40, "0"),
        baseRef: "main",
        mergedAt: when,
        committedAt: when - 3_600_000,
        author: "ada",
        mergedBy: "bob",
        approvedBy: ["bob"],
        tickets: [],
        scans: [],
        coverage: 80,
      };
      changed.run([pick(n), String(detail.number), when, JSON.stringify(detail)]);
    }
    const first = db.prepare("insert or replace into kept_values (key, value) values (?, ?)");
    for (const id of repositories) first.run([`first-look-at:${id}`, String(from)]);
    db.exec(`update audit_head set seq = ${seq + history.decisions} where id = 1`);
    db.exec("commit");
  } finally {
    db.close();
  }
}
