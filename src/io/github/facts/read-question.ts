import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Pushes } from "#core/ports/pushes.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { fromRestUser } from "./person.ts";
import { restRun } from "./read-deployment.ts";
import { readNamedRef, readRefStanding } from "./read-ref.ts";

/**
 * What a deployer outside asks, as the deployment that it would be. Where a job asks, its run says who started it and
 * whether it goes on. Where a token asks, nobody does, and whether the commit is this repository's own is looked up:
 * GitHub shows the commits of forks under every repository of the family.
 */
export async function readQuestion(
  github: GitHub,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  row: DeploymentRow,
  pushes: Pushes,
): Promise<DeploymentFact> {
  const common = {
    id: subject.deploymentId,
    environment: subject.environment,
    sha: subject.sha,
    ref: subject.ref,
    createdAt: row.createdAt,
  };
  if (subject.runId === null)
    return {
      ...common,
      actor: row.actor,
      triggeredBy: null,
      scheduled: true,
      fork: false,
      ...(await readNamedRef(github, repository, subject.ref, subject.sha)),
      over: false,
    };
  const { runId } = subject;
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
    owner: repository.owner,
    repo: repository.name,
    run_id: runId,
  });
  const run = await orAbsent(github.rest(asRepository(repository), request, restRun));
  if (run === null)
    throw new GatehouseError(
      "gone",
      `there is no run ${runId} in ${repository.owner}/${repository.name}`,
      { repository: repository.id },
    );
  const { data } = run;
  const scheduled = data.event === "schedule";
  const started = scheduled ? null : fromRestUser(data.actor);
  const actor = row.actor ?? started;
  const again =
    scheduled && (data.run_attempt ?? 1) === 1 ? null : fromRestUser(data.triggering_actor);
  const others = [again, started].flatMap((person) =>
    person === null || person.id === actor?.id ? [] : [person],
  );
  return {
    ...common,
    actor,
    triggeredBy: others[0] ?? null,
    alsoAsked: others.slice(1),
    scheduled,
    fork: data.head_repository?.id !== repository.id,
    ...(await readRefStanding(github, repository, subject.ref, subject.sha, pushes)),
    over: data.status === "completed",
  };
}
