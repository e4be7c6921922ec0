import { z } from "zod";
import type { Person } from "#core/model/actor.ts";

/** An account as REST shows it; null where the account is gone. */
export const restUser = z
  .object({ id: z.number(), login: z.string(), type: z.string().nullish() })
  .nullish();

/** An account as GraphQL shows it: bots without the `[bot]` of their REST login. */
export const graphqlActor = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number() })
  .nullish();

/** GitHub's stand-in for deleted accounts. */
const ghost = { id: 10137, login: "ghost" };

const types = ["User", "Bot", "Organization", "Mannequin"] as const;

function typeOf(said: string | null | undefined, login: string): Person["type"] {
  if (login.endsWith("[bot]")) return "Bot";
  return types.find((type) => type === said) ?? "User";
}

/** null for nobody, for the ghost and for an empty login: an account that is gone. */
function person(id: number, rawLogin: string, said: string | null | undefined): Person | null {
  if (rawLogin === "" || id === ghost.id || rawLogin === ghost.login) return null;
  const type = typeOf(said, rawLogin);
  const login = type === "Bot" && !rawLogin.endsWith("[bot]") ? `${rawLogin}[bot]` : rawLogin;
  return { id, login, type };
}

export function fromRestUser(user: z.infer<typeof restUser>): Person | null {
  return user === null || user === undefined ? null : person(user.id, user.login, user.type);
}

export function fromGraphqlActor(actor: z.infer<typeof graphqlActor>): Person | null {
  return actor === null || actor === undefined
    ? null
    : person(actor.databaseId, actor.login, actor.__typename);
}

/**
 * The account that a GitHub no-reply address names by id: GraphQL shows no account for the commits of bots, and
 * REST none for co-authors. Commit e-mails are hostile: naming somebody here can only exclude them, never count them.
 */
export function fromNoReply(email: string | null | undefined): Person | null {
  const match = /^(\d{1,15})\+([^@\s]{1,100})@users\.noreply\./.exec(email ?? "");
  const id = Number(match?.[1]);
  const login = match?.[2];
  return login === undefined ? null : person(id, login, null);
}

/** GitHub itself, which commits merges and edits made in the browser. */
export function isWebFlow(
  login: string | null | undefined,
  email: string | null | undefined,
): boolean {
  return login === "web-flow" || email === "noreply@github.com";
}
