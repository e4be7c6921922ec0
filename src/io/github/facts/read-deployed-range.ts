import { z } from "zod";
import type { DeployedCommit, DeployedRange } from "#core/facts/deployed-range.ts";
import type { CommitFact } from "#core/facts/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { fromRestCommit, restCommit } from "./parse-commits.ts";

const row = restCommit.extend({ html_url: z.string().nullish() });
const comparison = z.object({
  status: z.enum(["ahead", "behind", "diverged", "identical"]),
  total_commits: z.number(),
  commits: z.array(row),
});

/** More commits than this in one deployment are not read; people could not review them either. */
const mostCommits = 2_000;

function commitOf(value: z.infer<typeof row>): DeployedCommit {
  const fact: CommitFact = fromRestCommit(value);
  const people = [...fact.authors, ...(fact.committer === null ? [] : [fact.committer])];
  return {
    sha: fact.sha,
    subject: fact.message.split("\n", 1)[0] ?? "",
    url: value.html_url ?? null,
    people,
  };
}

/** The commits from `base`, which runs there now, to the deployed one: all of them, or an error. */
export async function readRange(
  github: GitHub,
  repository: RepositoryRecord,
  base: { readonly sha: string; readonly at: number },
  head: string,
): Promise<DeployedRange> {
  if (base.sha === head) return { since: base, relation: "same", commits: [] };
  const commits: DeployedCommit[] = [];
  let whole: z.infer<typeof comparison> | null = null;
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${base.sha}...${head}`,
    per_page: 100,
    page: 1,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    comparison,
    (page) => {
      whole ??= page;
      commits.push(...page.commits.map(commitOf));
      return page.commits.length;
    },
    { maxPages: mostCommits / 100 },
  );
  const answer = whole as z.infer<typeof comparison> | null;
  if (answer === null || commits.length !== answer.total_commits)
    throw new GitHubError(
      "incomplete",
      `${answer?.total_commits ?? "unknown"} commits go out, ${commits.length} of them were shown`,
    );
  return { since: base, relation: answer.status === "identical" ? "same" : answer.status, commits };
}

/** The range if nothing is known to have run there: the deployed commit alone. */
export async function readFirst(
  github: GitHub,
  repository: RepositoryRecord,
  head: string,
): Promise<DeployedRange> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}", {
    owner: repository.owner,
    repo: repository.name,
    ref: head,
  });
  const { data } = await github.rest(asRepository(repository), request, row);
  return { since: null, relation: "first", commits: [commitOf(data)] };
}
