import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../web/browser-like.ts";
import { isHeld, knock } from "./deployments-world.ts";
import { calm, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";
import { client } from "./pages-world.ts";

const preset = `version: 1
rules:
  - name: shared
    description: Zephyr words.
    # Yonder comment inside
    require: { reviews: { approvals: 1, teams: [night-watch] } }
`;
const frozen = `version: 1
freezes:
  - name: deal
    timezone: UTC
    environments: [production]
    during: { cron: "0 0 * * *", duration: 23h }
    reason: Orion signs in June
rules:
  - name: calm
    when: { environments: [production] }
    applies_to: deployment
    require: { not_frozen: true }
`;

/** What stands in private repositories, and in secret teams, is not for those who may read a public one. */
describe("strangers", () => {
  let gatehouse: Gatehouse;
  let head = "";
  const as = async (login: string): Promise<BrowserLike> => {
    const browser = new BrowserLike(gatehouse.gate.url);
    await browser.signIn(login);
    return browser;
  };

  beforeAll(async () => {
    gatehouse = await runGatehouse({
      skipsWaits: true,
      settings: { web: { publicUrl: null, trustedProxies: [], client } },
    });
    const { sim } = gatehouse;
    sim.org({ login: "acme", members: ["ada", "bob", "carol"] });
    for (const login of ["mallory", "olga"]) sim.user({ login });
    sim.team({ org: "acme", slug: "night-watch", members: ["bob", "carol"], privacy: "secret" });
    sim.repo({ name: "acme/rules", private: true, files: { "base.yml": preset } });
    sim.repo({
      name: "acme/open",
      files: {
        "src/a.ts": "1\n",
        ".github/gatehouse.yml": "version: 1\nextends: acme/rules:base.yml@main\n",
      },
    });
    sim.repo({
      name: "acme/closed",
      private: true,
      files: { "src/a.ts": "1\n", ".github/gatehouse.yml": frozen },
    });
    for (const repo of ["acme/open", "acme/closed"])
      sim.environment({ repo, name: "production", gate: true });
    sim.collaborator({ repo: "acme/closed", login: "olga", role: "read" });
    sim.collaborator({ repo: "acme/open", login: "ada", role: "write" });
    await calm(gatehouse);
    const pull = sim.openPull({
      repo: "acme/open",
      author: "ada",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    head = pull.headSha;
    await gateSays(sim, "acme/open", head, (run) => /Needs/.test(run.title ?? ""));
    await isHeld(sim, knock(sim, "acme/closed"), /./);
    await calm(gatehouse);
  });
  afterAll(async () => {
    await gatehouse.stop();
  });

  it("read no word of a private repository's file that a public one extends; its readers do", async () => {
    const mallory = await as("mallory");
    const { decisions } = JSON.parse(
      (await mallory.page("/api/v1/decisions?repository=acme/open")).text,
    ) as { decisions: { seq: number }[] };
    const paths = [
      "/acme/open",
      "/api/v1/repositories/acme/open",
      ...decisions.flatMap(({ seq }) => [`/decisions/${seq}`, `/api/v1/decisions/${seq}`]),
    ];
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) {
      const { status, text } = await mallory.page(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/Yonder|Zephyr|night-watch/);
    }
    const run = await gateSays(gatehouse.sim, "acme/open", head, () => true);
    expect(JSON.stringify(run)).not.toMatch(/Yonder|Zephyr|night-watch/);
    const bob = await as("bob");
    expect((await bob.page(`/decisions/${decisions[0]?.seq ?? 0}`)).text).toContain("Yonder");
  });

  it("learn from no filter that a secret team is there and is asked", async () => {
    const asked = async (browser: BrowserLike, team: string): Promise<number> => {
      const { text } = await browser.page(`/api/v1/waiting?repository=acme/open&team=${team}`);
      return (JSON.parse(text) as { waiting: unknown[] }).waiting.length;
    };
    const mallory = await as("mallory");
    expect(await asked(mallory, "acme/night-watch")).toBe(0);
    expect(await asked(mallory, "acme/day-watch")).toBe(0);
    expect(await asked(await as("bob"), "acme/night-watch")).toBe(1);
  });

  it("read no calendar of a private repository once their access is taken away", async () => {
    const olga = await as("olga");
    const page = "/acme/closed/environments/production";
    const made = await olga.submit(page, `${page}/subscribe`, {});
    const address =
      /href="([^"]+\.ics\?token=[^"]+)"/.exec(await made.text())?.[1]?.replaceAll("&amp;", "&") ??
      "";
    const before = await fetch(address);
    expect({ status: before.status, text: await before.text() }).toMatchObject({
      status: 200,
      text: expect.stringContaining("Orion") as string,
    });
    gatehouse.sim.collaborator({ repo: "acme/closed", login: "olga", role: "none" });
    await calm(gatehouse);
    gatehouse.advance(5 * 60_000);
    expect((await fetch(address)).status).toBe(404);
  });

  it("W34: read no text that was recorded before a repository was public", async () => {
    const { sim } = gatehouse;
    const reads = async (): Promise<readonly string[]> => {
      const mallory = await as("mallory");
      const listed = await mallory.page("/api/v1/decisions?repository=acme/closed");
      const seqs =
        (JSON.parse(listed.text) as { decisions?: { seq: number }[] }).decisions?.map(
          ({ seq }) => seq,
        ) ?? [];
      const pages = ["/acme/closed", "/api/v1/repositories/acme/closed", "/api/v1/waiting"];
      for (const seq of seqs) pages.push(`/decisions/${seq}`, `/api/v1/decisions/${seq}`);
      return [
        listed.text,
        ...(await Promise.all(pages.map((page) => mallory.page(page)))).map(({ text }) => text),
      ];
    };
    sim.editRepo({ repo: "acme/closed", private: false });
    await calm(gatehouse);
    gatehouse.advance(5 * 60_000);
    const texts = await reads();
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter((text) => text.includes("Orion"))).toEqual([]);
    expect(
      texts.filter((text) => text.includes("Not shown: it was recorded")).length,
    ).toBeGreaterThan(3);
  });
});
