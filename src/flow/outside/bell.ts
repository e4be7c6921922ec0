/** Wakes callers that are held, once what they wait for was judged in this process. */
export interface Bell {
  readonly ring: (key: string) => void;
  /** Resolves when the key is rung, after `ms`, when the caller is gone, or when the bell is silenced. */
  readonly next: (key: string, ms: number, gone: AbortSignal) => Promise<void>;
  /** Lets everybody go, and holds nobody any more. */
  readonly silence: () => void;
  readonly isSilenced: () => boolean;
}

export function createBell(): Bell {
  const waiting = new Map<string, Set<() => void>>();
  let isSilenced = false;
  const wakeAll = (them: Iterable<() => void>): void => {
    for (const wake of [...them]) wake();
  };
  return {
    ring: (key) => wakeAll(waiting.get(key) ?? []),
    next: (key, ms, gone) =>
      new Promise((resolve) => {
        if (isSilenced || gone.aborted) {
          resolve();
          return;
        }
        const own = waiting.get(key) ?? new Set();
        waiting.set(key, own);
        const wake = (): void => {
          clearTimeout(timer);
          gone.removeEventListener("abort", wake);
          own.delete(wake);
          if (own.size === 0 && waiting.get(key) === own) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        gone.addEventListener("abort", wake);
        own.add(wake);
      }),
    silence: () => {
      isSilenced = true;
      wakeAll([...waiting.values()].flatMap((each) => [...each]));
    },
    isSilenced: () => isSilenced,
  };
}
