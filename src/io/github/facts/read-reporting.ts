import { z } from "zod";
import { testingEvents, type ReportingFact, type WorkflowHere } from "#core/facts/reporting.ts";
import { workflowFile } from "#core/facts/workflows.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { reporterOf } from "#core/rules/checks/awaited.ts";
import { triggersOf } from "#core/rules/kit/triggers/read-triggers.ts";
import type { GitHub } from "../client/client.ts";
import { anotherDoorMayOpen } from "../client/connection.ts";
import { everyCounted } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { reportingByGraphql } from "./reporting-by-graphql.ts";
import { reportingByRest } from "./reporting-by-rest.ts";
import type { ReportsOf, ReportingAsked, WorkflowText } from "./reporting-seen.ts";

/** How many merged pull requests are looked at. */
const lastMerged = 5;

/** Where something reports checks: on the branch `base`, in the judged commit, or on what was merged lately. */
export async function readReporting(
  github: GitHub,
  repository: RepositoryRecord,
  asked: ReportingAsked,
): Promise<Omit<ReportingFact, "askedFirstAt" | "firstOnBase">> {
  const { base } = asked;
  const found = await reportingByGraphql(github, repository, asked).catch((error: unknown) => {
    if (anotherDoorMayOpen(error)) return reportingByRest(github, repository, asked);
    throw error;
  });
  const reportsOn = ({ checks, isCut }: ReportsOf): ReportsOf => ({
    // Our own check runs are no sign of anybody else's.
    checks: checks.filter(({ app }) => app?.id !== github.appId),
    isCut,
  });
  const tip = reportsOn(found.tip);
  const newest = [...found.merged]
    .sort((a, b) => Date.parse(b.mergedAt ?? "") - Date.parse(a.mergedAt ?? ""))
    .slice(0, lastMerged);
  const recent = (
    await Promise.all(
      newest.map(async ({ number, author, reports }) => ({
        where: `#${number}`,
        author,
        ...reportsOn(await reports()),
      })),
    )
  ).filter(isReported);
  const known = new Set(
    [...workflowsIn(found.base), ...workflowsIn(found.head)].map(({ name }) => pathOf(name)),
  );
  const ofFiles = (where: string, files: readonly WorkflowText[]): readonly Sign[] =>
    workflowsIn(files).map(({ name }) => [`${pathOf(name)} ${where}`, [pathOf(name)]]);
  const signs: readonly Sign[] = [
    ...ofFiles(`on ${base}`, found.base),
    ...ofFiles("in this commit", found.head),
    ...(isReported(tip)
      ? [[`checks on the tip of ${base}`, filesBehind(tip, known)] as const]
      : []),
    ...recent.map((one): Sign => [`checks on ${one.where}`, filesBehind(one, known)]),
  ];
  return {
    signs: signs.map(([sign]) => sign),
    signsOf: Object.fromEntries(
      signs.flatMap(([sign, files]) => (files === null ? [] : [[sign, files]])),
    ),
    workflows: [
      ...workflowsIn(found.base).map((one) => workflowOf(one, "base")),
      ...workflowsIn(found.head).map((one) => workflowOf(one, "head")),
    ],
    ran: pathsThatRan([tip, ...recent, ...found.own.map(reportsOn)]),
    elsewhere: reportersOf(recent),
  };
}

const pathsThatRan = (on: readonly ReportsOf[]): readonly string[] =>
  [
    ...new Set(
      on.flatMap(({ checks }) =>
        checks.flatMap(({ run }) =>
          run !== null && run.path !== null && testingEvents.some((event) => event === run.event)
            ? [workflowFile(run.path)]
            : [],
        ),
      ),
    ),
  ].sort();

/** A sign that something reports, and the workflow files that it comes from alone; null: from anything. */
type Sign = readonly [sign: string, files: readonly string[] | null];

/** null: some check is of no workflow file that stands here (an App's, a status, one of GitHub's own, a ruleset's). */
function filesBehind(
  { checks, isCut }: ReportsOf,
  known: ReadonlySet<string>,
): readonly string[] | null {
  const files = checks.map(({ run }) =>
    run === null || run.path === null ? null : workflowFile(run.path),
  );
  const isKnown = (path: string | null): path is string => path !== null && known.has(path);
  return !isCut && files.every(isKnown) ? [...new Set(files)].sort() : null;
}

const pathOf = (name: string): string => `.github/workflows/${name}`;

const isReported = ({ checks, isCut }: ReportsOf): boolean => isCut || checks.length > 0;

const isTested = ({ checks }: ReportsOf): boolean =>
  checks.some(({ run }) => testingEvents.some((event) => event === run?.event));

/** Fewer, or all by one person, may be of a kind: such as one App alone looks at. */
const fewestMerged = 3;
const fewestAuthors = 2;

/** Who reported on each of those that no run of GitHub Actions tested: an App that looks at some of them is not waited for. */
function reportersOf(
  on: readonly (ReportsOf & { readonly where: string; readonly author: string | undefined })[],
): ReportingFact["elsewhere"] {
  const untested = on.filter((one) => !isTested(one));
  const authors = new Set(untested.flatMap(({ author }) => author ?? []));
  if (untested.length < fewestMerged || authors.size < fewestAuthors) return undefined;
  const [first, ...others] = untested.map(
    ({ checks }) =>
      new Map(
        checks.flatMap((check) => {
          const reporter = reporterOf(check);
          return reporter === null ? [] : [[reporter.key, reporter] as const];
        }),
      ),
  );
  if (first === undefined) return undefined;
  return {
    where: untested.map(({ where }) => where),
    reporters: [...first.values()].filter(({ key }) => others.every((one) => one.has(key))),
  };
}

const workflowsIn = (files: readonly WorkflowText[]): readonly WorkflowText[] =>
  files.filter(({ name }) => /\.ya?ml$/i.test(name));

const workflowOf = ({ name, text }: WorkflowText, at: WorkflowHere["at"]): WorkflowHere => ({
  path: pathOf(name),
  at,
  on: text === null ? "unreadable" : triggersOf(text),
});

const listed = z.object({ id: z.number(), path: z.string(), state: z.string() });

/** Paths of the workflows that GitHub does not start, whatever their files say. */
export async function readSwitchedOff(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<readonly string[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/workflows", {
    owner: repository.owner,
    repo: repository.name,
    per_page: 100,
  });
  const rows = await everyCounted(
    github,
    asRepository(repository),
    request,
    z.object({ total_count: z.number().nullish(), workflows: z.array(listed) }),
    ({ workflows: items, total_count: total }) => ({ items, total }),
    10,
  );
  return rows.filter(({ state }) => state !== "active").map(({ path }) => path);
}
