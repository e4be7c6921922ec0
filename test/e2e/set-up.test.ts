import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Simulator } from "@gatehouse/github-simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningProcess } from "../../src/compose.ts";
import { readSettings } from "../../src/env.ts";
import { startSetup } from "../../src/start-setup.ts";
import type { SetUp } from "#flow/pages/set-up.ts";
import { BrowserLike } from "../web/browser-like.ts";
import { scratchFolder } from "../support/scratch.ts";
import { appId, until } from "./harness.ts";
import { movableTime } from "./skipped-waits.ts";

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const policy = `version: 1
rules:
  - { name: reviewed, require: { reviews: { approvals: 1 } } }
  - { name: not-frozen, applies_to: deployment, require: { not_frozen: true } }
`;
const time = movableTime();
let sim: Simulator;
beforeAll(async () => {
  sim = await Simulator.start({
    appId,
    publicKeyPem: keys.publicKey,
    webhookSecret: "s".repeat(40),
    now: time.now,
  });
});
afterAll(() => sim.stop());

const running: RunningProcess[] = [];
afterAll(async () => {
  for (const process of running) await process.stop(2_000);
});

/** A process without credentials in a folder of its own. */
async function begun(parts: Readonly<Record<string, string>> = {}) {
  const folder = scratchFolder("gatehouse-set-up-");
  const environment = {
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "silent",
    DATABASE_URL: `file:${join(folder, "gatehouse.db")}`,
    GHE_HOST: new URL(sim.url).host,
    GHE_PROTOCOL: "http",
    ...parts,
  };
  const file = join(folder, ".env");
  const process = await startSetup(
    readSettings({ ...environment, DATABASE_URL: `file:${join(folder, "first.db")}` }),
    {
      settingsWith: (values) => readSettings({ ...environment, ...values }),
      file,
      patience: { clock: time },
    },
  );
  running.push(process);
  return { file, process, browser: new BrowserLike(process.url) };
}

/** Fills in the form; answers what GitHub sends back. */
async function begin(browser: BrowserLike): Promise<string> {
  const answer = await browser.request("/setup", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ organization: "@acme", address: browser.origin }).toString(),
  });
  const text = await answer.text();
  const [, state] = /settings\/apps\/new\?state=(\w+)/.exec(text) ?? [];
  expect(state, text).toBeDefined();
  return state ?? "";
}

/** Fills in the form, confirms at GitHub, and comes back. */
async function register(browser: BrowserLike): Promise<Response> {
  const state = await begin(browser);
  sim.manifest({ code: "abc", manifest: { name: "Gatehouse acme" }, pem: keys.privateKey });
  return browser.request(`/setup/done?code=abc&state=${state}`);
}

describe("a process without credentials", () => {
  let browser: BrowserLike;

  it("answers a delivery with what is to be done", async () => {
    const made = await begun();
    browser = made.browser;
    const answer = await browser.request("/api/github/webhooks", { method: "POST", body: "{}" });
    expect(answer.status).toBe(503);
    expect((await browser.page("/anything")).status).toBe(302);
  });

  it("becomes the gate without a restart, and keeps the credentials", async () => {
    const { file, browser: own, process } = await begun();
    browser = own;
    const done = await register(own);
    expect([done.status, done.headers.get("location")]).toEqual([303, "/setup"]);
    const kept = parseEnv(readFileSync(file, "utf8"));
    expect(kept).toMatchObject({
      APP_ID: String(appId),
      WEBHOOK_SECRET: "s".repeat(40),
      PUBLIC_URL: process.url,
    });
    expect(Object.keys(kept)).toEqual(expect.arrayContaining(["CLIENT_ID", "CLIENT_SECRET"]));
    expect(kept["GHE_HOST"]).toBeUndefined();
    expect((await own.page("/readyz")).status).toBe(200);
    // Nobody is let in who is not signed in.
    expect((await own.page("/setup")).status).toBe(401);
  });

  it("keeps the credentials of each App that is registered at the same time, and says which one it is", async () => {
    const { file, browser: own } = await begun();
    const states = [await begin(own), await begin(own)];
    sim.manifest({ code: "one", manifest: { name: "One" }, pem: keys.privateKey });
    sim.manifest({ code: "two", manifest: { name: "Two", id: 4242 }, pem: keys.privateKey });
    const done = await Promise.all(
      ["one", "two"].map((code, n) => own.request(`/setup/done?code=${code}&state=${states[n]}`)),
    );
    expect(done.map(({ status }) => status)).toEqual([303, 500]);
    expect(await done[1]?.text()).toMatch(/runs already as another App .*ID 7.*ID 4242.*not used/);
    expect(parseEnv(readFileSync(file, "utf8"))["APP_ID"]).toBe(String(appId));
    expect(parseEnv(readFileSync(`${file}.gatehouse`, "utf8"))["APP_ID"]).toBe("4242");
    // Back with a third one, once the gate has taken over.
    sim.user({ login: "zoe" });
    await own.signIn("zoe", "/setup");
    const late = await own.page("/setup/done?code=three&state=x");
    expect([late.status, late.text]).toEqual([409, expect.stringContaining("runs already")]);
  });

  it("shows a list that ticks itself", async () => {
    sim.user({ login: "ada" });
    expect(await browser.signIn("ada", "/setup")).toBe("/setup");
    const steps = async () => {
      const { steps: all } = JSON.parse((await browser.page("/api/v1/setup")).text) as SetUp;
      return Object.fromEntries(all.map(({ name, state }) => [name, state]));
    };
    expect(await steps()).toEqual({
      credentials: "done",
      installed: "open",
      delivery: "open",
      policy: "open",
      required_check: "open",
      environments: "done",
    });
    const { text } = await browser.page("/setup");
    expect(text).toContain("/github-apps/");
    expect(text).toContain(`${browser.origin}/api/github/webhooks`);

    sim.webhook({ url: `${browser.origin}/api/github/webhooks` });
    sim.org({ login: "acme", members: ["ada"] });
    sim.repo({ name: "acme/shop", files: { ".github/gatehouse.yml": policy } });
    sim.collaborator({ repo: "acme/shop", login: "ada", role: "admin" });
    sim.environment({ repo: "acme/shop", name: "production" });
    const after = async () => {
      time.move(30_000);
      return steps();
    };
    await until("the policy to be seen", after, ({ policy: state }) => state === "done");
    expect(await after()).toEqual({
      credentials: "done",
      installed: "done",
      delivery: "done",
      policy: "done",
      required_check: "open",
      environments: "open",
    });
    const open = (await browser.page("/setup")).text;
    const host = new URL(sim.url).host;
    expect(open).toContain(`${sim.url}/acme/shop/settings/rules/new?target=branch`);
    expect(open).toContain(`gh api --hostname ${host} repos/acme/shop/rulesets --method POST`);
    expect(open).toContain("/environments/production/deployment_protection_rules");

    sim.ruleset({
      repo: "acme/shop",
      name: "main",
      requiredChecks: [{ context: "gatehouse", appId }],
    });
    sim.environment({ repo: "acme/shop", name: "production", gate: true });
    await until("everything to be done", after, (all) =>
      Object.values(all).every((state) => state === "done"),
    );
    expect((await browser.page("/setup")).text).toContain("Gatehouse is set up");

    const asking = `${policy}  - { name: well, require: { health: { source: metrics, query: up, is: "== 1" } } }\n`;
    sim.commit({ repo: "acme/shop", files: { ".github/gatehouse.yml": asking } });
    await until("a source to be missed", after, (all) => all["health_sources"] === "open");
    expect((await browser.page("/setup")).text).toContain("Name the source metrics in the file of");
  });

  it("says in a line why the gate cannot start, and has kept the credentials", async () => {
    const { file, browser: own } = await begun({ DATABASE_URL: "file:/proc/gatehouse/g.db" });
    const done = await register(own);
    expect(done.status).toBe(500);
    expect(await done.text()).toMatch(/could not start with them: DATABASE_URL: /);
    expect(existsSync(file)).toBe(true);
  });
});
