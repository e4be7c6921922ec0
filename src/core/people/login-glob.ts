import type { Person } from "#core/model/actor.ts";
import { boundedCache } from "#core/formats/bounded-cache.ts";

/** Whether it means more than one login: no login holds `*` or `?`. */
export const isLoginGlob = (named: string): boolean => /[*?]/.test(named);

const compiled = boundedCache(500, (glob) => {
  const source = glob
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "iu");
});

/** The logins that an account goes by: an App's with and without the suffix, which GraphQL leaves out. */
export function loginsOf({ login, type }: Person): readonly string[] {
  const bare = login.replace(/\[bot\]$/i, "");
  return type === "Bot" ? [bare, `${bare}[bot]`] : [login];
}

/** Whether a glob on logins means this account, in any case of letters. `*[bot]` means Apps only. */
export const isMeantBy = (glob: string, person: Person): boolean =>
  loginsOf(person).some((login) => compiled(glob).test(login));
