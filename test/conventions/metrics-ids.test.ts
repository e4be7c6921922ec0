import { expect, it } from "vitest";
import { metrics } from "#io/system/metrics.ts";

/** Labels whose values come from this program; any other may carry a name or an id of somebody's. */
const ours = new Set([
  "urgency",
  "status",
  "decision",
  "kind",
  "outcome",
  "api",
  "method",
  "limit",
  "sweep",
  "answer",
  "how",
  "name",
]);

it("W49: a metric whose labels are not this program's own words is shown only behind METRICS_TOKEN", () => {
  for (const { name, labels, isPrivate } of metrics)
    if (!labels.every((label) => ours.has(label))) expect(isPrivate, name).toBe(true);
});
