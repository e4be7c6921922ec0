import { describe, expect, it } from "vitest";
import { hasTurn } from "#core/sweep/runs-turn.ts";

describe("whose runs without a job are asked for", () => {
  it.each([1, 7, 40, 41, 99, 100, 101, 140, 200, 500])(
    "of %i no call asks for more than forty, and three looks ask for all",
    (length) => {
      const all = Array.from({ length }, (_, index) => index);
      const turns = [5, 6, 7].map((turn) =>
        all.filter((index) => hasTurn(index, length, turn, { perCall: 100, most: 40 })),
      );
      for (const asked of turns)
        for (let from = 0; from < length; from += 100)
          expect(
            asked.filter((index) => index >= from && index < from + 100).length,
          ).toBeLessThanOrEqual(40);
      expect(new Set(turns.flat()).size).toBe(length);
    },
  );
});
