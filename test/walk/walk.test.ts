import { expect, it } from "vitest";
import { walk } from "./walk.ts";
import { patience } from "../support/patience.ts";

it(
  "walks with a gate that the oracle agrees with, and most of it is judged",
  async () => {
    const { differences, judged, unjudged, greens } = await walk({ seed: 34, steps: 30 });
    expect(differences).toEqual([]);
    expect(greens).toBeGreaterThan(0);
    expect(judged / (judged + unjudged)).toBeGreaterThanOrEqual(0.8);
  },
  60_000 * patience,
);
