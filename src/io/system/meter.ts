import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Meter } from "#core/ports/system.ts";
import { type Metric, metricPrefix, metrics } from "./metrics.ts";

/** The meter with what /metrics needs. On a gauge `observe` sets the value, so that a flow needs no third verb. */
export interface OpenMeter extends Meter {
  readonly contentType: string;
  /** The Prometheus text of what was measured; `everything`: also what carries ids. */
  readonly render: (everything: boolean) => Promise<string>;
  /** Forgets a gauge's values by label, before they are set anew. */
  readonly forget: (name: string) => void;
}

type Instrument =
  | { readonly kind: "counter"; readonly labels: readonly string[]; readonly counter: Counter }
  | { readonly kind: "gauge"; readonly labels: readonly string[]; readonly gauge: Gauge }
  | {
      readonly kind: "histogram";
      readonly labels: readonly string[];
      readonly histogram: Histogram;
    };

const hidden = new Set(
  metrics.filter(({ isPrivate }) => isPrivate).map(({ name }) => `${metricPrefix}${name}`),
);

type Labels = Readonly<Record<string, string>>;

/** Prometheus metrics of the fixed list. `processDefaults: false` leaves memory, CPU and event loop out. */
export function createMeter(options: { readonly processDefaults?: boolean } = {}): OpenMeter {
  const registry = new Registry();
  if (options.processDefaults !== false)
    collectDefaultMetrics({ register: registry, prefix: metricPrefix });
  const instruments = new Map(metrics.map((metric) => [metric.name, instrument(metric, registry)]));

  /** A fault in measuring must never stop a decision: it is counted instead. */
  function find(name: string, labels: Labels): Instrument | undefined {
    const found = instruments.get(name);
    if (found !== undefined && Object.keys(labels).every((label) => found.labels.includes(label)))
      return found;
    const unknown = instruments.get("unknown_metrics_total");
    if (unknown?.kind === "counter") unknown.counter.inc({ name });
    return undefined;
  }

  return {
    contentType: registry.contentType,
    render: async (everything) => {
      if (everything) return registry.metrics();
      const shown = registry
        .getMetricsAsArray()
        .filter(({ name }) => !hidden.has(name))
        .map(({ name }) => registry.getSingleMetricAsString(name));
      return `${(await Promise.all(shown)).join("\n\n")}\n`;
    },
    count: (name, labels = {}, by = 1) => {
      const found = find(name, labels);
      if (found?.kind === "counter") found.counter.inc({ ...labels }, by);
      else if (found?.kind === "gauge") found.gauge.inc({ ...labels }, by);
    },
    observe: (name, seconds, labels = {}) => {
      const found = find(name, labels);
      if (found?.kind === "histogram") found.histogram.observe({ ...labels }, seconds);
      else if (found?.kind === "gauge") found.gauge.set({ ...labels }, seconds);
    },
    forget: (name) => {
      const found = instruments.get(name);
      if (found?.kind === "gauge") found.gauge.reset();
    },
  };
}

function instrument(metric: Metric, registry: Registry): Instrument {
  const settings = {
    name: `${metricPrefix}${metric.name}`,
    help: metric.help,
    labelNames: [...metric.labels],
    registers: [registry],
  };
  switch (metric.kind) {
    case "counter":
      return { kind: "counter", labels: metric.labels, counter: new Counter(settings) };
    case "gauge":
      return { kind: "gauge", labels: metric.labels, gauge: new Gauge(settings) };
    case "histogram":
      return {
        kind: "histogram",
        labels: metric.labels,
        histogram: new Histogram({ ...settings, buckets: [...(metric.buckets ?? [])] }),
      };
  }
}
