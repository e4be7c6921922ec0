import { z } from "zod";
import * as checkFacts from "#core/facts/checks.ts";
import * as peopleFacts from "#core/facts/people.ts";
import * as repositoryFacts from "#core/facts/repository.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { reporting, switchedOffWorkflows, type Triggers } from "#core/facts/reporting.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import type { Person, Role } from "#core/model/actor.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { readCustomProperties } from "../read/custom-properties.ts";
import { readEnvironments } from "../read/deployments.ts";
import { readRole } from "../read/role.ts";
import type { KeptRuns } from "./deleted-runs.ts";
import type { FactCaches } from "./fact-caches.ts";
import type { FirstAsked } from "./first-asked.ts";
import type { CheckIdentity } from "./identities.ts";
import { readAllChecks } from "./read-checks.ts";
import { jobOf, readJobsOfRun, type JobsOfRun } from "./read-job.ts";
import { accountOf, membersOf } from "./named-people.ts";
import { readReporting, readSwitchedOff } from "./read-reporting.ts";
import { readRepository } from "./read-repository.ts";
import { readWorkflowRuns } from "./read-workflow-runs.ts";
import { readStatusReports } from "./read-statuses.ts";
import { readRunsOfCommit } from "./runs-of-commit.ts";
import { type CommitSource, numberOf, once } from "./subject-source.ts";

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
  caches: FactCaches,
): (person: Pick<Person, "id" | "login">) => Promise<Role> {
  return (person) =>
    caches.roles.get(
      `${repository.installationId}:${repository.id}:${person.id}`,
      async () => (await readRole(github, repository, person)).role,
    );
}

const roleParams = z.object({ id: z.number().int(), login: z.string().min(1) });

const runShape = z.object({ id: z.number() });
const namedParams = z.object({ run: z.number().int(), name: z.string() });

/** What is known of the jobs behind checks; the jobs of a run are read once. */
function jobReaders(source: CommitSource, caches: FactCaches): Readers {
  const { github, repository } = source;
  const seen = new Map<number, Promise<JobsOfRun>>();
  const jobsOf = (run: number): Promise<JobsOfRun> => {
    const read = seen.get(run) ?? readJobsOfRun(github, repository, run);
    seen.set(run, read);
    return read;
  };
  const allRuns = once(async () =>
    (await readRunsOfCommit(github, repository, await source.sha(), runShape)).map(({ id }) => id),
  );
  return {
    // In its run, or in every run of the commit when its suite names none.
    [checkFacts.jobBehindCheck.name]: async (params) => {
      const { check, run } = jobParams.parse(params);
      const key = `${repository.installationId}:${repository.id}:${check}`;
      if (caches.provenChecks.has(key)) return { value: true, evidence: [] };
      for (const one of run === null ? await allRuns() : [run]) {
        if ((await jobsOf(one)).checks.has(check)) {
          caches.provenChecks.add(key);
          return { value: true, evidence: [] };
        }
      }
      return { value: false, evidence: [] };
    },
    [checkFacts.jobNamed.name]: async (params) => {
      const { run, name } = namedParams.parse(params);
      return { value: jobOf(run, await jobsOf(run), name), evidence: [] };
    },
  };
}

const isOfTests = (on: Triggers): boolean => on === "unreadable" || Object.keys(on).length > 0;

/** Facts that every kind of subject has. Our own check runs are told apart and are no checks of others. */
export function sharedReaders(
  source: CommitSource,
  caches: FactCaches,
  found: (own: readonly CheckFact[]) => void,
  identify: CheckIdentity,
  keptRuns: KeptRuns,
  firstAsked: FirstAsked,
): Readers {
  const { github, repository } = source;
  const allChecks = once(async () => keptRuns.checks(source, await readAllChecks(source)));
  return {
    [checkFacts.checks.name]: async () => {
      const all = await allChecks();
      const isOwn = (check: CheckFact): boolean => check.app?.id === github.appId;
      found(all.filter(isOwn));
      return {
        value: all.filter((check) => !isOwn(check)),
        evidence: [{ label: "commit", sha: await source.sha() }],
      };
    },
    ...jobReaders(source, caches),
    [checkFacts.statusReports.name]: async () => {
      const [sha, shown] = await Promise.all([source.sha(), allChecks()]);
      return {
        value: await readStatusReports(source, sha, shown, caches.statusReports, caches.now),
        evidence: [],
      };
    },
    [workflowRuns.name]: async () => ({
      value: await keptRuns.runs(source, await readWorkflowRuns(source)),
      evidence: [],
    }),
    [reporting.name]: async () => {
      const [base, head] = await Promise.all([source.base(), source.sha()]);
      const here = await readReporting(github, repository, { base, head, pull: numberOf(source) });
      const onBase = (here.workflows ?? []).filter(({ at, on }) => at === "base" && isOfTests(on));
      const first = await firstAsked(
        source,
        onBase.map(({ path, on }) => ({ path, on })),
      );
      return { value: { ...here, ...first }, evidence: [] };
    },
    [switchedOffWorkflows.name]: async () => ({
      value: await readSwitchedOff(github, repository),
      evidence: [],
    }),
    [peopleFacts.teamMembers.name]: byText(async (named) => {
      const { name, id, people } = await membersOf(github, repository, caches, named);
      if (id !== null) await identify("team", name, id);
      return people;
    }),
    [peopleFacts.roleOf.name]: async (params) => ({
      value: await roleReader(github, repository, caches)(roleParams.parse(params)),
      evidence: [],
    }),
    [peopleFacts.account.name]: byText(async (login) => {
      const found = await accountOf(github, repository, caches, login);
      if (found !== null) await identify("account", login, found.id);
      return found;
    }),
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
