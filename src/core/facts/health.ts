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

/** How a source says that things stand. `askedAt`: by our clock (epoch ms). */
export type HealthFact =
  | {
      readonly kind: "measured";
      /** Of the line that is furthest off; null: there is none now. */
      readonly value: number | null;
      /** How many lines there are. */
      readonly lines: number;
      /** Whether it keeps to it now. */
      readonly keeps: boolean;
      /** Since when it does, or does not, as far as is known. */
      readonly since: number | null;
      /** Over the whole span, as far as it has passed. */
      readonly kept: boolean;
      readonly brokenAt: number | null;
      readonly gapAt: number | null;
      /** Up to which instant it speaks, by the source's clock. */
      readonly until: number;
      readonly askedAt: number;
    }
  /** The source could not be asked, or answers with what cannot be believed. */
  | { readonly kind: "unanswered"; readonly because: string; readonly askedAt: number };

export const health = defineFact<HealthParams, HealthFact>({
  name: "health",
  summary: "What a health source of the process's settings measures, compared over a time.",
  changedBy: [],
  permissions: [],
  cost: "shared",
  describe: ({ source }) => `the health that ${source} measures`,
});

/** What the key of a need asks; undefined: it is none of these. */
export function healthAsked(key: string): HealthParams | undefined {
  const written = key.startsWith(`${health.name}:{`)
    ? key.slice(health.name.length + 1)
    : undefined;
  return written === undefined ? undefined : healthParams.parse(JSON.parse(written));
}

/** In one word, what an answer stands on: another word is a reason to judge again, another value is none. */
export function healthWord(fact: HealthFact): string {
  if (fact.kind === "unanswered") return "unanswered";
  if (fact.value === null) return fact.brokenAt === null ? "no data" : "no data, broken";
  if (!fact.keeps) return "broken";
  if (fact.kept) return "kept";
  return fact.brokenAt === null ? "short" : "kept again";
}

/** What was seen before, where the same was asked again and again. */
export interface SeenHealth {
  readonly word: string;
  /** From when on it was that without an interruption (epoch ms). */
  readonly since: number;
  /** When it was last seen. */
  readonly at: number;
}

/** What was kept, read back; what cannot be read any more was never seen. */
export const seenHealth = z
  .record(z.string(), z.object({ word: z.string(), since: z.number(), at: z.number() }))
  .catch({});

/** Under which name it is kept what a repository was told. */
export const seenHealthOf = (repository: number, key: string): string => `${repository}:${key}`;

/** What is seen now, where the same was asked a minute ago: an uninterrupted run goes on. */
export function seenNow(fact: HealthFact, before: SeenHealth | undefined): SeenHealth {
  const word = healthWord(fact);
  const at = fact.askedAt;
  const goesOn = reachesTo(before, at) && beginsLike(before.word, word);
  return { word, since: goesOn ? before.since : at, at };
}

/** Asked every minute, it may once come late. */
const seenLastsMs = 150_000;

/** Whether what was seen reaches up to this instant; another process may have asked a moment later. */
export const reachesTo = (seen: SeenHealth | undefined, at: number): seen is SeenHealth =>
  seen !== undefined && Math.abs(at - seen.at) <= seenLastsMs && seen.since <= at;

/** So late a line of measurements may begin after a deployment. */
export const firstMeasuredMs = 5 * 60_000;

function spanOf(span: HealthSpan, at: number): Span {
  if (span.kind === "last") return { from: at - span.ms, until: at };
  const from = Math.min(span.from, at);
  return { from, until: Math.max(from, Math.min(span.until, at)), graceMs: firstMeasuredMs };
}

/** What an answer says of a comparison. `seen`: for what a source itself does not tell of the past. */
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
  // A single moment: since when it is like that was seen by this process.
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
    // Nobody looked before: that is no gap, it only takes its time.
    brokenAt: null,
    gapAt: null,
  };
}

/** "short", while a span is not full yet, is the beginning of "kept". */
export const beginsLike = (seen: string, word: string): boolean =>
  seen === word || (word === "kept" && (seen === "short" || seen === "kept again"));
