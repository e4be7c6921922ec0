import type { SubjectState, Views } from "#core/ports/views.ts";

const piece = 500;

/**
 * Everything that waits, the longest first, read piece by piece: what is not shown to somebody must not take the place
 * of what is.
 */
export async function* waitingStates(
  views: Pick<Views, "waiting">,
  of: { readonly repository?: number },
): AsyncGenerator<SubjectState> {
  for (let after: SubjectState | undefined; ;) {
    const states = await views.waiting({
      ...of,
      ...(after === undefined ? {} : { after }),
      limit: piece,
    });
    yield* states;
    after = states.at(-1);
    if (states.length < piece) return;
  }
}
