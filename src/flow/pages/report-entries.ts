import type { LoggedEntry, Views } from "#core/ports/views.ts";
import { inTurns } from "./in-turns.ts";
import type { Span } from "#core/report/period.ts";

const piece = 250;
/** Clocks of processes differ by so much at most: who was recorded later may say an earlier instant. */
const clocksDifferMs = 3_600_000;

/** The last entry that was recorded long enough before this instant. Entries are numbered without a gap. */
async function lastBefore(views: Pick<Views, "entry" | "newest">, at: number): Promise<number> {
  let [low, high] = [0, await views.newest()];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const entry = await views.entry(middle);
    if (entry !== null && entry.at < at - clocksDifferMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Entries of a period, oldest first, read piece by piece. */
export async function* entriesOf(
  views: Pick<Views, "entry" | "newest" | "following">,
  { from, to }: Span,
  of: { readonly kinds: readonly string[]; readonly repository?: number },
): AsyncGenerator<LoggedEntry> {
  const turn = inTurns(1);
  for (let seq = await lastBefore(views, from); ;) {
    await turn();
    const entries = await views.following(seq, { ...of, limit: piece });
    for (const entry of entries) if (entry.at >= from && entry.at < to) yield entry;
    const last = entries.at(-1);
    if (last === undefined || entries.length < piece || last.at > to + clocksDifferMs) return;
    seq = last.seq;
  }
}
