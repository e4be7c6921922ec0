import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../web/browser-like.ts";
import { runGatehouse, type Gatehouse } from "./harness.ts";
import { rowsIn } from "./rows-in.ts";
import { pagesWorld, type PagesWorld } from "./pages-world.ts";

let world: PagesWorld;
beforeAll(async () => {
  world = await pagesWorld();
  world.sim.repo({ name: "acme/secret", private: true, files: { "a.ts": "1" } });
});
afterAll(() => world.gatehouse.stop());

const cookieOf = (answer: Response, name: string): string =>
  answer.headers.getSetCookie().find((cookie) => cookie.includes(name)) ?? "";

describe("sign-in", () => {
  it("leads through GitHub with state and PKCE, and back to where one was", async () => {
    const browser = world.browser();
    const before = await browser.page("/acme/shop");
    expect(before.status).toBe(401);
    expect(before.text).toContain("/login?return_to=%2Facme%2Fshop");
    const begun = await browser.request("/login?return_to=/acme/shop");
    const there = new URL(begun.headers.get("location") ?? "");
    expect(there.pathname).toBe("/login/oauth/authorize");
    expect(there.searchParams.get("code_challenge_method")).toBe("S256");
    expect(there.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect(cookieOf(begun, "gatehouse-sign-in")).toMatch(/HttpOnly; SameSite=Lax/i);
    expect(await browser.signIn("ada", "/acme/shop")).toBe("/acme/shop");
    const page = await browser.page("/");
    expect(page.status).toBe(200);
    expect(page.text).toContain("@ada");
  });

  it("is refused for an answer that this browser did not ask for, and says why", async () => {
    const [mine, others] = [world.browser(), world.browser()];
    await mine.request("/login");
    const begun = await others.request("/login");
    const there = new URL(begun.headers.get("location") ?? "");
    there.searchParams.set("login", "mallory");
    const consent = await fetch(there, { redirect: "manual" });
    const stolen = await mine.request(consent.headers.get("location") ?? "");
    expect(stolen.status).toBe(400);
    expect(await stolen.text()).toContain("belongs to another sign-in");
    expect((await mine.page("/")).status).toBe(401);
  });

  it("takes a code once", async () => {
    const browser = world.browser();
    const begun = await browser.request("/login");
    const attempt = browser.cookies.get("gatehouse-sign-in") ?? "";
    const there = new URL(begun.headers.get("location") ?? "");
    there.searchParams.set("login", "ada");
    const back = (await fetch(there, { redirect: "manual" })).headers.get("location") ?? "";
    expect((await browser.request(back)).status).toBe(302);
    browser.setCookie("gatehouse-sign-in", attempt);
    const again = await browser.request(back);
    expect(again.status).toBe(400);
    expect(await again.text()).toContain("good once");
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "/login",
    "javascript:alert(1)",
  ])("leads never to %s", async (to) => {
    expect(await world.browser().signIn("ada", to)).toBe("/");
  });

  it("ends with sign-out, which takes the session's own form", async () => {
    const browser = await world.as("ada");
    const forged = await browser.request("/logout", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "csrf=guess",
    });
    expect(forged.status).toBe(303);
    expect((await browser.page("/")).status).toBe(200);
    const secret = browser.cookies.get("gatehouse") ?? "";
    expect((await browser.submit("/", "/logout", {})).status).toBe(200);
    browser.setCookie("gatehouse", secret);
    expect((await browser.page("/")).status).toBe(401);
  });

  it("is asked for again where GitHub takes the person's token no more, and leads back", async () => {
    const browser = await world.as("ada");
    const { authorizationsOf } =
      await import("../../packages/github-simulator/src/world/user-authorization.ts");
    authorizationsOf(world.sim.world).access.clear();
    const page = await browser.page("/acme/shop");
    expect(page.status).toBe(401);
    expect(page.text).toContain("return_to=%2Facme%2Fshop");
    expect((await browser.page("/")).status).toBe(401);
  });

  it("survives a restart: sessions are in the store", async () => {
    const browser = await world.as("ada");
    await world.gatehouse.restart();
    const later = new BrowserLike(world.gatehouse.gate.url);
    for (const [name, value] of browser.cookies) later.setCookie(name, value);
    expect((await later.page("/")).status).toBe(200);
  });

  it("keeps no token that a reader of the database could use", async () => {
    await world.as("ada");
    const rows = await rowsIn(world.gatehouse.settings.databaseUrl, "select * from sessions");
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/gh[ur]_/);
  });
});

describe("pages", () => {
  it("carry a policy that runs no script but our own, and are kept by nobody", async () => {
    const answer = await (await world.as("ada")).request("/");
    expect(answer.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("answer alike for what does not exist and what may not be seen", async () => {
    const browser = await world.as("mallory");
    const [hidden, absent] = [
      await browser.page("/acme/secret"),
      await browser.page("/acme/nothing"),
    ];
    expect(hidden).toEqual(absent);
    expect(hidden.status).toBe(404);
    expect((await browser.page("/decisions/pr:1:1")).text).toBe(absent.text);
  });
});

describe("without CLIENT_ID", () => {
  let plain: Gatehouse;
  beforeAll(async () => {
    plain = await runGatehouse();
  });
  afterAll(() => plain.stop());

  it("pages say how to switch sign-in on, and health goes on", async () => {
    const browser = new BrowserLike(plain.gate.url);
    const page = await browser.page("/");
    expect(page.text).toContain("CLIENT_ID");
    expect(page.text).toContain(`${plain.gate.url}/login/callback`);
    expect((await browser.page("/acme/shop")).status).toBe(503);
    expect((await browser.page("/healthz")).status).toBe(200);
    expect((await browser.page("/api/v1/waiting")).text).toContain("switched_off");
  });
});
