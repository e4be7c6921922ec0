import { describe, expect, it } from "vitest";
import { deliveredWithinMs, heardAt } from "#core/events/local-instant.ts";

const now = Date.parse("2026-03-27T20:00:00Z");
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe("an instant of GitHub's in the time of this machine", () => {
  it.each([
    { what: "the clocks agree", said: now - minute, ahead: 0, at: now - minute },
    { what: "an outage delayed it by hours", said: now - 5 * hour, ahead: 0, at: now - 5 * hour },
    {
      what: "GitHub's clock is a second ahead: it has been said, so it counts",
      said: now + 1_000,
      ahead: 0,
      at: now,
    },
    {
      what: "this machine is months ahead",
      said: now - 240 * day - minute,
      ahead: -240 * day,
      at: now - minute,
    },
    {
      what: "this machine is a day ahead",
      said: now - day - minute,
      ahead: -day,
      at: now - minute,
    },
    {
      what: "this machine is months behind",
      said: now + 240 * day - minute,
      ahead: 240 * day,
      at: now - minute,
    },
    {
      what: "only its Date header is of another time",
      said: now - minute,
      ahead: 240 * day,
      at: now - minute,
    },
    {
      what: "only its Date header is of an earlier time",
      said: now - minute,
      ahead: -240 * day,
      at: now - minute,
    },
    { what: "nothing fits", said: 0, ahead: 0, at: now },
    { what: "nothing fits, in the future", said: now + 240 * day, ahead: 0, at: now },
  ])("$what", ({ said, ahead, at }) => {
    expect(heardAt(said, { now, ahead }, deliveredWithinMs)).toBe(at);
  });

  it("keeps the order in which things were said", () => {
    const ahead = -240 * day;
    const said = [5, 4, 3, 2, 1].map((minutes) => now + ahead - minutes * minute);
    const heard = said.map((each) => heardAt(each, { now, ahead }, deliveredWithinMs));
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(new Set(heard).size).toBe(5);
  });
});
