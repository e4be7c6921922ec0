import { isData, nonsense, type Point, type Reading, type Series } from "./series.ts";

/**
 * An answer of Datadog's `/api/v1/query`. A bucket that has not ended by `now` is not counted: what belongs into it has
 * not all come. `lookbackMs`: so long a value speaks beyond its bucket. Hostile input.
 */
export function readDatadog(
  text: string,
  { now, lookbackMs }: { readonly now: number; readonly lookbackMs: number },
): Reading {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return nonsense("answers something that is no JSON");
  }
  if (!isData(body) || body["status"] !== "ok")
    return nonsense(
      isData(body) && body["status"] === "error"
        ? "does not take the query"
        : "answers something that is no answer of Datadog",
    );
  const { error, series: rows } = body;
  if ((typeof error === "string" && error !== "") || !Array.isArray(rows))
    return nonsense("answers with an error");
  const series: Series[] = [];
  for (const row of rows as readonly unknown[]) {
    const line = lineOf(row, now, lookbackMs);
    if (line === null) return nonsense("answers something that is no answer of Datadog");
    if (line.points.some(({ value }) => !Number.isFinite(value)))
      return nonsense("answers something else than numbers");
    series.push(line);
  }
  return { kind: "series", series };
}

function lineOf(row: unknown, now: number, lookbackMs: number): Series | null {
  if (!isData(row) || !Array.isArray(row["pointlist"])) return null;
  const { interval } = row;
  if (typeof interval !== "number" || !(interval > 0) || interval > 86_400) return null;
  const intervalMs = interval * 1_000;
  const points: Point[] = [];
  let latest = -Infinity;
  for (const pair of row["pointlist"] as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const [at, value] = pair as readonly unknown[];
    if (typeof at !== "number" || !Number.isFinite(at)) return null;
    if (at <= latest) return null;
    latest = at;
    if (value === null) continue;
    if (typeof value !== "number") return null;
    // Of a bucket its beginning is told; what it says is known at its end.
    if (at + intervalMs <= now) points.push({ at: at + intervalMs, value });
  }
  return { points, reachMs: intervalMs + lookbackMs };
}
