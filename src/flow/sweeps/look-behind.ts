import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { Subject } from "#core/model/subject.ts";
import { namesRoles } from "#core/policy/names-roles.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { hiddenKey, type HiddenAnswer } from "#core/sweep/hidden.ts";
import { missedEvent } from "#core/sweep/missed-event.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { hiddenFacts } from "#flow/judge/hidden-facts.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { askedTogether, type Asking } from "./ask-together.ts";
import { waitingItems } from "./find-waiting.ts";
import type { Known, SweepPorts } from "./sweep-ports.ts";

/**
 * Answers that GitHub charges for, an hour: what is unchanged is free, but only as long as the token is the one it was
 * asked with, so each question is charged about once an hour. With the rest it stays within a hundredth of the quota.
 */
const chargedAnHour = 100;
const hourMs = 3_600_000;
/** A token lives an hour; an answer that is younger was most likely given to this one. */
const likelyFreeMs = 50 * 60_000;
/** So many are under way at once. */
const atOnce = 10;
/** Asked last of all: analyses and the check run of code scanning tell nearly everything that these do. */
const alertsLaterMs = 400_000;
const mostQuestions = 1_000;

const shape = z.object({
  /** When GitHub charged for an answer. */
  charged: z.array(z.number()),
  seen: z.record(
    z.string(),
    z.object({
      askedAt: z.number(),
      chargedAt: z.number(),
      marks: z.record(z.string(), z.string()),
    }),
  ),
});
type Cache = z.infer<typeof shape>;

const keyOf = (installation: number): string => `sweep:hidden:${installation}`;

async function cached(records: Records, installation: number): Promise<Cache> {
  const stored = await records.getValue(keyOf(installation));
  if (stored === null) return { charged: [], seen: {} };
  try {
    return shape.parse(JSON.parse(stored));
  } catch {
    return { charged: [], seen: {} };
  }
}

const eventOf = {
  dependabot: "dependabot_alert.created",
  secrets: "secret_scanning_alert.created",
  properties: "custom_property_values.updated",
} as const;

interface Stands {
  readonly subject: Subject;
  readonly repository: RepositoryRecord;
  /** Refs on which code scanning looks at it; null: wherever. */
  readonly refs: readonly string[] | null;
}

function subjectsOf({ repositories, pulls, held }: Known): readonly Stands[] {
  return [
    ...held.map((row) => ({ subject: subjectOf(row), repository: row.repository, refs: null })),
    ...pulls.map(({ repository, number, headRef }) => ({
      subject: { kind: "pull_request", repository, number } as const,
      repository,
      refs: [`refs/pull/${number}/merge`, `refs/pull/${number}/head`, `refs/heads/${headRef}`],
    })),
  ].flatMap(({ repository: id, ...rest }) => {
    const repository = repositories.get(id);
    return repository === undefined ? [] : [{ ...rest, repository }];
  });
}

/** What is worth asking: what the answers stand on that no digest shows, and what may wait where nobody looks. */
async function askings(
  deps: Deps,
  policies: Policies,
  { onEvent }: SweepPorts,
  known: Known,
  quiet: readonly RepositoryRecord[],
): Promise<readonly Asking[]> {
  const now = deps.clock.now();
  const all = new Map<string, Asking>();
  const add = (question: Asking["question"], changed: Asking["changed"]): void => {
    const key = hiddenKey(question);
    const before = all.get(key);
    all.set(key, {
      question,
      changed:
        before === undefined
          ? changed
          : async (marks) => [...(await before.changed(marks)), ...(await changed(marks))],
    });
  };
  const roles = new Map<number, boolean>();
  const asksRoles = async (repository: RepositoryRecord): Promise<boolean> => {
    const told = roles.get(repository.id);
    if (told !== undefined) return told;
    const resolved = await policies.of(repository);
    const asks = resolved.kind === "effective" && namesRoles(resolved.policy);
    roles.set(repository.id, asks);
    return asks;
  };
  for (const { subject, repository, refs } of subjectsOf(known)) {
    const { people, sources, labels = [] } = await hiddenFacts(deps.store.records, subject);
    const judge = judgeItem(subject, now, false);
    /** Handled as the delivery would have been, so that cached answers about it are dropped. */
    const heard = async (
      name: string,
      said: Parameters<typeof missedEvent>[2] = {},
    ): Promise<readonly WorkItem[]> => {
      await onEvent(missedEvent(name, repository, said));
      return [judge];
    };
    if (people.length > 0 && (subject.kind === "deployment" || (await asksRoles(repository))))
      for (const person of people)
        add({ kind: "role", repository, person }, () => heard("member.edited"));
    for (const label of labels)
      add({ kind: "incidents", repository, label }, () => heard("issues.labeled"));
    for (const source of sources) {
      if (source !== "analyses") {
        add({ kind: source, repository }, () => heard(eventOf[source]));
        continue;
      }
      const alert = (ref: string | null) =>
        heard("code_scanning_alert.created", { alert: { ref, byPerson: false } });
      add({ kind: "analyses", repository }, async ({ before, after }) =>
        (refs ?? Object.keys(after)).some((ref) => before[ref] !== after[ref])
          ? alert(refs?.[0] ?? null)
          : [],
      );
      const on = refs?.[0] ?? (subject.kind === "deployment" ? subject.ref : null);
      if (on !== null) add({ kind: "alerts", repository, ref: on }, () => alert(on));
    }
  }
  for (const repository of quiet)
    add({ kind: "waiting", repository }, ({ after }) =>
      after[""] === "none" ? Promise.resolve([]) : waitingItems(deps, repository),
    );
  return [...all.values()];
}

/**
 * Asks for facts that no digest of the activity shows, the longest unasked first, for as long as the hour's share of the
 * quota lasts; beyond it only for what GitHub will most likely confirm free of charge.
 */
export async function lookBehind(
  deps: Deps,
  policies: Policies,
  ports: SweepPorts,
  installation: number,
  known: Known,
  quiet: readonly RepositoryRecord[],
): Promise<readonly WorkItem[]> {
  const { records } = deps.store;
  const now = deps.clock.now();
  const cache = await cached(records, installation);
  const wanted = askedTogether(await askings(deps, policies, ports, known, quiet), {
    seen: cache.seen,
    now,
    repositories: known.repositories.size,
  }).slice(0, mostQuestions);
  if (wanted.length === 0) return [];
  const charged = cache.charged.filter((at) => now - at < hourMs);
  const seen: Cache["seen"] = {};
  const items: WorkItem[] = [];
  const dueOf = ({ question }: Asking): number =>
    (cache.seen[hiddenKey(question)]?.askedAt ?? 0) +
    (question.kind === "alerts" ? alertsLaterMs : 0);

  async function ask({ question, changed }: Asking): Promise<void> {
    const key = hiddenKey(question);
    const before = cache.seen[key];
    const isPaid = charged.length < chargedAnHour;
    const isLikelyFree = before !== undefined && now - before.chargedAt < likelyFreeMs;
    // An unexpected charge ends it, because it means that the token has changed.
    if (!isPaid && (!isLikelyFree || charged.length > chargedAnHour)) {
      if (before !== undefined) seen[key] = before;
      return;
    }
    const answer = await deps.github
      .hidden(question)
      .catch((error: unknown): HiddenAnswer | null => {
        // Off, or not allowed to us: an answer like any other. Anything else is asked again.
        if (error instanceof GatehouseError && error.code === "forbidden")
          return { marks: { "": "forbidden" }, isFree: false };
        deps.log.warn({ err: error, question: key }, "a fact could not be looked at by the sweep");
        return null;
      });
    if (answer === null) {
      if (before !== undefined) seen[key] = before;
      charged.push(now);
      return;
    }
    if (!answer.isFree) charged.push(...Array<number>(answer.calls ?? 1).fill(now));
    const isSame =
      before !== undefined && JSON.stringify(before.marks) === JSON.stringify(answer.marks);
    // What is seen for the first time may have changed since it was judged.
    if (!isSame)
      items.push(...(await changed({ before: before?.marks ?? {}, after: answer.marks })));
    seen[key] = {
      askedAt: now,
      chargedAt: answer.isFree ? (before?.chargedAt ?? now) : now,
      marks: answer.marks,
    };
  }

  const ordered = [...wanted].sort((one, other) => dueOf(one) - dueOf(other));
  for (let from = 0; from < ordered.length; from += atOnce)
    await Promise.all(ordered.slice(from, from + atOnce).map(ask));
  if (items.length > 0) await deps.store.queue.mark(items);
  await records.setValue(keyOf(installation), JSON.stringify({ charged, seen }));
  return items;
}
