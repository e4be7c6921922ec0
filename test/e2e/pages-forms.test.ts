import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeToken } from "#flow/sign-in/api-tokens.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { BrowserLike } from "../web/browser-like.ts";
import { calm } from "./harness.ts";
import { pagesWorld, type PagesWorld } from "./pages-world.ts";
import { rowsIn } from "./rows-in.ts";

const policy = `version: 1
rules:
  - { name: not-frozen, applies_to: deployment, require: { not_frozen: true } }
freezers: { teams: [night-watch] }
`;
const organization = `version: 1
freezes:
  - { name: deal, environments: [production, staging], timezone: UTC, during: { cron: "0 0 * * *", duration: 1439m }, reason: Orion signs. }
  - { name: lab, environments: [laboratory], timezone: UTC, during: { cron: "0 0 * * *", duration: 1439m }, reason: Rats. }
  - { name: all, timezone: UTC, during: { cron: "0 0 * * *", duration: 1439m }, reason: Holidays. }
`;

let world: PagesWorld;
beforeAll(async () => {
  world = await pagesWorld(policy, { startsAt: Date.UTC(2026, 11, 14, 12) });
  const { sim, gatehouse } = world;
  sim.org({ login: "globex", members: [] });
  sim.team({ org: "acme", slug: "night-watch", members: ["bob", "carol"], privacy: "secret" });
  sim.repo({
    name: "globex/.github",
    private: true,
    files: { ".github/gatehouse.yml": organization },
  });
  for (const [name, text] of [
    ["acme/old", policy],
    ["acme/broken", "version: 1\nrules: [{ name: x, require: { nothing: 1 } }]\n"],
    ["acme/free", null],
  ] as const) {
    sim.repo({ name, files: text === null ? {} : { ".github/gatehouse.yml": text } });
    sim.collaborator({ repo: name, login: "bob", role: "maintain" });
  }
  sim.archiveRepo({ repo: "acme/old" });
  const { headSha } = world.open();
  await world.green(headSha);
  await calm(gatehouse);
});
afterAll(() => world.gatehouse.stop());

const recorded = async (): Promise<number> => {
  const rows = await rowsIn<{ readonly n: number }>(
    world.gatehouse.settings.databaseUrl,
    "select count(*) as n from audit_log where kind = 'command'",
  );
  return Number(rows[0]?.n);
};

async function send(browser: BrowserLike, fields: Readonly<Record<string, string>> = {}) {
  const answer = await browser.submit("/freezes", "/freezes", {
    repository: "acme/shop",
    environment: "prod*",
    name: "month-end",
    from: "",
    until: "",
    reason: "books are closing",
    ...fields,
  });
  return { status: answer.status, text: await answer.text() };
}

describe("a form of somebody who has no right", () => {
  it.each(["ada", "eve", "mallory"])("of %s is refused and leaves no record", async (login) => {
    const before = await recorded();
    const { status, text } = await send(await world.as(login));
    expect(status).toBe(422);
    expect(text).toMatch(/may freeze|takes the triage role/);
    expect(await recorded()).toBe(before);
  });

  it("names no secret team to them", async () => {
    const { text } = await send(await world.as("ada"));
    expect(text).toContain("a team of the organisation");
    expect(text).not.toContain("night-watch");
  });

  it("is not looked at any more where there are too many of them", async () => {
    const dora = await world.as("dora");
    const answers: string[] = [];
    for (let sent = 0; sent < 31; sent += 1) answers.push((await send(dora)).text);
    expect(answers.slice(0, 30).every((text) => text.includes("may freeze"))).toBe(true);
    expect(answers[30]).toContain("too much within a minute");
    // Others go on.
    expect((await send(await world.as("ada"))).text).toContain("may freeze");
  });
});

describe("a form that nothing can come of", () => {
  it.each([
    ["acme/old", "is archived"],
    ["acme/broken", "policy cannot be used"],
    ["acme/free", "No policy governs"],
  ])("says so: %s", async (repository, because) => {
    const { status, text } = await send(await world.as("bob"), { repository });
    expect([status, text.includes(because)], text).toEqual([422, true]);
  });
});

describe("freezes", () => {
  const freezesFor = async (environments: readonly string[]) => {
    const store = await openStore({ url: world.gatehouse.settings.databaseUrl });
    const { token } = await makeToken(
      store.tokens,
      { now: world.gatehouse.now },
      {
        purpose: "api",
        name: "test",
        repositories: ["acme/*", "globex/*"],
        environments,
        createdBy: "test",
        lastsMs: 3_600_000,
      },
    );
    await store.close();
    const answer = await fetch(`${world.gatehouse.gate.url}/api/v1/freezes`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { freezes } = (await answer.json()) as {
      readonly freezes: readonly { readonly name: string; readonly environment: string }[];
    };
    return Object.fromEntries(freezes.map(({ name, environment }) => [name, environment]));
  };

  it("show a token those that hold its environments, and name no other environment", async () => {
    expect((await send(await world.as("bob"))).status).toBe(303);
    expect(await freezesFor(["Production"])).toEqual({
      deal: "production",
      all: "every environment",
      "month-end": "prod*",
    });
    expect(await freezesFor(["laboratory"])).toEqual({
      lab: "laboratory",
      all: "every environment",
    });
    expect(Object.keys(await freezesFor([])).toSorted()).toEqual([
      "all",
      "deal",
      "lab",
      "month-end",
    ]);
  });
});
