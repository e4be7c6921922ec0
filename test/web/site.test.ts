import { describe, expect, it } from "vitest";
import { GatehouseError, PersonUnauthorized } from "#core/model/errors.ts";
import type { SignedIn, SignIn } from "#flow/sign-in/sign-in.ts";
import { assets } from "../../src/web/layout/assets.ts";
import { createSite } from "../../src/web/site.tsx";

/** A site whose only reader is ada, and whose every page fails with `error`. */
function failing(error: Error) {
  const ended: (string | undefined)[] = [];
  const looked: string[] = [];
  const ada: SignedIn = {
    person: { id: 1, login: "ada", type: "User" },
    session: "s",
    csrf: "c",
    token: () => Promise.resolve("t"),
  };
  const unused = (): never => {
    throw new Error("not asked for here");
  };
  const fails = () => Promise.reject(error);
  const signIn: SignIn = {
    begin: unused,
    finish: unused,
    of: (secret) => {
      looked.push(secret ?? "");
      return Promise.resolve(secret === "secret" ? ada : null);
    },
    end: (secret) => {
      ended.push(secret);
      return Promise.resolve();
    },
  };
  const site = createSite({
    flows: {
      waiting: fails,
      health: fails,
      setUp: fails,
      freezes: fails,
      decision: fails,
      decisions: fails,
      deployments: fails,
      repository: fails,
      environment: fails,
      rollout: fails,
      report: fails,
      freeze: fails,
      follow: fails,
      subscribe: fails,
      calendar: fails,
    },
    gate: { ask: unused },
    views: {
      waiting: unused,
      openIn: unused,
      isListed: unused,
      entry: unused,
      ofSubject: unused,
      ofRepository: unused,
      following: unused,
      repositoriesNamed: unused,
      withPolicy: unused,
      newest: unused,
      changedSince: unused,
      lastDeliveryAt: unused,
      replay: unused,
    },
    tokens: { add: unused, replace: unused, find: unused, list: unused, revoke: unused },
    records: { getValues: unused, changeValue: unused },
    address: { of: () => "http://gate.example", tell: () => undefined, current: unused },
    people: { signIn, access: { mayRead: unused, readable: unused, teams: unused } },
    clock: { now: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const ask = (path: string) =>
    site.app.request(
      `http://gate.example${path}`,
      { headers: { cookie: "gatehouse=secret" } },
      { remote: "127.0.0.1" },
    );
  return { ask, ended, looked };
}

describe("a page that cannot be shown", () => {
  it("ends the session where GitHub takes the person's token no more", async () => {
    const { ask, ended } = failing(new PersonUnauthorized("ran out"));
    const answer = await ask("/acme/shop");
    expect(answer.status).toBe(401);
    expect(ended).toEqual(["secret"]);
    expect(answer.headers.get("set-cookie")).toMatch(/^gatehouse=; Max-Age=0/);
  });

  it.each(["/acme/shop", "/", "/decisions/pr:1:1:abc"])(
    "signs nobody out for the App's own trouble: %s",
    async (path) => {
      const { ask, ended } = failing(new GatehouseError("unauthorized", "Integration not found"));
      const answer = await ask(path);
      expect(answer.status).toBe(503);
      expect(ended).toEqual([]);
      expect(answer.headers.get("set-cookie")).toBeNull();
      const text = await answer.text();
      expect(text).toContain("does not take the credentials of the App");
      expect(text).toContain("@ada");
    },
  );
});

it("what looks the same for everybody costs no look for a session", async () => {
  const { ask, looked } = failing(new Error("unreachable"));
  for (const { path } of Object.values(assets)) expect((await ask(path)).status).toBe(200);
  expect(looked).toEqual([]);
});
