import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import { ask, at, jwt, startSimulator, token } from "./client.ts";

const repo = "/repos/acme/shop";

describe("who may ask what", () => {
  let sim: Simulator;
  let id: number;

  beforeEach(async () => {
    sim = await startSimulator();
    id = sim.org({ login: "acme" }).installationId ?? 0;
    sim.repo({ name: "acme/shop", private: true });
    sim.repo({ name: "acme/other" });
  });
  afterEach(() => sim.stop());

  const message = async (answer: ReturnType<typeof ask>): Promise<unknown[]> => {
    const { status, body } = await answer;
    return [status, at(body, "message")];
  };

  it.each([
    {
      name: "is signed by another key",
      claims: {},
      tamper: true,
      says: "A JSON web token could not be decoded",
    },
    {
      name: "has expired",
      claims: { exp: 1 },
      tamper: false,
      says: "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    },
    {
      name: "lives too long",
      claims: { exp: Math.floor(Date.now() / 1000) + 3600 },
      tamper: false,
      says: "'Expiration time' claim ('exp') is too far in the future",
    },
    {
      name: "comes from the future",
      claims: { iat: Math.floor(Date.now() / 1000) + 300 },
      tamper: false,
      says: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    },
  ])("refuses an App token that $name", async ({ claims, tamper, says }) => {
    const as = jwt(sim.now(), claims);
    expect(
      await message(ask(sim, "GET", "/app", { as: tamper ? `${as.slice(0, -8)}AAAAAAAA` : as })),
    ).toEqual([401, says]);
  });

  it("takes an App token for the App's own affairs only", async () => {
    expect((await ask(sim, "GET", "/app", { as: jwt(sim.now()) })).status).toBe(200);
    expect((await ask(sim, "GET", repo, { as: jwt(sim.now()) })).status).toBe(403);
  });

  it("tells the scenario's time, by which clients set their clocks", async () => {
    sim.advance(600_000);
    const answer = await ask(sim, "GET", "/app", { as: jwt(Date.now() - 600_000) });
    expect(answer.status).toBe(401);
    expect(Math.abs(Date.parse(answer.headers.get("date") ?? "") - sim.now())).toBeLessThan(5_000);
  });

  it("ends installation tokens after an hour", async () => {
    const as = await token(sim, id);
    sim.advance(3_590_000);
    expect((await ask(sim, "GET", repo, { as })).status).toBe(200);
    sim.advance(20_000);
    expect(await message(ask(sim, "GET", repo, { as }))).toEqual([401, "Bad credentials"]);
  });

  it("narrows a token to repositories: outside is 404, and is not listed", async () => {
    const as = await token(sim, id, { repositories: ["other"] });
    expect((await ask(sim, "GET", "/repos/acme/other", { as })).status).toBe(200);
    expect((await ask(sim, "GET", repo, { as })).status).toBe(404);
    expect(
      at((await ask(sim, "GET", "/installation/repositories", { as })).body, "total_count"),
    ).toBe(1);
    const graphql = await ask(sim, "POST", "/graphql", {
      as,
      body: { query: '{repository(owner:"acme",name:"shop"){id}}' },
    });
    expect(graphql.body).toMatchObject({
      data: { repository: null },
      errors: [{ type: "NOT_FOUND", path: ["repository"] }],
    });
  });

  it("narrows a token to permissions: the rest is 403", async () => {
    const as = await token(sim, id, { permissions: { contents: "read" } });
    expect((await ask(sim, "GET", `${repo}/contents/README.md`, { as })).status).toBe(200);
    expect(await message(ask(sim, "GET", `${repo}/pulls`, { as }))).toEqual([
      403,
      "Resource not accessible by integration",
    ]);
    const graphql = await ask(sim, "POST", "/graphql", {
      as,
      body: { query: '{repository(owner:"acme",name:"shop"){name pullRequest(number:1){id}}}' },
    });
    expect(graphql.body).toMatchObject({
      data: { repository: { name: "shop", pullRequest: null } },
      errors: [{ type: "FORBIDDEN" }],
    });
  });

  it.each([
    { name: "a permission the installation lacks", body: { permissions: { contents: "write" } } },
    { name: "a repository outside", body: { repositories: ["nowhere"] } },
  ])("does not widen a token to $name", async ({ body }) => {
    expect(
      (
        await ask(sim, "POST", `/app/installations/${id}/access_tokens`, {
          as: jwt(sim.now()),
          body,
        })
      ).status,
    ).toBe(422);
  });

  it("takes permissions away from tokens that are out", async () => {
    const as = await token(sim, id);
    expect((await ask(sim, "GET", `${repo}/pulls`, { as })).status).toBe(200);
    sim.setPermissions({ account: "acme", permissions: { contents: "read" } });
    expect((await ask(sim, "GET", `${repo}/pulls`, { as })).status).toBe(403);
  });

  it("refuses a suspended installation, and takes it back", async () => {
    const as = await token(sim, id);
    sim.suspend({ account: "acme" });
    expect(await message(ask(sim, "GET", repo, { as }))).toEqual([
      403,
      "This installation has been suspended",
    ]);
    expect(
      (await ask(sim, "POST", `/app/installations/${id}/access_tokens`, { as: jwt(sim.now()) }))
        .status,
    ).toBe(403);
    sim.unsuspend({ account: "acme" });
    expect((await ask(sim, "GET", repo, { as })).status).toBe(200);
    sim.uninstall({ account: "acme" });
    expect((await ask(sim, "GET", repo, { as })).status).toBe(401);
  });

  it("sends clients on after a rename, by id", async () => {
    const as = await token(sim, id);
    sim.openPull({ repo: "acme/shop", files: { a: "1" } });
    sim.renameRepo({ repo: "acme/shop", to: "store" });
    const answer = await ask(sim, "GET", `/api/v3${repo}/pulls?state=open`, { as });
    expect(answer.status).toBe(301);
    const location = answer.headers.get("location") ?? "";
    expect(location).toContain("/api/v3/repositories/");
    expect(
      at((await ask(sim, "GET", location.slice(sim.url.length), { as })).body, 0, "number"),
    ).toBe(1);
  });

  it("loses a repository that moves to an owner without the App", async () => {
    const as = await token(sim, id);
    sim.org({ login: "elsewhere", install: false });
    sim.transferRepo({ repo: "acme/shop", to: "elsewhere" });
    expect((await ask(sim, "GET", repo, { as })).status).toBe(404);
  });

  it("keeps an archived repository readable only", async () => {
    const as = await token(sim, id);
    sim.archiveRepo({ repo: "acme/shop" });
    expect((await ask(sim, "GET", repo, { as })).status).toBe(200);
    expect(await message(ask(sim, "POST", `${repo}/issues`, { as, body: { title: "x" } }))).toEqual(
      [403, "Repository was archived so is read-only."],
    );
  });

  it.each([
    { role: "triage" as const, permission: "read" },
    { role: "maintain" as const, permission: "write" },
    { role: "admin" as const, permission: "admin" },
    { role: "none" as const, permission: "none" },
  ])("folds the role $role into the permission $permission", async ({ role, permission }) => {
    sim.collaborator({ repo: "acme/shop", login: "ada", role });
    const answer = await ask(sim, "GET", `${repo}/collaborators/ada/permission`, {
      as: await token(sim, id),
    });
    expect(answer.body).toMatchObject({ permission, role_name: role });
  });

  it("counts members of child teams, and shows invitations as pending", async () => {
    sim.team({ org: "acme", slug: "eng", repos: { "acme/shop": "write" } });
    sim.team({ org: "acme", slug: "db", parent: "eng", members: ["ada"], pending: ["eve"] });
    const as = await token(sim, id);
    const membership = async (team: string, login: string): Promise<unknown[]> => {
      const answer = await ask(sim, "GET", `/orgs/acme/teams/${team}/memberships/${login}`, { as });
      return [answer.status, at(answer.body, "state")];
    };
    expect(await membership("eng", "ada")).toEqual([200, "active"]);
    expect(await membership("db", "eve")).toEqual([200, "pending"]);
    expect(await membership("eng", "eve")).toEqual([404, undefined]);
    expect(
      at((await ask(sim, "GET", `${repo}/collaborators/ada/permission`, { as })).body, "role_name"),
    ).toBe("write");
    expect(
      at((await ask(sim, "GET", `${repo}/collaborators/eve/permission`, { as })).body, "role_name"),
    ).toBe("none");
  });

  it("gives a recycled login another id", async () => {
    const before = sim.user({ login: "ada" }).id;
    sim.renameUser({ login: "ada", to: "ada-lovelace" });
    expect(sim.user({ login: "ada" }).id).not.toBe(before);
    expect(at((await ask(sim, "GET", `/user/${before}`)).body, "login")).toBe("ada-lovelace");
  });
});
