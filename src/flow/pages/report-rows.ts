import type { Act } from "#core/model/act.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Store } from "#core/ports/store.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { readChange, type Change } from "#core/report/change.ts";

type Reading = Pick<Store, "records" | "deployments" | "acts" | "measurements">;

/** What is kept of one repository and reported of it. */
export interface ReportRows {
  /** Of each environment the newest first. */
  readonly deployments: readonly DeploymentRow[];
  readonly changes: readonly Change[];
  /** null: the gate never looked. */
  readonly watchedSince: number | null;
  readonly acts: readonly Act[];
}

/** Repositories of one question. */
const atOnce = 100;
/** More than this of one environment is not looked through. */
const mostRows = 50_000;

function byRepository<Row extends { readonly repository: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> {
  const found = new Map<number, Row[]>();
  for (const row of rows) {
    const known = found.get(row.repository);
    if (known === undefined) found.set(row.repository, [row]);
    else known.push(row);
  }
  return found;
}

/** Spellings of one environment's name are one environment. */
function ofEnvironments(
  rows: readonly DeploymentRow[],
  isAsked: (environment: string) => boolean,
): readonly DeploymentRow[] {
  const found = new Map<string, DeploymentRow[]>();
  for (const row of rows) {
    if (!isAsked(row.environment)) continue;
    const name = row.environment.toLowerCase();
    const known = found.get(name);
    if (known === undefined) found.set(name, [row]);
    else if (known.length < mostRows) known.push(row);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, each]) => each);
}

/** Reads what is kept of many repositories, a hundred with each question: a question for each takes as long as the rest. */
export async function* reportRows(
  store: Reading,
  repositories: readonly number[],
  isAsked: (environment: string) => boolean,
): AsyncGenerator<readonly [repository: number, rows: ReportRows]> {
  if (repositories.length === 0) return;
  const [only] = repositories;
  const acts = byRepository(
    await store.acts.find(
      repositories.length === 1 && only !== undefined ? { repository: only } : {},
    ),
  );
  for (let at = 0; at < repositories.length; at += atOnce) {
    const ids = repositories.slice(at, at + atOnce);
    const deployments = byRepository(await store.deployments.ofRepositories(ids));
    const measured = byRepository(await store.measurements.ofRepositories(ids, "change"));
    const looks = await store.records.getValues(ids.map(firstLookKey));
    for (const id of ids) {
      const since = looks.get(firstLookKey(id));
      yield [
        id,
        {
          deployments: ofEnvironments(deployments.get(id) ?? [], isAsked),
          changes: (measured.get(id) ?? []).flatMap(({ detail }) => readChange(detail) ?? []),
          watchedSince: since === undefined ? null : Number(since),
          acts: acts.get(id) ?? [],
        },
      ];
    }
  }
}
