/** What is known of a head and of the moment at which something was said. */
export interface SeenHead {
  /** The head now. */
  readonly head: string;
  /** The head that was known when it was heard; null: none was. */
  readonly seenHead: string | null;
  /** Both by GitHub's clock (epoch ms, told in whole seconds): clocks of other machines and dates of commits say nothing here (threat T7). */
  readonly saidAt: number;
  readonly headAt: { readonly sha: string; readonly at: number } | null;
}

/**
 * The head, where the person who spoke can have seen it; null where it came later, or where that cannot be told (threat T6).
 * Within one second the order in which GitHub told us decides.
 */
export function boundToSeen({ head, seenHead, saidAt, headAt }: SeenHead): string | null {
  if (seenHead !== head) return null;
  return headAt !== null && headAt.sha === head && headAt.at > saidAt ? null : head;
}
