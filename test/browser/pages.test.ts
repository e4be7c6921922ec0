import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserWorld, type BrowserWorld, type Look } from "./browser-world.ts";
import { accessibilityFaults, sidewaysRoom } from "./what-is-wrong.ts";

const looks: readonly Look[] = [
  { width: 360, scheme: "light" },
  { width: 360, scheme: "dark" },
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
];

let here: BrowserWorld;
beforeAll(async () => {
  here = await browserWorld();
});
afterAll(() => here.stop());

/** PAGES_SEEN names a folder that keeps what each page looked like, for whoever changes one. */
async function keepPicture(page: Page, { width, scheme }: Look, name: string): Promise<void> {
  const folder = process.env["PAGES_SEEN"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
}

async function expectSound(page: Page, look: Look, name: string): Promise<void> {
  await keepPicture(page, look, name);
  expect(await accessibilityFaults(page), name).toEqual([]);
  expect(await sidewaysRoom(page), `${name} scrolls sideways`).toBe(0);
  const background = await page.evaluate<string>(
    "getComputedStyle(document.documentElement).backgroundColor",
  );
  const [red = 0] = (/\d+/.exec(background) ?? []).map(Number);
  expect(red < 128 ? "dark" : "light", name).toBe(look.scheme);
}

describe.each(looks)("at $width px, $scheme", (look) => {
  let page: Page;
  const faults: string[] = [];
  beforeAll(async () => {
    const context = await here.open(look);
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("status of 4"))
        faults.push(message.text());
    });
  });
  afterAll(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  it("asks who is there, and lets in who signed in at GitHub", async () => {
    await page.goto(here.decision);
    await expectSound(page, look, "sign-in");
    await here.signIn(page, "dora", here.decision);
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(here.decision);
    expect(await page.getByText("@dora", { exact: true }).count()).toBe(1);
  });

  it("shows what waits, and leads to the decision", async () => {
    await page.goto("/");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("What waits");
    await expectSound(page, look, "dashboard");
    await page
      .getByRole("link", { name: new RegExp(`#${here.pull}`) })
      .first()
      .click();
    await page.waitForURL(/\/decisions\//);
    expect(await page.getByRole("heading", { name: "Timeline" }).count()).toBe(1);
  });

  it("filters by keyboard alone, and names a filter that cannot be used", async () => {
    await page.goto("/");
    await page.getByLabel("Repository").fill("shop");
    await page.keyboard.press("Enter");
    await page.waitForURL(/repository=shop/);
    expect(await page.getByRole("alert").innerText()).toContain("repository");
    await expectSound(page, look, "dashboard-refused");
  });

  it("shows a decision", async () => {
    await page.goto(here.decision);
    expect(await page.getByText("Somebody else has read it.", { exact: true }).count()).toBe(1);
    await expectSound(page, look, "decision");
  });

  it("shows a repository", async () => {
    await page.goto("/acme/shop");
    await expectSound(page, look, "repository");
    await page.getByRole("link", { name: "production", exact: true }).first().click();
    await page.waitForURL(/\/environments\/production/);
  });

  it("shows an environment with its calendar", async () => {
    await page.goto("/acme/shop/environments/production");
    expect(await page.getByRole("img").count()).toBe(1);
    await page.getByText("The same as a table").click();
    await expectSound(page, look, "environment");
  });

  it("shows a rollout, and what closes its next ring", async () => {
    await page.goto("/acme/shop/environments/production");
    await page.getByText("Rollouts:").getByRole("link").first().click();
    await page.waitForURL(/\/rollouts\/[0-9a-f]{40}/);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("staging failed");
    expect(await page.getByText("Closed: staging failed").count()).toBe(1);
    await expectSound(page, look, "rollout");
  });

  it("shows the report of a period, and names a period that cannot be used", async () => {
    await page.goto("/report");
    expect(await page.getByRole("img").count()).toBeGreaterThan(0);
    expect(await page.getByText("unbroken-unbroken-").count()).toBe(1);
    await expectSound(page, look, "report");
    await page.getByLabel("From").fill("soon");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/from=soon/);
    expect(await page.getByRole("alert").innerText()).toContain("from");
    await expectSound(page, look, "report-refused");
  });

  it("says what is not there", async () => {
    await page.goto("/acme/nothing");
    await expectSound(page, look, "not-found");
  });

  it("freezes and ends the freeze through the forms", async () => {
    await page.goto("/freezes");
    await page.getByRole("button", { name: "Freeze", exact: true }).click();
    await page.waitForLoadState();
    await expectSound(page, look, "freezes-refused");
    await page.getByLabel("Repository").fill("acme/shop");
    await page.getByLabel("Environment, or a pattern").fill("production");
    await page.getByLabel("Name (may stay empty)").fill("month-end");
    await page.getByLabel("Until, UTC").fill("2026-12-31T18:00");
    await page.getByLabel("Reason", { exact: true }).fill("the books are closing");
    await page.getByRole("button", { name: "Freeze", exact: true }).click();
    await page.waitForURL(/done=frozen/);
    expect(await page.getByText("the books are closing").count()).toBe(1);
    await expectSound(page, look, "freezes");
    await page.goto("/");
    await page.getByText("the books are closing").first().waitFor();
    await expectSound(page, look, "dashboard-frozen");
    await page.goto("/freezes");
    await page.getByLabel("Reason to end month-end").fill("closed");
    await page.getByRole("button", { name: "End the freeze" }).click();
    await page.waitForURL(/done=ended/);
    expect(await page.getByText("the books are closing").count()).toBe(0);
  });

  it("lets go of who signs out", async () => {
    await page.goto("/");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await expectSound(page, look, "signed-out");
    await page.goto(here.decision);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Sign in");
  });
});
