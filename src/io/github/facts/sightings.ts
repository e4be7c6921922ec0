import type { CheckFact } from "#core/facts/checks.ts";
import { isOrganizationRepository } from "#core/policy/files.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Overview } from "./overview.ts";
import { shownChecks } from "./read-checks.ts";

type OwnCheckRuns = ReturnType<FactSession["ownCheckRuns"]>;

/** Keeps what one evaluation sees on the way: the policy's blob, and our own check runs. */
export function createSightings(appId: number, repository: RepositoryRecord) {
  let overview: Overview | null = null;
  let own: OwnCheckRuns = null;
  const found = (checks: readonly CheckFact[]): void => {
    own = checks
      .filter((check) => check.app?.id === appId)
      .map(({ id, name, externalId }) => ({ id, name, externalId }));
  };
  return {
    found,
    saw: (answer: Overview | null, sha: string | null): Overview | null => {
      overview = answer;
      if (answer !== null && sha !== null) found(shownChecks(answer, sha));
      return answer;
    },
    policyHints: (): Readonly<Record<string, string | null>> => {
      const blob = overview?.policyBlob;
      if (blob === undefined) return {};
      // The token reaches one repository: the organisation's policy is seen only from inside its own repository.
      return isOrganizationRepository(repository)
        ? { repository: blob, organization: blob }
        : { repository: blob };
    },
    ownCheckRuns: (): OwnCheckRuns => own,
  };
}

export type Sightings = ReturnType<typeof createSightings>;
