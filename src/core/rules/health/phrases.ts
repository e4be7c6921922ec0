import type { HealthFact } from "#core/facts/health.ts";
import { instant } from "#core/text/time.ts";

/** Enough digits to tell a value from what it is compared with. */
export const valueText = (value: number): string => String(Number(value.toPrecision(12)));

/** "0.034", "0.034, the worst of 3". */
export const measuredText = (value: number, lines: number): string =>
  lines === 1 ? valueText(value) : `${valueText(value)}, the worst of ${lines}`;

export const sinceText = (since: number | null): string =>
  since === null ? "" : ` since ${instant(since)}`;

export const askedAgain =
  "Gatehouse asks again every minute while the deployment waits, and judges again by itself when the answer is another one.";

type Unanswered = Extract<HealthFact, { kind: "unanswered" }>;

export const unansweredText = (source: string, { because }: Unanswered): string =>
  `${source} ${because}`;

/** An answer is relied on for so long after the source was asked. */
export const reliedOnMs = 120_000;
/** It is not asked again sooner. */
export const askedEveryMs = 60_000;
