import { GatehouseError } from "#core/model/errors.ts";
import type { Clock } from "#core/ports/system.ts";
import type { UserGitHub } from "#core/ports/web.ts";
import type { SignedIn } from "#flow/sign-in/sign-in.ts";

/** Who may read what, as GitHub says it to the person themselves; believed for five minutes. */
export interface Access {
  readonly mayRead: (who: SignedIn, repository: number) => Promise<boolean>;
  readonly readable: (who: SignedIn, sinceMs?: number) => Promise<ReadonlySet<number>>;
  readonly teams: (who: SignedIn) => Promise<readonly string[]>;
}

const believedMs = 5 * 60_000;
const mostEntries = 5_000;

interface Believed {
  readonly value: Promise<unknown>;
  readonly readAt: number;
}

export function createAccess(github: UserGitHub, clock: Clock): Access {
  const known = new Map<string, Believed>();

  function believing<T>(
    key: string,
    read: () => Promise<T>,
    sinceMs: number = believedMs,
  ): Promise<T> {
    const held = known.get(key);
    const age = held === undefined ? Number.NaN : clock.now() - held.readAt;
    // A clock that was put back makes nothing younger.
    if (held !== undefined && age >= 0 && age < sinceMs) return held.value as Promise<T>;
    const value = read();
    known.delete(key);
    known.set(key, { value, readAt: clock.now() });
    value.catch(() => known.delete(key));
    for (const oldest of known.keys()) {
      if (known.size <= mostEntries) break;
      known.delete(oldest);
    }
    return value;
  }

  const readable: Access["readable"] = (who, sinceMs) =>
    believing(`all:${who.session}`, async () => github.readable(await who.token()), sinceMs);

  return {
    readable,
    mayRead: (who, repository) =>
      believing(`${who.session}:${repository}`, async () =>
        github.mayRead(await who.token(), repository),
      ),
    teams: (who) =>
      believing(`teams:${who.session}`, async () => github.teams(await who.token())).catch(
        (error: unknown) => {
          if (error instanceof GatehouseError && error.code === "forbidden") return [];
          throw error;
        },
      ),
  };
}
