import { z } from "zod";
import {
  comparisonText,
  parseComparison,
  type Comparison,
} from "#core/formats/health/comparison.ts";
import { oneOf } from "#core/text/meanings.ts";
import { durationSchema, parseDuration } from "#core/text/duration.ts";

/** As the process's settings name them: never an address. */
export const sourceName = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
    error:
      "not the name of a source; sources are named in the settings of Gatehouse (HEALTH_SOURCES), never by address",
  })
  .meta({
    description: "The source, by its name in the process's settings.",
    examples: ["prometheus"],
  });

export const query = z
  .string()
  .min(1)
  .max(2_000)
  .refine((text) => text.trim() !== "", { error: "asks nothing" })
  .meta({
    description: "What it is asked: PromQL, a Datadog query, or a JSON pointer.",
    examples: ["sum(rate(http_errors_total[5m]))", "/status/errors"],
  });

export const comparison = z
  .string()
  .max(60)
  .refine((text) => parseComparison(text) !== undefined, {
    error: 'not a comparison with a number; write one such as "<= 0.01", "> 0.99" or "== 1"',
  })
  .meta({
    description: "What each of its values has to keep to.",
    examples: ["< 0.5", "== 1"],
  });

const longestMs = 7 * 86_400_000;

export const params = z.strictObject({
  source: sourceName,
  query,
  is: comparison,
  for: z
    .union([
      z.literal(0),
      durationSchema.refine((text) => (parseDuration(text) ?? 0) <= longestMs, {
        error: "longer than 7 days, which no source is asked for",
      }),
    ])
    .default(0)
    .meta({ description: "How long it must have been so.", examples: ["10m", 0] }),
  no_data: oneOf(["hold", "fail"], {
    hold: "It waits until there is one.",
    fail: "The rule is not met.",
  })
    .default("hold")
    .describe("What it means that the source has no value, now or for a part of the time."),
});
export type Params = z.output<typeof params>;

export const comparisonOf = ({ is }: Pick<Params, "is">): Comparison =>
  parseComparison(is) ?? { operator: "==", to: Number.NaN };

export const spanOf = (asked: Pick<Params, "for">): number =>
  asked.for === 0 ? 0 : (parseDuration(asked.for) ?? 0);

export const isText = (asked: Pick<Params, "is">): string => comparisonText(comparisonOf(asked));
