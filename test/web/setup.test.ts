import { describe, expect, it } from "vitest";
import { createSetupPages, type ConvertedApp } from "../../src/web/setup.tsx";

function setup(publicUrl: string | null = null) {
  const kept: ConvertedApp[] = [];
  const pages = createSetupPages({
    webUrl: "https://github.example",
    publicUrl,
    manifest: { name: "Gatehouse" },
    convert: (code) =>
      Promise.resolve({
        id: 7,
        pem: "key",
        webhook_secret: "hook",
        client_id: "Iv1.7",
        client_secret: `secret of ${code}`,
      }),
    keep: (app) => {
      kept.push(app);
      return Promise.resolve(".env");
    },
  });
  return { pages, kept };
}

async function manifestAt(address: string, publicUrl: string | null = null) {
  const text = await (await setup(publicUrl).pages.request(address)).text();
  const value = /name="manifest" value="([^"]*)"/.exec(text)?.[1] ?? "";
  return JSON.parse(value.replaceAll("&quot;", '"').replaceAll("&amp;", "&")) as {
    readonly callback_urls: readonly string[];
  };
}

describe("the manifest", () => {
  it.each([
    [
      "where this page is",
      "http://localhost:3000/",
      null,
      ["http://localhost:3000/login/callback"],
    ],
    [
      "and where webhooks arrive",
      "http://localhost:3000/?webhook=https://gate.example/api/github/webhooks",
      null,
      ["http://localhost:3000/login/callback", "https://gate.example/login/callback"],
    ],
    [
      "only at PUBLIC_URL where that is set",
      "http://localhost:3000/",
      "https://gate.example",
      ["https://gate.example/login/callback"],
    ],
    [
      "with a webhook address that is none",
      "http://localhost:3000/?webhook=nonsense",
      null,
      ["http://localhost:3000/login/callback"],
    ],
  ])("lets people sign in %s", async (_, address, publicUrl, expected) => {
    expect((await manifestAt(address, publicUrl)).callback_urls).toEqual(expected);
  });
});

describe("GitHub's answer", () => {
  it("is kept with the client's credentials, for a registration that began here", async () => {
    const { pages, kept } = setup();
    const page = await (await pages.request("http://localhost:3000/")).text();
    const state = /settings\/apps\/new\?state=(\w+)/.exec(page)?.[1] ?? "";
    expect((await pages.request(`/setup/done?code=abc&state=${state}x`)).status).toBe(400);
    expect(kept).toEqual([]);
    expect((await pages.request(`/setup/done?code=abc&state=${state}`)).status).toBe(200);
    expect(kept).toMatchObject([{ client_id: "Iv1.7", client_secret: "secret of abc" }]);
  });
});
