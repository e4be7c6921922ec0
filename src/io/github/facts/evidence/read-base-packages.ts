import { z } from "zod";
import { packageKey, type FindingKey } from "#core/formats/findings/same-finding.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";

const sbomShape = z.object({
  sbom: z.object({
    packages: z.array(
      z.object({
        externalRefs: z
          .array(z.object({ referenceType: z.string(), referenceLocator: z.string() }))
          .nullish(),
      }),
    ),
  }),
});

/**
 * The packages of the default branch in their versions, from GitHub's own list (SBOM). It knows that branch only; where
 * there is no list, nothing is known of the base, and what a comparison adds stays new.
 */
export async function readBasePackages(
  context: EvidenceContext,
  repository: RepositoryRecord,
  baseSha: string,
): Promise<readonly FindingKey[]> {
  const { github, caches } = context;
  return caches.commits.get(
    `${placeKey(repository)}sbom:${baseSha}`,
    async () => {
      const request = github.endpoint("GET /repos/{owner}/{repo}/dependency-graph/sbom", {
        owner: repository.owner,
        repo: repository.name,
      });
      try {
        const { data } = await github.rest(asRepository(repository), request, sbomShape);
        const locators = data.sbom.packages.flatMap((one) =>
          (one.externalRefs ?? []).flatMap((ref) =>
            ref.referenceType === "purl" ? [ref.referenceLocator] : [],
          ),
        );
        return [...new Set(locators.flatMap((locator) => packageKey(locator) ?? []))];
      } catch (error) {
        if (error instanceof GitHubError && ["not_found", "forbidden"].includes(error.code))
          return [];
        throw error;
      }
    },
    (keys) => 1 + keys.length,
  );
}
