import { freePort, onServer, type TestPostgres } from "../support/postgres.ts";

/** A PostgreSQL server, and those that take over from it one after the other. */
export interface Cluster {
  /** Of the server that works now. */
  readonly port: () => number;
  readonly halt: () => void;
  readonly resume: () => void;
  /**
   * Lets a new server follow, which holds everything before it is acknowledged; then this one ends at once, and the other
   * takes its place: `gone` is called between the two, which are so far apart.
   */
  readonly failOver: (forMs: number, gone: () => void) => Promise<void>;
  /** The first server works again, with what it held when it was left. */
  readonly stop: () => Promise<void>;
}

const follows = `
pg_basebackup -h 127.0.0.1 -p "$FROM" -U gate -D "$DATA" -R -X stream -c fast --no-sync
sed -i '/synchronous_standby_names/d' "$DATA/postgresql.auto.conf"
`;
const starts = `pg_ctl -D "$DATA" -w -s -l "$DATA.log" -o "-p $PORT -k $PWD" start`;
const ends = `pg_ctl -D "$DATA" -w -s -m immediate stop`;
const takesOver = `pg_ctl -D "$DATA" -w -s promote`;

interface Member {
  readonly data: string;
  readonly port: number;
}

export function createCluster(server: TestPostgres): Cluster {
  const first: Member = { data: `${server.folder}/data`, port: server.port };
  let works = first;
  let made = 0;
  const envOf = ({ data, port }: Member) => ({ DATA: data, PORT: String(port) });
  const urlOf = ({ port }: Member): string => `postgres://gate@127.0.0.1:${port}/postgres`;

  /** Everything is acknowledged only when the follower has it on its disk. */
  async function isFollowed(): Promise<void> {
    await onServer(urlOf(works), "alter system set synchronous_standby_names = '*'");
    await onServer(urlOf(works), "select pg_reload_conf()");
    const giveUpAt = Date.now() + 10_000;
    for (;;) {
      const rows = await onServer(
        urlOf(works),
        "select 1 from pg_stat_replication where state = 'streaming' and sync_state = 'sync'",
      );
      if (rows.length > 0) return;
      if (Date.now() > giveUpAt) throw new Error("the standby does not follow");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  return {
    port: () => works.port,
    halt: () => server.shell(ends, envOf(works)),
    resume: () => server.shell(starts, envOf(works)),
    failOver: async (forMs, gone) => {
      const data = `${server.folder}/follower-${process.pid}-${Date.now()}-${(made += 1)}`;
      const next: Member = { data, port: await freePort() };
      const before = works;
      await server.shellBeside(follows, { ...envOf(next), FROM: String(before.port) });
      await server.shellBeside(starts, envOf(next));
      await isFollowed();
      await server.shellBeside(ends, envOf(before));
      gone();
      await new Promise((resolve) => setTimeout(resolve, forMs));
      await server.shellBeside(takesOver, envOf(next));
      works = next;
      if (before !== first) await server.shellBeside(`rm -rf "$DATA" "$DATA.log"`, envOf(before));
    },
    stop: async () => {
      if (works === first) return;
      await server.shellBeside(`${ends}; rm -rf "$DATA" "$DATA.log"`, envOf(works));
      works = first;
      await server.shellBeside(
        `sed -i '/synchronous_standby_names/d' "$DATA/postgresql.auto.conf"; ${starts}`,
        envOf(first),
      );
    },
  };
}
