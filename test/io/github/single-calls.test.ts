import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { convertManifest } from "#io/github/client/convert-manifest.ts";
import { readRepositories } from "#io/github/read/installations.ts";
import { eachPage } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { aRepository, clientAt, errorOf } from "./local-github.ts";

const api = "https://api.github.example";

beforeAll(() => {
  // Another file in this thread may have put the real requests back.
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

/** GitHub makes a token for the repository; `reply` may say otherwise. */
const token = (): nock.Scope =>
  nock(api)
    .post("/app/installations/1/access_tokens")
    .reply(201, { token: "ghs_one", expires_at: new Date(Date.now() + 3_600_000).toISOString() });

describe("one call to GitHub", () => {
  it("asks for a token as the App, then reads with that token", async () => {
    nock(api, { reqheaders: { authorization: /^Bearer ey/ } })
      .post("/app/installations/1/access_tokens", (body) => {
        expect(body).toMatchObject({ repository_ids: [100], permissions: { contents: "read" } });
        return true;
      })
      .reply(201, { token: "ghs_one", expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    nock(api, { reqheaders: { authorization: "token ghs_one" } })
      .get("/repos/acme/shop/pulls/7")
      .reply(200, { number: 7 });
    const github = clientAt(api);
    const { data } = await github.rest(
      asRepository(aRepository()),
      github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
        owner: "acme",
        repo: "shop",
        pull_number: 7,
      }),
      z.object({ number: z.number() }),
    );
    expect(data).toEqual({ number: 7 });
  });

  it("sends GraphQL to its own address with the variables as they are", async () => {
    token();
    nock(api)
      .post("/graphql", { query: "query ($n: Int!) { ok(n: $n) }", variables: { n: 3 } })
      .reply(200, { data: { ok: true } });
    const github = clientAt(api);
    const call = {
      query: "query ($n: Int!) { ok(n: $n) }",
      variables: { n: 3 },
      schema: z.object({ ok: z.boolean() }),
    };
    expect(await github.graphql(asRepository(aRepository()), call)).toEqual({ ok: true });
  });

  it("a list that GitHub pages is read to its end, and one that is shorter than promised is incomplete", async () => {
    token();
    const row = { ...repositoryRow, id: 1 };
    nock(api)
      .get("/installation/repositories?per_page=100")
      .reply(
        200,
        { total_count: 2, repositories: [row] },
        { link: `<${api}/installation/repositories?per_page=100&page=2>; rel="next"` },
      );
    nock(api)
      .get("/installation/repositories?per_page=100&page=2")
      .reply(200, { total_count: 2, repositories: [{ ...row, id: 2 }] });
    const github = clientAt(api);
    expect(await readRepositories(github, 1)).toHaveLength(2);

    nock(api)
      .get("/installation/repositories?per_page=100")
      .reply(200, { total_count: 3, repositories: [row] });
    expect((await errorOf(readRepositories(github, 1))).code).toBe("incomplete");
  });

  it("a list that is longer than what is read of it is incomplete, unless a part will do", async () => {
    const list = async (partWillDo: boolean): Promise<number> => {
      token();
      for (const page of [1, 2])
        nock(api)
          .get(`/repos/acme/shop/pulls?page=${page}`)
          .reply(200, [{}], {
            link: `<${api}/repos/acme/shop/pulls?page=${page + 1}>; rel="next"`,
          });
      const github = clientAt(api);
      const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
        owner: "acme",
        repo: "shop",
        page: 1,
      });
      let taken = 0;
      const take = (page: readonly unknown[]): number => (taken += page.length);
      const options = { maxPages: 2, partWillDo };
      const schema = z.array(z.unknown());
      await eachPage(github, asRepository(aRepository()), request, schema, take, options);
      return taken;
    };
    expect(await list(true)).toBe(2);
    expect((await errorOf(list(false))).code).toBe("incomplete");
  });

  it("the manifest's code is exchanged once, and a refusal is told", async () => {
    nock(api).post("/app-manifests/abc/conversions").reply(201, { id: 9 });
    expect(await convertManifest(api, "abc")).toEqual({ id: 9 });
    nock(api).post("/app-manifests/used/conversions").reply(404, { message: "Not Found" });
    expect((await errorOf(convertManifest(api, "used"))).message).toContain("404");
  });
});

const repositoryRow = {
  name: "shop",
  private: false,
  default_branch: "main",
  owner: { id: 10, login: "acme", type: "Organization" },
};
