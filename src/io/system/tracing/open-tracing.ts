import {
  type Attributes,
  context,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  envDetector,
  resourceFromAttributes,
  detectResources,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { GatehouseError } from "#core/model/errors.ts";
import { traceIn, withTrace } from "./carrier.ts";
import { deliverySpanOf, OrderedIds, traceIdOf } from "./ids.ts";
import type { Tracing } from "./tracing.ts";

/** What is not yet sent when the process ends is waited for so long. */
const flushWithinMs = 2_000;

/** What work is about, as numbers: keys of work may hold names of labels and environments. */
const numbersIn = (payload: unknown): Attributes => {
  const { repository, number } = Object(payload) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof repository === "number" ? { "gatehouse.repository": repository } : {}),
    ...(typeof number === "number" ? { "gatehouse.number": number } : {}),
  };
};

/**
 * Spans by OpenTelemetry, sent over OTLP/HTTP. Loaded only where it is switched on; the library reads the standard
 * variables (OTEL_EXPORTER_OTLP_*, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_BSP_*) itself.
 */
export function openTracing({
  version,
  self,
}: {
  readonly version: string;
  readonly self: string;
}): Tracing {
  const ids = new OrderedIds();
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          "service.name": "gatehouse",
          "service.version": version,
          "service.instance.id": self,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const tracer = trace.getTracer("gatehouse", version);

  /** `told`: what the outcome adds to the span. */
  async function within<T>(
    span: Span,
    parent: Context,
    work: () => Promise<T>,
    told: (outcome: T) => Attributes = () => ({}),
  ): Promise<T> {
    try {
      const outcome = await context.with(trace.setSpan(parent, span), work);
      span.setAttributes(told(outcome));
      return outcome;
    } catch (error) {
      // Messages may name what is private: the code says enough.
      const code = error instanceof GatehouseError ? error.code : "internal";
      span.setAttribute("error.type", code);
      // The world moved on: no error of anybody's.
      if (code !== "stale") span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  const child = <T>(
    name: string,
    attributes: Attributes,
    work: () => Promise<T>,
    told?: (outcome: T) => Attributes,
  ): Promise<T> => within(tracer.startSpan(name, { attributes }), context.active(), work, told);

  const remote = (traceId: string, spanId: string): Context =>
    trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });

  const carried: Tracing["carried"] = (items) => {
    const span = trace.getActiveSpan()?.spanContext();
    return span === undefined ? items : items.map((item) => withTrace(item, span, Date.now()));
  };

  return {
    delivered: ({ guid, event }, store) => {
      const span = ids.order({ trace: traceIdOf(guid), span: deliverySpanOf(guid) }, () =>
        tracer.startSpan(
          "delivery",
          {
            kind: SpanKind.SERVER,
            attributes: { "gatehouse.event": event, "gatehouse.delivery": guid },
          },
          ROOT_CONTEXT,
        ),
      );
      return within(span, ROOT_CONTEXT, store, (outcome) => ({ "gatehouse.outcome": outcome }));
    },
    routed: ({ guid, event }, route) => {
      const parent = remote(traceIdOf(guid), deliverySpanOf(guid));
      const attributes = { "gatehouse.event": event, "gatehouse.delivery": guid };
      return within(tracer.startSpan("route", { attributes }, parent), parent, route);
    },
    worked: ({ kind, payload, attempts, priority }, work) => {
      const event = traceIn(payload, Date.now());
      const parent = event === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, event);
      const attributes = {
        ...numbersIn(payload),
        "gatehouse.job.kind": kind,
        "gatehouse.job.attempts": attempts,
        "gatehouse.job.priority": priority,
      };
      const span = tracer.startSpan(`job ${kind}`, { kind: SpanKind.CONSUMER, attributes }, parent);
      return within(span, parent, work, (outcome) => ({ "gatehouse.outcome": outcome.kind }));
    },
    carried,
    queue: (queue) => ({ ...queue, mark: (items) => queue.mark(carried(items)) }),
    facts: (reader) => ({
      ...reader,
      open: (...asked) => {
        const session = reader.open(...asked);
        return {
          ...session,
          read: (needs) =>
            child("read facts", { "gatehouse.facts": needs.length }, () => session.read(needs)),
        };
      },
    }),
    ledger: (ledger) => ({
      record: (input) =>
        child(
          "judge",
          {
            "gatehouse.effects": input.effects.length,
            ...(input.decision === null
              ? {}
              : { "gatehouse.decision": input.decision.decision.kind }),
          },
          () => ledger.record(input),
          (outcome) => ({ "gatehouse.outcome": outcome }),
        ),
    }),
    publisher: (publisher) => ({
      ...publisher,
      perform: (effect, repository, known) =>
        child("publish", { "gatehouse.effect": effect.kind }, () =>
          publisher.perform(effect, repository, known),
        ),
    }),
    ids: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span === undefined ? undefined : { trace_id: span.traceId, span_id: span.spanId };
    },
    close: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, flushWithinMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      // Another gate in this process begins anew.
      trace.disable();
      context.disable();
    },
  };
}
