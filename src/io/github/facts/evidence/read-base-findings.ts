import { z } from "zod";
import type { ComparedSource } from "#core/facts/findings.ts";
import { fromCodeScanningAlert } from "#core/formats/findings/github/code-scanning.ts";
import { fromSecretScanningAlert } from "#core/formats/findings/github/secret-scanning.ts";
import { branchRef } from "#core/facts/run-origin.ts";
import { keysOf, type FindingKey } from "#core/formats/findings/same-finding.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { everyPage } from "#io/github/client/pages.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { readCommits } from "../read-commits.ts";
import type { PullSource } from "../subject-source.ts";
import { mergeBase, nearestWith } from "./ancestry.ts";
import { commitArtifacts } from "./commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { readBasePackages } from "./read-base-packages.ts";
import type { Comparison } from "./read-dependencies.ts";
import { secretAlerts } from "./read-alerts.ts";
import { alertsOn } from "./read-code-scanning.ts";
import { readScanArtifacts } from "./read-scan-artifacts.ts";

/** What the base has already, by the word of a source; null where that cannot be told. */
export async function readBaseFindings(
  context: EvidenceContext,
  source: PullSource,
  of: ComparedSource,
  comparison: () => Promise<Comparison>,
): Promise<readonly FindingKey[] | null> {
  switch (of) {
    case "code-scanning":
      return alertsOfBase(context, source);
    case "secret-scanning":
      return secretsOutside(context, source);
    case "artifacts":
      return reportsOfBase(context, source);
    case "dependency-review":
      return packagesOfBase(context, source, (await comparison()).ofBase);
  }
}

/** GitHub lists the packages of the default branch; of another base only the comparison tells. */
async function packagesOfBase(
  context: EvidenceContext,
  source: PullSource,
  compared: readonly FindingKey[],
): Promise<readonly FindingKey[]> {
  const { baseRef, baseSha } = (await source.pull()).pullRequest;
  const { repository } = source;
  if (baseRef !== repository.defaultBranch) return compared;
  return [...compared, ...(await readBasePackages(context, repository, baseSha))];
}

/** An alert has one number on every branch: those that are on the base branch are not new. */
async function alertsOfBase(
  context: EvidenceContext,
  source: PullSource,
): Promise<readonly string[] | null> {
  const { baseRef } = (await source.pull()).pullRequest;
  const alerts = await orAbsent(alertsOn(context, source, `refs/heads/${baseRef}`));
  return alerts === null
    ? null
    : alerts.flatMap((alert) => {
        const finding = fromCodeScanningAlert(alert);
        return finding === null ? [] : keysOf(finding);
      });
}

const locationShape = z.object({
  type: z.string(),
  details: z.object({ commit_sha: z.string().nullish() }).nullish(),
});

/** A secret is of this change when one of its places is in a commit of the change; where that cannot be told it is new. */
async function secretsOutside(
  context: EvidenceContext,
  source: PullSource,
): Promise<readonly string[]> {
  const commits = new Set((await readCommits(source)).map((commit) => commit.sha));
  const alerts = await secretAlerts(context, source.repository);
  const known = await Promise.all(
    alerts.map(async (alert) => {
      const first = alert.first_location_detected?.commit_sha;
      // Found in another commit first, it was there before this change; only an alert that names no first place is asked for all.
      const isOurs =
        first !== null && first !== undefined
          ? commits.has(first)
          : await isInCommits(context, source.repository, alert.number, commits);
      return isOurs ? [] : [fromSecretScanningAlert(alert).fingerprint];
    }),
  );
  return known.flat();
}

async function isInCommits(
  { github }: EvidenceContext,
  repository: RepositoryRecord,
  number: number,
  commits: ReadonlySet<string>,
): Promise<boolean> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}/locations",
    { owner: repository.owner, repo: repository.name, alert_number: number, per_page: 100 },
  );
  const places = await orAbsent(
    everyPage(github, asRepository(repository), request, z.array(locationShape), 10),
  );
  if (places === null || places.length === 0) return true;
  return places.some((place) => {
    const sha = place.details?.commit_sha;
    return sha === null || sha === undefined ? place.type === "commit" : commits.has(sha);
  });
}

const kept = z.array(z.string());
/** More keys than this are not written down: they are read again where they are needed. */
const mostKept = 15_000;

async function reportsOfBase(
  context: EvidenceContext,
  source: PullSource,
): Promise<readonly string[] | null> {
  const { repository } = source;
  const { baseSha, headSha, baseRef } = (await source.pull()).pullRequest;
  const base = await mergeBase(context, repository, baseSha, headSha);
  const { unmeasured } = context.caches;
  const valueKey = (sha: string): string => `findings:${repository.id}:${sha}`;
  const found = await nearestWith(
    context,
    { repository, mergeBase: base, branch: baseRef },
    async (sha) => {
      const text = await context.store.records.getValue(valueKey(sha));
      if (text !== null) return kept.parse(JSON.parse(text));
      return unmeasured.get(`${placeKey(repository)}${valueKey(sha)}`) === undefined
        ? undefined
        : null;
    },
    async (sha) => {
      const fact = await readScanArtifacts(
        context,
        repository,
        await commitArtifacts(
          context,
          repository,
          sha,
          async () => ({ refs: new Set([branchRef(baseRef)]), base: null, asking: null }),
          true,
        )(undefined),
      );
      if (fact.scans.length === 0) {
        unmeasured.put(`${placeKey(repository)}${valueKey(sha)}`, "no scan");
        return null;
      }
      const keys = [...new Set(fact.findings.flatMap(keysOf))];
      if (keys.length <= mostKept)
        await context.store.records.setValue(valueKey(sha), JSON.stringify(keys));
      return keys;
    },
  );
  return found?.value ?? null;
}
