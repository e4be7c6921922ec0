import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gateSays, idle, runGatehouse, type Gatehouse } from "./harness.ts";
import { createSilence } from "./unsent.ts";

// A file that policies of other repositories extend is a part of each of them: whoever is judged by it is judged again.

const file = ".github/gatehouse.yml";
const asksFor = (prefix: string): string =>
  `version: 1\nrules:\n  - { name: worded, require: { title: { pattern: "^${prefix}: " } } }\n`;

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

/** An organisation whose shared file asks titles for "feat: ", and pull requests that are green by it. */
async function green(org: string, extending: string): Promise<{ shared: string; heads: string[] }> {
  sim.org({ login: org, members: ["ada"] });
  const shared = `${org}/policies`;
  sim.repo({ name: shared, files: { "base.yml": asksFor("feat") } });
  const text = `version: 1\nextends: ${shared}:base.yml@main\n`;
  const repo = `${org}/shop`;
  if (extending !== repo) sim.repo({ name: extending, files: { [file]: text } });
  sim.repo({
    name: repo,
    files: { "src/a.ts": "1\n", ...(extending === repo ? { [file]: text } : {}) },
  });
  sim.collaborator({ repo, login: "ada", role: "write" });
  const heads: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: `topic-${i}`,
      title: "feat: a change",
      files: { [`src/${i}.ts`]: "2\n" },
    });
    heads.push(headSha);
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
  }
  return { shared, heads };
}

describe("a policy that others extend", () => {
  it.each([
    ["a repository's", "shared-own", "shared-own/shop"],
    ["the organisation's", "shared-above", "shared-above/.github"],
  ])("wakes whoever is judged by it when it is pushed: %s", async (_whose, org, extending) => {
    const { shared, heads } = await green(org, extending);
    sim.commit({ repo: shared, files: { "base.yml": asksFor("fix") } });
    await idle(gatehouse);
    for (const head of heads)
      await gateSays(sim, `${org}/shop`, head, ({ conclusion }) => conclusion === "failure");
  });

  it("wakes them also under the name that its repository has by now", async () => {
    const { shared, heads } = await green("shared-renamed", "shared-renamed/shop");
    sim.renameRepo({ repo: shared, to: "rules" });
    await idle(gatehouse);
    sim.commit({ repo: "shared-renamed/rules", files: { "base.yml": asksFor("fix") } });
    await idle(gatehouse);
    for (const head of heads)
      await gateSays(
        sim,
        "shared-renamed/shop",
        head,
        ({ conclusion }) => conclusion === "failure",
      );
  });

  it("T30: is that of the repository that bore its name first, whoever takes the name later", async () => {
    const { shared, heads } = await green("shared-taken", "shared-taken/shop");
    sim.renameRepo({ repo: shared, to: "rules" });
    await idle(gatehouse);
    sim.repo({ name: shared, files: { "base.yml": "version: 1\nrules: []\n" } });
    sim.commit({ repo: shared, files: { "base.yml": asksFor("anything") } });
    await idle(gatehouse);
    const { headSha } = sim.openPull({
      repo: "shared-taken/shop",
      author: "ada",
      head: "late",
      title: "anything: goes",
      files: { "src/late.ts": "2\n" },
    });
    const late = await gateSays(
      sim,
      "shared-taken/shop",
      headSha,
      ({ conclusion }) => conclusion === "failure",
    );
    expect(late.title).toMatch(/shared-taken\/policies:base\.yml@main cannot be read or used/);
    for (const head of heads)
      await gateSays(sim, "shared-taken/shop", head, ({ conclusion }) => conclusion === "success");
  });

  it("wakes them within five minutes when nobody told of the push", async () => {
    const { shared, heads } = await green("shared-lost", "shared-lost/shop");
    const silence = createSilence(gatehouse);
    await silence.swept();
    await silence.unsent(() => {
      sim.commit({ repo: shared, files: { "base.yml": asksFor("fix") } });
    });
    await silence.swept();
    for (const head of heads)
      await gateSays(sim, "shared-lost/shop", head, ({ conclusion }) => conclusion === "failure");
  });
});
