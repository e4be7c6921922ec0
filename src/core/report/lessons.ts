import type { Act } from "#core/model/act.ts";
import { judgedRight } from "#core/overrides/review-form.ts";
import type { Figure } from "./figure.ts";
import type { Span } from "./period.ts";

/** What one review found, as far as it was answered. */
export interface Lesson {
  readonly repository: string;
  /** When it was reviewed (epoch ms). */
  readonly at: number;
  /** The override that it is of; null: of a bypass. */
  readonly override: string | null;
  /** undefined: nobody said. */
  readonly wasRight: boolean | undefined;
  /** Rules that would have caught it; empty: nobody said. */
  readonly caughtBy: readonly string[];
}

/** A rule that would have caught something, and how often. */
export interface CatchingRule {
  readonly name: string;
  readonly times: number;
}

export interface Lessons {
  /** Of reviewed overrides those that were judged right. */
  readonly judgedRight: Figure;
  /** Those named most come first. */
  readonly caughtBy: readonly CatchingRule[];
  /** Reviews of the period, and how many of them do not say which rule would have caught it. */
  readonly reviews: number;
  readonly unanswered: number;
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

/** What the record of a review says; acts of earlier versions hold no answers. */
export function lessonOf(repository: string, act: Act): Lesson {
  const { answers } = act.detail;
  const judged =
    typeof answers === "object" && answers !== null && "judged" in answers
      ? answers.judged
      : undefined;
  return {
    repository,
    at: act.at,
    override: act.name,
    wasRight: typeof judged === "string" ? judgedRight({ judged }) : undefined,
    caughtBy: texts(act.detail["caughtBy"]),
  };
}

export function lessonsOf(all: readonly Lesson[], { from, to }: Span): Lessons {
  const lessons = all.filter(({ at }) => at >= from && at < to);
  const overrides = lessons.filter(({ override }) => override !== null);
  const judged = overrides.filter(({ wasRight }) => wasRight !== undefined);
  const right = judged.filter(({ wasRight }) => wasRight === true).length;
  const times = new Map<string, number>();
  for (const name of lessons.flatMap(({ caughtBy }) => caughtBy))
    times.set(name, (times.get(name) ?? 0) + 1);
  return {
    judgedRight: {
      value: judged.length === 0 ? null : (right / judged.length) * 100,
      unit: "percent",
      rows: judged.length,
      missing: overrides.length - judged.length,
    },
    caughtBy: [...times]
      .map(([name, count]) => ({ name, times: count }))
      .toSorted((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1)),
    reviews: lessons.length,
    unanswered: lessons.filter(({ caughtBy }) => caughtBy.length === 0).length,
  };
}
