/** How one piece of work ended. `wakeAt` (epoch ms): do it again then, unless an event asks sooner. */
export type Outcome =
  | { readonly kind: "done"; readonly wakeAt: number | null }
  | { readonly kind: "again"; readonly at: number; readonly reason: string };

export const done: Outcome = { kind: "done", wakeAt: null };

/** Back-off with jitter: 2, 4, 8 … seconds, at most 5 minutes. `jitter` is in [0, 1). */
export function backOff(attempts: number, jitter: number): number {
  const base = Math.min(300_000, 2000 * 2 ** Math.min(attempts, 10));
  return Math.round(base * (0.75 + jitter / 2));
}

/** How often GitHub has to say that something is gone, over half a minute: it answers 404 for what it only cannot see now. */
const goneAfterAttempts = 4;

/** Whether it was said often enough, one time after the other, that what this work is about is gone. */
export function isGoneForGood(lease: { readonly attempts: number }): boolean {
  return lease.attempts >= goneAfterAttempts;
}
