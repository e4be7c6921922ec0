import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { GatehouseError, PersonUnauthorized } from "#core/model/errors.ts";
import { createUserGitHub } from "#io/github/user/user-github.ts";

const root = "https://github.example";
const now = 1_800_000_000_000;

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

const github = createUserGitHub({
  apiUrl: `${root}/api/v3`,
  clientId: "Iv1.7",
  clientSecret: "secret",
  timeoutMs: 1_000,
  clock: { now: () => now },
});

const failed = async (work: Promise<unknown>): Promise<GatehouseError> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof GatehouseError) return error;
  throw new Error(`no error of ours: ${String(error)}`);
};

describe("what GitHub answers to a signed-in person", () => {
  it.each([
    [404, "Not Found"],
    [403, "Resource protected by organization SAML enforcement."],
    [451, "Repository unavailable due to DMCA takedown."],
  ])("%i (%s) means that they may not read it", async (status, message) => {
    nock(root).get("/api/v3/repositories/7").reply(status, { message });
    expect(await github.mayRead("t", 7)).toBe(false);
  });

  it.each<[string, number, Record<string, string>, string, number | undefined]>([
    ["a secondary limit", 403, { "retry-after": "30" }, "", now + 30_000],
    ["one without a time", 403, {}, "You have exceeded a secondary rate limit", undefined],
    ["429", 429, {}, "", undefined],
    [
      "the hour's quota",
      403,
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 60) },
      "",
      now + 61_000,
    ],
  ])("%s is no answer to what they may read", async (_, status, headers, message, retryAt) => {
    nock(root).get("/api/v3/repositories/7").reply(status, { message }, headers);
    const error = await failed(github.mayRead("t", 7));
    expect([error.code, error.retryAt]).toEqual(["rate_limited", retryAt]);
  });

  it("401 is theirs", async () => {
    nock(root).get("/api/v3/repositories/7").reply(401, { message: "Bad credentials" });
    expect(await failed(github.mayRead("t", 7))).toBeInstanceOf(PersonUnauthorized);
  });

  it.each([
    ["bad_refresh_token", true],
    ["incorrect_client_credentials", false],
    ["unsupported_grant_type", false],
  ])("%s to a refresh token is theirs: %s", async (error, isTheirs) => {
    nock(root)
      .post("/login/oauth/access_token")
      .reply(200, { error, error_description: "x", error_uri: "https://docs.example" });
    const refusal = await failed(github.refresh("ghr_secret"));
    expect(refusal.code).toBe("unauthorized");
    expect(refusal instanceof PersonUnauthorized).toBe(isTheirs);
    expect(refusal.message).not.toContain("ghr_");
  });
});
