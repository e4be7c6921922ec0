import type { Event } from "#core/model/event.ts";
import type { Records } from "#core/ports/records.ts";

/** Changes that every process must know of, because the one that routes an event is not always the one that judges next. */
export interface SharedChanges {
  /** Notes, for every process over this store, that something changed which is remembered for a while. */
  readonly note: (event: Event) => Promise<void>;
  /**
   * Drops cache entries for changes that other processes noted since the last call. `repository` null: for the
   * installation alone.
   */
  readonly catchUp: (installationId: number, repository: number | null) => Promise<void>;
}

/** As much of an event as it takes to forget what it changed. */
export type Change = Pick<Event, "name" | "installationId"> & {
  readonly repository: { readonly id: number } | null;
};

/** Events that change the same things, and one that stands for all of them. */
interface Family {
  readonly names: RegExp;
  readonly of: "installation" | "repository";
  readonly standsFor: string;
}

const families: readonly Family[] = [
  {
    names: /^(?:membership|member|team|organization)(?:\.|$)/,
    of: "installation",
    standsFor: "membership",
  },
  { names: /^installation/, of: "installation", standsFor: "installation" },
  { names: /^repository(?:\.|$)/, of: "repository", standsFor: "repository" },
  { names: /^custom_property_values/, of: "repository", standsFor: "custom_property_values" },
  {
    names: /^(?:code_scanning_alert|dependabot_alert|secret_scanning_alert)/,
    of: "repository",
    standsFor: "code_scanning_alert",
  },
  // Of a run or a suite only its end brings what was not there before.
  {
    names: /^(?:workflow_run|check_suite)\.completed$/,
    of: "repository",
    standsFor: "workflow_run.completed",
  },
  { names: /^issue_comment\.created$/, of: "repository", standsFor: "issue_comment" },
  { names: /^push$/, of: "repository", standsFor: "push" },
  { names: /^deployment(?:_status)?(?:\.|$)/, of: "repository", standsFor: "deployment" },
];

const keyOf = ({ standsFor, of }: Family, installation: number, repository: number): string =>
  `changed:${standsFor}:${of === "installation" ? installation : `${installation}:${repository}`}`;

/** For a single process, which drops its own cache entries when it routes an event. */
export const noSharedChanges: SharedChanges = {
  note: () => Promise.resolve(),
  catchUp: () => Promise.resolve(),
};

/**
 * Caches live in a process, deliveries are routed by any of several: without this, a person who lost a team would count in
 * the others for as long as their caches live. One write for an event that changes such a thing, one read for each piece
 * of work. `newMark`: a text that was never used before.
 */
export function createSharedChanges(
  records: Pick<Records, "getValues" | "setValue">,
  forget: (change: Change) => void,
  newMark: () => string,
): SharedChanges {
  const seen = new Map<string, string | null>();
  return {
    note: async ({ name, installationId, repository }) => {
      const family = families.find(({ names }) => names.test(name));
      if (family === undefined || installationId === null) return;
      if (family.of === "repository" && repository === null) return;
      await records.setValue(keyOf(family, installationId, repository?.id ?? 0), newMark());
    },
    catchUp: async (installationId, repository) => {
      const asked = families
        .filter(({ of }) => of === "installation" || repository !== null)
        .map((family) => ({ family, key: keyOf(family, installationId, repository ?? 0) }));
      const marks = await records.getValues(asked.map(({ key }) => key));
      for (const { family, key } of asked) {
        const mark = marks.get(key) ?? null;
        const before = seen.get(key);
        if (before === mark) continue;
        seen.set(key, mark);
        if (before === undefined) continue;
        const of = family.of === "repository" && repository !== null ? { id: repository } : null;
        forget({ name: family.standsFor, installationId, repository: of });
      }
    },
  };
}
