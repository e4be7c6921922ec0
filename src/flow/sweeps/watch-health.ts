import {
  healthAsked,
  healthOf,
  seenHealth,
  seenHealthOf,
  seenNow,
  type SeenHealth,
} from "#core/facts/health.ts";
import { seenHealthKey } from "#core/ports/health.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { hiddenIn, hiddenKeyOf } from "#flow/judge/hidden-facts.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";

/** So many are asked at once. */
const atOnce = 10;
const mostQuestions = 1_000;

/** A waiting deployment, and in which words it was judged, by what was asked. */
interface Waiting {
  readonly subject: DeploymentSubject;
  readonly repository: RepositoryRecord;
  readonly words: Readonly<Record<string, string>>;
}

async function waitingForHealth({ store }: Deps): Promise<readonly Waiting[]> {
  const subjects = (await store.deployments.waiting()).map(subjectOf);
  const kept = await store.records.getValues(subjects.map(hiddenKeyOf));
  const waiting: Waiting[] = [];
  for (const subject of subjects) {
    const { health } = hiddenIn(kept.get(hiddenKeyOf(subject)) ?? null);
    const repository =
      health === undefined ? null : await store.records.repository(subject.repository);
    if (health !== undefined && repository?.active === true)
      waiting.push({ subject, repository, words: health });
  }
  return waiting;
}

async function seenBefore({ store }: Deps): Promise<Readonly<Record<string, SeenHealth>>> {
  const stored = await store.records.getValue(seenHealthKey);
  return stored === null ? {} : seenHealth.parse(JSON.parse(stored));
}

/**
 * Asks what waiting deployments stand on of health, each question once, no matter how many wait for it, and has those judged again
 * for which the answer has become another one. A value that only moves wakes nobody.
 */
export async function watchHealth(deps: Deps): Promise<void> {
  const waiting = await waitingForHealth(deps);
  const before = await seenBefore(deps);
  const asking = new Map<string, { readonly key: string; readonly repository: RepositoryRecord }>();
  for (const { repository, words } of waiting)
    for (const key of Object.keys(words))
      asking.set(seenHealthOf(repository.id, key), { key, repository });
  const seen: Record<string, SeenHealth> = {};
  const look = async ({
    key,
    repository,
  }: {
    readonly key: string;
    readonly repository: RepositoryRecord;
  }): Promise<void> => {
    const asked = healthAsked(key);
    if (asked === undefined) return;
    const name = seenHealthOf(repository.id, key);
    const fact = healthOf(await deps.health.ask(asked, repository), asked, before[name]);
    seen[name] = seenNow(fact, before[name]);
  };
  const questions = [...asking.values()].slice(0, mostQuestions);
  for (let from = 0; from < questions.length; from += atOnce)
    await Promise.all(questions.slice(from, from + atOnce).map(look));
  if (questions.length > 0 || Object.keys(before).length > 0)
    await deps.store.records.setValue(seenHealthKey, JSON.stringify(seen));
  const now = deps.clock.now();
  const isNews = ({ repository, words }: Waiting): boolean =>
    Object.entries(words).some(([key, word]) => {
      const found = seen[seenHealthOf(repository.id, key)];
      return found !== undefined && found.word !== word;
    });
  const items = waiting.filter(isNews).map(({ subject }) => judgeItem(subject, now, true));
  if (items.length === 0) return;
  await deps.store.queue.mark(items);
  deps.meter.count("sweep_marked_total", { sweep: "health" }, items.length);
}
