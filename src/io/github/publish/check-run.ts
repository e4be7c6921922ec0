import { z } from "zod";
import type { CheckRunContent } from "#core/model/effect.ts";
import type { KnownEffect } from "#core/ports/publisher.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { lookBefore } from "./look.ts";
import { outputOf, stateOf, toWire, type WireAnnotation } from "./check-run-output.ts";
import type { EffectOf, HasLanded, Perform } from "./publish-context.ts";

type Effect = EffectOf<"check_run">;

const written = z.object({
  id: z.number(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
});
const found = z.object({
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      external_id: z.string().nullish(),
      app: z.object({ id: z.number() }).nullish(),
    }),
  ),
});
const annotationRow = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  title: z.string().nullish(),
  message: z.string().nullish(),
});

/** Our own check runs of that name on that commit, newest first. */
async function ownRuns(
  github: GitHub,
  effect: Effect,
  repository: RepositoryRecord,
): Promise<z.infer<typeof found>["check_runs"]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
    ...namesOf(repository),
    ref: effect.sha,
    check_name: effect.name,
    app_id: github.appId,
    filter: "latest",
    per_page: 100,
  });
  const { data } = await github.rest(asRepository(repository, "checks"), request, found);
  const ours = data.check_runs.filter(
    (run) =>
      run.name === effect.name &&
      (run.app === null || run.app === undefined || run.app.id === github.appId),
  );
  return ours.toSorted((a, b) => b.id - a.id);
}

/** The check run that a try made whose answer was lost. */
async function lookUp(
  github: GitHub,
  effect: Effect,
  repository: RepositoryRecord,
): Promise<number | null> {
  const ours = await ownRuns(github, effect, repository);
  const exact = ours.find((run) => run.external_id === effect.content.externalId);
  return (exact ?? ours[0])?.id ?? null;
}

/** A check run's `external_id` ends with the beginning of the hash of its content. */
export const checkRunHasLanded: HasLanded<"check_run"> = async (
  github,
  effect,
  repository,
  { hash },
) =>
  (await ownRuns(github, effect, repository)).some(
    (run) => run.external_id?.endsWith(`:${hash.slice(0, 12)}`) === true,
  );

const sameAs = (annotation: WireAnnotation): string =>
  JSON.stringify([
    annotation.path,
    annotation.start_line,
    annotation.end_line,
    annotation.title,
    annotation.message,
  ]);

/** Annotations are only ever appended, so those that stand there already, from an interrupted try or an earlier decision, are left out. */
async function notYetThere(
  github: GitHub,
  id: number,
  repository: RepositoryRecord,
  wanted: readonly WireAnnotation[],
  sentBefore: number,
): Promise<readonly WireAnnotation[]> {
  if (wanted.length === 0) return wanted;
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
    { ...namesOf(repository), check_run_id: id, per_page: 100 },
  );
  try {
    const rows = await everyPage(
      github,
      asRepository(repository, "checks"),
      request,
      z.array(annotationRow),
      100,
    );
    const there = new Set(
      rows.map((row) =>
        JSON.stringify([
          row.path,
          row.start_line,
          row.end_line,
          row.title ?? "",
          row.message ?? "",
        ]),
      ),
    );
    return wanted.filter((annotation) => !there.has(sameAs(annotation)));
  } catch (error) {
    if (error instanceof GitHubError && error.code === "not_found") return wanted.slice(sentBefore);
    throw error;
  }
}

/** What both ways of writing it need beside the check run. */
interface Around {
  readonly detailsUrl: string | undefined;
  readonly mayLeave: KnownEffect["mayLeave"];
}

async function create(
  github: GitHub,
  effect: Effect,
  repository: RepositoryRecord,
  annotations: readonly WireAnnotation[],
  { detailsUrl, mayLeave }: Around,
): Promise<number> {
  const { content } = effect;
  const request = github.endpoint("POST /repos/{owner}/{repo}/check-runs", {
    ...namesOf(repository),
    name: effect.name,
    head_sha: effect.sha,
    ...stateOf(content, detailsUrl),
    output: outputOf(content, annotations),
  });
  const made = await github.rest(asRepository(repository, "checks"), request, written, {
    before: mayLeave,
  });
  return made.data.id;
}

/** false: the check run is deleted, too old to be changed, or GitHub kept it as it was: a new one is to be made. */
async function update(
  github: GitHub,
  id: number,
  content: CheckRunContent,
  repository: RepositoryRecord,
  annotations: readonly WireAnnotation[],
  { detailsUrl, mayLeave }: Around,
): Promise<boolean> {
  const request = github.endpoint("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
    ...namesOf(repository),
    check_run_id: id,
    ...stateOf(content, detailsUrl),
    output: outputOf(content, annotations),
  });
  try {
    // Without annotations nothing is appended, and doing it twice is doing it once.
    const { data } = await github.rest(asRepository(repository, "checks"), request, written, {
      idempotent: annotations.length === 0,
      before: mayLeave,
    });
    return data.status === null || data.status === undefined || data.status === content.status;
  } catch (error) {
    if (
      error instanceof GitHubError &&
      (error.code === "not_found" || (error.code === "invalid" && annotations.length === 0))
    )
      return false;
    throw error;
  }
}

/** The annotations that did not fit the first request, one request after the other: each appends. */
async function append(
  github: GitHub,
  id: number,
  content: CheckRunContent,
  repository: RepositoryRecord,
  rest: readonly WireAnnotation[],
): Promise<void> {
  for (let from = 0; from < rest.length; from += writeCaps.annotationsPerRequest) {
    const output = outputOf(content, rest.slice(from, from + writeCaps.annotationsPerRequest));
    const request = github.endpoint("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...namesOf(repository),
      check_run_id: id,
      output,
    });
    await github.rest(asRepository(repository, "checks"), request, written);
  }
}

/** The verdict matters more than its annotations: when GitHub refuses these, the check run is made without. */
async function sparing(
  annotations: readonly WireAnnotation[],
  write: (annotations: readonly WireAnnotation[]) => Promise<number>,
): Promise<number> {
  try {
    return await write(annotations);
  } catch (error) {
    if (annotations.length === 0 || !(error instanceof GitHubError) || error.code !== "invalid")
      throw error;
    return write([]);
  }
}

/** Makes or changes the check run; annotations go in batches of 50, continued where an interrupted try ended. */
export async function performCheckRun(
  ...[github, effect, repository, known, detailsUrl]: [
    ...Parameters<Perform<"check_run">>,
    detailsUrl: string | undefined,
  ]
): ReturnType<Perform<"check_run">> {
  const { content } = effect;
  const around = { detailsUrl, mayLeave: known.mayLeave };
  const wanted = content.annotations.map(toWire);
  const there =
    known.remoteId ?? (await lookBefore(known, () => lookUp(github, effect, repository)));
  if (there !== null) {
    const missing = await notYetThere(
      github,
      there,
      repository,
      wanted,
      known.annotationsSent,
    ).catch((error: unknown) => {
      if (error instanceof GitHubError && error.code === "not_found") return wanted;
      throw error;
    });
    const first = missing.slice(0, writeCaps.annotationsPerRequest);
    let kept = false;
    await sparing(first, async (annotations) => {
      kept = await update(github, there, content, repository, annotations, around);
      return there;
    });
    if (kept) {
      await append(
        github,
        there,
        content,
        repository,
        missing.slice(writeCaps.annotationsPerRequest),
      );
      return { remoteId: there };
    }
  }
  const made = await sparing(wanted.slice(0, writeCaps.annotationsPerRequest), (annotations) =>
    create(github, effect, repository, annotations, around),
  );
  try {
    await append(github, made, content, repository, wanted.slice(writeCaps.annotationsPerRequest));
  } catch (error) {
    if (!(error instanceof GitHubError) || error.code !== "invalid") throw error;
  }
  return { remoteId: made };
}
