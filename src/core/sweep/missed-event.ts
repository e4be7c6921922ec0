import type { Event, EventRepository } from "#core/model/event.ts";

/** A repository as the store remembers it. */
interface Remembered extends EventRepository {
  readonly installationId: number;
}

type EventParts = Partial<Omit<Event, "name" | "installationId" | "repository">>;

/**
 * The event that GitHub should have sent, made from what a sweep found. It goes the way of every delivery; who did it
 * is not known, and nobody is named for it.
 */
export function missedEvent(name: string, at: Remembered, said: EventParts = {}): Event {
  const { id, owner, ownerId, ownerType, defaultBranch, archived } = at;
  return {
    ...noParts,
    name,
    installationId: at.installationId,
    repository: {
      id,
      owner,
      ownerId,
      ownerType,
      name: at.name,
      private: at.private,
      defaultBranch,
      archived,
    },
    ...said,
  };
}

/** People of an owner came or went. */
export function missedTeamEvent(installationId: number, organization: string, slug: string): Event {
  return {
    ...noParts,
    name: "membership.removed",
    installationId,
    repository: null,
    team: { slug, organization },
  };
}

const noParts = {
  sender: null,
  pullRequest: null,
  check: null,
  push: null,
  mergeGroup: null,
  comment: null,
  label: null,
  deployment: null,
  runId: null,
  issue: null,
  team: null,
} as const;
