import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servePullRequest, type DemoPage } from "../../src/cli/demo/page/serve.tsx";
import { tellStory } from "../../src/cli/demo/page/story.ts";
import { setStage, type Stage } from "../../src/cli/demo/stage.ts";
import { findBrowser } from "./find-browser.ts";
import { accessibilityFaults, sidewaysRoom } from "./what-is-wrong.ts";

let stage: Stage;
let served: DemoPage;
let browser: Browser;
beforeAll(async () => {
  stage = await setStage({ signsIn: true });
  served = await servePullRequest(tellStory(stage.sim), stage.gate.url, 0);
  browser = await chromium.launch({
    executablePath: findBrowser() ?? "",
    args: ["--no-sandbox"],
  });
});
afterAll(async () => {
  await browser.close();
  await served.close();
  await stage.close();
});

describe("the demo", () => {
  it.each([
    [360, "light"],
    [1280, "dark"],
  ] as const)("is sound at %i px, %s", async (width, colorScheme) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    await page.goto(served.url);
    await page.getByText("Merging is blocked").waitFor();
    await page.getByText("Denied.").or(page.getByText("Waiting.")).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysRoom(page)).toBe(0);
    await context.close();
  });

  it("renews itself after a button was pressed, and leads to the decision", async () => {
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.getByRole("button", { name: "The tests pass" }).click();
    await page.getByRole("button", { name: "Approve (bob)" }).click();
    await page.getByText("All checks have passed").waitFor();
    await page.getByRole("link", { name: "Details" }).first().click();
    await page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await page.getByRole("link", { name: "Authorize as ada" }).click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("2 rules pass");
    await page.close();
  });
});
