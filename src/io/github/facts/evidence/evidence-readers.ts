import { z } from "zod";
import { baseCoverage, coverageReport, type CoverageFact } from "#core/facts/coverage.ts";
import { baseTests, testReports } from "#core/facts/test-reports.ts";
import * as findingFacts from "#core/facts/findings.ts";
import { branchRef, refsOfDeployment, type RunOrigin } from "#core/facts/run-origin.ts";
import type { PullRequestFact } from "#core/facts/pull-request.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { Read, Readers } from "../shared-readers.ts";
import { once, type PullSource } from "../subject-source.ts";
import { mergeBase } from "./ancestry.ts";
import { commitArtifacts, type CommitArtifacts } from "./commit-artifacts.ts";
import { type Change, type EvidenceContext, type Judged, placeKey } from "./evidence-cache.ts";
import { readDependabot, readSecretScanning } from "./read-alerts.ts";
import { readBaseCoverage, rememberCoverage } from "./read-base-coverage.ts";
import { readBaseFindings } from "./read-base-findings.ts";
import { readBaseTests, rememberTests } from "./read-base-tests.ts";
import { readTests } from "./read-tests.ts";
import { readCodeScanning } from "./read-code-scanning.ts";
import { readCoverage } from "./read-coverage.ts";
import { readComparison } from "./read-dependencies.ts";
import { readDiff } from "./read-diff.ts";
import { readScanArtifacts } from "./read-scan-artifacts.ts";
import type { WorkflowRun } from "./workflow-runs.ts";

const placeParams = z.object({
  from: z
    .object({
      artifact: z.string().optional(),
      check: z.string().optional(),
      status: z.string().optional(),
      workflow: z.string().optional(),
    })
    .optional(),
  flags: z.array(z.string()).optional(),
  artifacts: z.array(z.string()).optional(),
});

const testsParams = z.object({ from: z.array(z.string()) });

/** How the facts of the evidence gates are read for one subject; what two of them need is read once. */
export function evidenceReaders(context: EvidenceContext, judged: Judged): Readers {
  const { repository, source, pull } = judged;
  const artifacts = once(async () =>
    commitArtifacts(context, repository, await source.sha(), (runs) => originOf(judged, runs)),
  );
  const change = pull === null ? judged.change : pullChange(context, pull);
  // What is deployed has no base: what stands before it on the default branch tells whether reports are made here.
  const line = change ?? { baseRef: source.base, mergeBase: source.sha };
  const ofWorkflow = async (workflow: string | undefined): Promise<CommitArtifacts> =>
    (await artifacts())(workflow);
  const plain = (read: () => Promise<unknown>) => async (): Promise<Read> => ({
    value: await read(),
    evidence: [],
  });
  const scans = (read: () => Promise<findingFacts.ScanSourceFact>) => async (): Promise<Read> => {
    const value = await read();
    return { value, evidence: value.evidence };
  };
  const common: Readers = {
    [findingFacts.codeScanning.name]: scans(() => readCodeScanning(context, judged, ofWorkflow)),
    [findingFacts.dependabotAlerts.name]: scans(() => readDependabot(context, judged)),
    [findingFacts.secretScanning.name]: scans(() => readSecretScanning(context, judged)),
    [findingFacts.scanArtifacts.name]: scans(async () =>
      readScanArtifacts(context, repository, await ofWorkflow(undefined)),
    ),
    [testReports.name]: async (params) => {
      const place = testsParams.parse(params);
      const value = await readTests(context, repository, await ofWorkflow(undefined), place, {
        // Of what is deployed the line begins at itself, which it cannot be compared with.
        before: async () =>
          change === undefined
            ? null
            : ((await readBaseTests(context, repository, line, place))?.reports ?? null),
      });
      await rememberTests(context, repository, await source.sha(), place, value);
      return { value, evidence: value.kind === "read" ? value.evidence : [] };
    },
    [findingFacts.findingTickets.name]: plain(() => ticketsOf(context, judged)),
    [findingFacts.branchTip.name]: async (params) => ({
      value: await readTip(context, judged, z.string().min(1).parse(params)),
      evidence: [],
    }),
  };
  const base: Readers = {
    [baseTests.name]: async (params) => {
      const found = await readBaseTests(context, repository, line, testsParams.parse(params));
      const value = found === null ? null : { ran: found.ran, sha: found.sha };
      return {
        value,
        evidence: value === null ? [] : [{ label: "tests of the base", sha: value.sha }],
      };
    },
  };
  if (change === undefined) return { ...common, ...base };
  const diff = once(change.diff);
  const comparison = once(() =>
    readComparison(context, repository, change, () => ofWorkflow(undefined)),
  );
  return {
    ...common,
    ...base,
    ...(pull === null
      ? {}
      : {
          [findingFacts.baseFindings.name]: async (params: unknown) => ({
            value: await readBaseFindings(
              context,
              pull,
              z.enum(findingFacts.comparedSources).parse(params),
              comparison,
            ),
            evidence: [],
          }),
        }),
    [coverageReport.name]: async (params) => {
      const place = placeParams.parse(params);
      const sha = await source.sha();
      const read: CoverageFact = await readCoverage(
        context,
        {
          repository,
          sha,
          artifacts: ofWorkflow,
          source,
          diff,
          before: async () =>
            (await readBaseCoverage(context, repository, change, place))?.reports ?? null,
        },
        place,
      );
      const value = pull === null ? hintAtTrigger(read) : read;
      // Some of the artifacts are no figure of the commit.
      if (place.artifacts === undefined)
        await rememberCoverage(context, repository, sha, place, value);
      const evidence: readonly Evidence[] = value.kind === "figures" ? value.evidence : [];
      return { value, evidence };
    },
    [baseCoverage.name]: async (params) => {
      const value = await readBaseCoverage(context, repository, change, placeParams.parse(params));
      return {
        value,
        evidence: value === null ? [] : [{ label: "coverage of the base", sha: value.sha }],
      };
    },
    [findingFacts.dependencyReview.name]: scans(async () => (await comparison()).review),
    [findingFacts.addedLicenses.name]: plain(async () => (await comparison()).licenses),
  };
}

/** Whose runs bring reports of the judged commit. */
async function originOf(
  { pull, ref, asking = null }: Judged,
  runs: readonly WorkflowRun[],
): Promise<RunOrigin> {
  if (pull !== null) {
    const { headRef, baseRef, fork } = (await pull.pull()).pullRequest;
    return {
      refs: new Set([branchRef(headRef)]),
      base: branchRef(baseRef),
      asking,
      fromFork: fork,
    };
  }
  const refs = ref === null ? null : refsOfDeployment(ref, undefined);
  // REST does not tell a tag from a branch: where no branch of that name was pushed, the commit is what is deployed.
  const isBranch = runs.some(
    (run) => run.event !== "workflow_dispatch" && run.ref !== undefined && refs?.has(run.ref),
  );
  return { refs: isBranch ? refs : null, base: null, asking };
}

/** A workflow that measures pull requests only leaves a merge group without a report: the remedy is not plain to see. */
function hintAtTrigger(fact: CoverageFact): CoverageFact {
  if (fact.kind !== "absent" || fact.waiting.length > 0) return fact;
  return {
    ...fact,
    ignored: [
      ...fact.ignored,
      "a merge group is measured by runs of its own commit: the workflow that uploads the report has to run on merge_group as well",
    ],
  };
}

/** What a pull request changes. */
function pullChange(context: EvidenceContext, pull: PullSource): Change {
  const { caches } = context;
  const { repository } = pull;
  const about = async (): Promise<PullRequestFact> => (await pull.pull()).pullRequest;
  return {
    baseRef: async () => (await about()).baseRef,
    mergeBase: async () => {
      const { baseSha, headSha } = await about();
      return mergeBase(context, repository, baseSha, headSha);
    },
    ends: async () => {
      const { baseSha, headSha, url } = await about();
      return { base: baseSha, head: headSha, url: `${url}/files` };
    },
    diff: async () => {
      const { number, headSha, baseSha } = await about();
      const key = `${placeKey(repository)}${number}:${baseSha}:${headSha}`;
      return caches.diffs.get(
        key,
        () => readDiff(pull),
        (files) =>
          files.reduce((sum, file) => sum + file.path.length + (file.patch?.length ?? 0), 100),
      );
    },
  };
}

/** From our own records: no call to GitHub. An issue that a person closed while the finding stands is not settled. */
async function ticketsOf(
  { store }: EvidenceContext,
  { repository }: Judged,
): Promise<readonly findingFacts.FindingTicket[]> {
  const rows = await store.tickets.open(repository.id, "finding");
  return rows.map((row) => ({
    fingerprint: row.key.replace(/^finding:/, ""),
    issue: row.issue,
    state: row.detail["closedByPerson"] === true ? "closed" : row.state,
    dueAt: row.dueAt,
  }));
}

const branchShape = z.object({ object: z.object({ type: z.string(), sha: z.string() }) });

async function readTip(
  { github }: EvidenceContext,
  { repository }: Judged,
  branch: string,
): Promise<string> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/git/ref/{ref}", {
    owner: repository.owner,
    repo: repository.name,
    ref: `heads/${branch}`,
  });
  const { data } = await github.rest(asRepository(repository), request, branchShape);
  if (data.object.type !== "commit")
    throw new GitHubError("invalid", `${branch} does not point to a commit`);
  return data.object.sha;
}
