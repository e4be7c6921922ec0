import type { Store } from "#core/ports/store.ts";

/**
 * Whether lists of what waits show where the subject stands. What was decided by a version without such lists is not on
 * them until it is recorded once more, though nothing else changed.
 */
export const isListed = async (
  { views }: Pick<Store, "views">,
  subjectKey: string,
): Promise<boolean> => (await views.states([subjectKey])).length > 0;
