import type { Schedule } from "./schedule.ts";
import { intersection, unionOf, without } from "./spans.ts";
import {
  bothCosts,
  chunkOf,
  chunksWithin,
  keptTimeline,
  type Cost,
  type Timeline,
  wholeChunk,
} from "./timeline.ts";

/** What a deployment has to fit into: inside at least one window of every list, and in no freeze. */
export interface Requirement {
  readonly windows: readonly (readonly string[])[];
  readonly freezes: readonly string[];
}

/** Requirements of one schedule whose timelines are kept: as many as a policy has environments, and some to spare. */
const mostKept = 128;
const kept = new WeakMap<Schedule, Map<string, Timeline>>();

/**
 * When a requirement is met. Certainly: where every list has a certainly open window and no freeze may be on. Possibly:
 * where every list has a window that may be open and no freeze is certainly on. A text says which name is not defined.
 */
export function requirementTimeline(
  schedule: Schedule,
  requirement: Requirement,
): Timeline | string {
  const known = kept.get(schedule) ?? new Map<string, Timeline>();
  kept.set(schedule, known);
  const key = JSON.stringify([requirement.windows, requirement.freezes]);
  const timeline = known.get(key) ?? combine(schedule, requirement);
  if (known.size >= mostKept) known.clear();
  if (typeof timeline !== "string") known.set(key, timeline);
  return timeline;
}

function combine(schedule: Schedule, requirement: Requirement): Timeline | string {
  const groups: Timeline[][] = [];
  for (const names of requirement.windows) {
    const group: Timeline[] = [];
    for (const name of names) {
      const window = schedule.windows.get(name);
      if (window === undefined) return `the policy defines no window ${name}`;
      group.push(window.timeline);
    }
    groups.push(group);
  }
  const freezes: Timeline[] = [];
  for (const name of requirement.freezes) {
    const freeze = schedule.freezes.get(name);
    if (freeze === undefined) return `the policy defines no freeze ${name}`;
    if (freeze.enforcement === "active") freezes.push(freeze.timeline);
  }
  const most = schedule.steps;
  return keptTimeline((index) => {
    let on = wholeChunk(index);
    let possible = on;
    let because: string | undefined;
    let cost: Cost = { steps: 0, most: undefined };
    for (const group of groups) {
      const { chunks, cost: ofGroup } = chunksWithin(group, index, most - cost.steps);
      cost = bothCosts(cost, ofGroup);
      on = intersection(on, unionOf(chunks.map((chunk) => chunk.on)));
      possible = intersection(possible, unionOf(chunks.map((chunk) => chunk.possible)));
      because ??= chunks.find((chunk) => chunk.because !== undefined)?.because;
    }
    const { chunks: frozen, cost: ofFreezes } = chunksWithin(freezes, index, most - cost.steps);
    cost = bothCosts(cost, ofFreezes);
    because ??= frozen.find((chunk) => chunk.because !== undefined)?.because;
    on = without(on, unionOf(frozen.map((chunk) => chunk.possible)));
    possible = without(possible, unionOf(frozen.map((chunk) => chunk.on)));
    return chunkOf(on, possible, because, cost);
  });
}
