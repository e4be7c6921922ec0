import { z } from "zod";
import type { CheckFact } from "#core/facts/checks.ts";
import { isAboutCommit } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { Records } from "#core/ports/records.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { checkConclusion, checkStatus } from "./parse-checks.ts";
import type { CommitSource } from "./subject-source.ts";

/**
 * Anybody who may write can delete a workflow run, and its checks go with it: a red one, or one that would have told more,
 * would look as if it had never been. So what did not pass when it was seen is kept, and counts on once its run is gone.
 */
export interface KeptRuns {
  readonly checks: (
    source: CommitSource,
    shown: readonly CheckFact[],
  ) => Promise<readonly CheckFact[]>;
  readonly runs: (
    source: CommitSource,
    shown: readonly WorkflowRunFact[],
  ) => Promise<readonly WorkflowRunFact[]>;
}

const status = checkStatus;
const conclusion = checkConclusion.nullable();
const runOfCheck = z.object({
  id: z.number(),
  event: z.string(),
  path: z.string().nullable(),
  ref: z.string().optional(),
});
const keptCheck = z.object({
  id: z.number(),
  name: z.string(),
  app: z.object({ id: z.number().nullable(), slug: z.string() }).nullable(),
  status,
  conclusion,
  startedAt: z.number(),
  suite: z.number().optional(),
  run: runOfCheck,
});
const keptRun = z.object({
  id: z.number(),
  name: z.string(),
  event: z.string(),
  path: z.string().nullable(),
  ref: z.string().optional(),
  status,
  conclusion,
  startedAt: z.number(),
});
/** `gone`: runs of which GitHub said that there is none of that number any more. */
const keptShape = z.object({
  checks: z.array(keptCheck),
  runs: z.array(keptRun),
  gone: z.array(z.number()),
});
type Kept = z.infer<typeof keptShape>;

/** More are not kept of one commit: who has so many red has others. */
const most = 200;

const nothing: Kept = { checks: [], runs: [], gone: [] };
const keptIn = (text: string | null): Kept =>
  text === null ? nothing : keptShape.parse(JSON.parse(text));

/**
 * What is worth keeping: what ended otherwise than well, and what had not ended, on pull requests and at deployments alike.
 * But the run that asks to deploy goes on while it is judged, and one that waits for people at an environment deploys: what
 * becomes of them says nothing of the commit, and who goes back to it later must not wait for them.
 */
function isOpen(
  one: { readonly status: string; readonly conclusion: string | null },
  run: { readonly id: number; readonly event: string },
  { asking }: CommitSource,
): boolean {
  if (one.status === "completed") return one.conclusion !== "success";
  if (run.event === "pull_request") return true;
  return isAboutCommit(run) && run.id !== asking && one.status !== "waiting";
}

const toKeep = (check: CheckFact, source: CommitSource): Kept["checks"] =>
  check.kind === "check_run" && check.run !== null && isOpen(check, check.run, source)
    ? [keptCheck.parse({ ...check, run: check.run })]
    : [];

const existing = z.object({ id: z.number() });

async function isDeleted({ github, repository }: CommitSource, run: number): Promise<boolean> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
    owner: repository.owner,
    repo: repository.name,
    run_id: run,
  });
  return (await orAbsent(github.rest(asRepository(repository), request, existing))) === null;
}

export function createKeptRuns(records: Pick<Records, "getValue" | "changeValue">): KeptRuns {
  const keyOf = ({ repository }: CommitSource, sha: string): string =>
    `open-checks:${repository.id}:${sha}`;

  /** Which of these runs are gone. Not shown is not gone: a run that begins anew shows nothing for a moment. */
  async function goneOf(
    source: CommitSource,
    kept: Kept,
    runs: Iterable<number>,
  ): Promise<readonly number[]> {
    const gone: number[] = [];
    for (const run of new Set(runs))
      if (kept.gone.includes(run) || (await isDeleted(source, run))) gone.push(run);
    return gone;
  }

  async function keep(
    source: CommitSource,
    sha: string,
    kept: Kept,
    change: (before: Kept) => Kept,
  ): Promise<void> {
    if (JSON.stringify(change(kept)) === JSON.stringify(kept)) return;
    await records.changeValue(keyOf(source, sha), (text) => JSON.stringify(change(keptIn(text))));
  }

  const withGone = (before: Kept, gone: readonly number[]): readonly number[] =>
    [...new Set([...before.gone, ...gone])].sort((a, b) => a - b);

  return {
    checks: async (source, shown) => {
      const sha = await source.sha();
      const kept = keptIn(await records.getValue(keyOf(source, sha)));
      const there = new Set(shown.flatMap(({ run }) => run?.id ?? []));
      const missing = kept.checks.filter(({ run }) => !there.has(run.id));
      const gone = await goneOf(
        source,
        kept,
        missing.map(({ run }) => run.id),
      );
      await keep(source, sha, kept, (before) => ({
        ...before,
        checks: [
          ...before.checks.filter(({ run }) => !there.has(run.id)),
          ...shown.flatMap((check) => toKeep(check, source)),
        ].slice(0, most),
        gone: [...withGone(before, gone)],
      }));
      return [
        ...shown,
        ...missing
          .filter(({ run }) => gone.includes(run.id))
          .map(({ suite, run: { ref, ...run }, ...check }): CheckFact => ({
            ...check,
            kind: "check_run",
            completedAt: null,
            url: null,
            ...(suite === undefined ? {} : { suite }),
            run: { ...run, ...(ref === undefined ? {} : { ref }) },
            externalId: null,
            isDeleted: true,
          })),
      ];
    },
    runs: async (source, shown) => {
      const sha = await source.sha();
      const kept = keptIn(await records.getValue(keyOf(source, sha)));
      const there = new Set(shown.map(({ id }) => id));
      const missing = kept.runs.filter(({ id }) => !there.has(id));
      const gone = await goneOf(
        source,
        kept,
        missing.map(({ id }) => id),
      );
      await keep(source, sha, kept, (before) => ({
        ...before,
        runs: [
          ...before.runs.filter(({ id }) => !there.has(id)),
          ...shown.filter((run) => isOpen(run, run, source)).map((run) => keptRun.parse(run)),
        ].slice(0, most),
        gone: [...withGone(before, gone)],
      }));
      return [
        ...shown,
        ...missing
          .filter(({ id }) => gone.includes(id))
          .map(({ ref, ...run }): WorkflowRunFact => ({
            ...run,
            ...(ref === undefined ? {} : { ref }),
            url: null,
            isDeleted: true,
          })),
      ];
    },
  };
}
