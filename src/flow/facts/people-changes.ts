import type { Event } from "#core/model/event.ts";
import type { Records } from "#core/ports/records.ts";

/** What process after process has to know of: the one that routes the event is not the one that judges next. */
export interface PeopleChanges {
  /** Notes, for every process over this store, that somebody's memberships or rights changed. */
  readonly note: (event: Event) => Promise<void>;
  /** Forgets people of the installation if another process noted a change since this one last looked. */
  readonly catchUp: (installationId: number) => Promise<void>;
}

type Change = Pick<Event, "name" | "installationId" | "repository">;

const aboutPeople = /^(?:membership|member|team|organization)(?:\.|$)/;
const keyOf = (installationId: number): string => `people-changed:${installationId}`;

/**
 * Caches live in a process, deliveries are routed by any of several: without this, a person who lost a team would count in
 * the others for as long as their caches live. One read of the store for each piece of work.
 * `newMark`: a text that was never used before.
 */
export function createPeopleChanges(
  records: Pick<Records, "getValue" | "setValue">,
  forget: (change: Change) => void,
  newMark: () => string,
): PeopleChanges {
  const seen = new Map<number, string | null>();
  return {
    note: async ({ name, installationId }) => {
      if (installationId === null || !aboutPeople.test(name)) return;
      await records.setValue(keyOf(installationId), newMark());
    },
    catchUp: async (installationId) => {
      const mark = (await records.getValue(keyOf(installationId))) ?? null;
      const before = seen.get(installationId);
      if (before === mark) return;
      seen.set(installationId, mark);
      if (before !== undefined) forget({ name: "membership", installationId, repository: null });
    },
  };
}
