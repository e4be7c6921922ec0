import { GatehouseError } from "#core/model/errors.ts";
import type { Subject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { assessMergeGroup } from "./assess-merge-group.ts";
import { createPullRequestAssessor } from "./assess-pull-request.ts";
import type { Assessment } from "./assessment.ts";

export interface Assessor {
  /** null: no policy governs the repository. Throws `GatehouseError` when the subject itself cannot be read. */
  readonly assess: (subject: Subject, repository: RepositoryRecord) => Promise<Assessment | null>;
  /** By which policy it would be judged now; null: that cannot be told. */
  readonly policyDigest: (repository: RepositoryRecord) => Promise<string | null>;
}

/** Judges pull requests and merge groups. Writes nothing. */
export function createAssessor(deps: Deps, policies: Policies): Assessor {
  const assessPullRequest = createPullRequestAssessor(deps, policies);
  return {
    policyDigest: async (repository) => {
      try {
        const resolved = await policies.of(repository);
        return resolved.kind === "ungoverned" ? null : resolved.digest;
      } catch (error) {
        if (error instanceof GatehouseError) return null;
        throw error;
      }
    },
    assess: async (subject, repository) => {
      switch (subject.kind) {
        case "pull_request":
          return assessPullRequest(
            subject,
            repository,
            deps.facts.open(subject, repository),
            subject,
          );
        case "merge_group":
          return assessMergeGroup(deps, policies, assessPullRequest, subject, repository);
        case "deployment":
          return null;
      }
    },
  };
}
