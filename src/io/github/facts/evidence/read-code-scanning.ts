import { z } from "zod";
import type { ScanSourceFact } from "#core/facts/findings.ts";
import {
  codeScanningAlertSchema,
  type CodeScanningAnalysis,
  codeScanningAnalysisSchema,
  fromCodeScanningAlert,
  toolsThatScanned,
} from "#core/formats/findings/github/code-scanning.ts";
import { namesOf } from "#core/rules/kit/changed-names.ts";
import { kindOf } from "#core/formats/findings/tool-name.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { everyPage } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { dismissals, withInstant } from "./dismissed-at.ts";
import { readFiles } from "../read-files.ts";
import { parentsOf } from "./ancestry.ts";
import { awaitedScans, type RunsOf } from "./awaited-scans.ts";
import { codeScanningKey, type EvidenceContext, type Judged } from "./evidence-cache.ts";
import {
  deletedAnalyses,
  keepAnalyses,
  keptAnalyses,
  lostAnalyses,
  whileOff,
} from "./kept-analyses.ts";
import { nothingKnown, unlessOff } from "./source-fact.ts";

const what = "code scanning";
const mostPages = 20;
const alertShape = withInstant(codeScanningAlertSchema);

/**
 * Code scanning of the judged commit: which tools analysed exactly it (threat T25), and the alerts on the refs that hold
 * it. A pull request is analysed as the merge commit that GitHub makes of it, or as its head.
 */
export async function readCodeScanning(
  context: EvidenceContext,
  judged: Judged,
  runsOf: RunsOf,
): Promise<ScanSourceFact> {
  const { repository } = judged;
  const sha = await judged.source.sha();
  const kept = await keptAnalyses(context, repository, sha);
  const read = await unlessOff(context, codeScanningKey(repository), what, async () => {
    const known = await analysesOf(context, judged, sha);
    const analyses = known ?? [];
    const commits = await commitsTestedAs(context, judged, sha, analyses);
    const { scanned, failed } = toolsThatScanned(analyses, commits);
    const own = analyses.filter((analysis) => commits.includes(analysis.commit_sha));
    await keepAnalyses(context, repository, sha, kept, own);
    const gone = await deletedAnalyses(context, repository, kept, analyses);
    const lost = await lostAnalyses(own, gone, () => changedPaths(judged));
    const tools = new Set(scanned.map(({ tool }) => tool));
    const missed =
      judged.pull === null
        ? { awaited: [], waiting: [], cut: [] }
        : await awaitedScans(context, judged, analyses, tools, runsOf, () => changedPaths(judged));
    // The ref on which GitHub tests the change is looked at in any case: an alert there counts, no matter who analysed what.
    const refs = [
      ...new Set([
        ...(await usualRefs(judged, own)),
        ...(own.length > 0 ? own : analyses).flatMap((analysis) => analysis.ref ?? []),
      ]),
    ].slice(0, 3);
    const found = await Promise.all(refs.map((ref) => orAbsent(alertsOn(context, judged, ref))));
    const lists = found.flatMap((list) => (list === null ? [] : [list]));
    // GitHub's own answer for a repository that nothing has ever analysed.
    if (known === null && lists.length === 0 && lost.length === 0)
      throw new GitHubError("not_found", "no analysis", { status: 404 });
    const alerts = [...new Map(lists.flat().map((alert) => [alert.number, alert])).values()];
    const told = alerts.map((alert) => ({ alert, finding: fromCodeScanningAlert(alert) }));
    return {
      ...nothingKnown,
      note:
        scanned.length > 0
          ? null
          : analyses.length > 0
            ? "no analysis of exactly this commit"
            : "no analysis of this change",
      findings: told.flatMap(({ finding }) => finding ?? []),
      scans: scanned.map(({ tool, workflows }) => ({
        tool,
        kinds: [kindOf(tool, [])],
        ...(workflows.length === 0 ? {} : { workflows }),
      })),
      ...(missed.awaited.length === 0 ? {} : missed),
      ...(lost.length === 0 ? {} : { lost }),
      failed: failed.map(({ tool, error }) => ({ tool, reason: error })),
      dismissedAt: dismissals(
        told.map(({ alert, finding }) => ({ finding, at: alert.dismissed_at })),
      ),
      link: await linkOf(judged),
      evidence: scanned.map(({ tool }) => ({ label: `${tool} analysed ${sha.slice(0, 7)}`, sha })),
    };
  });
  // Switching it off removed its findings, so those that were seen are reported as lost.
  return read.state === "off" && kept.length > 0 ? { ...read, lost: kept.map(whileOff) } : read;
}

/** Paths that the judged change touches; none for a deployed commit, which is on its branch already. */
const changedPaths = async ({ pull, change }: Judged): Promise<readonly string[]> =>
  pull === null
    ? ((await change?.diff()) ?? []).map(({ path }) => path)
    : (await readFiles(pull)).flatMap(namesOf);

const branchRef = ({ ref, repository }: Judged): string =>
  ref?.startsWith("refs/") === true ? ref : `refs/heads/${ref ?? repository.defaultBranch}`;

const defaultRef = ({ repository }: Judged): string => `refs/heads/${repository.defaultBranch}`;

/** What is deployed by a tag or a commit has no alerts of its own: without an analysis of it the default branch's stand for it. */
const isElsewhere = (judged: Judged, own: readonly CodeScanningAnalysis[]): boolean =>
  judged.pull === null &&
  judged.change === undefined &&
  own.length === 0 &&
  branchRef(judged) !== defaultRef(judged);

async function usualRefs(
  judged: Judged,
  own: readonly CodeScanningAnalysis[],
): Promise<readonly string[]> {
  if (judged.pull !== null)
    return [`refs/pull/${(await judged.pull.pull()).pullRequest.number}/merge`];
  return isElsewhere(judged, own) ? [branchRef(judged), defaultRef(judged)] : [branchRef(judged)];
}

async function linkOf({ pull }: Judged): Promise<string | null> {
  if (pull === null) return null;
  const { url, number } = (await pull.pull()).pullRequest;
  return `${url.replace(/\/pull\/\d+$/, "")}/security/code-scanning?query=pr%3A${number}`;
}

/** Newest first: those of the pull request, and where none is of its head those of its branch (analysed on push). null: GitHub knows of none. */
async function analysesOf(
  context: EvidenceContext,
  judged: Judged,
  sha: string,
): Promise<readonly CodeScanningAnalysis[] | null> {
  if (judged.pull === null) {
    const ofRef = await listAnalyses(context, judged, { ref: branchRef(judged) });
    if (
      !isElsewhere(
        judged,
        (ofRef ?? []).filter((analysis) => analysis.commit_sha === sha),
      )
    )
      return ofRef;
    const ofDefault = await listAnalyses(context, judged, { ref: defaultRef(judged) });
    return ofRef === null && ofDefault === null
      ? null
      : [...(ofRef ?? []), ...(ofDefault ?? []).filter((analysis) => analysis.commit_sha === sha)];
  }
  const { number, headRef, fork } = (await judged.pull.pull()).pullRequest;
  const ofPull = await listAnalyses(context, judged, { pr: number });
  const isAnalysed =
    ofPull?.some(
      (analysis) => analysis.commit_sha === sha || analysis.ref === `refs/pull/${number}/merge`,
    ) === true;
  if (ofPull !== null && (fork || isAnalysed)) return ofPull;
  const ofBranch = fork
    ? null
    : await listAnalyses(context, judged, { ref: `refs/heads/${headRef}` });
  if (ofPull === null && ofBranch === null) return null;
  return [...(ofPull ?? []), ...(ofBranch ?? []).filter((analysis) => analysis.commit_sha === sha)];
}

/** One page is enough: a commit's analyses are among the newest. null: GitHub knows of none (404). */
async function listAnalyses(
  { github }: EvidenceContext,
  { repository }: Judged,
  of: { readonly pr: number } | { readonly ref: string },
): Promise<readonly CodeScanningAnalysis[] | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/code-scanning/analyses", {
    owner: repository.owner,
    repo: repository.name,
    ...of,
    per_page: 100,
  });
  const answer = await orAbsent(
    github.rest(asRepository(repository), request, z.array(codeScanningAnalysisSchema)),
  );
  return answer?.data ?? null;
}

/** The head itself, and those of the analysed commits that are merges of it: GitHub makes a new one whenever the base moves. */
async function commitsTestedAs(
  context: EvidenceContext,
  judged: Judged,
  sha: string,
  analyses: readonly CodeScanningAnalysis[],
): Promise<readonly string[]> {
  if (judged.pull === null) return [sha];
  const others = [
    ...new Set(
      analyses
        .filter((analysis) => analysis.commit_sha !== sha)
        .map((analysis) => analysis.commit_sha),
    ),
  ].slice(0, 5);
  const merges = await Promise.all(
    others.map(async (commit) =>
      (await parentsOf(context, judged.repository, commit)).includes(sha) ? [commit] : [],
    ),
  );
  return [sha, ...merges.flat()];
}

/** Open and dismissed alerts on a ref; what is fixed is of no interest, and there is a lot of it. */
export async function alertsOn(
  { github }: Pick<EvidenceContext, "github">,
  { repository }: Pick<Judged, "repository">,
  ref: string,
): Promise<readonly z.infer<typeof alertShape>[]> {
  const list = (state: "open" | "dismissed") =>
    everyPage(
      github,
      asRepository(repository),
      github.endpoint("GET /repos/{owner}/{repo}/code-scanning/alerts", {
        owner: repository.owner,
        repo: repository.name,
        state,
        per_page: 100,
        ref,
      }),
      z.array(alertShape),
      mostPages,
    );
  return (await Promise.all([list("open"), list("dismissed")])).flat();
}
