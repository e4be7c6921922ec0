import { describe, expect, it } from "vitest";
import {
  readSetup,
  shownAgain,
  type SetupAsked,
  type SetupForm,
} from "../../src/web/setup/asked.ts";
import type { ConvertedApp, Kept } from "../../src/web/setup/kept.ts";
import { createSetupPages, type SetupInput } from "../../src/web/setup/routes.tsx";

const typed = (parts: Partial<SetupForm> = {}): SetupForm => ({
  organization: "acme",
  address: "https://gate.example",
  host: "",
  anyway: false,
  ...parts,
});

describe("the organisation", () => {
  it.each([
    "acme",
    "@acme",
    " acme ",
    "https://github.com/acme",
    "https://github.com/acme/",
    "github.com/acme",
    "https://github.com/orgs/acme/repositories",
    "https://github.com/organizations/acme/settings/apps",
    "https://github.com/acme/shop",
  ])("%s is acme", (organization) => {
    const { asked, problems } = readSetup(typed({ organization }), null);
    expect([asked?.organization, problems]).toEqual(["acme", []]);
  });

  it.each([
    ["a b", "names no organisation"],
    ["https://github.com/", "names no organisation"],
    ["-acme", "names no organisation"],
    ["https://gitlab.com/acme", "is on gitlab.com"],
  ])("%s is refused", (organization, because) => {
    const { problems } = readSetup(typed({ organization }), null);
    expect(problems).toMatchObject([
      { field: "organization", message: expect.stringContaining(because) },
    ]);
  });

  it("may be left out", () => {
    expect(readSetup(typed({ organization: "" }), null)).toMatchObject({
      asked: { organization: null },
      problems: [],
    });
  });
});

describe("the address", () => {
  it.each([
    ["https://gate.example", "https://gate.example/api/github/webhooks", "https://gate.example"],
    ["gate.example/", "https://gate.example/api/github/webhooks", "https://gate.example"],
    [
      "https://gate.example/api/github/webhooks",
      "https://gate.example/api/github/webhooks",
      "https://gate.example",
    ],
    ["https://smee.io/AbC", "https://smee.io/AbC", null],
  ])("%s", (address, webhook, publicUrl) => {
    const { asked, problems } = readSetup(typed({ address }), null);
    expect([asked?.webhook, asked?.publicUrl, problems]).toEqual([webhook, publicUrl, []]);
  });

  it.each([
    ["http://localhost:3000", "", true],
    ["http://127.0.0.1:3000", "", true],
    ["https://192.168.1.7", "", true],
    ["https://[fd00::1]", "", true],
    ["https://10.0.0.7", "acme.ghe.com", true],
    ["https://10.0.0.7", "github.example.com", false],
    ["http://localhost:3000", "http://localhost:4000", false],
    ["http://gate.example", "", true],
  ])("%s for GitHub at %s is doubted: %s", (address, host, isDoubted) => {
    const { problems } = readSetup(typed({ address, host }), null);
    expect(problems.map(({ field, mayBeIgnored }) => [field, mayBeIgnored])).toEqual(
      isDoubted ? [["address", true]] : [],
    );
  });

  it.each(["nonsense://x", "https://", "http://[", "https://x.example/#a"])(
    "%s is none",
    (address) => {
      const { asked, problems } = readSetup(typed({ address }), null);
      expect([asked, problems.map(({ field }) => field)]).toEqual([null, ["address"]]);
    },
  );
});

describe("a user or a password in what is typed", () => {
  it.each([
    "https://a@b.example",
    "https://:hunter2@b.example",
    "https://ada:hunter2@b.example/hook",
    "ada:hunter2@b.example",
    "https://ada:hunter2/x@b.example",
  ])("%s is refused, and neither said nor shown again", (written) => {
    for (const field of ["organization", "address", "host"] as const) {
      const form = typed({ [field]: written });
      const { asked, problems } = readSetup(form, null);
      expect([asked, problems.map((problem) => problem.field)]).toEqual([null, [field]]);
      expect(JSON.stringify([problems, shownAgain(form)])).not.toMatch(/hunter2|ada|a@b/);
    }
  });

  it("is not what an @ before a name is", () => {
    const form = typed({ organization: "@acme" });
    expect(shownAgain(form)).toEqual(form);
  });
});

describe("the server", () => {
  it.each([
    ["", null],
    ["github.com", null],
    ["github.example.com", { host: "github.example.com", protocol: "https" }],
    ["https://github.example.com:8443/", { host: "github.example.com:8443", protocol: "https" }],
    ["http://github.example.com", { host: "github.example.com", protocol: "http" }],
  ])("%s", (host, server) => {
    expect(readSetup(typed({ host }), null).asked?.server).toEqual(server);
  });

  it("is what the environment names, whatever is typed", () => {
    const server = { host: "ghe.example", protocol: "https" } as const;
    expect(readSetup(typed({ host: "other.example" }), server).asked?.server).toEqual(server);
  });

  it("is no path", () => {
    expect(readSetup(typed({ host: "github.example.com/api" }), null).problems).toMatchObject([
      { field: "host" },
    ]);
  });
});

/** The pages over a world in which everything works, but for `parts`. */
function setup(parts: Partial<SetupInput> = {}) {
  const registered: { readonly app: ConvertedApp; readonly asked: SetupAsked }[] = [];
  const written: Kept = { file: ".env", trouble: null, values: {}, notStarted: null };
  const pages = createSetupPages({
    server: null,
    webUrlOf: (server) => (server === null ? "https://github.com" : `https://${server.host}`),
    publicUrl: null,
    listensAt: () => "http://127.0.0.1:3000",
    manifest: { name: "Gatehouse", public: false },
    isWritable: async () => null,
    reaches: async () => null,
    answerAt: async () => ({
      text: await (await pages.request("http://localhost:3000/setup/here")).text(),
    }),
    convert: async (code) => ({
      id: 7,
      pem: "key",
      webhook_secret: "hook",
      client_id: "Iv1.7",
      client_secret: `secret of ${code}`,
    }),
    register: async (app, asked) => {
      registered.push({ app, asked });
      return written;
    },
    ...parts,
  });
  const post = (fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
    pages.request("http://localhost:3000/setup", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const begin = async (fields: Readonly<Record<string, string>>) => {
    const answer = await post(fields);
    const text = await answer.text();
    const value = /name="manifest" value="([^"]*)"/.exec(text)?.[1] ?? "";
    const action = /<form method="post" action="([^"]*)"/.exec(text)?.[1] ?? "";
    return {
      status: answer.status,
      text,
      policy: answer.headers.get("content-security-policy") ?? "",
      action,
      state: /state=(\w+)/.exec(action)?.[1] ?? "",
      manifest:
        value === ""
          ? null
          : (JSON.parse(value.replaceAll("&quot;", '"').replaceAll("&amp;", "&")) as unknown),
    };
  };
  return { pages, post, begin, registered };
}
const good = { organization: "@acme", address: "https://gate.example", host: "" };

describe("the form", () => {
  it("leads to GitHub with the whole manifest", async () => {
    const { status, action, manifest, policy } = await setup().begin(good);
    expect(status).toBe(200);
    expect(action).toMatch(
      /^https:\/\/github\.com\/organizations\/acme\/settings\/apps\/new\?state=\w{32}$/,
    );
    expect(policy).toContain("form-action 'self' https://github.com;");
    expect(manifest).toEqual({
      name: "Gatehouse acme",
      public: false,
      redirect_url: "http://localhost:3000/setup/done",
      setup_url: "https://gate.example/setup",
      callback_urls: [
        "https://gate.example/login/callback",
        "http://localhost:3000/login/callback",
      ],
      hook_attributes: { url: "https://gate.example/api/github/webhooks", active: true },
    });
  });

  it("leads people who come by no public address to where the process listens", async () => {
    const { manifest } = await setup().begin({ ...good, address: "https://smee.io/abc" });
    expect(manifest).toMatchObject({
      setup_url: "http://127.0.0.1:3000/setup",
      callback_urls: [
        "http://127.0.0.1:3000/login/callback",
        "http://localhost:3000/login/callback",
      ],
      hook_attributes: { url: "https://smee.io/abc" },
    });
  });

  it("leads to the server that is typed", async () => {
    const { action } = await setup().begin({ ...good, host: "ghe.example" });
    expect(action).toMatch(/^https:\/\/ghe\.example\/organizations\/acme\//);
  });

  it.each<[string, Partial<SetupInput>, string, boolean]>([
    ["the file cannot be written", { isWritable: async () => "No room." }, "No room.", false],
    ["GitHub does not answer", { reaches: async () => "Not found." }, "Not found.", false],
    [
      "nobody answers at the address",
      { answerAt: async () => ({ trouble: "No connection." }) },
      "No connection.",
      true,
    ],
    [
      "somebody else answers there",
      { answerAt: async () => ({ text: "nginx" }) },
      "it is not this process",
      true,
    ],
  ])("asks GitHub nothing while %s", async (_, parts, says, mayBeIgnored) => {
    const { begin } = setup(parts);
    const refused = await begin(good);
    expect([refused.status, refused.manifest]).toEqual([422, null]);
    expect(refused.text).toContain(says);
    expect(refused.text).toContain('value="@acme"');
    expect(refused.text.includes('name="anyway"')).toBe(mayBeIgnored);
    const anyway = await begin({ ...good, anyway: "1" });
    expect(anyway.status).toBe(mayBeIgnored ? 200 : 422);
  });

  it("is taken from no other site", async () => {
    const { post } = setup();
    expect((await post(good, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await post(good, { "sec-fetch-site": "same-origin" })).status).toBe(200);
  });
});

describe("GitHub's answer", () => {
  it("is taken once, for a registration that was begun here", async () => {
    const { pages, begin, registered } = setup();
    const { state } = await begin(good);
    expect((await pages.request(`/setup/done?code=abc&state=${state}x`)).status).toBe(400);
    expect(registered).toEqual([]);
    const done = await pages.request(`/setup/done?code=abc&state=${state}`);
    expect([done.status, done.headers.get("location")]).toEqual([303, "/setup"]);
    expect(registered).toMatchObject([
      {
        app: { client_id: "Iv1.7", client_secret: "secret of abc" },
        asked: { organization: "acme", publicUrl: "https://gate.example" },
      },
    ]);
    expect((await pages.request(`/setup/done?code=abc&state=${state}`)).status).toBe(400);
  });

  it("that does not come is said with the reason", async () => {
    const failing = setup({ convert: () => Promise.reject(new Error("502")) });
    const { state } = await failing.begin(good);
    const answer = await failing.pages.request(`/setup/done?code=abc&state=${state}`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain("good for one hour");
  });

  it("is shown once where it cannot be kept", async () => {
    const kept: Kept = {
      file: null,
      trouble: ".env could not be written: the disk is full.",
      values: { APP_ID: "7", PRIVATE_KEY: "-----BEGIN\nabc\n-----END\n" },
      notStarted: null,
    };
    const { pages, begin } = setup({ register: async () => kept });
    const { state } = await begin(good);
    const answer = await pages.request(`/setup/done?code=abc&state=${state}`);
    const text = await answer.text();
    expect(text).toContain("the disk is full");
    expect(text).toContain("PRIVATE_KEY=&quot;-----BEGIN\\nabc\\n-----END&quot;");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(await (await pages.request(`/setup/done?code=abc&state=${state}`)).text()).not.toContain(
      "PRIVATE_KEY",
    );
  });
});
