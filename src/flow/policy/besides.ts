import type { Clock } from "#core/ports/system.ts";

/** Whether what is not cached may be asked of GitHub. Deliveries are routed without: a GitHub that hangs must not stop them. */
export type Asking = "asking" | "remembering";

/** Thrown instead of asking. */
export class NotCached extends Error {}

/** What is asked for besides the policy file itself (shared files, properties, an organisation repository that is not there) is asked again after this long. */
export const keptForMs = 10 * 60_000;

/** Answers about what a policy is made of besides its file, kept for ten minutes. */
export interface Besides {
  /** The cached answer, or what `read` answers. Throws `NotCached` where it would have to ask and may not. */
  readonly get: <T>(key: string, asking: Asking, read: () => Promise<T>) => Promise<T>;
  /** The cached answer, or what `read` answers; null where asking fails, so that the answer that was good last is used. */
  readonly tryGet: <T>(key: string, asking: Asking, read: () => Promise<T>) => Promise<T | null>;
  readonly forget: (key: string) => void;
  readonly forgetAll: () => void;
}

interface Cached {
  readonly value: unknown;
  readonly until: number;
}

export function createBesides(clock: Clock): Besides {
  const answers = new Map<string, Cached>();

  async function get<T>(key: string, asking: Asking, read: () => Promise<T>): Promise<T> {
    const now = clock.now();
    const found = answers.get(key);
    if (found !== undefined && found.until > now) return found.value as T;
    if (asking === "remembering") throw new NotCached(key);
    const value = await read();
    answers.set(key, { value, until: now + keptForMs });
    return value;
  }

  return {
    get,
    tryGet: (key, asking, read) =>
      get(key, asking, read).catch((error: unknown) => {
        if (error instanceof NotCached) throw error;
        return null;
      }),
    forget: (key) => {
      answers.delete(key);
    },
    forgetAll: () => {
      answers.clear();
    },
  };
}
