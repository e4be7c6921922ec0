import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage, everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";

/** Longer lists are not read for the sake of a warning. */
const mostPages = 10;

const teams = z.array(z.object({ slug: z.string() }));
const named = z.array(z.object({ name: z.string() }));
const environments = z.object({ environments: named });

async function read(
  github: GitHub,
  repository: RepositoryRecord,
  kind: "team" | "label" | "environment",
): Promise<readonly string[]> {
  const { owner, ownerType, name } = repository;
  const as = asRepository(repository);
  switch (kind) {
    case "team": {
      // People have no teams, and GitHub no list of them.
      if (ownerType === "User") return [];
      const list = github.endpoint("GET /orgs/{org}/teams", { org: owner, per_page: 100 });
      return (await everyPage(github, as, list, teams, mostPages)).map(({ slug }) => slug);
    }
    case "label": {
      const list = github.endpoint("GET /repos/{owner}/{repo}/labels", {
        owner,
        repo: name,
        per_page: 100,
      });
      return (await everyPage(github, as, list, named, mostPages)).map((label) => label.name);
    }
    case "environment": {
      const found: string[] = [];
      const list = github.endpoint("GET /repos/{owner}/{repo}/environments", {
        owner,
        repo: name,
        per_page: 100,
      });
      await eachPage(
        github,
        as,
        list,
        environments,
        (page) => {
          found.push(...page.environments.map((each) => each.name));
          return page.environments.length;
        },
        { maxPages: mostPages },
      );
      return found;
    }
  }
}

/** All names of a kind; null where GitHub does not tell: nothing follows from what it keeps to itself. */
export async function readNames(
  github: GitHub,
  repository: RepositoryRecord,
  kind: "team" | "label" | "environment",
): Promise<readonly string[] | null> {
  try {
    return await read(github, repository, kind);
  } catch (error) {
    if (
      error instanceof GatehouseError &&
      (error.code === "not_found" || error.code === "forbidden" || error.code === "incomplete")
    )
      return null;
    throw error;
  }
}

export async function readHasAccount(
  github: GitHub,
  repository: RepositoryRecord,
  login: string,
): Promise<boolean> {
  const request = github.endpoint("GET /users/{username}", { username: login });
  const answer = await orAbsent(
    github.rest(asRepository(repository), request, z.object({ id: z.number() })),
  );
  return answer !== null;
}
