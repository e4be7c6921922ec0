import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { servePullRequest } from "../src/cli/demo/page/serve.tsx";
import { tellStory } from "../src/cli/demo/page/story.ts";
import { setStage } from "../src/cli/demo/stage.ts";
import { findBrowser } from "../test/browser/find-browser.ts";

/** The README's pictures: the demo as somebody sees who clicks through it. */
const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
const mostBytes = 150_000;

async function keep(page: Page, name: string): Promise<void> {
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: "disabled" });
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes; README takes ${mostBytes}`);
  process.stdout.write(`${path}: ${size} bytes\n`);
}

const browserAt = findBrowser();
if (browserAt === null) {
  process.stderr.write("no browser was found: install chromium, or set CHROMIUM to its path\n");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const stage = await setStage({ signsIn: true });
const story = tellStory(stage.sim);
const served = await servePullRequest(story, stage.gate.url, 0);
const browser = await chromium.launch({ executablePath: browserAt, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({
    viewport: { width: 1000, height: 760 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(served.url);
  await page.getByRole("button", { name: "The tests fail" }).click();
  await page.getByText("✗ failure").nth(1).waitFor();
  await page.getByRole("button", { name: "Approve (bob)" }).click();
  await page.getByText("bob approved").waitFor();
  await page.mouse.move(0, 0);
  await keep(page, "pull-request");

  const details = await page.getByRole("link", { name: "Details" }).first().getAttribute("href");
  await page.goto(details ?? stage.gate.url);
  await page.getByRole("link", { name: "Sign in with GitHub" }).click();
  await page.getByRole("link", { name: "Authorize as bob" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await keep(page, "decision");
} finally {
  await browser.close();
  await served.close();
  await stage.close();
}
