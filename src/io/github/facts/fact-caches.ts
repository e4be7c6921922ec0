import type { CommitOrder } from "#core/facts/deployments.ts";
import type { Incident } from "#core/facts/incidents.ts";
import type { CodeOwnersFact, SameDiffFact } from "#core/facts/reviews.ts";
import type { Person, Role } from "#core/model/actor.ts";
import type { Event, EventRepository } from "#core/model/event.ts";
import type { TeamSeen } from "#core/ports/github.ts";
import type { Clock } from "#core/ports/system.ts";
import { createExpiringCache, type ExpiringCache } from "./expiring-cache.ts";
import type { ActivityCache } from "./read-pushers.ts";
import type { HeadChange } from "./read-same-diff.ts";
import type { StatusReports } from "./read-statuses.ts";

const minute = 60_000;
/** Many deployments wait for one incident and ask together; another repository's events may be ones that never reach us. */
const incidentsMs = 30_000;

/** As much of an event as it takes to know what has changed. */
export type ChangeSeen = Pick<Event, "name" | "installationId"> &
  Partial<Pick<Event, "runId">> & {
    readonly repository: (Pick<EventRepository, "id"> & Partial<EventRepository>) | null;
  };

/** What of a workflow run never changes: its workflow's path, and what started it. */
export interface AskingRun {
  readonly path: string;
  readonly event: string;
}

/** What outlives one evaluation. Every key begins with the installation: tenants share nothing (threat T45). */
export interface FactCaches {
  readonly teams: ExpiringCache<readonly Person[]>;
  /** Which team a slug names. */
  readonly teamIds: ExpiringCache<TeamSeen | null>;
  readonly roles: ExpiringCache<Role>;
  readonly accounts: ExpiringCache<Person | null>;
  readonly codeOwners: ExpiringCache<CodeOwnersFact | null>;
  /** Owners that GitHub does not take, by branch. */
  readonly refusedOwners: ExpiringCache<readonly string[]>;
  readonly activity: ActivityCache;
  /** Who asked an agent for a pull request, by its number and head. */
  readonly askedBy: ExpiringCache<readonly Person[]>;
  /** When a base branch was rewritten last, by its name and the commit it is at. */
  readonly rewrites: ExpiringCache<number | undefined>;
  /** Between two commits nothing ever changes. */
  readonly orders: ExpiringCache<CommitOrder>;
  readonly sameDiffs: ExpiringCache<SameDiffFact>;
  /** What each head changed, by its commit and the branch it was compared with. */
  readonly heads: ExpiringCache<HeadChange>;
  /** Open incidents, by the repository they are kept in and the label. */
  readonly incidents: ExpiringCache<readonly Incident[]>;
  /** Small files of head commits. */
  readonly texts: ExpiringCache<string | null>;
  /** By the run that asks for a deployment. */
  readonly askingRuns: ExpiringCache<AskingRun>;
  /** By what the commit's summary shows. */
  readonly statusReports: StatusReports;
  readonly now: () => number;
  /** Check runs behind which a job was seen: that never changes. */
  readonly provenChecks: {
    readonly has: (key: string) => boolean;
    readonly add: (key: string) => void;
  };
  /** Forgets what the event says has changed. */
  readonly forget: (event: ChangeSeen) => void;
}

const mostProven = 50_000;

function createProvenChecks(): FactCaches["provenChecks"] {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.add(key);
      for (const oldest of keys) {
        if (keys.size <= mostProven) break;
        keys.delete(oldest);
      }
    },
  };
}

/** The same caches with answers about people that are at most `peopleMs` old. */
export function freshOfPeople(caches: FactCaches, peopleMs: number): FactCaches {
  return {
    ...caches,
    teams: caches.teams.younger(peopleMs),
    roles: caches.roles.younger(peopleMs),
    accounts: caches.accounts.younger(peopleMs),
  };
}

/** Lives are short enough to converge in five minutes when the event that would have dropped an entry is lost. */
export function createFactCaches(clock: Clock): FactCaches {
  const teams = createExpiringCache<readonly Person[]>(clock, 5 * minute, 2_000);
  const teamIds = createExpiringCache<TeamSeen | null>(clock, 5 * minute, 2_000);
  const roles = createExpiringCache<Role>(clock, minute, 10_000);
  const rewrites = createExpiringCache<number | undefined>(clock, 5 * minute, 1_000);
  const accounts = createExpiringCache<Person | null>(clock, 5 * minute, 10_000);
  const incidents = createExpiringCache<readonly Incident[]>(clock, incidentsMs, 2_000);
  // It explains and decides nothing: an hour without the event that tells of a change does no harm.
  const refusedOwners = createExpiringCache<readonly string[]>(clock, 60 * minute, 1_000);
  return {
    teams,
    teamIds,
    roles,
    accounts,
    refusedOwners,
    rewrites,
    incidents,
    askedBy: createExpiringCache<readonly Person[]>(clock, 5 * minute, 5_000),
    codeOwners: createExpiringCache<CodeOwnersFact | null>(clock, 60 * minute, 500),
    activity: createExpiringCache(clock, 60 * minute, 1_000),
    orders: createExpiringCache<CommitOrder>(clock, 60 * minute, 5_000),
    sameDiffs: createExpiringCache<SameDiffFact>(clock, 60 * minute, 2_000),
    heads: createExpiringCache<HeadChange>(clock, 24 * 60 * minute, 10_000),
    texts: createExpiringCache<string | null>(clock, 60 * minute, 500),
    askingRuns: createExpiringCache<AskingRun>(clock, 60 * minute, 1_000),
    statusReports: createExpiringCache(clock, 60 * minute, 2_000),
    now: clock.now,
    provenChecks: createProvenChecks(),
    forget: (event) => {
      const subject = event.name.split(".", 1)[0];
      const mine = `${event.installationId ?? ""}:`;
      // That a login belongs to another account now shows only in the events of rights that it is given.
      if (["member", "membership", "organization"].includes(subject ?? ""))
        accounts.drop((key) => key.startsWith(mine));
      if (subject === "membership" || subject === "team" || subject === "organization") {
        teams.drop((key) => key.startsWith(mine));
        teamIds.drop((key) => key.startsWith(mine));
        roles.drop((key) => key.startsWith(mine));
        refusedOwners.drop((key) => key.startsWith(mine));
      }
      if (subject === "member" || subject === "repository") {
        const place = `${mine}${event.repository?.id ?? ""}:`;
        roles.drop((key) => key.startsWith(place));
        refusedOwners.drop((key) => key.startsWith(place));
      }
      if (subject === "issues" || subject === "label" || subject === "issue_comment")
        incidents.drop((key) => key.startsWith(`${mine}${event.repository?.id ?? ""}:`));
      if (subject === "push") {
        const place = `${mine}${event.repository?.id ?? ""}:`;
        refusedOwners.drop((key) => key.startsWith(place));
        rewrites.drop((key) => key.startsWith(place));
      }
    },
  };
}
