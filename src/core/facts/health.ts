import { z } from "zod";
import type { HealthAnswer, HealthSpan } from "#core/formats/health/answer.ts";
import type { Comparison } from "#core/formats/health/comparison.ts";
import { overSpan, type Span } from "#core/formats/health/over-span.ts";
import { defineFact } from "#core/model/fact.ts";

export interface HealthParams {
  /** A name of the process's settings. */
  readonly source: string;
  readonly query: string;
  readonly is: Comparison;
  readonly span: HealthSpan;
}

export const healthParams: z.ZodType<HealthParams> = z.object({
  source: z.string(),
  query: z.string(),
  is: z.object({ operator: z.enum(["<", "<=", ">", ">=", "==", "!="]), to: z.number() }),
  span: z.union([
    z.object({ kind: z.literal("last"), ms: z.number() }),
    z.object({ kind: z.literal("between"), from: z.number(), until: z.number() }),
  ]),
});

/** What a source measured. `askedAt`: by our clock (epoch ms). */
export type HealthFact =
  | {
      readonly kind: "measured";
      /** Value of the series that is furthest from the limit; null if there is no value now. */
      readonly value: number | null;
      /** Number of series. */
      readonly lines: number;
      /** Whether the limit is kept now. */
      readonly keeps: boolean;
      /** Since when that is so, as far as is known. */
      readonly since: number | null;
      /** Whether it was kept over the whole span, as far as it has passed. */
      readonly kept: boolean;
      readonly brokenAt: number | null;
      readonly gapAt: number | null;
      /** The instant of the newest value, by the source's clock. */
      readonly until: number;
      readonly askedAt: number;
    }
  /** The source could not be asked, or its answer is not usable. */
  | { readonly kind: "unanswered"; readonly because: string; readonly askedAt: number };

export const health = defineFact<HealthParams, HealthFact>({
  name: "health",
  summary: "What a health source of the process's settings measures, compared over a time.",
  changedBy: [],
  permissions: [],
  cost: "shared",
  describe: ({ source }) => `the health that ${source} measures`,
});

/** The parameters behind the key of a need; undefined if it is no need of this fact. */
export function healthAsked(key: string): HealthParams | undefined {
  const written = key.startsWith(`${health.name}:{`)
    ? key.slice(health.name.length + 1)
    : undefined;
  return written === undefined ? undefined : healthParams.parse(JSON.parse(written));
}

/** The outcome in one word: a change of the word is a reason to judge again, a change of the value is not. */
export function healthWord(fact: HealthFact): string {
  if (fact.kind === "unanswered") return "unanswered";
  if (fact.value === null) return fact.brokenAt === null ? "no data" : "no data, broken";
  if (!fact.keeps) return "broken";
  if (fact.kept) return "kept";
  return fact.brokenAt === null ? "short" : "kept again";
}

/** What earlier answers to the same question showed. */
export interface SeenHealth {
  readonly word: string;
  /** Since when it has been so without interruption (epoch ms). */
  readonly since: number;
  /** When it was last seen. */
  readonly at: number;
}

/** Reads a stored value; one that cannot be read counts as never seen. */
export const seenHealth = z
  .record(z.string(), z.object({ word: z.string(), since: z.number(), at: z.number() }))
  .catch({});

/** The name of the stored value for a repository and a need. */
export const seenHealthOf = (repository: number, key: string): string => `${repository}:${key}`;

/** The value to store now: an uninterrupted series of equal outcomes goes on. */
export function seenNow(fact: HealthFact, before: SeenHealth | undefined): SeenHealth {
  const word = healthWord(fact);
  const at = fact.askedAt;
  const goesOn = reachesTo(before, at) && beginsLike(before.word, word);
  return { word, since: goesOn ? before.since : at, at };
}

/** It is asked every minute, and one answer may come late. */
const seenLastsMs = 150_000;

/** Whether what was seen covers this instant; another process may have asked a moment later. */
export const reachesTo = (seen: SeenHealth | undefined, at: number): seen is SeenHealth =>
  seen !== undefined && Math.abs(at - seen.at) <= seenLastsMs && seen.since <= at;

/** How long after a deployment the first measurement may come. */
export const firstMeasuredMs = 5 * 60_000;

function spanOf(span: HealthSpan, at: number): Span {
  if (span.kind === "last") return { from: at - span.ms, until: at };
  const from = Math.min(span.from, at);
  return { from, until: Math.max(from, Math.min(span.until, at)), graceMs: firstMeasuredMs };
}

/** Compares an answer with the limit. `seen` fills in the past where the source does not report it. */
export function healthOf(
  answer: HealthAnswer,
  { is, span }: Pick<HealthParams, "is" | "span">,
  seen?: SeenHealth,
): HealthFact {
  const { askedAt } = answer;
  if (answer.kind === "unanswered") return answer;
  if (!answer.tellsPast && span.kind === "between")
    return {
      kind: "unanswered",
      because:
        "tells of this moment only, not of a bake: a source of type prometheus or datadog does, or a rule health with for",
      askedAt,
    };
  const told = spanOf(span, answer.at);
  const now = overSpan(answer.series, is, answer.tellsPast ? told : { ...told, from: answer.at });
  const measured = {
    kind: "measured",
    lines: answer.series.length,
    until: told.until,
    askedAt,
  } as const;
  const whole = { ...now, kept: now.keeps && now.brokenAt === null && now.gapAt === null };
  if (answer.tellsPast && told.from < answer.at) return { ...measured, ...whole };
  // The source reports only the present value; since when it has been so is what this process saw.
  const word = now.value === null ? "no data" : now.keeps ? "kept" : "broken";
  const before = reachesTo(seen, askedAt) && beginsLike(seen.word, word) ? seen.since : null;
  const since = now.value === null ? null : before;
  if (told.from === answer.at || !now.keeps) return { ...measured, ...whole, since };
  const start = before ?? askedAt;
  return {
    ...measured,
    ...whole,
    since: start,
    kept: askedAt - start >= told.until - told.from,
    // Nothing was seen before: that is not an interruption, the span only has to pass.
    brokenAt: null,
    gapAt: null,
  };
}

/** "short", while a span is not full yet, is the beginning of "kept". */
export const beginsLike = (seen: string, word: string): boolean =>
  seen === word || (word === "kept" && (seen === "short" || seen === "kept again"));
