import { table } from "#core/text/markdown.ts";
import { metricPrefix, metrics } from "#io/system/metrics.ts";
import { cell, code, codes } from "./markdown.ts";

/** Every metric under the name that Prometheus sees. */
export const metricTable = (): string =>
  table(
    ["Metric", "Kind", "Labels", "Says"],
    metrics.map(({ name, kind, labels, help }) => [code(`${metricPrefix}${name}`), kind, codes(labels), cell(help)]),
  );
