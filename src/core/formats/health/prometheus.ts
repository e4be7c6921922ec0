import { oneLine } from "#core/text/plain-text.ts";
import { type Data, isData, nonsense, type Point, type Reading, type Series } from "./series.ts";

/** `at`: the instant for which it was evaluated, by the source's clock; null: it answers with nothing. */
export type InstantReading =
  | { readonly kind: "values"; readonly values: readonly number[]; readonly at: number | null }
  | Extract<Reading, { kind: "nonsense" }>;

/** The `data` of a whole, successful answer of Prometheus or of what speaks its language. Hostile input. */
function dataOf(text: string): Data | Extract<Reading, { kind: "nonsense" }> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return nonsense("answers something that is no JSON");
  }
  if (!isData(body)) return nonsense("answers something that is no answer of Prometheus");
  if (body["status"] !== "success") {
    // Other errors may name hosts behind the source; this one speaks of the query that was written.
    const { errorType, error } = body;
    return nonsense(
      errorType === "bad_data" && typeof error === "string"
        ? `does not take the query: ${oneLine(error, 200)}`
        : `answers with an error${typeof errorType === "string" ? ` (${oneLine(errorType, 40)})` : ""}`,
    );
  }
  // Thanos says so of stores that did not answer; infos are advice about the query.
  const { warnings, data } = body;
  if ((Array.isArray(warnings) && warnings.length > 0) || body["isPartial"] === true)
    return nonsense("warns that its answer may be a part of the whole");
  return isData(data) ? data : nonsense("answers something that is no answer of Prometheus");
}

const isNonsense = (
  found: Data | Extract<Reading, { kind: "nonsense" }>,
): found is Extract<Reading, { kind: "nonsense" }> => found["kind"] === "nonsense";

const figure = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|NaN|[+-]?Inf)$/i;

/** `[seconds, "value"]`; null: something else. */
function sampleOf(raw: unknown): Point | null {
  if (!Array.isArray(raw) || raw.length !== 2) return null;
  const [at, value] = raw as readonly unknown[];
  if (typeof at !== "number" || !Number.isFinite(at) || typeof value !== "string") return null;
  const instant = Math.round(at * 1_000);
  if (!Number.isSafeInteger(instant) || !figure.test(value)) return null;
  return { at: instant, value: Number(value) };
}

const noNumber = nonsense("answers something else than numbers");
const notFinite = nonsense(
  "answers NaN or infinity, as a division by zero does, which is no number to judge by",
);

/** An answer to `/api/v1/query`. */
export function readInstant(text: string): InstantReading {
  const data = dataOf(text);
  if (isNonsense(data)) return data;
  const { resultType, result } = data;
  if (!Array.isArray(result)) return noNumber;
  const rows: readonly unknown[] =
    resultType === "scalar"
      ? [result]
      : resultType === "vector"
        ? result.map((row: unknown) => (isData(row) ? row["value"] : undefined))
        : [undefined];
  const samples = rows.map(sampleOf);
  const at = samples[0]?.at ?? null;
  const values: number[] = [];
  for (const sample of samples) {
    if (sample === null || sample.at !== at) return noNumber;
    if (!Number.isFinite(sample.value)) return notFinite;
    values.push(sample.value);
  }
  return { kind: "values", values, at };
}

/** An answer to `/api/v1/query_range` with this step. */
export function readRange(text: string, stepMs: number): Reading {
  const data = dataOf(text);
  if (isNonsense(data)) return data;
  const { resultType, result } = data;
  if (resultType !== "matrix" || !Array.isArray(result)) return noNumber;
  const series: Series[] = [];
  for (const row of result as readonly unknown[]) {
    const raw = isData(row) && row["histograms"] === undefined ? row["values"] : undefined;
    if (!Array.isArray(raw)) return noNumber;
    const points: Point[] = [];
    for (const each of raw as readonly unknown[]) {
      const point = sampleOf(each);
      if (point === null || point.at <= (points.at(-1)?.at ?? -Infinity)) return noNumber;
      if (!Number.isFinite(point.value)) return notFinite;
      points.push(point);
    }
    // A value stands for its step; the half more is what rounding moves it.
    series.push({ points, reachMs: stepMs * 1.5 });
  }
  return { kind: "series", series };
}
