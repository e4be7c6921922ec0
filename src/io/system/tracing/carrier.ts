import { type SpanContext, TraceFlags } from "@opentelemetry/api";
import { z } from "zod";
import type { WorkItem } from "#core/ports/queue.ts";

/** Work that wakes by itself later than this belongs to no event any more. */
const belongsForMs = 15 * 60_000;

const carried = z.object({
  trace: z.object({
    parent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
    at: z.number(),
  }),
});

/** The W3C form, in which it lies in the payload of the work; handlers do not see it. */
const written = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

export function withTrace(item: WorkItem, span: SpanContext, now: number): WorkItem {
  const { payload } = item;
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  if (!isObject || carried.safeParse(payload).success) return item;
  return { ...item, payload: { ...payload, trace: { parent: written(span), at: now } } };
}

export function traceIn(payload: unknown, now: number): SpanContext | undefined {
  const { data } = carried.safeParse(payload);
  if (data === undefined || now - data.trace.at > belongsForMs) return undefined;
  const [, traceId = "", spanId = "", flags = "00"] = data.trace.parent.split("-");
  return {
    traceId,
    spanId,
    isRemote: true,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
  };
}
