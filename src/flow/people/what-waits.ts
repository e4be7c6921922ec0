import { commitsBeside } from "#core/commands/bound-commit.ts";
import type { Call } from "#core/commands/command.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import type { FactSession, Judging } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";

/**
 * The facts of a pull request, with the contributors of a waiting commit whose conversation is there though it is
 * not its own.
 */
export async function withWhatWaits(
  deps: Deps,
  repository: RepositoryRecord,
  around: Pick<Call, "context" | "commitsOnProtectionRules">,
  session: FactSession,
  judging: Judging,
): Promise<FactSession> {
  const [sha, ...more] = commitsBeside(around);
  if (sha === undefined || more.length > 0) return session;
  const row = (await waitingIn(deps, repository.id)).find((each) => each.sha === sha);
  if (row === undefined) return session;
  const waiting = deps.facts.open(subjectOf(row), repository, judging);
  return {
    ...session,
    read: async (needs) => {
      const ofWaiting = needs.filter(({ fact }) => fact === deployedContributors.name);
      const own = needs.filter((need) => !ofWaiting.includes(need));
      const table = await session.read(own);
      return ofWaiting.length === 0
        ? table
        : new Map([...table, ...(await waiting.read(ofWaiting))]);
    },
  };
}
