import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import type { DeployedCommit, DeployedRange } from "#core/facts/deployed-range.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { peopleOfChange } from "#core/people/contributors.ts";
import {
  contributorsOfDeployment,
  type DeployedChange,
} from "#core/people/deployed-contributors.ts";
import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { peopleIn, type PullPeople, type PullPeopleCache } from "./pull-people.ts";
import type { OriginsOfCommit } from "./read-commit-origins.ts";

export interface ContributorReading {
  readonly repository: RepositoryRecord;
  readonly records: Records;
  readonly cache: PullPeopleCache;
  readonly openPull: (number: number) => FactSession;
  readonly originsOf: (shas: readonly string[]) => Promise<ReadonlyMap<string, OriginsOfCommit>>;
  /** The number of the pull request that became this commit of its base branch, where the gate saw the merge. */
  readonly mergedAs: (sha: string) => Promise<number | null>;
}

const shortly = (shas: readonly string[]): string => shas.map((sha) => sha.slice(0, 7)).join(", ");

/** What is remembered of a pull request that is closed: nothing is added to it any more. */
async function remembered(
  { repository, records, cache }: ContributorReading,
  number: number,
): Promise<PullPeople | null> {
  const row = await records.pullRequest(repository.id, number);
  return row === null || row.state !== "closed" ? null : cache.of(repository, number, row.headSha);
}

async function readPeople(reading: ContributorReading, number: number): Promise<PullPeople> {
  const known = await remembered(reading, number);
  if (known !== null) return known;
  const table = await reading
    .openPull(number)
    .read([pullRequest.need(), commits.need(), pushers.need()]);
  const people = peopleIn(table);
  if (people !== null) return people;
  const trouble = [...table.values()].find((result) => !result.ok);
  throw new GatehouseError(
    trouble?.ok === false ? trouble.code : "unavailable",
    `who had a hand in #${number} cannot be told: ${trouble?.ok === false ? trouble.message : "it was not read"}`,
    { retryAt: trouble?.ok === false ? trouble.retryAt : undefined },
  );
}

/** Pull requests that are remembered whole, for the commits that they account for. */
async function knownOrigins(
  reading: ContributorReading,
  { commits: outgoing }: DeployedRange,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for (const { sha } of outgoing) {
    const became = await reading.mergedAs(sha);
    const numbers = [
      ...new Set([
        ...(became === null ? [] : [became]),
        ...reading.cache.holding(reading.repository, sha),
      ]),
    ];
    const people = await Promise.all(numbers.map((number) => remembered(reading, number)));
    if (numbers.length > 0 && !people.includes(null)) found.set(sha, numbers);
  }
  return found;
}

/**
 * Everybody behind what goes out: each commit's pull requests are found, and of each of them who opened it, made its
 * own commits and pushed (a squash keeps none of that). Complete or an error.
 */
export async function readDeployedContributors(
  reading: ContributorReading,
  range: DeployedRange,
): Promise<DeployedContributors> {
  const known = await knownOrigins(reading, range);
  const asked = await reading.originsOf(
    range.commits.map(({ sha }) => sha).filter((sha) => !known.has(sha)),
  );
  const shas = new Map<number, string[]>();
  for (const { sha } of range.commits) {
    const numbers = known.get(sha) ?? asked.get(sha)?.pulls.map(({ number }) => number) ?? [];
    for (const number of numbers) shas.set(number, [...(shas.get(number) ?? []), sha]);
  }
  const changes: DeployedChange[] = [];
  /** What is nobody's work in its pull request is nobody's where it goes out. */
  const nobodys = new Set<string>();
  for (const [number, brought] of shas) {
    const people = await readPeople(reading, number);
    for (const commit of people.commits) if (commit.cleanMerge === true) nobodys.add(commit.sha);
    changes.push({
      number,
      shas: [...brought, ...people.commits.map((commit) => commit.sha)],
      ...peopleOfChange(people.pull, people.commits, people.pushers),
    });
  }
  const people = (commit: DeployedCommit) => asked.get(commit.sha)?.people ?? commit.people;
  const found = contributorsOfDeployment(
    range.commits
      .filter(({ sha }) => !nobodys.has(sha))
      .map((commit) => ({ sha: commit.sha, people: people(commit) })),
    changes,
  );
  if (found.untold.length > 0)
    throw new GatehouseError(
      "incomplete",
      `who had a hand in ${shortly(range.commits.slice(-1).map(({ sha }) => sha))} cannot be told: ${found.untold.slice(0, 3).join("; ")}`,
    );
  return found;
}
