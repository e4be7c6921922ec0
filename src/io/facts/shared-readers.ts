import { z } from "zod";
import * as checkFacts from "../../core/facts/checks.ts";
import * as peopleFacts from "../../core/facts/people.ts";
import * as repositoryFacts from "../../core/facts/repository.ts";
import type { CheckFact } from "../../core/facts/checks.ts";
import type { Role } from "../../core/model/actor.ts";
import type { Evidence } from "../../core/model/evidence.ts";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { readCustomProperties } from "../github/custom-properties.ts";
import { readEnvironments } from "../github/deployments.ts";
import type { Memory } from "./memory.ts";
import { readAllChecks } from "./read-checks.ts";
import { checksOfRun, runsOfCommit } from "./read-job.ts";
import { readAccount, readRole, readTeamMembers, teamOf } from "./read-people.ts";
import { readRepository } from "./read-repository.ts";
import { once } from "./subject-source.ts";
import type { CommitSource } from "./subject-source.ts";

export interface Read {
  readonly value: unknown;
  readonly evidence: readonly Evidence[];
}

/** How each fact is read, by its name. A fact that is not here does not exist for this kind of subject. */
export type Readers = Readonly<Record<string, (params: unknown) => Promise<Read>>>;

/** A fact whose parameter is one text: a login, a team, a path, a commit. */
export function byText(
  read: (text: string) => Promise<unknown>,
): (params: unknown) => Promise<Read> {
  return async (params) => ({ value: await read(z.string().min(1).parse(params)), evidence: [] });
}

const jobParams = z.object({ check: z.number().int(), run: z.number().int().nullable() });

export function roleReader(
  github: GitHub,
  repository: RepositoryRecord,
  memory: Memory,
): (login: string) => Promise<Role> {
  return (login) =>
    memory.roles.get(`${repository.installationId}:${repository.id}:${login.toLowerCase()}`, () =>
      readRole(github, repository, login),
    );
}

/** Looks for a job behind a check run: in its run, or in every run of the commit when its suite names none. */
function jobReader(source: CommitSource, memory: Memory): (params: unknown) => Promise<Read> {
  const { github, repository } = source;
  const seen = new Map<number, Promise<ReadonlySet<number>>>();
  const checksOf = (run: number): Promise<ReadonlySet<number>> => {
    const read = seen.get(run) ?? checksOfRun(github, repository, run);
    seen.set(run, read);
    return read;
  };
  const allRuns = once(async () => runsOfCommit(github, repository, await source.sha()));
  return async (params) => {
    const { check, run } = jobParams.parse(params);
    const key = `${repository.installationId}:${repository.id}:${check}`;
    if (memory.provenChecks.has(key)) return { value: true, evidence: [] };
    for (const one of run === null ? await allRuns() : [run]) {
      if ((await checksOf(one)).has(check)) {
        memory.provenChecks.add(key);
        return { value: true, evidence: [] };
      }
    }
    return { value: false, evidence: [] };
  };
}

/** Facts that every kind of subject has. Our own check runs are told apart and are no checks of others. */
export function sharedReaders(
  source: CommitSource,
  memory: Memory,
  found: (own: readonly CheckFact[]) => void,
): Readers {
  const { github, repository } = source;
  const { installationId, owner } = repository;
  return {
    [checkFacts.checks.name]: async () => {
      const all = await readAllChecks(source);
      const isOwn = (check: CheckFact): boolean => check.app?.id === github.appId;
      found(all.filter(isOwn));
      return {
        value: all.filter((check) => !isOwn(check)),
        evidence: [{ label: "commit", sha: await source.sha() }],
      };
    },
    [checkFacts.jobBehindCheck.name]: jobReader(source, memory),
    [peopleFacts.teamMembers.name]: byText((named) => {
      const { org, slug } = teamOf(named, owner);
      return memory.teams.get(`${installationId}:${org}/${slug}`.toLowerCase(), () =>
        readTeamMembers(github, repository, named),
      );
    }),
    [peopleFacts.roleOf.name]: byText(roleReader(github, repository, memory)),
    [peopleFacts.account.name]: byText((login) =>
      memory.accounts.get(`${installationId}:${login.toLowerCase()}`, () =>
        readAccount(github, repository, login),
      ),
    ),
    [repositoryFacts.repository.name]: async () => ({
      value: await readRepository(source),
      evidence: [],
    }),
    [repositoryFacts.environments.name]: async () => ({
      value: await readEnvironments(github, repository),
      evidence: [],
    }),
    [repositoryFacts.customProperties.name]: async () => ({
      value: await readCustomProperties(github, repository),
      evidence: [],
    }),
  };
}
