import { roleOf } from "#core/facts/people.ts";
import { hasAtLeast } from "#core/model/actor.ts";
import { lookUp } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { valueOf } from "#flow/facts/value-of.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";

/** Whether the person has a role beyond what everybody has in a public repository. At most one call, cached for a minute. */
async function belongs(request: CommandRequest, session: FactSession): Promise<boolean> {
  const need = roleOf.need(request.actor);
  const role = valueOf(lookUp(await session.read([need]), need), "the role was not read");
  return hasAtLeast(role, "triage");
}

/** Whether the author belongs to the repository; in a private one everybody who may comment does. */
export async function isOneOfUs(
  deps: Deps,
  request: CommandRequest,
  repository: RepositoryRecord,
  session: FactSession | null,
): Promise<boolean> {
  if (request.isKnownHere || (repository.private && request.from.kind !== "button")) return true;
  return belongs(
    request,
    session ??
      deps.facts.open(
        { kind: "pull_request", repository: repository.id, number: request.number ?? 0 },
        repository,
      ),
  );
}
