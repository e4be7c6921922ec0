import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { builtProduct } from "../support/built-product.ts";
import {
  newSite,
  startProcess,
  type GateProcess,
  type ProcessOptions,
  type Site,
} from "../support/gate-process.ts";
import { until } from "./harness.ts";
import { send } from "./send.ts";
import { patience } from "../support/patience.ts";

let site: Site;
let sim: Simulator;
const running: GateProcess[] = [];

beforeAll(async () => {
  site = newSite();
  sim = await Simulator.start({
    appId: 7,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
  });
});
afterAll(async () => {
  await Promise.all(running.map((gate) => gate.kill("SIGKILL")));
  await sim.stop();
  site.remove();
});

async function started(name: string, options: ProcessOptions): Promise<GateProcess> {
  const gate = await startProcess(sim, site, {
    ...options,
    env: { DATABASE_URL: `file:${join(site.folder, `${name}.db`)}`, ...options.env },
  });
  running.push(gate);
  return gate;
}

const ready = async (
  gate: GateProcess,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await fetch(`${gate.url}/readyz`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

const lines = (gate: GateProcess): readonly Record<string, unknown>[] =>
  gate
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const troubles = (gate: GateProcess): readonly Record<string, unknown>[] =>
  lines(gate).filter(({ level }) => level === "warn" || level === "error");

const otherKey = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).privateKey;

/** Runs the process until it ends by itself. */
function ended(
  env: Readonly<Record<string, string>>,
  folder = site.folder,
): {
  status: number | null;
  stderr: string;
  stdout: string;
} {
  const { status, stderr, stdout } = spawnSync(process.execPath, [builtProduct()], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000 * patience,
    env: {
      PATH: process.env["PATH"] ?? "",
      APP_ID: "7",
      PRIVATE_KEY: site.privateKey,
      WEBHOOK_SECRET: site.secret,
      DATABASE_URL: `file:${join(site.folder, "ended.db")}`,
      GHE_HOST: new URL(sim.url).host,
      GHE_PROTOCOL: "http",
      ...env,
    },
  });
  return { status, stderr, stdout };
}

describe("a misconfiguration says so", () => {
  it.each([
    ["a private key that is not this App's", "key", { env: { PRIVATE_KEY: otherKey } }],
    ["the number of another App", "app", { appId: 4711 }],
  ])("W36: %s is one line with the remedy, and /readyz 503", async (_what, name, options) => {
    const gate = await started(name, options);
    const seen = await until(
      "a refusal",
      () => ready(gate),
      ({ status }) => status === 503,
    );
    expect(seen.body).toMatchObject({ reason: "credentials" });
    expect(seen.body["remedy"]).toMatch(/APP_ID .* private key/);
    await until(
      "the line",
      () => troubles(gate).length,
      (count) => count > 0,
    );
    // The sweeps that begin at once meet the same refusal, and do not say it again.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(troubles(gate).map(({ msg }) => msg)).toEqual([
      "GitHub refuses our credentials: nothing is judged",
    ]);
    expect(gate.output()).not.toMatch(/^\s+at |"stack"/m);
    expect((await fetch(`${gate.url}/healthz`)).status).toBe(200);
  });

  it("W36: a GitHub that does not answer is no matter of credentials, and /readyz says which", async () => {
    const dead = createServer((_request, response) => response.writeHead(502).end());
    await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", resolve));
    const address = dead.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const gate = await started("dead", { env: { GHE_HOST: `127.0.0.1:${port}` } });
    const seen = await until(
      "a word",
      () => ready(gate),
      ({ status }) => status === 503,
    );
    expect(seen.body).toMatchObject({ reason: "github_unreachable" });
    expect(seen.body["remedy"]).toMatch(/GHE_HOST/);
    dead.close();
  });

  it("W36: a wrong webhook secret is one line with the remedy, and is counted", async () => {
    const gate = await started("secret", {});
    await until(
      "readiness",
      () => ready(gate),
      ({ status }) => status === 200,
    );
    for (let n = 0; n < 5; n += 1)
      expect(
        await send({ url: gate.url, secret: "w".repeat(40), event: "issues", payload: { n } }),
      ).toBe(401);
    // A stranger's request without any signature is no news.
    expect(
      await send({ url: gate.url, secret: "", event: "issues", payload: {}, signature: null }),
    ).toBe(401);
    await until(
      "the line",
      () => troubles(gate).length,
      (count) => count > 0,
    );
    expect(troubles(gate).map(({ msg }) => String(msg))).toEqual([
      expect.stringMatching(/WEBHOOK_SECRET.*App's settings page/),
    ]);
    expect(await (await fetch(`${gate.url}/metrics`)).text()).toMatch(
      /^gatehouse_deliveries_total\{status="401"\} 6$/m,
    );
  });

  it(
    "W36: a taken port and a folder that cannot be written: one line each, and exit 2",
    async () => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
      const address = taken.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const none = { APP_ID: "", PRIVATE_KEY: "", WEBHOOK_SECRET: "" };
      const cases: readonly [Readonly<Record<string, string>>, RegExp, string?][] = [
        [
          { PORT: String(port) },
          /^gatehouse: PORT: .*another process listens there.*choose another PORT/,
        ],
        [
          { DATABASE_URL: "file:/proc/gatehouse/g.db" },
          /^gatehouse: DATABASE_URL: .*Make the directory writable/,
        ],
        // The set-up page, too.
        [{ ...none, PORT: String(port) }, /^gatehouse: PORT: /],
        [none, /^gatehouse: \/proc\/\.env cannot be written, .* or set APP_ID/, "/proc"],
      ];
      for (const [env, said, folder] of cases) {
        const seen = ended(env, folder);
        expect(seen.stderr).toMatch(said);
        expect(seen.stderr.trim().split("\n")).toHaveLength(1);
        expect(seen.status).toBe(2);
      }
      taken.close();
      // Four processes that start one after the other.
    },
    120_000 * patience,
  );

  it("W36: installed without a policy is one line with the remedy, however many repositories there are", async () => {
    const gate = await started("bare", {});
    sim.org({ login: "bare", members: ["ada"] });
    for (const name of ["bare/one", "bare/two"]) {
      sim.repo({ name, files: { "a.txt": "1\n" } });
      sim.openPull({ repo: name, author: "ada", head: "x", title: "x", files: { "b.txt": "1\n" } });
    }
    const told = (): readonly string[] =>
      lines(gate)
        .map(({ msg }) => String(msg))
        .filter((msg) => msg.includes("no policy governs bare/"));
    await until("the line", told, ({ length }) => length > 0);
    sim.openPull({
      repo: "bare/two",
      author: "ada",
      head: "y",
      title: "y",
      files: { "c.txt": "1\n" },
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(told()).toEqual([
      expect.stringMatching(
        /^no policy governs bare\/\w+, .*add \.github\/gatehouse\.yml to its default branch .*extends: gatehouse:recommended.*bare\/\.github/,
      ),
    ]);
    expect(troubles(gate)).toEqual([]);
  });

  it("W49: ids are shown to whoever has METRICS_TOKEN, and to nobody else", async () => {
    const token = "m".repeat(32);
    const open = await started("open", {});
    const guarded = await started("guarded", { env: { METRICS_TOKEN: token } });
    sim.org({ login: "acme", members: ["ada"] });
    sim.repo({ name: "acme/shop", files: { "a.txt": "1\n" } });
    const metrics = (gate: GateProcess, authorization?: string): Promise<Response> =>
      fetch(
        `${gate.url}/metrics`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
    await until(
      "readiness",
      () => ready(guarded),
      ({ status }) => status === 200,
    );
    const text = await (await metrics(open)).text();
    expect(text).toMatch(/^gatehouse_queue_waiting \d+$/m);
    expect(text).not.toMatch(/installation=/);
    expect(text).not.toContain("gatehouse_github_rate_remaining");
    for (const wrong of [undefined, "Bearer", `Bearer ${token}x`, `Basic ${token}`, token])
      expect((await metrics(guarded, wrong)).status).toBe(401);
    const full = await metrics(guarded, `Bearer ${token}`);
    expect(full.status).toBe(200);
    expect(await full.text()).toContain("gatehouse_github_rate_remaining");
    for (const path of ["/healthz", "/readyz", "/"]) {
      const told = await (await fetch(`${guarded.url}${path}`)).text();
      expect(told).not.toMatch(/acme|installation/i);
    }
  });
});
