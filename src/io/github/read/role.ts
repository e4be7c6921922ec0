import { z } from "zod";
import { type Person, type Role, roles } from "#core/model/actor.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

const permission = z.object({
  permission: z.string(),
  role_name: z.string().nullish(),
  user: z.object({ id: z.number() }).nullish(),
});
const account = z.object({ id: z.number(), login: z.string() });

interface Place {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
}

export interface RoleSeen {
  readonly role: Role;
  /** GitHub did not charge for it. */
  readonly isFree: boolean;
}

/** GitHub's `permission` folds triage and maintain away, so `role_name` is read; a custom role counts as its base. */
function roleFrom(answer: z.infer<typeof permission>): Role {
  const named = roles.find((role) => role === answer.role_name);
  return named ?? roles.find((role) => role === answer.permission) ?? "none";
}

/**
 * The role of a person in a repository. GitHub tells it by login only, and a login may be somebody else's by now: where
 * the answer is not about this id, the login that the id has today is asked about instead.
 */
export async function readRole(
  github: GitHub,
  repository: Place,
  person: Pick<Person, "id" | "login">,
): Promise<RoleSeen> {
  const as = asRepository(repository);
  const under = (username: string) =>
    orAbsent(
      github.rest(
        as,
        github.endpoint("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
          owner: repository.owner,
          repo: repository.name,
          username,
        }),
        permission,
      ),
    );
  const first = await under(person.login);
  if (first?.data.user?.id === person.id)
    return { role: roleFrom(first.data), isFree: first.isRemembered };

  const request = github.endpoint("GET /user/{account_id}", { account_id: person.id });
  const now = await orAbsent(github.rest(as, request, account));
  // An account that is gone may do nothing.
  if (now === null) return { role: "none", isFree: false };
  const isSameLogin = now.data.login.toLowerCase() === person.login.toLowerCase();
  const answer = isSameLogin ? first : await under(now.data.login);
  // Somebody whom GitHub does not know as a collaborator has no role.
  if (answer === null) return { role: "none", isFree: false };
  const isAbout = answer.data.user?.id ?? person.id;
  if (isAbout !== person.id)
    throw new GitHubError(
      "unavailable",
      `the login @${now.data.login} changes hands while its role is read`,
    );
  return { role: roleFrom(answer.data), isFree: false };
}
