import { z } from "zod";
import type { Ask } from "#core/facts/ask.ts";
import { health, type HealthFact } from "#core/facts/health.ts";
import { instant } from "#core/text/time.ts";
import { comparison, comparisonOf, isText, query, sourceName } from "../health/params.ts";
import { askedEveryMs, measuredText, reliedOnMs } from "../health/phrases.ts";

/** What a source must say of an environment while a commit bakes there, and when the next one opens. */
export const ringHealthParams = z
  .array(z.strictObject({ source: sourceName, query, is: comparison }))
  .min(1)
  .max(10);
export type RingHealthParams = z.output<typeof ringHealthParams>;

/** Each question as one text, to compare lists of them. */
export const questionsOf = (asked: RingHealthParams | undefined): readonly string[] =>
  (asked ?? []).map((each) => `${each.source} ${isText(each)} ${each.query}`);

export const ringHealthText = (asked: RingHealthParams): string =>
  `while ${asked.map((each) => `${each.source} says ${isText(each)}`).join(" and ")}`;

/** When the bake began and ends (epoch ms). */
export interface Bake {
  readonly from: number;
  readonly until: number;
}

/**
 * The health of an environment while a commit baked there, and now. `unhealthy`: a limit was broken during the
 * bake, which only a further deployment restarts. `unwell`: one is broken now. `unseen`: the end of the bake was
 * not measured yet.
 */
export type RingHealth =
  | { readonly kind: "healthy"; readonly goodUntil: number }
  | { readonly kind: "unhealthy" | "unwell" | "no data" | "unknown"; readonly found: string }
  | { readonly kind: "unseen"; readonly found: string; readonly askAgainAt: number };

const worstFirst = ["unhealthy", "unknown", "no data", "unwell", "unseen"] as const;

/** undefined while an answer is missing. */
export function ringHealth(
  asked: RingHealthParams,
  bake: Bake,
  now: number,
  ask: Ask,
): RingHealth | undefined {
  const found = asked.map((each) => {
    const need = (span: Parameters<typeof health.need>[0]["span"]) =>
      health.need({ source: each.source, query: each.query, is: comparisonOf(each), span });
    const present = ask(need({ kind: "last", ms: 0 }));
    // Both in one round.
    const past = bake.until > bake.from ? ask(need({ kind: "between", ...bake })) : null;
    return present === undefined || past === undefined
      ? undefined
      : oneHealth(each, past, present, bake, now);
  });
  const told = found.filter((each): each is RingHealth => each !== undefined);
  if (told.length < found.length) return undefined;
  for (const kind of worstFirst) {
    const worst = told.find((each) => each.kind === kind);
    if (worst !== undefined) return worst;
  }
  return {
    kind: "healthy",
    goodUntil: Math.min(
      ...told.flatMap((each) => (each.kind === "healthy" ? [each.goodUntil] : [])),
    ),
  };
}

function oneHealth(
  each: RingHealthParams[number],
  past: HealthFact | null,
  present: HealthFact,
  bake: Bake,
  now: number,
): RingHealth {
  const { source } = each;
  const is = isText(each);
  if (past?.kind === "measured" && past.brokenAt !== null)
    return {
      kind: "unhealthy",
      found: `${source} did not say ${is} within its bake, last at ${instant(past.brokenAt)}`,
    };
  for (const fact of [past, present])
    if (fact?.kind === "unanswered") return { kind: "unknown", found: `${source} ${fact.because}` };
  if (present.kind !== "measured" || past?.kind === "unanswered")
    return { kind: "unknown", found: `${source} was not asked` };
  if (past !== null && !past.kept)
    return { kind: "no data", found: `${source} has no data for a part of its bake` };
  if (present.value === null) return { kind: "no data", found: `${source} has no data` };
  if (!present.keeps)
    return {
      kind: "unwell",
      found: `${source} says ${measuredText(present.value, present.lines)} now, not ${is}`,
    };
  // An answer that is shared may have been given before the bake was over.
  if (past !== null && now >= bake.until && past.until < bake.until)
    return {
      kind: "unseen",
      found: `${source} was last asked before its bake was over`,
      askAgainAt: Math.max(now + 1_000, past.askedAt + askedEveryMs),
    };
  return {
    kind: "healthy",
    goodUntil: Math.min(present.askedAt, past?.askedAt ?? Infinity) + reliedOnMs,
  };
}
