import { freezeRefusal, freezersGrants } from "#core/commands/freeze.ts";
import { mayUse } from "#core/commands/authority.ts";
import { asking } from "#core/facts/read-table.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";
import { judgedBy } from "#flow/judge/assess-deployment.ts";
import { noPartHere } from "#flow/people/answer-request.ts";
import { isOneOfUs } from "#flow/people/who-belongs.ts";
import type { Policies } from "#flow/policy/policies.ts";

export interface Hopeless {
  /** Of the form; empty: all of it. */
  readonly field: string;
  readonly because: string;
}

/**
 * Why a form would come to nothing, as far as that can be told before anything is recorded; null: the command itself has
 * to say. It lets nobody do anything: the command asks again for all of it.
 */
export async function hopelessForm(
  deps: Deps & { readonly policies: Pick<Policies, "of"> },
  request: CommandRequest,
  repository: RepositoryRecord,
  command: "freeze" | "unfreeze",
): Promise<Hopeless | null> {
  const ofRepository = (because: string): Hopeless => ({ field: "repository", because });
  if (repository.archived)
    return ofRepository("This repository is archived: nothing is deployed from it.");
  if (!repository.active)
    return ofRepository("Gatehouse is not installed on this repository any more.");
  const resolved = await deps.policies.of(repository);
  if (resolved.kind === "ungoverned")
    return ofRepository("No policy governs this repository, so nothing holds there.");
  if (resolved.kind === "broken")
    return ofRepository(
      `The policy cannot be used, so nobody's right to freeze can be told from it: ${resolved.rendered.title}`,
    );
  const { policy } = resolved;
  const grants = freezersGrants(policy);
  const session = deps.facts.open(
    { kind: "pull_request", repository: repository.id, number: 0 },
    repository,
    judgedBy(resolved),
  );
  const isTheirs = (known: Parameters<typeof asking>[0]) =>
    asking(known, (ask) =>
      mayUse(
        { actor: request.actor, context: { owner: repository.owner, author: null }, policy, ask },
        grants,
      ),
    );
  try {
    if (!(await isOneOfUs(deps, request, repository, session)))
      return { field: "", because: noPartHere };
    const table = await readFacts(session, (known) => isTheirs(known).needs);
    return isTheirs(table).answer === false
      ? { field: "", because: freezeRefusal(command, policy, repository.owner) }
      : null;
  } catch (error) {
    if (error instanceof GatehouseError) return null;
    throw error;
  }
}
