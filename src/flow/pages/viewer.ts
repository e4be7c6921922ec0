import { sameEnvironment } from "#core/deployments/environment.ts";
import { matchesName } from "#core/formats/glob.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import { isTokenOf, tokenRepositories, type BindsTokens } from "#flow/sign-in/token-repository.ts";
import type { SignedIn } from "#flow/sign-in/sign-in.ts";
import type { Access } from "./access.ts";

/** Who looks at a page: a person, with GitHub's word for what they may read, or a token with its scope. */
export interface Viewer {
  /** null: a token, which is nobody. */
  readonly login: string | null;
  readonly mayRead: (repository: RepositoryRecord) => Promise<boolean>;
  /** For lists: one question, then an answer for each repository. */
  /** `sinceMs`: what GitHub said longer ago than that is asked anew. */
  readonly readable: (sinceMs?: number) => Promise<(repository: RepositoryRecord) => boolean>;
  /** Whether what is said of an environment (null: of none) is theirs to read. */
  readonly sees: (environment: string | null) => boolean;
  /** Which of these patterns of environments say something of one that is theirs to read; undefined, for all of them: of every one. */
  readonly seesOf: (
    patterns: readonly string[] | undefined,
  ) => readonly string[] | "every" | "none";
  /** `owner/slug` of the teams they are in. */
  readonly teams: () => Promise<readonly string[]>;
  /** Teams are named to them whether they are in them or not. */
  readonly seesEveryTeam?: true;
}

export const personViewer = (access: Access, who: SignedIn): Viewer => ({
  login: who.person.login,
  mayRead: ({ id }) => access.mayRead(who, id),
  readable: async (sinceMs) => {
    const ids = await access.readable(who, sinceMs);
    return ({ id }) => ids.has(id);
  },
  sees: () => true,
  seesOf: (patterns) => patterns ?? "every",
  teams: () => access.teams(who),
});

/** For readers of the database itself: there is nothing that a page could keep from them. */
export const operatorViewer: Viewer = {
  login: null,
  mayRead: () => Promise.resolve(true),
  readable: () => Promise.resolve(() => true),
  sees: () => true,
  seesOf: (patterns) => patterns ?? "every",
  teams: () => Promise.resolve([]),
  seesEveryTeam: true,
};

/** Whether the token's list holds the repository: by name, or all of its owner's. */
export function isInScope(
  { repositories }: Pick<ApiTokenRecord, "repositories">,
  { owner, name }: Pick<RepositoryRecord, "owner" | "name">,
): boolean {
  const full = `${owner}/${name}`.toLowerCase();
  return repositories.includes(full) || repositories.includes(`${owner.toLowerCase()}/*`);
}

export const tokenViewer = (token: ApiTokenRecord, records: BindsTokens): Viewer => ({
  login: null,
  mayRead: async (repository) =>
    isInScope(token, repository) && (await isTokenOf(records, token, repository)),
  readable: async () => {
    const isOfIt = await tokenRepositories(records, token);
    return (repository) => isInScope(token, repository) && isOfIt(repository);
  },
  sees: (environment) =>
    token.environments.length === 0 ||
    (environment !== null && token.environments.some((name) => sameEnvironment(name, environment))),
  seesOf: (patterns) => {
    if (patterns === undefined) return "every";
    if (token.environments.length === 0) return patterns;
    const theirs = patterns.filter((pattern) =>
      token.environments.some((name) => matchesName(pattern, name, { ignoreCase: true })),
    );
    return theirs.length === 0 ? "none" : theirs;
  },
  teams: () => Promise.resolve([]),
});
