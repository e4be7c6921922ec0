import type { ChangedFile } from "#core/facts/pull-request.ts";
import { connection, part } from "../client/connection.ts";
import { listFiles } from "./list-files.ts";
import { fromGraphqlFile, fromRestFile, graphqlFile, lacksPreviousPath } from "./parse-files.ts";
import type { PullSource } from "./subject-source.ts";

const shownFiles = connection(graphqlFile);

/**
 * Every changed file. The overview serves when all fit one page and none was renamed; GraphQL does not tell the former
 * names, so anything else is read from REST and counted against the pull request's own number.
 */
export async function readFiles(source: PullSource): Promise<readonly ChangedFile[]> {
  const pull = await source.pull();
  const shown = part(shownFiles, (await source.overview())?.pullRequest?.["files"]);
  if (
    shown !== null &&
    !shown.pageInfo.hasNextPage &&
    shown.nodes.length === pull.changedFiles &&
    !shown.nodes.some(lacksPreviousPath)
  ) {
    return shown.nodes.map(fromGraphqlFile);
  }
  return listFiles(source, "the changed files", fromRestFile);
}
