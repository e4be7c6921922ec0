import fc from "fast-check";
import { readDatadog } from "#core/formats/health/datadog.ts";
import { readPointer } from "#core/formats/health/json-pointer.ts";
import { overSpan } from "#core/formats/health/over-span.ts";
import { readInstant, readRange } from "#core/formats/health/prometheus.ts";
import type { Reading } from "#core/formats/health/series.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const piece = fc.constantFrom(
  '{"status":"success","data":',
  '{"status":"ok","series":[',
  '{"resultType":"vector","result":[',
  '{"resultType":"matrix","result":[',
  '{"metric":{},"value":[1,"',
  '"values":[[1,"1"],[2,"NaN"]',
  '"pointlist":[[1000,1],[2000,null]',
  '"interval":20',
  "1e999",
  "-Inf",
  '"]',
  "]",
  "}",
  ",",
  "null",
  '"warnings":["x"]',
);

const from = 0;
const until = 3_600_000;

function isSound(reading: Reading): void {
  if (reading.kind === "nonsense") {
    promise(reading.because !== "" && !/[\r\n]/.test(reading.because), "nonsense has one line");
    return;
  }
  for (const { points } of reading.series)
    points.forEach(({ at, value }, index) => {
      promise(Number.isFinite(value) && Number.isFinite(at), "values and instants are finite");
      promise(at > (points[index - 1]?.at ?? -Infinity), "time goes on");
    });
  const { value, keeps, gapAt } = overSpan(
    reading.series,
    { operator: "<=", to: 1 },
    { from, until },
  );
  promise(!keeps || (value !== null && value <= 1), "what keeps has a value that does");
  promise(reading.series.length > 0 || gapAt !== null, "nothing is a gap");
}

export const target: FuzzTarget = {
  name: "health",
  corpus: [
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1772445600.5,"0.25"]}]}}',
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[60,"1"],[75,"2e-3"]]}]},"infos":["x"]}',
    '{"status":"error","errorType":"bad_data","error":"1:3: parse error"}',
    '{"status":"ok","series":[{"interval":20,"pointlist":[[1000,0.5],[21000,null],[41000,1]],"scope":"*"}]}',
    '{"a":{"b/c":[1,true,null,"x"]}}',
  ],
  madeUp: fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
  read: (input) => {
    const text = textOf(input);
    const instant = readInstant(text);
    if (instant.kind === "values")
      promise(instant.values.every(Number.isFinite), "values are finite");
    isSound(readRange(text, 15_000));
    isSound(readDatadog(text, { now: until, lookbackMs: 60_000 }));
    for (const pointer of ["/a/b~1c/0", "/status", text.slice(0, 40)])
      isSound(readPointer(text, pointer, until));
  },
};
