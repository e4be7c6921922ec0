import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { Simulator } from "@gatehouse/github-simulator";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningProcess } from "../../src/compose.ts";
import { readSettings } from "../../src/env.ts";
import { startSetup } from "../../src/start-setup.ts";
import { scratchFolder } from "../support/scratch.ts";
import { findBrowser } from "./find-browser.ts";
import { accessibilityFaults, sidewaysRoom } from "./what-is-wrong.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
let sim: Simulator;
let process: RunningProcess;
let browser: Browser;
beforeAll(async () => {
  sim = await Simulator.start({
    appId: 7,
    publicKeyPem: publicKey,
    webhookSecret: "s".repeat(40),
  });
  sim.user({ login: "ada" });
  const folder = scratchFolder("gatehouse-set-up-");
  const environment = {
    PORT: "0",
    LOG_LEVEL: "silent",
    DATABASE_URL: `file:${join(folder, "gatehouse.db")}`,
    GHE_HOST: new URL(sim.url).host,
    GHE_PROTOCOL: "http",
  };
  process = await startSetup(readSettings(environment), {
    settingsWith: (values) => readSettings({ ...environment, ...values }),
    file: join(folder, ".env"),
  });
  browser = await chromium.launch({
    executablePath: findBrowser() ?? "",
    args: ["--no-sandbox"],
  });
});
afterAll(async () => {
  await browser.close();
  await process.stop(2_000);
  await sim.stop();
});

describe("set-up", () => {
  it("goes from the form through GitHub to a list that ticks itself", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 900 } });
    const page = await context.newPage();
    const sound = async () => {
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await sidewaysRoom(page)).toBe(0);
    };
    await page.goto(process.url);
    await sound();
    await page.getByLabel("Organisation").fill("a b");
    await page.getByRole("button", { name: "Register the App" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("names no organisation");
    await sound();

    // GitHub's own page: it takes the manifest, asks, and sends the browser back with a code.
    let manifest: { readonly redirect_url: string; readonly name: string } | null = null;
    await page.route(`${sim.url}/organizations/acme/settings/apps/new*`, async (route) => {
      const fields = new URLSearchParams(route.request().postData() ?? "");
      const sent = JSON.parse(fields.get("manifest") ?? "{}") as {
        redirect_url: string;
        name: string;
      };
      manifest = sent;
      sim.manifest({ code: "abc", manifest: { name: sent.name }, pem: privateKey });
      const state = new URL(route.request().url()).searchParams.get("state") ?? "";
      await route.fulfill({
        status: 302,
        headers: { location: `${sent.redirect_url}?code=abc&state=${state}` },
      });
    });
    await page.getByLabel("Organisation").fill("@acme");
    await page.getByRole("button", { name: "Register the App" }).click();
    await page.getByRole("link", { name: "Sign in with GitHub" }).click();
    expect(manifest).toMatchObject({ name: "Gatehouse acme" });
    await page.getByRole("link", { name: "Authorize as ada" }).click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("What is left to do");
    await sound();

    sim.webhook({ url: `${process.url}/api/github/webhooks` });
    sim.org({ login: "acme", members: ["ada"] });
    await page.getByText("The last one came").waitFor();
    await context.close();
  });
});
