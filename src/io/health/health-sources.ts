import type { HealthAnswer } from "#core/formats/health/answer.ts";
import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import type { HealthQuestion, HealthSources } from "#core/ports/health.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";
import { askSource } from "./ask-source.ts";
import { NoAnswer } from "./fetch-text.ts";
import type { HealthSource } from "./source.ts";

export interface HealthOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly timeoutMs: number;
}

/** A question is not asked again sooner: the answer is everybody's meanwhile, whatever it is. */
const answersLastMs = 60_000;
const mostKept = 2_000;
/** Anybody who writes policies must not make us flood a source with questions. */
const mostQuestionsAMinute = 200;

interface Kept {
  readonly answer: Promise<HealthAnswer>;
  readonly askedAt: number;
}

/** The sources of the settings, each question asked once a minute. */
export function createHealthSources(
  sources: readonly HealthSource[],
  { clock, log, meter, timeoutMs }: HealthOptions,
): HealthSources {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const kept = new Map<string, Kept>();

  /** What a repository may not ask looks like what is not there. */
  const find = (
    named: string,
    { owner, name }: Pick<RepositoryRecord, "owner" | "name">,
  ): HealthSource | undefined => {
    const source = byName.get(named);
    const isForIt =
      source?.repositories === undefined || isRepositoryNamed(source.repositories, owner, name);
    return isForIt ? source : undefined;
  };

  const isYoung = ({ askedAt }: Kept, now: number): boolean =>
    // A clock that was put back makes nothing younger.
    now - askedAt >= 0 && now - askedAt < answersLastMs;

  /** How many other questions this source answered, or failed to, within the minute. */
  function asksLately(source: string, now: number): number {
    let asks = 0;
    for (const [key, each] of kept)
      if (key.startsWith(`${source}\n`) && isYoung(each, now)) asks += 1;
    return asks;
  }

  async function askNow(
    source: HealthSource,
    { query, span }: HealthQuestion,
    askedAt: number,
  ): Promise<HealthAnswer> {
    const count = (outcome: string): void =>
      meter.count("health_requests_total", { kind: source.type, outcome });
    try {
      const told = await askSource(source, {
        query,
        span,
        now: clock.now,
        signal: AbortSignal.timeout(timeoutMs),
      });
      count("answered");
      return { ...told, askedAt };
    } catch (error) {
      count("failed");
      const isTold = error instanceof NoAnswer;
      const because = isTold ? error.message : "could not be asked, which is a defect of Gatehouse";
      log[isTold ? "warn" : "error"](
        { source: source.name, reason: because, ...(isTold ? {} : { err: error }) },
        "a health source gave no usable answer",
      );
      return { kind: "unanswered", because, askedAt };
    }
  }

  return {
    isEmpty: sources.length === 0,
    mayAsk: (source, repository) => find(source, repository) !== undefined,
    ask: async (question, { owner, name }) => {
      const now = clock.now();
      const refused = (because: string): HealthAnswer => ({
        kind: "unanswered",
        because,
        askedAt: now,
      });
      const source = find(question.source, { owner, name });
      if (source === undefined)
        return refused(
          "is no source that this repository may ask: the people who run Gatehouse name it in HEALTH_SOURCES",
        );
      const key = `${source.name}\n${JSON.stringify(question.span)}\n${question.query}`;
      const known = kept.get(key);
      if (known !== undefined && isYoung(known, now)) return known.answer;
      if (asksLately(source.name, now) >= mostQuestionsAMinute)
        return refused(`is asked more than ${mostQuestionsAMinute} different questions a minute`);
      const answer = askNow(source, question, now);
      kept.delete(key);
      kept.set(key, { answer, askedAt: now });
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break;
        kept.delete(oldest);
      }
      return answer;
    },
  };
}
