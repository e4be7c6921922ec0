import Ajv from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeToken } from "../../src/flow/sign-in/api-tokens.ts";
import { openStore } from "../../src/io/database/store/open-store.ts";
import type { BrowserLike } from "../web/browser-like.ts";
import { calm, checkRunsOn, until } from "./harness.ts";
import { pagesWorld, type PagesWorld } from "./pages-world.ts";
import { changeIn } from "./rows-in.ts";

const dayMs = 24 * 3_600_000;
let world: PagesWorld;
let ada: BrowserLike;
let head = "";
let number = 0;

beforeAll(async () => {
  // A Monday in winter, before the window opens.
  world = await pagesWorld(undefined, { startsAt: Date.UTC(2026, 11, 14, 4) });
  const { sim, gatehouse } = world;
  sim.environment({ repo: "acme/shop", name: "production", gate: true });
  const opened = world.open({ title: "feat: <script>alert(1)</script>" });
  [head, number] = [opened.headSha, opened.number];
  await world.waiting(head);
  sim.deploy({ repo: "acme/shop", environment: "production", actor: "ada" });
  await calm(gatehouse);
  ada = await world.as("ada");
});
afterAll(() => world.gatehouse.stop());

const api = async (browser: BrowserLike, path: string): Promise<Record<string, unknown>> => {
  const { status, text } = await browser.page(path);
  expect(status, text).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
};

describe("the dashboard", () => {
  it("shows what waits, why, who is asked and when it may change", async () => {
    const { status, text } = await ada.page("/");
    expect(status).toBe(200);
    expect(text).toContain(`acme/shop#${number}`);
    expect(text).toContain("to production");
    expect(text).toContain("<code>reviewed</code>");
    expect(text).toContain("may change by itself");
    expect(text).toContain("The gate is well");
  });

  it("is filtered by its address", async () => {
    const only = await ada.page("/?environment=production");
    expect(only.text).toContain("to production");
    expect(only.text).not.toContain(`acme/shop#${number}`);
    const mine = await (await world.as("eve")).page("/?mine=1");
    expect(mine.text).toContain("Nothing waits");
    const asked = await (await world.as("dora")).page("/?team=mine");
    expect(asked.text).toContain("to production");
    expect(asked.text).not.toContain(`acme/shop#${number}`);
  });

  it.each([
    ["/?environmet=production", "environmet"],
    ["/?repository=shop", "repository"],
    ["/?repository=acme/nothing", "repository"],
    ["/?team=security%20", "team"],
    ["/?mine=yes", "mine"],
  ])("names a broken filter: %s", async (path, field) => {
    const { status, text } = await ada.page(path);
    expect(status).toBe(400);
    expect(text).toContain(`<li id="${field}-wrong">`);
  });

  it("shows what waited before there was a list of it, as soon as that is looked at again", async () => {
    const { gatehouse } = world;
    await calm(gatehouse);
    await changeIn(gatehouse.settings.databaseUrl, "delete from subject_states");
    expect((await ada.page("/")).text).toContain("Nothing waits");
    gatehouse.advance(61 * 60_000);
    await until(
      "the list",
      async () => (await ada.page("/")).text,
      (text) => text.includes(`acme/shop#${number}`) && text.includes("to production"),
    );
    await calm(gatehouse);
  });

  it("shows a stranger nothing", async () => {
    const { text } = await (await world.as("mallory")).page("/");
    expect(text).toContain("Nothing waits");
  });
});

describe("a decision's page", () => {
  it("is what the check run links, with rules, next steps, policy lines and timeline", async () => {
    const [run] = checkRunsOn(world.sim, "acme/shop", head);
    const url = (run as unknown as { readonly detailsUrl: string | null }).detailsUrl ?? "";
    expect(url).toBe(
      `${world.gatehouse.gate.url}/decisions/pr:${new URL(url).pathname.split(":")[1]}:${number}:${head.slice(0, 12)}`,
    );
    const { status, text } = await ada.page(new URL(url).pathname);
    expect(status).toBe(200);
    expect(text).toContain("Needs 1 approval");
    expect(text).toContain("Somebody else has read it.");
    expect(text).toContain("- name: reviewed");
    expect(text).toContain(".github/gatehouse.yml");
    expect(text).toContain("Timeline");
    expect(text).not.toContain("<script>alert");
  });

  it("is made again on request, and comes out the same", async () => {
    const { decisions } = (await api(ada, "/api/v1/decisions?repository=acme/shop")) as {
      readonly decisions: readonly { readonly seq: number }[];
    };
    const { text } = await ada.page(`/decisions/${decisions[0]?.seq ?? 0}?replay=1`);
    expect(text).toContain("comes out the same to the last word");
  });

  it("stays what it was while a newer one says what differs", async () => {
    const before = (await api(ada, "/api/v1/decisions?repository=acme/shop")) as {
      readonly decisions: readonly { readonly seq: number; readonly subject: string }[];
    };
    const old = before.decisions.find(({ subject }) => subject.startsWith("pr:"));
    world.sim.review({ repo: "acme/shop", number, by: "dora", state: "approve" });
    await world.green(head);
    const page = await ada.page(`/decisions/${old?.seq ?? 0}`);
    expect(page.text).toContain("a newer decision");
    expect(page.text).toContain("Needs 1 approval");
    expect(page.text).toContain("What was recorded then");
    const newest = await ada.page(`/decisions/${old?.subject ?? ""}`);
    expect(newest.text).toContain("Differs: reviewed: pending → pass");
  });

  it.each(["/decisions/999999", "/decisions/x", "/decisions/pr:1:1", "/decisions/dep:1:%00"])(
    "%s is not found",
    async (path) => {
      expect((await ada.page(path)).status).toBe(404);
    },
  );
});

describe("repository and environment", () => {
  it("show policy, environments, history and calendar", async () => {
    const repository = await ada.page("/acme/shop");
    expect(repository.text).toContain("Policy in force");
    expect(repository.text).toContain("asks Gatehouse");
    expect(repository.text).toMatch(/require the check gatehouse|has looked yet/);
    const environment = await ada.page("/acme/shop/environments/production");
    expect(environment.status).toBe(200);
    expect(environment.text).toContain("Closed now");
    expect(environment.text).toContain('<path class="open"');
    expect(environment.text).toContain("holiday: holidays");
    expect((await ada.page("/acme/shop/environments/nowhere")).status).toBe(404);
  });

  it("an address to subscribe to opens its calendar and nothing else", async () => {
    const made = await ada.submit(
      "/acme/shop/environments/production",
      "/acme/shop/environments/production/subscribe",
      {},
    );
    const text = await made.text();
    const address = /href="([^"]+\.ics\?token=[^"]+)"/.exec(text)?.[1] ?? "";
    expect(text).toMatch(/gatehouse token revoke [0-9a-f]{12}/);
    const calendar = await fetch(address);
    expect(calendar.headers.get("content-type")).toContain("text/calendar");
    expect(await calendar.text()).toContain("BEGIN:VEVENT");
    expect((await fetch(address.replace("production.ics", "staging.ics"))).status).toBe(404);
    expect((await fetch(`${address}x`)).status).toBe(404);
    const token = new URL(address).searchParams.get("token") ?? "";
    const asApi = await fetch(`${world.gatehouse.gate.url}/api/v1/waiting`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(asApi.status).toBe(401);
    // Another one ends it, in whatever case the environment is written.
    await ada.submit(
      "/acme/shop/environments/production",
      "/acme/shop/environments/PRODUCTION/subscribe",
      {},
    );
    expect((await fetch(address)).status).toBe(404);
  });
});

describe("the report", () => {
  it("is the same as page, JSON and CSV", async () => {
    const { text } = await ada.page("/report?repository=acme/shop");
    expect(text).toContain("Change failure rate");
    expect(text).toContain("release-approval: pending");
    expect(text).toContain("/api/v1/report?repository=acme%2Fshop&amp;format=csv");
    const json = await api(ada, "/api/v1/report?repository=acme/shop");
    expect(json["deployments"]).toMatchObject([{ environment: "production", askedBy: "ada" }]);
    const csv = await ada.page("/api/v1/report?repository=acme/shop&format=csv");
    expect(csv.text.match(/^deployment,/gm)).toHaveLength(1);
  });

  it.each([
    ["from=soon", "from"],
    ["repository=acme/nothing", "repository"],
    ["enviroment=production", "enviroment"],
  ])("names what cannot be used: %s", async (query, field) => {
    const { status, text } = await ada.page(`/report?${query}`);
    expect(status).toBe(400);
    expect(text).toContain(`<li id="${field}-wrong">`);
    expect((await ada.page(`/api/v1/report?${query}`)).status).toBe(422);
  });

  it("tells a stranger nothing", async () => {
    const mallory = await world.as("mallory");
    expect(await api(mallory, "/api/v1/report")).toMatchObject({
      deployments: [],
      repositories: [],
    });
  });
});

describe("freezes", () => {
  const form = {
    repository: "acme/shop",
    environment: "production",
    name: "month-end",
    from: "",
    until: "",
    reason: "books are <b>closing</b>",
  };

  it("keep what was typed and name the field", async () => {
    const answer = await ada.submit("/freezes", "/freezes", { ...form, reason: "", until: "soon" });
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain('href="#reason"');
    expect(text).toContain('href="#until"');
    expect(text).toContain('value="month-end"');
  });

  it("take the authority of the command", async () => {
    const answer = await ada.submit("/freezes", "/freezes", form);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("may freeze");
  });

  it("are refused without the session's own token", async () => {
    const answer = await ada.request("/freezes", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form, csrf: "guess" }).toString(),
    });
    expect(answer.status).toBe(422);
  });

  it("are made and ended by whom the policy names, and hold what they freeze", async () => {
    const dora = await world.as("dora");
    const made = await dora.submit("/freezes", "/freezes", form);
    expect(made.headers.get("location")).toBe("/freezes?done=frozen");
    const page = await ada.page("/freezes");
    expect(page.text).toContain("month-end");
    expect(page.text).toContain("books are &lt;b&gt;closing&lt;/b&gt;");
    await until(
      "the deployment to be held by it",
      async () => (await ada.page("/?environment=production")).text,
      (text) => text.includes("month-end") && text.includes("<code>not-frozen</code>"),
    );
    const ended = await dora.submit("/freezes", "/freezes/end", {
      repository: "acme/shop",
      environment: "production",
      name: "month-end",
      reason: "books are closed",
    });
    expect(ended.headers.get("location")).toBe("/freezes?done=ended");
    expect((await ada.page("/freezes")).text).toContain("Nothing is frozen");
  });
});

describe("the API", () => {
  async function token(repositories: readonly string[], environments: readonly string[] = []) {
    const store = await openStore({ url: world.gatehouse.settings.databaseUrl });
    const made = await makeToken(
      store.tokens,
      { now: world.gatehouse.now },
      {
        purpose: "api",
        name: "test",
        repositories,
        environments,
        createdBy: "test",
        lastsMs: dayMs,
      },
    );
    return {
      ...made,
      close: store.close,
      revoke: () => store.tokens.revoke(made.record.id, world.gatehouse.now()),
    };
  }
  const ask = async (path: string, bearer: string): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${world.gatehouse.gate.url}${path}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    return { status: answer.status, body: await answer.json() };
  };

  it("answers a token within its scope, until it is revoked", async () => {
    const { token: shown, revoke, close } = await token(["acme/*"], ["production"]);
    const waiting = (await ask("/api/v1/waiting", shown)).body as {
      readonly waiting: readonly { readonly subject: { readonly kind: string } }[];
    };
    expect(waiting.waiting.map(({ subject }) => subject.kind)).toEqual(["deployment"]);
    expect((await ask("/api/v1/deployments?repository=acme/shop", shown)).status).toBe(200);
    expect((await ask("/api/v1/deployments?repository=other/shop", shown)).status).toBe(404);
    await revoke();
    expect((await ask("/api/v1/waiting", shown)).status).toBe(401);
    await close();
  });

  it("names what cannot be used", async () => {
    const { token: shown, close } = await token(["acme/shop"]);
    expect(await ask("/api/v1/decisions", shown)).toMatchObject({
      status: 422,
      body: { problems: [{ field: "repository" }] },
    });
    expect(await ask("/api/v1/decisions?repository=acme/shop&limit=0", shown)).toMatchObject({
      status: 422,
      body: { problems: [{ field: "limit" }] },
    });
    expect((await ask("/api/v1/nothing", shown)).status).toBe(404);
    await close();
  });

  it("answers as its own OpenAPI document says", async () => {
    const document = (await (
      await fetch(`${world.gatehouse.gate.url}/api/v1/openapi.json`)
    ).json()) as {
      readonly paths: Readonly<
        Record<
          string,
          {
            readonly get: {
              readonly responses: Readonly<
                Record<
                  string,
                  { readonly content: { readonly "application/json": { readonly schema: object } } }
                >
              >;
            };
          }
        >
      >;
      readonly components: object;
    };
    const seq = (
      (await api(ada, "/api/v1/decisions?repository=acme/shop")) as {
        readonly decisions: readonly { readonly seq: number }[];
      }
    ).decisions[0]?.seq;
    const addresses: Readonly<Record<string, string>> = {
      "/api/v1/waiting": "/api/v1/waiting",
      "/api/v1/decisions": "/api/v1/decisions?repository=acme/shop",
      "/api/v1/decisions/{id}": `/api/v1/decisions/${seq ?? 0}?replay=1`,
      "/api/v1/deployments": "/api/v1/deployments?repository=acme/shop",
      "/api/v1/report": "/api/v1/report?repository=acme/shop",
      "/api/v1/freezes": "/api/v1/freezes",
      "/api/v1/setup": "/api/v1/setup",
      "/api/v1/repositories/{owner}/{repo}": "/api/v1/repositories/acme/shop",
      "/api/v1/repositories/{owner}/{repo}/environments/{name}":
        "/api/v1/repositories/acme/shop/environments/production",
    };
    const read = Object.keys(document.paths).filter(
      (path) => "get" in (document.paths[path] ?? {}),
    );
    // Rollouts have a world of their own (rollout.test.ts).
    const elsewhere = "/api/v1/repositories/{owner}/{repo}/rollouts/{sha}";
    expect(read.toSorted()).toEqual([...Object.keys(addresses), elsewhere].toSorted());
    for (const [path, address] of Object.entries(addresses)) {
      const schema = document.paths[path]?.get.responses["200"]?.content["application/json"].schema;
      const ajv = new Ajv.default({ strict: false, allErrors: true });
      const check = ajv.compile({ ...schema, components: document.components });
      expect(check(await api(ada, address)), `${path}: ${JSON.stringify(check.errors)}`).toBe(true);
    }
  });
});

describe("live pages", () => {
  it("are told when something was recorded", async () => {
    const answer = await ada.request("/live");
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    const reader = answer.body?.getReader();
    const decoder = new TextDecoder();
    let heard = "";
    const told = (async () => {
      while (!heard.includes("event: change")) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        heard += decoder.decode(piece.value);
      }
    })();
    await until(
      "the stream to begin",
      () => heard,
      (text) => text.includes("retry:"),
    );
    world.say(number, "carol", "/gate hold wait for legal");
    await until(
      "the page to be told",
      () => heard,
      (text) => text.includes("event: change"),
    );
    await told;
    await reader?.cancel();
    expect((await world.browser().request("/live")).status).toBe(401);
  });
});
