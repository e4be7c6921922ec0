/** Wakes callers that are held, once what they wait for was judged in this process. */
export interface Bell {
  readonly ring: (key: string) => void;
  /** How often it was rung, whatever for: to be asked before one looks whether there is anything to wait for. */
  readonly rung: () => number;
  /**
   * Resolves when the key is rung, after `ms`, when the caller is gone, or when the bell is silenced; at once where it
   * was rung after `since`.
   */
  readonly next: (key: string, ms: number, gone: AbortSignal, since: number) => Promise<void>;
  /** Lets everybody go, and holds nobody any more. */
  readonly silence: () => void;
  readonly isSilenced: () => boolean;
}

export function createBell(): Bell {
  const waiting = new Map<string, Set<() => void>>();
  let isSilenced = false;
  let rung = 0;
  const wakeAll = (them: Iterable<() => void>): void => {
    for (const wake of [...them]) wake();
  };
  return {
    ring: (key) => {
      rung += 1;
      wakeAll(waiting.get(key) ?? []);
    },
    rung: () => rung,
    next: (key, ms, gone, since) =>
      new Promise((resolve) => {
        if (isSilenced || gone.aborted || rung !== since) {
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
