import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../src/cli/answer.ts";
import { backtest } from "../../src/cli/commands/backtest.ts";
import type { DefineCommand } from "../../src/cli/commands/command.ts";
import { explain } from "../../src/cli/commands/explain.ts";
import { isHeld, knock, type Asked } from "./deployments-world.ts";
import { calm } from "./harness.ts";
import { peoplePolicy, peopleWorld, repo, type Opened, type PeopleWorld } from "./people-world.ts";
import { patience } from "../support/patience.ts";

let world: PeopleWorld;
let folder = "";
let waiting: Opened;
let denied: Opened;
let held: Opened;
let merged: Opened;
let asked: Asked;
let said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-live-"));
  world = await peopleWorld(undefined, { skipsWaits: false });
  const { sim, gatehouse, say, reacted } = world;
  sim.repo({ name: "acme/free", files: { "a.txt": "1\n" } });
  sim.environment({ repo, name: "production", gate: true });
  merged = world.open({ head: "merged", files: { "src/m.ts": "1\n" } });
  sim.review({ repo, number: merged.number, by: "carol", state: "approve" });
  await world.green(merged.headSha);
  sim.mergePull({ repo, number: merged.number, by: "carol" });
  waiting = world.open();
  denied = world.open({ head: "denied", title: "no feature", files: { "src/b.ts": "1\n" } });
  held = world.open({ head: "held", files: { "src/c.ts": "1\n" } });
  sim.review({ repo, number: held.number, by: "carol", state: "approve" });
  await world.green(held.headSha);
  await reacted(held.number, say(held.number, "bob", "/gate hold for the release"), "rocket");
  await world.waiting(held.headSha, /hold/i);
  asked = knock(sim, repo, {
    sha: sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.refs.get("refs/heads/main") ?? "",
    actor: "ada",
  });
  await isHeld(sim, asked, /Needs 1 approval/);
  await calm(gatehouse);
}, 120_000 * patience);

afterAll(async () => {
  await world.gatehouse.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  const { settings, sim, secret } = world.gatehouse;
  const variables = {
    GHE_HOST: new URL(sim.url).host,
    GHE_PROTOCOL: "http",
    APP_ID: String(settings.app?.appId ?? 0),
    PRIVATE_KEY: settings.app?.privateKey ?? "",
    WEBHOOK_SECRET: secret,
    DATABASE_URL: settings.databaseUrl,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Everything in the service's database. */
function contents(): string {
  const db = new Database(world.gatehouse.settings.databaseUrl.slice("file:".length), {
    readonly: true,
  });
  try {
    const tables = db
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all([]) as { readonly name: string }[];
    return JSON.stringify(
      tables
        .filter(({ name }) => name !== "queue")
        .map(({ name }) => db.prepare(`select * from "${name}"`).all([])),
    );
  } finally {
    db.close();
  }
}

/** Runs a command; whatever it is asked, neither GitHub nor the database is written to. */
async function run(
  define: DefineCommand,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  await calm(world.gatehouse);
  const before = contents();
  world.sim.resetCalls();
  const answer = await define().run(args, options);
  expect(
    world.sim.calls.filter(
      ({ method, path, isToken }) => method !== "GET" && path !== "/graphql" && !isToken,
    ),
  ).toEqual([]);
  expect(contents()).toBe(before);
  if (answer === null) throw new Error("it printed by itself");
  return answer;
}

interface Explained {
  readonly decision: string;
  readonly rules: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly enforcement: string;
    readonly reason: string;
    readonly next: string;
  }[];
  readonly title: string;
  readonly summary: string;
  readonly url?: string;
}
const explained = (answer: Answer): Explained => answer.json as Explained;

describe("gatehouse explain", () => {
  it.each([
    {
      what: "one that waits",
      of: () => waiting,
      decision: "wait",
      rules: { reviewed: "pending", titled: "pass" },
      title: /Needs 1 approval/,
    },
    {
      what: "one that is denied",
      of: () => denied,
      decision: "deny",
      rules: { titled: "fail" },
      title: /title/i,
    },
    {
      what: "one that people hold",
      of: () => held,
      decision: "wait",
      rules: { reviewed: "pass" },
      title: /On hold by @bob: for the release/,
    },
  ])("says of $what what the check run says", async ({ of, decision, rules, title }) => {
    const { number, headSha } = of();
    const answer = await run(explain, [`${repo}#${number}`]);
    const { rules: found, ...rest } = explained(answer);
    expect(answer).toMatchObject({ exitCode: 1, troubles: [] });
    expect(Object.keys(explained(answer))).toEqual(["decision", "rules", "title", "summary"]);
    vi.stubEnv("PUBLIC_URL", "https://gate.example");
    const linked = await run(explain, [`${repo}#${number}`]);
    expect(explained(linked).url).toMatch(
      new RegExp(`^https://gate\\.example/decisions/pr:\\d+:${number}:[0-9a-f]{12}$`),
    );
    expect(linked.text).toContain(`Decision: ${explained(linked).url ?? ""}`);
    expect(rest).toMatchObject({ decision, title: expect.stringMatching(title) });
    expect(Object.fromEntries(found.map(({ name, verdict }) => [name, verdict]))).toMatchObject(
      rules,
    );
    expect(answer.text).toContain(`${decision}: ${rest.title}`);
    const shown = await world.waiting(headSha).catch(() => null);
    if (shown !== null) expect(shown.title).toBe(rest.title);
  });

  it("exits 0 for what is allowed, and says that it is not open any more", async () => {
    const answer = await run(explain, [`${repo}#${merged.number}`]);
    expect(answer).toMatchObject({
      exitCode: 0,
      json: { decision: "allow" },
      troubles: [expect.stringMatching(/not open any more/)],
    });
  });

  it("a deployment that waits, by as much of its commit as names it", async () => {
    const answer = await run(explain, [`${repo}@${asked.sha.slice(0, 8)}`], {
      environment: "production",
    });
    expect(answer).toMatchObject({
      exitCode: 1,
      troubles: [],
      json: { decision: "wait", title: expect.stringMatching(/Needs 1 approval for production/) },
    });
    expect(explained(answer).rules.map(({ name }) => name)).toEqual([
      "not-frozen",
      "release-approval",
    ]);
  });

  it("a deployment that nobody has asked for", async () => {
    const answer = await run(explain, [`${repo}@${waiting.headSha}`], { environment: "staging" });
    expect(answer).toMatchObject({
      exitCode: 0,
      json: { decision: "allow" },
      troubles: [expect.stringMatching(/no deployment of [0-9a-f]{7} to staging waits/)],
    });
  });

  it("answers without a database, and says what it does not know then", async () => {
    vi.stubEnv("DATABASE_URL", `file:${join(folder, "none.db")}`);
    const answer = await run(explain, [`${repo}#${held.number}`]);
    expect(answer).toMatchObject({
      exitCode: 0,
      json: { decision: "allow" },
      troubles: [
        expect.stringMatching(/none\.db: no such database, so what people said .* is not known/),
      ],
    });
    const door = await run(explain, [`${repo}@${asked.sha}`], { environment: "production" });
    expect(door).toMatchObject({ exitCode: 1, json: { decision: "wait" } });
  });

  it.each([
    { subject: "acme/shop", options: {}, says: /write OWNER\/REPO#NUMBER/ },
    { subject: "acme/shop@main", options: {}, says: /write OWNER\/REPO#NUMBER/ },
    { subject: "acme/shop@1234567", options: {}, says: /name it with --environment/ },
    {
      subject: "acme/shop#1",
      options: { environment: "production" },
      says: /goes to no environment/,
    },
    {
      subject: "acme/shop#999",
      options: {},
      says: /acme\/shop#999: there is no such pull request/,
    },
    {
      subject: "acme/shop@1234567",
      options: { environment: "production" },
      says: /there is no such commit/,
    },
    {
      subject: "acme/none#1",
      options: {},
      says: /the App is not installed there, or there is no such repository/,
    },
    { subject: "stranger/none#1", options: {}, says: /the App is not installed there/ },
    { subject: "acme/free#1", options: {}, says: /acme\/free is not governed/ },
  ])("$subject $options is refused: $says", async ({ subject, options, says }) => {
    await expect(run(explain, [subject], options)).rejects.toThrow(says);
  });

  it("names what is missing where there are no credentials", async () => {
    for (const name of ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"]) vi.stubEnv(name, "");
    await expect(run(explain, [`${repo}#1`])).rejects.toThrow(
      /APP_ID, PRIVATE_KEY .* and WEBHOOK_SECRET are not set/,
    );
    vi.stubEnv("APP_ID", "7");
    await expect(run(explain, [`${repo}#1`])).rejects.toThrow(/^PRIVATE_KEY: /);
  });

  it("refuses a database of another version", async () => {
    const path = join(folder, "older.db");
    const db = new Database(path);
    db.exec("create table kysely_migration (name text)");
    db.close();
    vi.stubEnv("DATABASE_URL", `file:${path}`);
    await expect(explain().run([`${repo}#1`], {})).rejects.toThrow(/another version of gatehouse/);
  });
});

describe("gatehouse backtest", () => {
  const policy = (text: string): string => {
    const path = join(folder, "proposed.yml");
    writeFileSync(path, text);
    return path;
  };
  const lenient =
    'version: 1\nrules:\n  - name: titled\n    require: { title: { pattern: "^feat: " } }\n';

  it("exits 1 where some decision changes: which and why, progress told on standard error", async () => {
    const answer = await run(backtest, [repo], { policy: policy(lenient) });
    expect(answer).toMatchObject({
      exitCode: 1,
      json: { repository: repo, changed: 1, replayed: 4, left_out: 0, never_met: [] },
    });
    expect(
      (answer.json as { readonly pull_requests: readonly unknown[] }).pull_requests,
    ).toContainEqual(
      expect.objectContaining({
        number: waiting.number,
        state: "open",
        before: "wait",
        after: "allow",
        changed: true,
        rules: [{ name: "reviewed", before: "pending", after: null, found: expect.any(String) }],
      }),
    );
    expect(answer.text).toMatch(
      /replayed over 3 open pull requests and the last 1 merged: 1 decision would change/,
    );
    expect(said.join("")).toMatch(/replaying: 4 of 4/);
  });

  it("exits 0 where none does", async () => {
    const answer = await run(backtest, [repo], {
      policy: policy(`${peoplePolicy}# only words\n`),
      last: "0",
    });
    expect(answer).toMatchObject({ exitCode: 0, json: { changed: 0, replayed: 3 } });
    expect(answer.text).toMatch(/no decision would change/);
  });

  it("a policy that retires the gate lets everything through", async () => {
    const answer = await run(backtest, [repo], {
      policy: policy("version: 1\nenforcement: disabled\n"),
    });
    expect(answer).toMatchObject({ exitCode: 1, json: { changed: 2 } });
  });

  it.each([
    { repository: repo, text: "version: 1\nrules: 7\n", options: {}, says: /proposed\.yml:2:\d+/ },
    { repository: "shop", text: lenient, options: {}, says: /write OWNER\/REPO/ },
    { repository: repo, text: lenient, options: { last: "many" }, says: /--last many/ },
    { repository: "acme/none", text: lenient, options: {}, says: /the App is not installed there/ },
  ])(
    "$repository with $options is unusable: $says",
    async ({ repository, text, options, says }) => {
      await expect(
        run(backtest, [repository], { policy: policy(text), ...options }),
      ).rejects.toThrow(says);
    },
  );

  it("says which rules may never pass", async () => {
    const answer = await run(backtest, [repo], {
      policy: policy(
        `${lenient}  - name: reviewed\n    require: { reviews: { approvals: 3, teams: [commanders] } }\n`,
      ),
    });
    expect(answer.json).toMatchObject({
      never_met: [
        {
          rule: "reviewed",
          because: expect.stringMatching(/3 approvals, and commanders are 2 people/),
        },
      ],
    });
    expect(answer.text).toMatch(/reviewed may never pass/);
  });
});
