import { z } from "zod";
import type { AskingWorkflow } from "#core/facts/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
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
  const file = /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)
    ? await readText(github, repository, path, sha)
    : null;
  return { path, text: file?.text ?? null };
}
