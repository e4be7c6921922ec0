import { z } from "zod";
import type { RequiredCheck } from "#core/model/required-check.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";

const rule = z.looseObject({ type: z.string() });
const required = z.object({
  type: z.literal("required_status_checks"),
  parameters: z.object({
    required_status_checks: z.array(
      z.object({ context: z.string(), integration_id: z.number().nullish() }),
    ),
  }),
});
const branch = z.object({
  protection: z
    .object({
      required_status_checks: z
        .object({
          checks: z
            .array(z.object({ context: z.string(), app_id: z.number().nullish() }))
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** Checks that a branch requires, by its rulesets and by its classic protection; `app` null: anybody's check of that name will do. */
export async function readRequiredChecks(
  github: GitHub,
  repository: RepositoryRecord,
  name: string,
): Promise<readonly RequiredCheck[]> {
  const rules = await everyPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
      ...namesOf(repository),
      branch: name,
      per_page: 100,
    }),
    z.array(rule),
    20,
  );
  const classic = await orAbsent(
    github.rest(
      asRepository(repository),
      github.endpoint("GET /repos/{owner}/{repo}/branches/{branch}", {
        ...namesOf(repository),
        branch: name,
      }),
      branch,
    ),
  );
  const byRules = rules.flatMap((row) => {
    const read = required.safeParse(row);
    return read.success
      ? read.data.parameters.required_status_checks.map(({ context, integration_id }) => ({
          context,
          app: integration_id ?? null,
        }))
      : [];
  });
  const byBranch = (classic?.data.protection?.required_status_checks?.checks ?? []).map(
    ({ context, app_id }) => ({ context, app: app_id ?? null }),
  );
  return [...byRules, ...byBranch];
}
