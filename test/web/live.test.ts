import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SignedIn } from "#flow/sign-in/sign-in.ts";
import { followed } from "#flow/pages/follow.ts";
import type { Viewer } from "#flow/pages/viewer.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { PageEnv } from "../../src/web/http/environment.ts";
import { addLive } from "../../src/web/live/live.ts";

const names = ["shop", "secret", "ours"];
const repository = (id: number): RepositoryRecord => ({
  id,
  installationId: 5,
  owner: "acme",
  ownerId: 3,
  ownerType: "Organization",
  name: names[id] ?? "",
  private: true,
  archived: false,
  defaultBranch: "main",
  active: true,
});

const signedIn: SignedIn = {
  person: { id: 1, login: "ada", type: "User" },
  session: "s",
  csrf: "c",
  token: () => Promise.resolve("t"),
};

/** Pages of somebody who may not read acme/secret. */
function world() {
  const log: (number | null)[] = [];
  let isAway = false;
  const viewer: Viewer = {
    login: "ada",
    mayRead: async ({ name }) => name !== "secret",
    readable: async () => (each) => each.name !== "secret",
    sees: () => true,
    seesOf: (patterns) => patterns ?? "every",
    teams: async () => [],
  };
  const records = {
    repository: async (id: number) => repository(id),
    repositoryByName: async (_: string, name: string) =>
      names.includes(name) ? repository(names.indexOf(name)) : null,
  };
  const site = new Hono<PageEnv>();
  site.use(async (c, next) => {
    c.set("signedIn", signedIn);
    c.set("viewer", viewer);
    await next();
  });
  const live = addLive(site, {
    views: {
      newest: async () => {
        if (isAway) throw new Error("the database is away");
        return log.length;
      },
      changedSince: async (seq) => [...new Set(log.slice(seq))],
    },
    follow: (who, about) => followed({ store: { records } }, who, about),
  });
  return {
    live,
    record: (of: number | null) => log.push(of),
    away: (value: boolean) => (isAway = value),
    open: async (query = "") => {
      const answer = await site.request(`/live${query}`);
      if (answer.status !== 200 || answer.body === null) throw new Error(String(answer.status));
      let heard = "";
      const reader = answer.body.getReader();
      void (async () => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          heard += new TextDecoder().decode(value);
        }
      })();
      await vi.advanceTimersByTimeAsync(0);
      return () => heard.split("event: change").length - 1;
    },
    status: async (query: string) => (await site.request(`/live${query}`)).status,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const look = () => vi.advanceTimersByTimeAsync(2_000);

describe("an open page", () => {
  it("is told of its repository, and of no other", async () => {
    const { open, record, live } = world();
    const shop = await open("?repository=acme/shop");
    const ours = await open("?repository=acme/ours");
    record(0);
    await look();
    expect([shop(), ours()]).toEqual([1, 0]);
    record(2);
    await look();
    expect([shop(), ours()]).toEqual([1, 1]);
    live.stop();
  });

  it("of everything is told of what its reader may read", async () => {
    const { open, record, live } = world();
    const all = await open();
    record(1);
    await look();
    expect(all()).toBe(0);
    record(0);
    await look();
    record(null);
    await look();
    expect(all()).toBe(2);
    live.stop();
  });

  it("hears afterwards of what was recorded while the database was away", async () => {
    const { open, record, away, live } = world();
    const all = await open();
    away(true);
    record(0);
    await look();
    expect(all()).toBe(0);
    away(false);
    await look();
    expect(all()).toBe(1);
    live.stop();
  });

  it.each(["?repository=acme/secret", "?repository=acme/nothing", "?repository=nonsense"])(
    "follows nothing that is not its reader's: %s",
    async (query) => {
      expect(await world().status(query)).toBe(404);
    },
  );
});
