import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { measured, samplesOf } from "./measured.ts";

export interface StandIn {
  readonly url: string;
  /** Paths with queries, and headers, as they were asked. */
  readonly asked: { readonly path: string; readonly headers: IncomingMessage["headers"] }[];
  readonly stop: () => Promise<void>;
}

/** A server on an address of its own. */
export async function standIn(
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void,
): Promise<StandIn> {
  const asked: StandIn["asked"] = [];
  const server = createServer((request, response) => {
    // Its clock is what it says by itself: tests move theirs.
    response.sendDate = false;
    asked.push({ path: request.url ?? "", headers: request.headers });
    answer(new URL(request.url ?? "/", "http://stand-in"), response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

const lookbackMs = 5 * 60_000;

/** Answers as https://prometheus.io/docs/prometheus/latest/querying/api documents it. */
export const prometheusStandIn = (): Promise<StandIn> =>
  standIn((url, response) => {
    const now = Date.now();
    const lines = (
      measured.find(({ name }) => name === url.searchParams.get("query"))?.lines ?? []
    ).map((line) => samplesOf(line, now));
    const valueAt = (line: (typeof lines)[number], at: number): string | undefined => {
      const last = line.findLast((sample) => sample.at <= at);
      return last === undefined || at - last.at > lookbackMs ? undefined : String(last.value);
    };
    const seconds = (name: string): number => Number(url.searchParams.get(name));
    const answers = lines.flatMap<unknown>((line, index) => {
      const metric = { line: String(index) };
      if (url.pathname === "/api/v1/query") {
        const value = valueAt(line, now);
        return value === undefined ? [] : [{ metric, value: [now / 1_000, value] }];
      }
      const values: [number, string][] = [];
      for (let at = seconds("start"); at <= seconds("end"); at += seconds("step")) {
        const value = valueAt(line, at * 1_000);
        if (value !== undefined) values.push([at, value]);
      }
      return values.length === 0 ? [] : [{ metric, values }];
    });
    json(response, {
      status: "success",
      data: {
        resultType: url.pathname === "/api/v1/query" ? "vector" : "matrix",
        result: answers,
      },
    });
  });

/** Answers as https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points documents it. */
export const datadogStandIn = (): Promise<StandIn> =>
  standIn((url, response, { headers }) => {
    if (headers["dd-api-key"] !== "key" || headers["dd-application-key"] !== "app") {
      json(response, { errors: ["Forbidden"] }, 403);
      return;
    }
    const now = Date.now();
    const query = url.searchParams.get("query") ?? "";
    const [from, to] = ["from", "to"].map((name) => Number(url.searchParams.get(name)) * 1_000);
    const lines = measured.find(({ name }) => name === query)?.lines ?? [];
    json(response, {
      status: "ok",
      res_type: "time_series",
      query,
      from_date: from,
      to_date: to,
      series: lines.map((line) => ({
        metric: query,
        scope: "*",
        interval: 15,
        pointlist: samplesOf(line, now)
          .filter(({ at }) => at >= (from ?? 0) && at <= (to ?? 0))
          .map(({ at, value }) => [at, value]),
      })),
    });
  });

/** What each measurement is now, by its name. */
export const jsonStandIn = (): Promise<StandIn> =>
  standIn((_url, response) => {
    json(
      response,
      Object.fromEntries(
        measured.flatMap(({ name, lines }) => {
          const values = lines.map((line) => line(0));
          return values.includes(undefined) ? [] : [[name, Math.max(...values.map(Number))]];
        }),
      ),
    );
  });
