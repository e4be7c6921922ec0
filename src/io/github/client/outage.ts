import type { ApiOutage } from "#core/model/outage.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";

/** Tells an outage of GitHub's from one request that fails: by how many of the last ones had no proper answer. */
export interface OutageWatch {
  /** `failed`: nothing came back, or a 5xx. `where`: what was asked for. */
  readonly note: (api: ApiOutage["api"], where: string, failed: boolean) => void;
  readonly current: () => readonly ApiOutage[];
}

const lookedAt = 20;
/** Older failures do not count towards an outage that begins now. */
const fresh = 2 * 60_000;
const fewestFailures = 5;
/** So many proper answers in a row, and it is over. */
const provedBy = 5;

interface Exchange {
  readonly at: number;
  readonly where: string;
  readonly failed: boolean;
}

export function createOutageWatch({
  clock,
  log,
  meter,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}): OutageWatch {
  const seen: Record<ApiOutage["api"], readonly Exchange[]> = { rest: [], graphql: [] };
  const outages = new Map<ApiOutage["api"], ApiOutage>();
  for (const api of ["rest", "graphql"] as const) meter.observe("github_up", 1, { api });

  function begins(api: ApiOutage["api"], now: number): void {
    const recent = seen[api].filter(({ at }) => at > now - fresh && at <= now);
    const failures = recent.filter(({ failed }) => failed);
    const [first] = failures;
    if (first === undefined || failures.length < fewestFailures) return;
    if (failures.length * 2 < recent.length) return;
    // Failures of a single route are no outage; GraphQL has one address for everything.
    if (api === "rest" && new Set(failures.map(({ where }) => where)).size < 2) return;
    const outage = { api, since: first.at, failed: failures.length, of: recent.length };
    outages.set(api, outage);
    meter.observe("github_up", 0, { api });
    log.warn(
      { api, failed: outage.failed, of: outage.of, since: new Date(outage.since).toISOString() },
      "GitHub is in trouble: what was said stands, and work is kept until it answers again",
    );
  }

  /** However long ago the first of them was: where little is asked, five answers take their time. */
  function ends(outage: ApiOutage): void {
    const last = seen[outage.api].slice(-provedBy);
    if (last.length < provedBy || last.some(({ failed }) => failed)) return;
    outages.delete(outage.api);
    meter.observe("github_up", 1, { api: outage.api });
    const seconds = Math.round((clock.now() - outage.since) / 1_000);
    log.info({ api: outage.api, seconds }, "GitHub answers again");
  }

  return {
    note: (api, where, failed) => {
      const now = clock.now();
      seen[api] = [...seen[api], { at: now, where, failed }].slice(-lookedAt);
      const outage = outages.get(api);
      if (outage !== undefined) ends(outage);
      else if (failed) begins(api, now);
    },
    current: () => [...outages.values()],
  };
}
