import { z } from "zod";
import type { AskingWorkflow, WorkflowText } from "#core/facts/deployment.ts";
import { isWorkflowPath, workflowFile } from "#core/facts/workflows.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { usesOf } from "#core/rules/pinned-actions/uses.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { readText } from "../read/contents.ts";
import type { AskingRun, FactCaches } from "./fact-caches.ts";
import { readHeadFile } from "./read-head-file.ts";

const runShape = z.object({ path: z.string(), event: z.string() });

/** Events whose runs are of the default branch's workflow file, whatever commit they name. */
const ofDefaultBranch: ReadonlySet<string> = new Set(["pull_request_target", "workflow_run"]);

type ReadFile = (path: string) => Promise<string | null>;

/** The workflow file of the run that asks, as that run executes it, and those that it calls. */
export async function readAskingWorkflow(
  github: GitHub,
  repository: RepositoryRecord,
  { runId, sha }: DeploymentSubject,
  caches: Pick<FactCaches, "askingRuns" | "texts">,
): Promise<AskingWorkflow | null> {
  if (runId === null) return null;
  const { path: named, event } = await caches.askingRuns.get(
    `${repository.installationId}:${repository.id}:${runId}`,
    () => readRun(github, repository, runId),
  );
  const path = workflowFile(named);
  const atCommit: ReadFile = (file) => readHeadFile(github, repository, sha, file, caches.texts);
  const executed: ReadFile = !ofDefaultBranch.has(event)
    ? atCommit
    : async (file) => {
        const [here, there] = await Promise.all([
          atCommit(file),
          readText(github, repository, file, null),
        ]);
        // GitHub does not tell the commit of the file: only where both are the same is it known what ran.
        if (here !== (there?.text ?? null))
          throw new GitHubError(
            "incomplete",
            `${file} on the default branch, whose version runs by ${event}, is not the one of the deployed commit`,
          );
        return here;
      };
  const text = isWorkflowPath(path) ? await executed(path) : null;
  return { path, text, called: text === null ? [] : await readCalled(text, executed, path) };
}

async function readRun(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
): Promise<AskingRun> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
    owner: repository.owner,
    repo: repository.name,
    run_id: runId,
  });
  return (await github.rest(asRepository(repository), request, runShape)).data;
}

/** GitHub itself follows at most ten levels and fifty workflows. */
const mostCalled = 50;

/** Jobs may call workflows of the same repository (`uses: ./.github/workflows/…`), which run at the same commit. */
async function readCalled(
  first: string,
  read: ReadFile,
  asking: string,
): Promise<AskingWorkflow["called"]> {
  const seen = new Set([asking]);
  const called: WorkflowText[] = [];
  const open = [first];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const file = usesOf(text);
    // What cannot be read as a workflow is a problem of its own where the text is judged.
    for (const { value } of file.ok ? file.uses : []) {
      const path = value?.startsWith("./") === true ? value.slice(2) : "";
      if (!isWorkflowPath(path) || seen.has(path)) continue;
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
