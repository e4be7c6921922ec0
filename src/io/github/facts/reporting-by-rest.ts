import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { readContents } from "../read/contents.ts";
import { checksOfCommit } from "./read-checks.ts";
import {
  candidates,
  ownCommits,
  type MergedPull,
  type ReportingAsked,
  type ReportingSeen,
  type ReportsOf,
  type WorkflowText,
} from "./reporting-seen.ts";

interface From {
  readonly github: GitHub;
  readonly repository: RepositoryRecord;
}

const folder = ".github/workflows";
/** Each file is a call: a repository with more is not read this way. */
const mostFiles = 50;
/** GitHub lists so many commits of a pull request and no more. */
const mostCommits = 250;

const ref = z.object({ object: z.object({ sha: z.string() }) });
const pullRow = z.object({
  number: z.number(),
  merged_at: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  head: z.object({ sha: z.string() }),
});
const commitRow = z.object({ sha: z.string() });

const namesIn = ({ repository }: From): { readonly owner: string; readonly repo: string } => ({
  owner: repository.owner,
  repo: repository.name,
});

/** Every check of the commit is read, so that nothing is cut. */
async function reportsOn(from: From, sha: string): Promise<ReportsOf> {
  return { checks: await checksOfCommit(from, sha), isCut: false };
}

async function tipOf(from: From, base: string): Promise<string> {
  const { github, repository } = from;
  const request = github.endpoint("GET /repos/{owner}/{repo}/git/ref/{ref}", {
    ...namesIn(from),
    ref: `heads/${base}`,
  });
  const found = await orAbsent(github.rest(asRepository(repository), request, ref));
  if (found === null)
    throw new GitHubError("incomplete", `GitHub does not show the branch ${base}`);
  return found.data.object.sha;
}

/** No folder: no workflow. */
async function workflowsAt(
  { github, repository }: From,
  at: string,
): Promise<readonly WorkflowText[]> {
  const found = await readContents(github, repository, folder, at);
  if (found?.kind !== "directory") return [];
  const files = found.entries.filter(({ name, type }) => type === "file" && /\.ya?ml$/i.test(name));
  if (files.length > mostFiles)
    throw new GitHubError(
      "incomplete",
      `${files.length} workflow files; without GraphQL at most ${mostFiles} are read`,
    );
  return Promise.all(
    files.map(async ({ name }) => {
      const file = await readContents(github, repository, `${folder}/${name}`, at);
      return { name, text: file?.kind === "file" ? (file.bytes?.toString("utf8") ?? null) : null };
    }),
  );
}

async function mergedBy(from: From, sort: "updated" | "created"): Promise<readonly MergedPull[]> {
  const { github, repository } = from;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
    ...namesIn(from),
    state: "closed",
    sort,
    direction: "desc",
    // Closed ones that were not merged are among them.
    per_page: 2 * candidates,
  });
  const { data } = await github.rest(asRepository(repository), request, z.array(pullRow));
  return data.flatMap(({ number, merged_at: mergedAt, user, head }) =>
    typeof mergedAt === "string"
      ? [{ number, mergedAt, author: user?.login, reports: () => reportsOn(from, head.sha) }]
      : [],
  );
}

async function lastOf(from: From, pull: number): Promise<readonly string[]> {
  const { github, repository } = from;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", {
    ...namesIn(from),
    pull_number: pull,
    per_page: 100,
  });
  const as = asRepository(repository);
  const rows = await everyPage(github, as, request, z.array(commitRow), 3);
  if (rows.length >= mostCommits)
    throw new GitHubError("incomplete", `GitHub lists at most ${mostCommits} commits of #${pull}`);
  return rows.slice(-ownCommits).map(({ sha }) => sha);
}

/** The same, list by list: for a GitHub whose GraphQL does not answer this. Some forty calls, most of them for free when asked again. */
export async function reportingByRest(
  github: GitHub,
  repository: RepositoryRecord,
  { base, head, pull }: ReportingAsked,
): Promise<ReportingSeen> {
  const from = { github, repository };
  const tip = await tipOf(from, base);
  const [onTip, atBase, atHead, touched, made] = await Promise.all([
    reportsOn(from, tip),
    workflowsAt(from, tip),
    workflowsAt(from, head),
    mergedBy(from, "updated"),
    mergedBy(from, "created"),
  ]);
  const own: ReportsOf[] = [];
  for (const sha of pull === undefined ? [] : await lastOf(from, pull))
    own.push(await reportsOn(from, sha));
  return {
    tip: onTip,
    base: atBase,
    head: atHead,
    merged: [...new Map([...touched, ...made].map((one) => [one.number, one])).values()],
    own,
  };
}
