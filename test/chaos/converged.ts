import { verifyAudit } from "#io/database/audit/verify.ts";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { rowsIn } from "../e2e/rows-in.ts";

/** What there is more than once, by its name. */
function repeated(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].flatMap(([name, count]) => (count > 1 ? [`${count} times ${name}`] : []));
}

const markers = (body: string | null): readonly string[] =>
  body?.match(/<!-- gatehouse[^>]*-->/g) ?? [];

/** What our App wrote at GitHub more than once. */
function doubledIn(repo: Repo, appId: number, botId: number): readonly string[] {
  const checks = [...repo.checkRuns.values()]
    .filter((run) => run.appId === appId)
    .map((run) => `the check run ${run.name} on ${run.headSha.slice(0, 7)}`);
  const issues = [...repo.issues.values()];
  const opened = issues
    .filter((issue) => issue.authorId === botId)
    .flatMap((issue) => markers(issue.body).map((marker) => `the issue ${marker}`));
  const comments = issues.flatMap((issue) =>
    issue.comments
      .filter((one) => one.authorId === botId)
      .flatMap((one) => markers(one.body).map((marker) => `${marker} on #${issue.number}`)),
  );
  const reviews = [...repo.runs.values()].flatMap((run) =>
    run.answers
      .filter((one) => one.appId === appId)
      .flatMap((one) => one.environments.map((name) => `the review of run ${run.id} for ${name}`)),
  );
  return repeated([...checks, ...opened, ...comments, ...reviews]).map(
    (what) => `${repo.name}: ${what}`,
  );
}

/** What may not be there once everything has settled: anything doubled, given up or broken. */
export async function notConverged(
  sim: Simulator,
  databaseUrl: string,
): Promise<readonly string[]> {
  const { world } = sim;
  const botId = world.apps.get(world.appId)?.botId ?? -1;
  const doubled = [...world.repos.values()].flatMap((repo) => doubledIn(repo, world.appId, botId));
  const dead = await rowsIn<{ readonly what: string; readonly why: string | null }>(
    databaseUrl,
    "select key as what, error as why from queue where state = 'dead' union all select guid as what, reason as why from inbox where state = 'buried'",
  );
  const records = await openRecords(databaseUrl);
  try {
    const audit = await verifyAudit(records);
    return [
      ...doubled,
      ...dead.map(({ what, why }) => `given up: ${what} (${why ?? ""})`),
      ...(audit.kind === "ok" ? [] : [`the audit log is broken at ${audit.seq}: ${audit.because}`]),
    ];
  } finally {
    await records.close();
  }
}
