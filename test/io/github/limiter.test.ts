import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatehouseError } from "#core/model/errors.ts";
import { createEtagCache } from "#io/github/client/etag-cache.ts";
import { nextOf } from "#io/github/client/link.ts";
import { type Cost, costOf, createLimiter, published } from "#io/github/client/limiter.ts";
import { createWindow } from "#io/github/client/window.ts";
import { handClock } from "./local-github.ts";

const read: Cost = { lane: "rest", points: 1, content: false, urgency: "first" };
const write: Cost = { lane: "rest", points: 5, content: false, urgency: "first" };
const issue: Cost = { lane: "rest", points: 5, content: true, urgency: "first" };
const query: Cost = { lane: "graphql", points: 1, content: false, urgency: "first" };

function limiter(limits: "github" | "off" = "github", patienceMs = 3_000) {
  const clock = handClock();
  return { clock, limiter: createLimiter({ clock, sleep: clock.sleep, limits, patienceMs }) };
}

async function spend(one: ReturnType<typeof limiter>, cost: Cost, most: number): Promise<number> {
  for (let done = 0; done < most; done += 1) {
    try {
      (await one.limiter.admit(cost))();
    } catch (error) {
      if (error instanceof GatehouseError && error.code === "rate_limited") return done;
      throw error;
    }
  }
  return most;
}

describe("GitHub's published limits", () => {
  it.each([
    ["reads", read, 900],
    ["writes", write, 180],
    ["GraphQL queries", query, 2_000],
    ["issues and comments a minute", issue, 80],
  ])(
    "a burst of %s goes through at once, up to the limit and no further",
    async (_, cost, most) => {
      const one = limiter();
      expect(await spend(one, cost, most + 50)).toBe(most);
      expect(one.clock.slept).toEqual([]);
    },
  );

  it("what is over comes back when a minute is over, and is told when", async () => {
    const one = limiter();
    await spend(one, read, 900);
    await expect(one.limiter.admit(read)).rejects.toMatchObject({
      code: "rate_limited",
      retryAt: one.clock.now() + 60_000,
    });
    one.clock.advance(60_000);
    expect(await spend(one, read, 901)).toBe(900);
  });

  it("a short wait is waited out inside", async () => {
    const one = limiter();
    await spend(one, read, 900);
    one.clock.advance(58_000);
    (await one.limiter.admit(read))();
    expect(one.clock.slept.reduce((a, b) => a + b, 0)).toBe(2_000);
  });

  it("500 issues and comments an hour", async () => {
    const one = limiter();
    let done = 0;
    for (let minute = 0; minute < 30; minute += 1) {
      done += await spend(one, issue, 80);
      one.clock.advance(60_001);
    }
    expect(done).toBe(500);
  });

  it("no more than 100 at the same time, first come first served", async () => {
    const one = limiter();
    const ends = await Promise.all(
      Array.from({ length: published.concurrent }, () => one.limiter.admit(read)),
    );
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const end = await one.limiter.admit(read);
      order.push(number);
      return end;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    ends[0]?.();
    ends[0]?.();
    await waiting[0];
    expect(order).toEqual([1]);
    ends[1]?.();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
  });

  it("of a minute a tenth is left to deployments and commands, and a quarter to all but sweeps", async () => {
    const one = limiter();
    expect(await spend(one, { ...read, urgency: "routine" }, 1_000)).toBe(675);
    expect(await spend(one, { ...read, urgency: "usual" }, 1_000)).toBe(810 - 675);
    expect(await spend(one, read, 1_000)).toBe(90);
  });

  it("what is urgent goes first where all places are taken", async () => {
    const one = limiter();
    const ends = await Promise.all(
      Array.from({ length: published.concurrent }, () => one.limiter.admit(query)),
    );
    const order: string[] = [];
    const waiting = (["usual", "first"] as const).map(async (urgency) => {
      const end = await one.limiter.admit({ ...query, urgency });
      order.push(urgency);
      end();
    });
    await new Promise((resolve) => setImmediate(resolve));
    ends[0]?.();
    await Promise.all(waiting);
    expect(order).toEqual(["first", "usual"]);
  });

  describe("the hour's quota", () => {
    const left = (remaining: number, resetAt: number) => ({ limit: 5_000, remaining, resetAt });

    it.each([
      [1_251, ["first", "usual", "routine"]],
      [1_250, ["first", "usual"]],
      [500, ["first"]],
      [1, ["first"]],
      [0, []],
    ] as const)("of 5,000 with %i left lets through %j", async (remaining, through) => {
      const one = limiter();
      one.limiter.note("rest", left(remaining, one.clock.now() + 600_000));
      for (const urgency of ["first", "usual", "routine"] as const) {
        const admitted = one.limiter.admit({ ...read, urgency }).then(
          () => true,
          (error: unknown) => error,
        );
        if ((through as readonly string[]).includes(urgency)) expect(await admitted).toBe(true);
        else
          expect(await admitted).toMatchObject({
            code: "rate_limited",
            retryAt: one.clock.now() + 600_000,
          });
      }
      // Another API has a quota of its own.
      (await one.limiter.admit({ ...query, urgency: "routine" }))();
    });

    it("is believed at its least, until GitHub begins another; each hour tells once that it withholds", async () => {
      const told: string[] = [];
      const clock = handClock();
      const one = createLimiter({
        ...{ clock, sleep: clock.sleep, limits: "off", patienceMs: 0 },
        onWithheld: (lane, urgency, { remaining }) => told.push(`${lane} ${urgency} ${remaining}`),
      });
      const end = clock.now() + 600_000;
      const routine = (): Promise<boolean> =>
        one.admit({ ...read, urgency: "routine" }).then(
          () => true,
          () => false,
        );
      one.note("rest", left(1_000, end));
      one.note("rest", left(1_300, end));
      expect([await routine(), await routine()]).toEqual([false, false]);
      one.note("rest", left(4_999, end + 3_600_000));
      one.note("rest", left(900, end));
      expect(await routine()).toBe(true);
      one.note("rest", left(10, end + 3_600_000));
      expect(await routine()).toBe(false);
      expect(told).toEqual(["rest routine 1000", "rest routine 10"]);
      clock.advance(3_600_000 + 600_000);
      expect(await routine()).toBe(true);
    });
  });

  it("are off where a server has none; its own refusals hold all the same", async () => {
    const one = limiter("off");
    expect(await spend(one, write, 5_000)).toBe(5_000);
    one.limiter.pause(one.clock.now() + 10_000, "graphql");
    (await one.limiter.admit(read))();
    await expect(one.limiter.admit(query)).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("law: in no minute more points than allowed are spent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(1, 5)), {
          maxLength: 300,
        }),
        (steps) => {
          const window = createWindow(50, 60_000);
          const spent: { at: number; points: number }[] = [];
          let now = 0;
          for (const [gap, points] of steps) {
            now += gap;
            if (window.waitFor(points, now) > 0) continue;
            window.spend(points, now);
            spent.push({ at: now, points });
          }
          return spent.every(
            (one) =>
              spent
                .filter((other) => other.at > one.at - 60_000 && other.at <= one.at)
                .reduce((sum, other) => sum + other.points, 0) <= 50,
          );
        },
      ),
    );
  });

  it("law: after the wait it names, there is room", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 100 }),
        (gaps) => {
          const window = createWindow(20, 60_000);
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            now += window.waitFor(5, now);
            if (window.waitFor(5, now) !== 0) return false;
            window.spend(5, now);
          }
          return true;
        },
      ),
    );
  });
});

describe("what a request costs", () => {
  it.each([
    ["GET", "https://h/repos/a/b/issues?state=open", false, { points: 1, content: false }],
    ["POST", "https://h/repos/a/b/issues", true, { points: 5, content: true }],
    ["POST", "https://h/api/v3/repos/a/b/issues/5/comments", true, { points: 5, content: true }],
    ["POST", "https://h/repos/a/b/check-runs", true, { points: 5, content: false }],
    [
      "POST",
      "https://h/repos/a/b/issues/comments/5/reactions",
      true,
      { points: 5, content: false },
    ],
  ])("%s %s", (method, url, mutates, expected) => {
    expect(costOf(method, url, "rest", mutates, "usual")).toMatchObject(expected);
  });
});

describe("answers kept for a 304", () => {
  it("are bounded in bytes, the least used goes first, and none fills the room alone", () => {
    const cache = createEtagCache(800);
    const answer = (bytes: number) => ({ etag: "e", text: "x".repeat(bytes - 1), link: undefined });
    for (let index = 0; index < 8; index += 1) cache.set(String(index), answer(100));
    cache.get("0");
    cache.set("8", answer(100));
    expect(cache.get("0")).toBeDefined();
    expect(cache.get("1")).toBeUndefined();
    cache.set("big", answer(101));
    expect(cache.get("big")).toBeUndefined();
    cache.set("0", answer(50));
    expect(cache.calculatedSize).toBeLessThanOrEqual(800);
  });
});

describe("the next page", () => {
  it.each([
    [
      '<https://api.github.test/x?page=2>; rel="next", <https://api.github.test/x?page=9>; rel="last"',
      "https://api.github.test/x?page=2",
    ],
    [
      '<https://api.github.test/x?page=1>; rel="prev", <https://api.github.test/x?page=3>; rel="next"',
      "https://api.github.test/x?page=3",
    ],
    ['<https://evil.test/x?page=2>; rel="next"', null],
    ['<https://api.github.test/x?page=1>; rel="first"', null],
    ["nonsense", null],
    [undefined, null],
  ])("of %s", (link, next) => {
    expect(nextOf(link, "https://api.github.test")).toBe(next);
  });
});
