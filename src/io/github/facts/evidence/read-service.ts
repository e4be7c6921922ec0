import { z } from "zod";
import type { CoverageSource } from "#core/facts/coverage.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import {
  coverageServices,
  readServiceText,
  type ServiceFigure,
} from "#core/formats/coverage/service-text.ts";
import { matchesName } from "#core/formats/glob.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { everyPage } from "#io/github/client/pages.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { fromRestStatus, restStatus } from "../parse-checks.ts";

export interface ServiceWord {
  readonly project: number | null;
  readonly patch: number | null;
  readonly evidence: readonly Evidence[];
  readonly waiting: readonly string[];
  readonly ignored: readonly string[];
}

/** More texts than this are not read: services report once or twice a commit. */
const mostTexts = 8;

/**
 * What known coverage services say of a commit in their checks and statuses. Anybody can give a check any name and text:
 * only the service's own app is believed (threat T1), and only a check that finished its work (threat T27).
 */
export async function readServiceWord(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
  checks: readonly CheckFact[],
  { from, flags }: CoverageSource,
): Promise<ServiceWord> {
  const waiting: string[] = [];
  const ignored: string[] = [];
  const believed: CheckFact[] = [];
  const shown = checks.filter((check) => isWanted(check, from));
  const statuses = shown.some(({ kind }) => kind === "status")
    ? await describedStatuses(github, repository, sha)
    : new Map<CheckFact, readonly string[]>();
  const wanted = [
    ...shown.filter(({ kind }) => kind === "check_run"),
    ...[...statuses.keys()].filter((status) => isWanted(status, from)),
  ];
  for (const check of newestByName(wanted)) {
    const why = whyNotBelieved(check);
    if (why === "running") waiting.push(check.name);
    else if (why !== null) ignored.push(`${check.name}: ${why}`);
    else believed.push(check);
  }
  const texts = await textsOfRuns(github, repository, believed.slice(0, mostTexts));
  const figures: { readonly figure: ServiceFigure; readonly check: CheckFact }[] = [];
  for (const check of believed) {
    const figure = (texts.get(check) ?? statuses.get(check) ?? [])
      .map((text) => readServiceText({ name: check.name, text }))
      .find((found) => found !== undefined);
    if (figure === undefined) ignored.push(`${check.name}: it says no coverage figure`);
    else if (countsFor(figure, flags)) figures.push({ figure, check });
  }
  const least = (scope: ServiceFigure["scope"]): number | null => {
    const percents = figures
      .filter(({ figure }) => figure.scope === scope)
      .map(({ figure }) => figure.percent);
    return percents.length === 0 ? null : Math.min(...percents);
  };
  return {
    project: least("project"),
    patch: least("patch"),
    evidence: figures.map(({ figure, check }) => ({
      label: `${check.name}: ${figure.scope} ${figure.percent}%, as ${figure.service} says`,
      sha,
      ...(check.url === null ? {} : { url: check.url }),
    })),
    waiting,
    ignored,
  };
}

const serviceOf = (name: string) =>
  coverageServices.find((service) => service.name.test(name.trim().slice(0, 300)));

function isWanted(check: CheckFact, from: CoverageSource["from"]): boolean {
  const glob = check.kind === "status" ? from?.status : from?.check;
  if (from === undefined) return serviceOf(check.name) !== undefined;
  return glob !== undefined && matchesName(glob, check.name);
}

function whyNotBelieved(check: CheckFact): string | null {
  const service = serviceOf(check.name);
  if (service === undefined) return "not a coverage service that is known";
  const app = check.app?.slug.toLowerCase() ?? null;
  if (app === null || !service.apps.includes(app))
    return `reported by ${app ?? "a person"}, not by ${service.service}'s own app`;
  if (check.status !== "completed" || check.conclusion === null) return "running";
  return check.conclusion === "success" || check.conclusion === "failure"
    ? null
    : `it ended as ${check.conclusion}, which measures nothing`;
}

/** A figure of one flag is not the project's; where flags are asked for, only theirs count. */
function countsFor(figure: ServiceFigure, flags: CoverageSource["flags"]): boolean {
  if (flags === undefined) return figure.flag === undefined;
  return (
    figure.flag !== undefined &&
    flags.some((flag) => flag.toLowerCase() === figure.flag?.toLowerCase())
  );
}

function newestByName(checks: readonly CheckFact[]): readonly CheckFact[] {
  const newest = new Map<string, CheckFact>();
  for (const check of checks) {
    const key = `${check.kind}:${check.app?.slug ?? ""}:${check.name}`;
    const known = newest.get(key);
    if (
      known === undefined ||
      check.startedAt > known.startedAt ||
      (check.startedAt === known.startedAt && check.id > known.id)
    )
      newest.set(key, check);
  }
  return [...newest.values()];
}

const checkText = z.object({
  id: z.number(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      text: z.string().nullish(),
    })
    .nullish(),
});
/** Title, summary and text of each check run. */
async function textsOfRuns(
  github: GitHub,
  repository: RepositoryRecord,
  checks: readonly CheckFact[],
): Promise<ReadonlyMap<CheckFact, readonly string[]>> {
  const names = { owner: repository.owner, repo: repository.name };
  const texts = new Map<CheckFact, readonly string[]>();
  await Promise.all(
    checks
      .filter((check) => check.kind === "check_run")
      .map(async (check) => {
        const { data } = await github.rest(
          asRepository(repository),
          github.endpoint("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", {
            ...names,
            check_run_id: check.id,
          }),
          checkText,
        );
        texts.set(
          check,
          [data.output?.title, data.output?.summary, data.output?.text].filter(isText),
        );
      }),
  );
  return texts;
}

const isText = (text: string | null | undefined): text is string =>
  typeof text === "string" && text !== "";

const describedStatus = restStatus.extend({ description: z.string().nullish() });

/** Every status of the commit with what it says: the summary's newest of a context may be a stranger's over the service's. */
async function describedStatuses(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<ReadonlyMap<CheckFact, readonly string[]>> {
  const rows = await everyPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}/statuses", {
      owner: repository.owner,
      repo: repository.name,
      ref: sha,
      per_page: 100,
    }),
    z.array(describedStatus),
    10,
  );
  return new Map(rows.map((row) => [fromRestStatus(row), [row.description].filter(isText)]));
}
