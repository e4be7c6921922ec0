import { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { fromRestUser, restUser } from "./person.ts";

const members = z.array(restUser);

/** A team by slug of the repository's owner, or by `org/slug`. Names come from policies and are checked. */
export function teamOf(
  named: string,
  owner: string,
): { readonly org: string; readonly slug: string } {
  const [first = "", second, ...rest] = named.replace(/^@/, "").split("/");
  if (rest.length > 0 || first === "" || second === "")
    throw new GitHubError("not_found", `"${named}" is not a team`);
  return second === undefined ? { org: owner, slug: first } : { org: first, slug: second };
}

/** Members of the team and its child teams; who has not accepted an invitation yet is not in GitHub's list. */
export async function readTeamMembers(
  github: GitHub,
  repository: RepositoryRecord,
  named: string,
): Promise<readonly Person[]> {
  const { org, slug } = teamOf(named, repository.owner);
  const request = github.endpoint("GET /orgs/{org}/teams/{team_slug}/members", {
    org,
    team_slug: slug,
    per_page: 100,
  });
  const rows = await everyPage(github, asRepository(repository), request, members, 100);
  const people = new Map<number, Person>();
  for (const row of rows) {
    const person = fromRestUser(row);
    if (person !== null) people.set(person.id, person);
  }
  return [...people.values()];
}

export async function readAccount(
  github: GitHub,
  repository: RepositoryRecord,
  login: string,
): Promise<Person | null> {
  const request = github.endpoint("GET /users/{username}", { username: login });
  const answer = await orAbsent(github.rest(asRepository(repository), request, restUser));
  return answer === null ? null : fromRestUser(answer.data);
}
