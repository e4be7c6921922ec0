import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { InstallationRecord } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage, everyPage } from "../client/pages.ts";
import { asApp, asInstallation } from "../client/requests.ts";

const installation = z.object({
  id: z.number(),
  account: z
    .object({ id: z.number(), login: z.string().nullish(), slug: z.string().nullish() })
    .nullish(),
  suspended_at: z.string().nullish(),
  permissions: z.record(z.string(), z.string()).nullish(),
});

export async function readInstallations(github: GitHub): Promise<readonly InstallationRecord[]> {
  const rows = await everyPage(
    github,
    asApp,
    github.endpoint("GET /app/installations", { per_page: 100 }),
    z.array(installation),
    100,
  );
  return rows.map((row) => ({
    id: row.id,
    // An enterprise has a slug where others have a login.
    account: row.account?.login ?? row.account?.slug ?? "",
    accountId: row.account?.id ?? 0,
    suspended: typeof row.suspended_at === "string",
    permissions: row.permissions ?? {},
  }));
}

const repository = z.object({
  id: z.number(),
  name: z.string(),
  private: z.boolean(),
  archived: z.boolean().nullish(),
  disabled: z.boolean().nullish(),
  default_branch: z.string().nullish(),
  owner: z.object({ id: z.number(), login: z.string(), type: z.string() }),
});

function recordOf(installationId: number, row: z.infer<typeof repository>): RepositoryRecord {
  return {
    id: row.id,
    installationId,
    owner: row.owner.login,
    ownerId: row.owner.id,
    ownerType: row.owner.type === "Organization" ? "Organization" : "User",
    name: row.name,
    private: row.private,
    archived: row.archived ?? false,
    defaultBranch: row.default_branch ?? "main",
    active: true,
  };
}

/** Every repository of an installation, or "incomplete". */
export async function readRepositories(
  github: GitHub,
  installationId: number,
): Promise<readonly RepositoryRecord[]> {
  const rows = new Map<number, RepositoryRecord>();
  let promised = 0;
  const page = z.object({ total_count: z.number(), repositories: z.array(repository) });
  await eachPage(
    github,
    asInstallation(installationId),
    github.endpoint("GET /installation/repositories", { per_page: 100 }),
    page,
    (answer) => {
      promised = answer.total_count;
      for (const row of answer.repositories) rows.set(row.id, recordOf(installationId, row));
      return answer.repositories.length;
    },
    { maxPages: 1_000 },
  );
  if (rows.size !== promised)
    throw new GitHubError(
      "incomplete",
      `GitHub shows ${rows.size} of ${promised} repositories of the installation`,
    );
  return [...rows.values()];
}

/** null: it does not exist, or the App cannot see it. A public repository of somebody else is not the installation's. */
export async function findRepository(
  github: GitHub,
  installationId: number,
  owner: string,
  name: string,
): Promise<RepositoryRecord | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}", { owner, repo: name });
  try {
    const { data } = await github.rest(asInstallation(installationId), request, repository);
    // A renamed owner or repository answers under its new name; another owner's is not what was asked for.
    return data.owner.login.toLowerCase() === owner.toLowerCase()
      ? recordOf(installationId, data)
      : null;
  } catch (error) {
    if (
      error instanceof GatehouseError &&
      (error.code === "not_found" || error.code === "forbidden")
    )
      return null;
    throw error;
  }
}

/** null: the App is not installed there, or there is no such repository; GitHub does not tell which. */
export async function readInstallationOf(
  github: GitHub,
  owner: string,
  name: string,
): Promise<number | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/installation", { owner, repo: name });
  return (
    (await orAbsent(github.rest(asApp, request, z.object({ id: z.number() }))))?.data.id ?? null
  );
}

/** The App's own name in mentions. */
export async function readAppSlug(github: GitHub): Promise<string> {
  return (await github.rest(asApp, github.endpoint("GET /app"), z.object({ slug: z.string() })))
    .data.slug;
}
