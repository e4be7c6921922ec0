import { z } from "zod";
import type { PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import { isAgent } from "#core/people/agents.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import type { Overview } from "./overview.ts";
import { fromRestUser, restUser } from "./person.ts";
import { commitsInOverview } from "./commits-in-overview.ts";
import type { TimelineView } from "./timeline.ts";

/** GitHub's coding agent began to work: `actor` is the person who asked it to. */
const started = z.object({
  event: z.literal("copilot_work_started"),
  actor: restUser,
  performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
});

/** An agent assigns its pull request to the person who asked for it. */
const assigned = z.object({ event: z.literal("assigned"), actor: restUser, assignee: restUser });

/** A review by Copilot is started in the same words, and asking for one makes nobody a contributor. */
const reviewer = "copilot-pull-request-reviewer";

/** So long after the opening GitHub's timeline says who asked for it; what comes later is asked for before it is pushed. */
const lagMs = 10 * 60_000;

/** Once for a head. That nobody is told may be a lag behind the opening, and is then asked for again. */
export async function readAskedByOnce(
  { installationId, id }: RepositoryRecord,
  { number, headSha, createdAt }: PullRequestFact,
  cache: ExpiringCache<readonly Person[]>,
  read: () => Promise<readonly Person[]>,
  now: number,
): Promise<readonly Person[]> {
  const key = `${installationId}:${id}:${number}:${headSha}`;
  const people = await cache.get(key, read);
  if (people.length === 0 && now - createdAt < lagMs) cache.drop((one) => one === key);
  return people;
}

/** Who asked a coding agent for the pull request or for a further commit of it. */
export function askersIn(): TimelineView<readonly Person[]> {
  const people = new Map<number, Person>();
  return {
    see: (row) => {
      const person = whoAsked(row);
      if (person?.type === "User" && !isAgent(person)) people.set(person.id, person);
    },
    seen: () => [...people.values()].sort((a, b) => a.id - b.id),
  };
}

function whoAsked(row: unknown): Person | null {
  const start = started.safeParse(row);
  if (start.success)
    return start.data.performed_via_github_app?.slug === reviewer
      ? null
      : fromRestUser(start.data.actor);
  const assignment = assigned.safeParse(row);
  const agent = assignment.success ? fromRestUser(assignment.data.actor) : null;
  return agent !== null && isAgent(agent) ? fromRestUser(assignment.data?.assignee) : null;
}

/** Whether a coding agent of the shipped list had a hand in it, or may have: of others GitHub does not tell who asked them. */
export function mayBeOfAgent({ author }: PullRequestFact, overview: Overview | null): boolean {
  if (author !== null && isAgent(author)) return true;
  if (overview === null) return true;
  const { commits, complete } = commitsInOverview(overview);
  return (
    !complete ||
    commits.some(({ authors, committer }) =>
      [...authors, committer].some(
        (identity) => identity?.person !== null && identity !== null && isAgent(identity.person),
      ),
    )
  );
}
