import { z } from "zod";
import type { AskingWorkflow, WorkflowText } from "#core/facts/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { usesOf } from "#core/rules/pinned-actions/uses.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { readText } from "../read/contents.ts";

const runShape = z.object({ path: z.string() });

/** The workflow file of the run that asks, read at the deployed commit: what the run executes is what it was there. */
export async function readAskingWorkflow(
  github: GitHub,
  repository: RepositoryRecord,
  { runId, sha }: DeploymentSubject,
): Promise<AskingWorkflow | null> {
  if (runId === null) return null;
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
    owner: repository.owner,
    repo: repository.name,
    run_id: runId,
  });
  const { data } = await github.rest(asRepository(repository), request, runShape);
  const path = data.path.split("@", 1)[0] ?? "";
  const read = async (at: string): Promise<string | null> =>
    isWorkflow(at) ? ((await readText(github, repository, at, sha))?.text ?? null) : null;
  const text = await read(path);
  return { path, text, called: text === null ? [] : await readCalled(text, read, path) };
}

const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);

/** GitHub itself follows at most ten levels and fifty workflows. */
const mostCalled = 50;

/** Jobs may call workflows of the same repository (`uses: ./.github/workflows/…`), which run at the same commit. */
async function readCalled(
  first: string,
  read: (path: string) => Promise<string | null>,
  asking: string,
): Promise<AskingWorkflow["called"]> {
  const seen = new Set([asking]);
  const called: WorkflowText[] = [];
  const open = [first];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const file = usesOf(text);
    // What cannot be read as a workflow is a problem of its own to whoever judges the text.
    for (const { value } of file.ok ? file.uses : []) {
      const path = value?.startsWith("./") === true ? value.slice(2) : "";
      if (!isWorkflow(path) || seen.has(path)) continue;
      if (called.length === mostCalled)
        throw new GitHubError("incomplete", `more than ${mostCalled} workflows call each other`);
      seen.add(path);
      const below = await read(path);
      called.push({ path, text: below });
      if (below !== null) open.push(below);
    }
  }
  return called;
}
