import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { Deployments } from "#core/ports/deployments.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Bell } from "./bell.ts";

/** Sees what was answered without the bell, as other processes do: one question to the store for all callers that are held here. */
export interface Lookout {
  /** The caller knows the row as it is, and waits until it is another; to be called off once it waits no longer. */
  readonly watch: (row: DeploymentRow) => () => void;
}

interface Watched {
  readonly row: DeploymentRow;
  readonly shown: string;
  callers: number;
}

/** What a held caller waits for. */
const shownOf = ({ question, gateAnswer, gateAnsweredAt }: DeploymentRow): string =>
  JSON.stringify([question?.judged, gateAnswer, gateAnsweredAt]);

/** How long an answer may be unseen by the callers that wait for it: of another process, and of this one, which rings by itself. */
export const lookEveryMs = { shared: 2_000, alone: 30_000 } as const;

/** Nothing is asked while nobody waits. */
export function createLookout(
  deployments: Pick<Deployments, "rows">,
  bell: Bell,
  everyMs: number,
): Lookout {
  const watched = new Map<string, Watched>();
  let isRunning = false;

  async function look(): Promise<void> {
    const rows = await deployments.rows([...watched.values()].map(({ row }) => row));
    for (const row of rows) {
      const key = subjectKey(subjectOf(row));
      const known = watched.get(key);
      if (known !== undefined && known.shown !== shownOf(row)) bell.ring(key);
    }
  }

  function soon(): void {
    if (isRunning) return;
    isRunning = true;
    const again = (): void => {
      isRunning = false;
      if (watched.size > 0) soon();
    };
    // Where the store does not answer, it is asked again.
    setTimeout(
      () =>
        void look()
          .catch(() => undefined)
          .then(again),
      everyMs,
    ).unref();
  }

  return {
    watch: (row) => {
      const key = subjectKey(subjectOf(row));
      const shown = shownOf(row);
      const before = watched.get(key);
      // One of them knows less than the other.
      if (before !== undefined && before.shown !== shown) bell.ring(key);
      const one: Watched = { row, shown, callers: (before?.callers ?? 0) + 1 };
      watched.set(key, one);
      soon();
      return () => {
        const now = watched.get(key);
        if (now === undefined) return;
        now.callers -= 1;
        if (now.callers === 0) watched.delete(key);
      };
    },
  };
}
