import type { Call } from "#core/commands/command.ts";
import type { ParsedCommand } from "#core/commands/parse.ts";
import { countingCommits } from "#core/commands/bound-commit.ts";
import { deployment } from "#core/facts/deployment.ts";
import { lookUp } from "#core/model/fact.ts";
import type { Person } from "#core/model/actor.ts";
import { requestersOf } from "#core/people/requesters.ts";
import type { Judging } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

/** Commands whose answer shows the state of an override. */
const aboutOverrides: readonly string[] = ["override", "emergency", "confirm", "status"];

/**
 * Requesters of each waiting deployment whose conversation is here, so that an answer promises nothing that the
 * deployment will refuse. If they cannot be read, everybody named in the request.
 */
export async function whoAsked(
  deps: Pick<Deps, "facts">,
  repository: RepositoryRecord,
  list: readonly Pick<ParsedCommand, "name">[],
  around: Pick<Call, "context" | "commitsOnProtectionRules" | "deployments">,
  judging: Judging,
): Promise<ReadonlyMap<number, readonly Person[]>> {
  const found = new Map<number, readonly Person[]>();
  if (!list.some(({ name }) => name !== null && aboutOverrides.includes(name))) return found;
  const commits = countingCommits(around);
  for (const row of around.deployments) {
    const waits = row.gateRequestedAt !== null && row.gateAnsweredAt === null;
    if (!waits || !commits.includes(row.sha)) continue;
    const session = deps.facts.open(subjectOf(row), repository, judging);
    const read = lookUp(await session.read([deployment.need()]), deployment.need());
    const heard = row.actor === null ? [] : [row.actor];
    found.set(row.deploymentId, read?.ok === true ? requestersOf(read.value) : heard);
  }
  return found;
}
