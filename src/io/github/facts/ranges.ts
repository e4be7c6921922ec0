import type { DeployedCommit, DeployedRange } from "#core/facts/deployed-range.ts";
import type { CommitOrder } from "#core/facts/deployments.ts";
import { lastSuccess, unprovenSuccess } from "#core/deployments/history.ts";
import { ranThere } from "#core/deployments/proof.ts";
import { knownGood } from "#core/deployments/rollback.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import { readFirst, readRange } from "./read-deployed-range.ts";
import { collectable } from "./read-same-diff.ts";
import { once } from "./subject-source.ts";

export interface RangeReading {
  readonly github: GitHub;
  readonly repository: RepositoryRecord;
  readonly subject: DeploymentSubject;
  /** Between two commits nothing ever changes. */
  readonly ranges: ExpiringCache<DeployedRange>;
  /** Earlier deployments to the environment. */
  readonly past: () => Promise<readonly DeploymentRow[]>;
  /** Earlier deployments of this commit there. */
  readonly ranHere: () => Promise<readonly DeploymentRow[]>;
  /** How another commit stands to the deployed one. */
  readonly orderTo: (sha: string) => Promise<CommitOrder>;
}

/** What a deployment changes in its environment: what it brings there, and what it takes away. */
export interface Ranges {
  readonly range: () => Promise<DeployedRange>;
  /** Commits of what runs there now that the deployed one lacks. */
  readonly undone: () => Promise<readonly DeployedCommit[]>;
}

/** How many commits that ran there are compared with the deployed one to find an ancestor of it. */
const mostCompared = 20;

const startOf = ({ sha, succeededAt, createdAt }: DeploymentRow): { sha: string; at: number } => ({
  sha,
  at: succeededAt ?? createdAt,
});

export function createRanges(reading: RangeReading): Ranges {
  const { github, repository, subject } = reading;
  const place = `${repository.installationId}:${repository.id}`;
  const between = (row: DeploymentRow, head: string): Promise<DeployedRange> =>
    reading.ranges.get(`${place}:${row.sha}...${head}`, () =>
      readRange(github, repository, startOf(row), head),
    );
  const alone = (): Promise<DeployedRange> =>
    reading.ranges.get(`${place}:...${subject.sha}`, () =>
      readFirst(github, repository, subject.sha),
    );
  const running = once(async () => lastSuccess(await reading.past(), subject.deploymentId));

  /** The newest ancestor of the deployed commit that is proven to have run there; null if there is none. */
  async function newestBeneath(relation: DeployedRange["relation"]): Promise<DeploymentRow | null> {
    const proven = (await reading.past())
      .filter((row) => row.deploymentId !== subject.deploymentId && ranThere(row))
      .toSorted((a, b) => (b.succeededAt ?? 0) - (a.succeededAt ?? 0));
    const newestOf = new Map(proven.toReversed().map((row) => [row.sha, row]));
    const [, ...older] = proven.filter((row) => newestOf.get(row.sha) === row);
    let isSure = older.length <= mostCompared;
    for (const row of older.slice(0, mostCompared)) {
      if (row.sha === subject.sha) continue;
      const order = await collectable(reading.orderTo(row.sha));
      if (order?.behind === 0) return row;
      if (order === null) isSure = false;
    }
    // A deployment that is not known to be the first there is not judged as if it were.
    if (!isSure && relation === "behind")
      throw new GitHubError(
        "incomplete",
        `no commit that ran in ${subject.environment} is found below ${subject.sha.slice(0, 7)}, and not all of them could be compared`,
      );
    return null;
  }

  /**
   * The range if nothing is proven to have run: the commit itself, and what came since the last deployment that was
   * reported without proof.
   */
  async function firstThere(): Promise<DeployedRange> {
    const first = await alone();
    const before = unprovenSuccess(await reading.past(), subject.deploymentId);
    if (before === null) return first;
    const { commits } = await between(before, subject.sha);
    const own = new Set(first.commits.map(({ sha }) => sha));
    return { ...first, commits: [...first.commits, ...commits.filter(({ sha }) => !own.has(sha))] };
  }

  return {
    range: once(async () => {
      const runs = await running();
      if (runs === null) return firstThere();
      const read = await between(runs, subject.sha);
      const stands = read.relation === "ahead" || read.relation === "same";
      if (stands || knownGood(await reading.ranHere(), subject) !== null) return read;
      // It never ran there. That the environment runs a descendant of it, or another line, does not mean that its
      // authors are no contributors.
      const beneath = await newestBeneath(read.relation);
      if (beneath === null) return read.relation === "behind" ? alone() : read;
      const { since, commits } = await between(beneath, subject.sha);
      const found = new Set(commits.map(({ sha }) => sha));
      return {
        since,
        relation: read.relation,
        commits: [...commits, ...read.commits.filter(({ sha }) => !found.has(sha))],
      };
    }),
    undone: once(async () => {
      const runs = await running();
      if (runs === null || runs.sha === subject.sha) return [];
      const back = await reading.ranges.get(`${place}:${subject.sha}...${runs.sha}`, () =>
        readRange(github, repository, { sha: subject.sha, at: runs.createdAt }, runs.sha),
      );
      return back.commits;
    }),
  };
}
