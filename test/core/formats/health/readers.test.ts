import { describe, expect, it } from "vitest";
import { readDatadog } from "#core/formats/health/datadog.ts";
import { readPointer } from "#core/formats/health/json-pointer.ts";
import { overSpan } from "#core/formats/health/over-span.ts";
import { readInstant, readRange } from "#core/formats/health/prometheus.ts";

const at = 1_772_445_600;
const instant = (data: unknown, more: object = {}): string =>
  JSON.stringify({ status: "success", data, ...more });
const vector = (...values: readonly unknown[]) => ({
  resultType: "vector",
  result: values.map((value) => ({ metric: { job: "a" }, value: [at, value] })),
});

describe("an instant answer of Prometheus", () => {
  it.each([
    ["a vector", instant(vector("0.5", "1e-3")), { values: [0.5, 0.001], at: at * 1_000 }],
    ["a scalar", instant({ resultType: "scalar", result: [at, "1"] }), { values: [1] }],
    ["an empty vector", instant(vector()), { values: [], at: null }],
    ["advice", instant(vector("1"), { infos: ["metric might not be a counter"] }), { values: [1] }],
    ["an empty list of warnings", instant(vector("1"), { warnings: [] }), { values: [1] }],
  ])("%s is read", (_title, text, expected) => {
    expect(readInstant(text)).toMatchObject({ kind: "values", ...expected });
  });

  it.each([
    ["no JSON", "<html>", "no JSON"],
    ["another JSON", "[]", "no answer of Prometheus"],
    ["null", "null", "no answer of Prometheus"],
    ["no data", instant(null), "no answer of Prometheus"],
    ["NaN", instant(vector("1", "NaN")), "NaN"],
    ["infinity", instant(vector("+Inf")), "infinity"],
    ["a range", instant({ resultType: "matrix", result: [] }), "else than numbers"],
    ["a text", instant({ resultType: "string", result: [at, "x"] }), "else than numbers"],
    ["a number that is no text", instant(vector(5)), "else than numbers"],
    ["hexadecimal", instant(vector("0x10")), "else than numbers"],
    [
      "a histogram",
      instant({ resultType: "vector", result: [{ metric: {}, histogram: [at, {}] }] }),
      "else than numbers",
    ],
    ["a warning of Thanos", instant(vector("1"), { warnings: ["store down"] }), "a part"],
    ["a part of VictoriaMetrics", instant(vector("1"), { isPartial: true }), "a part"],
    [
      "a wrong query",
      JSON.stringify({ status: "error", errorType: "bad_data", error: "1:5: parse\nerror" }),
      "does not take the query: 1:5: parse error",
    ],
    [
      "an error that may name hosts",
      JSON.stringify({ status: "error", errorType: "execution", error: "10.0.0.7 is down" }),
      "an error (execution)",
    ],
  ])("%s is nonsense", (_title, text, because) => {
    const reading = readInstant(text);
    expect(reading).toMatchObject({ kind: "nonsense", because: expect.stringContaining(because) });
    expect(JSON.stringify(reading)).not.toContain("10.0.0.7");
  });
});

describe("an answer of Prometheus about a range", () => {
  const matrix = (...lines: readonly (readonly unknown[])[]): string =>
    instant({ resultType: "matrix", result: lines.map((values) => ({ metric: {}, values })) });

  it("has a line each", () => {
    expect(
      readRange(
        matrix(
          [
            [at, "1"],
            [at + 15, "2"],
          ],
          [[at, "3"]],
        ),
        15_000,
      ),
    ).toEqual({
      kind: "series",
      series: [
        {
          points: [
            { at: at * 1_000, value: 1 },
            { at: (at + 15) * 1_000, value: 2 },
          ],
          reachMs: 22_500,
        },
        { points: [{ at: at * 1_000, value: 3 }], reachMs: 22_500 },
      ],
    });
  });

  it.each([
    [
      "NaN in the middle",
      matrix([
        [at, "1"],
        [at + 15, "NaN"],
        [at + 30, "1"],
      ]),
      "NaN",
    ],
    [
      "time that goes back",
      matrix([
        [at, "1"],
        [at, "1"],
      ]),
      "else than numbers",
    ],
    ["a vector", instant(vector("1")), "else than numbers"],
    ["a text for a list", instant({ resultType: "matrix", result: "x" }), "else than numbers"],
  ])("%s is nonsense", (_title, text, because) => {
    expect(readRange(text, 15_000)).toMatchObject({
      kind: "nonsense",
      because: expect.stringContaining(because),
    });
  });
});

describe("an answer of Datadog", () => {
  const now = at * 1_000;
  const read = (body: unknown) =>
    readDatadog(typeof body === "string" ? body : JSON.stringify(body), { now, lookbackMs: 1 });
  const answer = (pointlist: unknown, interval: unknown = 20) => ({
    status: "ok",
    series: [{ interval, pointlist, scope: "*" }],
  });

  it("has whole buckets only: what is not over is not counted, what is null is a gap", () => {
    const points = [
      [now - 60_000, 1],
      [now - 40_000, null],
      [now - 20_000, 2],
      [now - 10_000, 9],
    ];
    expect(read(answer(points))).toEqual({
      kind: "series",
      series: [
        {
          points: [
            { at: now - 40_000, value: 1 },
            { at: now, value: 2 },
          ],
          reachMs: 20_001,
        },
      ],
    });
  });

  it("has values up to now where its buckets are long", () => {
    const hour = 3_600_000;
    const points = [1, 2, 3].map((ago) => [now - 1_800_000 - ago * hour + hour, 0]).reverse();
    const reading = read(answer(points, 3_600));
    if (reading.kind !== "series") throw new Error(reading.because);
    expect(
      overSpan(reading.series, { operator: "<=", to: 0 }, { from: now - 1.4 * hour, until: now }),
    ).toMatchObject({ keeps: true, gapAt: null });
  });

  it("without a line has no data", () => {
    expect(read({ status: "ok", series: [] })).toEqual({ kind: "series", series: [] });
  });

  it.each([
    ["no JSON", "x", "no JSON"],
    ["another JSON", { errors: ["Forbidden"] }, "no answer of Datadog"],
    ["a wrong query", { status: "error", error: "rule" }, "does not take the query"],
    ["an error beside a success", { status: "ok", error: "x", series: [] }, "an error"],
    ["no interval", answer([[now, 1]], null), "no answer of Datadog"],
    ["a text for a value", answer([[now - 60_000, "1"]]), "no answer of Datadog"],
    [
      "time that goes back",
      answer([
        [now, 1],
        [now - 1, 1],
      ]),
      "no answer of Datadog",
    ],
    ["no list", answer({}), "no answer of Datadog"],
  ])("%s is nonsense", (_title, body, because) => {
    expect(read(body)).toMatchObject({
      kind: "nonsense",
      because: expect.stringContaining(because),
    });
  });
});

describe("a JSON pointer", () => {
  const document =
    '{"a":{"b/c":[0.5,{"~":2}]},"up":true,"down":false,"no":null,"s":"1","__proto__":{"x":1}}';
  it.each([
    ["/a/b~1c/0", 0.5],
    ["/a/b~1c/1/~0", 2],
    ["/up", 1],
    ["/down", 0],
    ["/__proto__/x", 1],
  ])("%s leads to %d", (pointer, value) => {
    expect(readPointer(document, pointer, 7)).toMatchObject({
      series: [{ points: [{ at: 7, value }] }],
    });
  });

  it.each(["/b", "/no", "/a/b~1c/2", "/a/b~1c/01", "/a/b~1c/-", "/constructor", "/a/toString"])(
    "%s leads to nothing",
    (pointer) => {
      expect(readPointer(document, pointer, 7)).toEqual({ kind: "series", series: [] });
    },
  );

  it.each([
    ["/s", document, "else than a number"],
    ["/a", document, "else than a number"],
    ["a", document, "no JSON pointer"],
    ["/~2", document, "no JSON pointer"],
    ["/a", "{", "no JSON"],
  ])("%s in %j is nonsense", (pointer, text, because) => {
    expect(readPointer(text, pointer, 7)).toMatchObject({
      kind: "nonsense",
      because: expect.stringContaining(because),
    });
  });
});
