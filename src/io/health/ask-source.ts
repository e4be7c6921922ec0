import type { HealthAnswer, HealthSpan } from "#core/formats/health/answer.ts";
import { readDatadog } from "#core/formats/health/datadog.ts";
import { pointerProblem, readPointer } from "#core/formats/health/json-pointer.ts";
import { readInstant, readRange } from "#core/formats/health/prometheus.ts";
import type { Reading, Series } from "#core/formats/health/series.ts";
import { span as inWords } from "#core/text/time.ts";
import { fetchText, NoAnswer, type Fetched } from "./fetch-text.ts";
import type { HealthSource } from "./source.ts";

export interface Asking {
  readonly query: string;
  readonly span: HealthSpan;
  /** By our clock, epoch ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

type Told = Omit<Extract<HealthAnswer, { kind: "series" }>, "askedAt">;

/** A source whose clock is further off measures another time than ours. */
const mostSkewMs = 60_000;
/** Prometheus answers at most 11,000 values a line; shorter steps than scrapes tell nothing more. */
const mostSteps = 2_000;
const shortestStepMs = 15_000;
/** How long a value of Datadog speaks beyond its own bucket, where the settings do not say. */
const datadogLookbackMs = 120_000;
/** GET, as long as servers on the way take the address. */
const longestAddress = 4_000;

function believed(reading: Reading): readonly Series[] {
  if (reading.kind === "nonsense") throw new NoAnswer(reading.because);
  return reading.series;
}

function inOurTime(at: number, now: number): void {
  const skew = at - now;
  if (Math.abs(skew) <= mostSkewMs) return;
  throw new NoAnswer(
    `has a clock that is ${inWords(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} ours, so what it says is of another time`,
  );
}

/** A date in whole seconds, made before the answer travelled. */
function dated({ date }: Fetched, now: number): void {
  if (date !== null) inOurTime(date, now);
}

async function askPrometheus(
  source: HealthSource,
  { query, span, now, signal }: Asking,
): Promise<Told> {
  const ask = async (path: string, more: Readonly<Record<string, string>>): Promise<string> => {
    const parameters = new URLSearchParams({
      query,
      ...more,
      timeout: "8s",
      // Thanos: a store that does not answer is an error; VictoriaMetrics likewise.
      partial_response: "false",
      nocache: "1",
      ...(source.lookbackMs === undefined
        ? {}
        : {
            lookback_delta: `${source.lookbackMs / 1_000}s`,
            max_lookback: `${source.lookbackMs / 1_000}s`,
          }),
    });
    const url = `${source.url}/api/v1/${path}?${parameters.toString()}`;
    if (url.length > longestAddress) throw new NoAnswer("is asked too long a question");
    const fetched = await fetchText(url, source.headers, { signal, readable: [400, 422, 503] });
    dated(fetched, now());
    // A proxy on the way answers so, and not in the source's words.
    if (fetched.status !== 200 && !fetched.text.trimStart().startsWith("{"))
      throw new NoAnswer(`answers ${fetched.status}`);
    return fetched.text;
  };
  const seconds = (at: number): string => (at / 1_000).toFixed(3);
  const range = async (from: number, until: number): Promise<readonly Series[]> => {
    const stepMs = Math.max(shortestStepMs, Math.ceil((until - from) / mostSteps / 1_000) * 1_000);
    // The end is always looked at, and the beginning, however the steps fall.
    const start = until - Math.ceil((until - from) / stepMs) * stepMs;
    const text = await ask("query_range", {
      start: seconds(start),
      end: seconds(until),
      step: String(stepMs / 1_000),
    });
    return believed(readRange(text, stepMs));
  };

  const instant = readInstant(await ask("query", {}));
  if (instant.kind === "nonsense") throw new NoAnswer(instant.because);
  const at = instant.at ?? now();
  inOurTime(at, now());
  if (span.kind === "between")
    return {
      kind: "series",
      series: await range(span.from, Math.max(span.from, Math.min(span.until, at))),
      at,
      tellsPast: true,
    };
  const series =
    span.ms === 0 || instant.at === null
      ? instant.values.map((value): Series => ({ points: [{ at, value }], reachMs: 1 }))
      : await range(at - span.ms, at);
  return { kind: "series", series, at, tellsPast: true };
}

async function askDatadog(
  source: HealthSource,
  { query, span, now, signal }: Asking,
): Promise<Told> {
  const at = now();
  const lookbackMs = source.lookbackMs ?? datadogLookbackMs;
  const until = span.kind === "last" ? at : Math.max(span.from, Math.min(span.until, at));
  const begin = span.kind === "last" ? at - span.ms : span.from;
  // What speaks for the beginning was measured before it; buckets of longer spans are longer.
  const from = begin - lookbackMs - Math.max(300_000, (until - begin) / 10);
  const parameters = new URLSearchParams({
    from: String(Math.floor(from / 1_000)),
    to: String(Math.ceil(until / 1_000)),
    query,
  });
  const fetched = await fetchText(
    `${source.url}/api/v1/query?${parameters.toString()}`,
    source.headers,
    { signal, readable: [400] },
  );
  dated(fetched, now());
  return {
    kind: "series",
    series: believed(readDatadog(fetched.text, { now: at, lookbackMs })),
    at,
    tellsPast: true,
  };
}

async function askJson(source: HealthSource, { query, now, signal }: Asking): Promise<Told> {
  const problem = pointerProblem(query);
  if (problem !== null) throw new NoAnswer(`is asked for something that ${problem}`);
  const fetched = await fetchText(source.url, source.headers, { signal });
  const at = now();
  dated(fetched, at);
  return {
    kind: "series",
    series: believed(readPointer(fetched.text, query, at)),
    at,
    tellsPast: false,
  };
}

/** Asks one source in its own language; throws `NoAnswer`. */
export function askSource(source: HealthSource, asking: Asking): Promise<Told> {
  switch (source.type) {
    case "prometheus":
      return askPrometheus(source, asking);
    case "datadog":
      return askDatadog(source, asking);
    case "json":
      return askJson(source, asking);
  }
}
