import { health, healthOf, healthParams, type HealthFact } from "#core/facts/health.ts";
import type { HealthAnswer } from "#core/formats/health/answer.ts";
import type { Series } from "#core/formats/health/series.ts";
import { parseDuration } from "#core/text/duration.ts";
import type { GivenFacts } from "./schema.ts";
import { simulateFact } from "./simulated-fact.ts";

type Given = NonNullable<GivenFacts["health"]>[number];

/** A series that has its value since the given instant, or always. */
function lineOf(value: number, since: number | null, now: number): Series {
  const points = since === null ? [{ at: 0, value }] : [{ at: since, value }];
  return { points, reachMs: now + 1 };
}

function answerOf(given: Given | undefined, now: number): HealthAnswer {
  if (given?.error !== undefined) return { kind: "unanswered", because: given.error, askedAt: now };
  const { value = null } = given ?? {};
  const values = value === null ? [] : [value].flat();
  const lasts = given?.for === undefined ? undefined : parseDuration(given.for);
  const since = lasts === undefined ? null : now - lasts;
  return {
    kind: "series",
    series: values.map((each) => lineOf(each, since, now)),
    at: now,
    askedAt: now,
    tellsPast: true,
  };
}

/** Before the given instant the opposite held: not kept if it is kept now, and kept if it is not. */
function before(found: HealthFact, since: number | null): HealthFact {
  if (found.kind !== "measured" || found.gapAt === null || since === null) return found;
  return { ...found, gapAt: null, brokenAt: found.keeps ? since - 1 : found.brokenAt };
}

export const healthFacts = {
  health: simulateFact(health, healthParams, (params, { given, now }) => {
    const said = given.health?.find(
      ({ source, query }) =>
        source === params.source && (query === undefined || query === params.query),
    );
    const lasts = said?.for === undefined ? undefined : parseDuration(said.for);
    const found = healthOf(answerOf(said, now), params);
    return before(found, lasts === undefined ? null : now - lasts);
  }),
};
