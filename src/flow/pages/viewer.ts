import { sameEnvironment } from "#core/deployments/environment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import type { SignedIn } from "#flow/sign-in/sign-in.ts";
import type { Access } from "./access.ts";

/** Who looks at a page: a person, with GitHub's word for what they may read, or a token with its scope. */
export interface Viewer {
  /** null: a token, which is nobody. */
  readonly login: string | null;
  readonly mayRead: (repository: RepositoryRecord) => Promise<boolean>;
  /** For lists: one question, then an answer for each repository. */
  readonly readable: () => Promise<(repository: RepositoryRecord) => boolean>;
  /** Whether what is said of an environment (null: of none) is theirs to read. */
  readonly sees: (environment: string | null) => boolean;
  /** `owner/slug` of the teams they are in. */
  readonly teams: () => Promise<readonly string[]>;
}

export const personViewer = (access: Access, who: SignedIn): Viewer => ({
  login: who.person.login,
  mayRead: ({ id }) => access.mayRead(who, id),
  readable: async () => {
    const ids = await access.readable(who);
    return ({ id }) => ids.has(id);
  },
  sees: () => true,
  teams: () => access.teams(who),
});

/** Whether the token's list holds the repository: by name, or all of its owner's. */
export function isInScope(
  { repositories }: Pick<ApiTokenRecord, "repositories">,
  { owner, name }: Pick<RepositoryRecord, "owner" | "name">,
): boolean {
  const full = `${owner}/${name}`.toLowerCase();
  return repositories.includes(full) || repositories.includes(`${owner.toLowerCase()}/*`);
}

export const tokenViewer = (token: ApiTokenRecord): Viewer => ({
  login: null,
  mayRead: (repository) => Promise.resolve(isInScope(token, repository)),
  readable: () => Promise.resolve((repository) => isInScope(token, repository)),
  sees: (environment) =>
    token.environments.length === 0 ||
    (environment !== null && token.environments.some((name) => sameEnvironment(name, environment))),
  teams: () => Promise.resolve([]),
});
