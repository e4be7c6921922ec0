import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { pagesPolicy, pagesWorld, type PagesWorld } from "../e2e/pages-world.ts";
import { calm, until } from "../e2e/harness.ts";
import { changeIn } from "../e2e/rows-in.ts";
import { findBrowser } from "./find-browser.ts";

export interface Look {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

export interface BrowserWorld {
  readonly world: PagesWorld;
  readonly browser: Browser;
  /** The address of the pull request's decision. */
  readonly decision: string;
  readonly head: string;
  readonly pull: number;
  readonly open: (look: Look) => Promise<BrowserContext>;
  /** Clicks through the sign-in, as somebody whom GitHub knows already. */
  readonly signIn: (page: Page, login: string, path?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const promoted = `  - name: proven
    when: { environments: [production] }
    require: { promoted_from: { environment: staging, bake: 30m } }
`;

/** A gate with something on each page: a pull request, deployments that wait and that ran, a window, a holiday, a rollout that failed. */
export async function browserWorld(): Promise<BrowserWorld> {
  // A Monday in winter, before the window opens.
  const policy = pagesPolicy.replace("windows:\n", `${promoted}windows:\n`);
  const world = await pagesWorld(policy, { startsAt: Date.UTC(2026, 11, 14, 4) });
  const { sim, gatehouse } = world;
  sim.environment({ repo: "acme/shop", name: "production", gate: true });
  sim.environment({ repo: "acme/shop", name: "staging", gate: true });
  const { headSha, number } = world.open({
    title: "feat: a basket that survives <b>a reload</b>",
  });
  await world.waiting(headSha);
  // Nothing that a person or a workflow is called makes a page wider than a phone.
  const long = "unbroken-".repeat(24);
  world.open({ head: long.slice(0, 200), title: long.replaceAll("-", "_") });
  await changeIn(
    gatehouse.settings.databaseUrl,
    "insert into measurements (repository, kind, key, at, detail) values (?, 'check', '1', ?, ?)",
    sim.world.repoNames.get("acme/shop") ?? 0,
    Date.UTC(2026, 11, 14, 3),
    JSON.stringify({ name: `${long} (20, ubuntu)`, failed: 1, took: 61_000 }),
  );
  const staged = sim.deploy({ repo: "acme/shop", environment: "staging", actor: "ada" });
  sim.deploy({ repo: "acme/shop", environment: "production", actor: "ada" });
  await calm(gatehouse);
  sim.finishDeployment({
    repo: "acme/shop",
    deployment: staged.deployments[0]?.id ?? 0,
    state: "failure",
  });
  await calm(gatehouse);
  const ada = await world.as("ada");
  const { decisions } = JSON.parse(
    await until(
      "the deployments to be decided",
      async () => (await ada.page("/api/v1/decisions?repository=acme/shop")).text,
      (text) => text.includes("dep:") && text.includes("pr:"),
    ),
  ) as { readonly decisions: readonly { readonly subject: string }[] };
  const subject = decisions.find((each) => each.subject.startsWith("pr:"))?.subject ?? "";
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? "",
    args: ["--no-sandbox"],
  });
  const origin = gatehouse.gate.url;
  return {
    world,
    browser,
    decision: `/decisions/${subject}`,
    head: headSha,
    pull: number,
    open: ({ width, scheme }) =>
      browser.newContext({
        baseURL: origin,
        viewport: { width, height: 900 },
        colorScheme: scheme,
        reducedMotion: "reduce",
      }),
    signIn: async (page, login, path = "/") => {
      await page.goto(path);
      // The simulated GitHub asks for no password; who the browser is there stands in the address that we send it to.
      const link = page.getByRole("link", { name: "Sign in with GitHub" });
      const begun = await page.request.get((await link.getAttribute("href")) ?? "", {
        maxRedirects: 0,
      });
      const there = new URL(begun.headers()["location"] ?? "");
      there.searchParams.set("login", login);
      await page.goto(there.href);
    },
    stop: async () => {
      await browser.close();
      await gatehouse.stop();
    },
  };
}
