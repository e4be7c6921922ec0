import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { GraphQLError } from "#io/github/client/github-error.ts";
import { asApp, asRepository } from "#io/github/client/requests.ts";
import type { GitHub, GitHubOptions } from "#io/github/client/client.ts";
import {
  aRepository,
  clientOf,
  errorOf,
  handClock,
  type LocalGitHub,
  recordingLog,
  type Reply,
  type Seen,
  serveGitHub,
} from "./local-github.ts";

let server: LocalGitHub | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const me = aRepository();
const anything = z.unknown();

async function world(
  answer: (seen: Seen, nth: number) => Reply | undefined,
  options: Partial<GitHubOptions> = {},
): Promise<{ readonly github: GitHub; readonly local: LocalGitHub }> {
  const local = await serveGitHub(answer);
  server = local;
  return { github: clientOf(local, options), local };
}

const readPull = (github: GitHub, repository = me) =>
  github.rest(
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      owner: repository.owner,
      repo: repository.name,
      pull_number: 1,
    }),
    anything,
  );
const postCheck = (github: GitHub, repository = me) =>
  github.rest(
    asRepository(repository, "checks"),
    github.endpoint("POST /repos/{owner}/{repo}/check-runs", {
      owner: repository.owner,
      repo: repository.name,
      name: "n",
      head_sha: "s",
    }),
    anything,
  );

const pull = "/repos/acme/shop/pulls/1";

describe("errors in our words", () => {
  it.each([
    [404, {}, "not_found"],
    [410, {}, "not_found"],
    [403, { message: "Resource not accessible by integration" }, "forbidden"],
    [403, { message: "This installation has been suspended" }, "gone"],
    [422, { message: "Validation Failed" }, "invalid"],
    [401, { message: "Bad credentials" }, "unauthorized"],
    [500, {}, "unavailable"],
  ])("%i %j is %s", async (status, json, code) => {
    const { github } = await world((seen) => (seen.path === pull ? { status, json } : undefined));
    expect((await errorOf(readPull(github))).code).toBe(code);
  });

  it("an answer that is not what GitHub documents is invalid and names the place, not the value", async () => {
    const { github } = await world((seen) =>
      seen.path === pull ? { json: { number: "secret-value" } } : undefined,
    );
    const error = await errorOf(
      github.rest(
        asRepository(me),
        github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
          owner: "acme",
          repo: "shop",
          pull_number: 1,
        }),
        z.object({ number: z.number() }),
      ),
    );
    expect(error.code).toBe("invalid");
    expect(error.message).toContain("number");
    expect(error.message).not.toContain("secret-value");
  });

  it("a suspended installation is gone when its token is refused", async () => {
    const { github } = await world((seen) =>
      seen.path.endsWith("/access_tokens")
        ? { status: 403, json: { message: "This installation has been suspended" } }
        : undefined,
    );
    expect((await errorOf(readPull(github))).code).toBe("gone");
  });

  it("a removed installation is gone", async () => {
    const { github } = await world(() => undefined, {});
    const local = server;
    await local?.close();
    const { github: other } = await world((seen) =>
      seen.path.endsWith("/access_tokens") ? { status: 404, json: {} } : undefined,
    );
    expect((await errorOf(readPull(other))).code).toBe("gone");
    expect(github.appId).toBe(7);
  });
});

describe("F: 500/502/503", () => {
  it.each([500, 502, 503])(
    "a read that meets %i twice is answered by the third try",
    async (status) => {
      const { github, local } = await world((seen, nth) =>
        seen.path === pull ? (nth < 3 ? { status } : { json: { ok: true } }) : undefined,
      );
      expect((await readPull(github)).data).toEqual({ ok: true });
      expect(local.calls()).toHaveLength(3);
    },
  );

  it("a write is not tried again: it may have been done", async () => {
    const { github, local } = await world((seen) =>
      seen.method === "POST" && seen.path.endsWith("/check-runs") ? { status: 502 } : undefined,
    );
    expect((await errorOf(postCheck(github))).code).toBe("unavailable");
    expect(local.calls()).toHaveLength(1);
  });

  it("a broken connection is tried again for a read, not for a write", async () => {
    const { github, local } = await world((seen, nth) => {
      if (seen.path === pull) return nth === 1 ? { drop: true } : { json: 1 };
      return seen.path.endsWith("/check-runs") ? { drop: true } : undefined;
    });
    expect((await readPull(github)).data).toBe(1);
    expect((await errorOf(postCheck(github))).code).toBe("unavailable");
    expect(local.calls().filter((one) => one.path.endsWith("/check-runs"))).toHaveLength(1);
  });
});

describe("F: 403/429 secondary", () => {
  it("a short retry-after is waited out, for a write too: it was refused, not done", async () => {
    const clock = handClock();
    const { github, local } = await world(
      (seen, nth) =>
        seen.path.endsWith("/check-runs")
          ? nth === 1
            ? {
                status: 403,
                headers: { "retry-after": "2" },
                json: { message: "You have exceeded a secondary rate limit" },
              }
            : { status: 201, json: {} }
          : undefined,
      { clock, sleep: clock.sleep },
    );
    await postCheck(github);
    expect(local.calls()).toHaveLength(2);
    expect(clock.slept.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(2_000);
  });

  it("a long one pauses that installation alone and says when to come back", async () => {
    const clock = handClock();
    const { github, local } = await world(
      (seen) =>
        seen.path === pull
          ? { status: 429, headers: { "retry-after": "60" }, json: {} }
          : seen.path === "/repos/other/shop/pulls/1"
            ? { json: 1 }
            : undefined,
      { clock, sleep: clock.sleep },
    );
    const error = await errorOf(readPull(github));
    expect(error).toMatchObject({ code: "rate_limited" });
    expect(error.retryAt).toBe(clock.now() + 60_000);
    const again = await errorOf(readPull(github));
    expect(again.code).toBe("rate_limited");
    expect(local.calls().filter((one) => one.path === pull)).toHaveLength(1);
    expect((await readPull(github, aRepository({ installationId: 2, owner: "other" }))).data).toBe(
      1,
    );
    clock.advance(61_000);
    await errorOf(readPull(github));
    expect(local.calls().filter((one) => one.path === pull)).toHaveLength(2);
  });

  it("without a time it is a minute, then two", async () => {
    const clock = handClock();
    const { github } = await world(
      (seen) =>
        seen.path === pull
          ? { status: 403, json: { message: "You have exceeded a secondary rate limit." } }
          : undefined,
      { clock, sleep: clock.sleep },
    );
    expect((await errorOf(readPull(github))).retryAt).toBe(clock.now() + 60_000);
    clock.advance(60_001);
    expect((await errorOf(readPull(github))).retryAt).toBe(clock.now() + 120_000);
  });
});

describe("F: quota gone", () => {
  it("waits for the reset of that API; GraphQL has a quota of its own", async () => {
    const clock = handClock();
    const reset = Math.floor(clock.now() / 1000) + 900;
    const { github } = await world(
      (seen) => {
        if (seen.path === pull)
          return {
            status: 403,
            headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
            json: { message: "API rate limit exceeded" },
          };
        return seen.path === "/graphql" ? { json: { data: { ok: 1 } } } : undefined;
      },
      { clock, sleep: clock.sleep },
    );
    expect((await errorOf(readPull(github))).retryAt).toBe((reset + 1) * 1000);
    expect(
      await github.graphql(asRepository(me), {
        query: "query { ok }",
        variables: {},
        schema: z.object({ ok: z.number() }),
      }),
    ).toEqual({ ok: 1 });
  });

  it("GraphQL says it with status 200", async () => {
    const clock = handClock();
    const reset = Math.floor(clock.now() / 1000) + 900;
    const { github } = await world(
      (seen) =>
        seen.path === "/graphql"
          ? {
              headers: { "x-ratelimit-reset": String(reset) },
              json: { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] },
            }
          : undefined,
      { clock, sleep: clock.sleep },
    );
    expect(
      await errorOf(
        github.graphql(asRepository(me), {
          query: "query { ok }",
          variables: {},
          schema: anything,
        }),
      ),
    ).toMatchObject({ code: "rate_limited", retryAt: (reset + 1) * 1000 });
  });
});

describe("what is measured", () => {
  it("requests by API, method and status, and what is left of the quota", async () => {
    const counted: string[] = [];
    const meter = {
      count: (name: string, labels = {}) => void counted.push(`${name} ${JSON.stringify(labels)}`),
      observe: (name: string, value: number, labels = {}) =>
        void (
          name === "github_rate_remaining" &&
          counted.push(`${name} ${value} ${JSON.stringify(labels)}`)
        ),
    };
    const { github } = await world(
      (seen) =>
        seen.path === pull ? { json: 1, headers: { "x-ratelimit-remaining": "4321" } } : undefined,
      { meter },
    );
    await readPull(github);
    expect(counted).toContain('github_requests_total {"api":"rest","method":"GET","status":"200"}');
    expect(counted).toContain('github_rate_remaining 4321 {"installation":"1","api":"rest"}');
  });
});

describe("F: 401 on fresh token", () => {
  it("one refresh and a brief retry", async () => {
    const { github, local } = await world((seen, nth) =>
      seen.path === pull
        ? nth < 3
          ? { status: 401, json: { message: "Bad credentials" } }
          : { json: 1 }
        : undefined,
    );
    expect((await readPull(github)).data).toBe(1);
    expect(local.seen.filter((one) => one.path.endsWith("/access_tokens"))).toHaveLength(2);
  });

  it("a token that stays refused is unauthorized, after a few tries", async () => {
    const { github, local } = await world((seen) =>
      seen.path === pull ? { status: 401, json: { message: "Bad credentials" } } : undefined,
    );
    expect((await errorOf(readPull(github))).code).toBe("unauthorized");
    expect(local.calls()).toHaveLength(3);
  });
});

describe("F: timeout", () => {
  it("an unanswered request is given up in time, and a black hole is left alone", async () => {
    const { github, local } = await world(
      (seen) => (seen.path === pull ? { hang: true } : undefined),
      { timeoutMs: 40 },
    );
    expect((await errorOf(readPull(github))).code).toBe("unavailable");
    expect((await errorOf(readPull(github))).code).toBe("unavailable");
    const before = local.calls().length;
    const error = await errorOf(readPull(github));
    expect(error.code).toBe("unavailable");
    expect(error.retryAt).toBeGreaterThan(0);
    expect(local.calls().length).toBe(before);
  });

  it("after a rest one request tries, and its answer opens the way again", async () => {
    let dead = true;
    const clock = handClock(Date.now());
    const { github, local } = await world(
      (seen) => (seen.path === pull ? (dead ? { drop: true } : { json: 1 }) : undefined),
      { clock, sleep: async () => undefined },
    );
    for (let turn = 0; turn < 3; turn += 1) await errorOf(readPull(github));
    const stuck = local.calls().length;
    dead = false;
    expect((await errorOf(readPull(github))).code).toBe("unavailable");
    expect(local.calls().length).toBe(stuck);
    clock.advance(2_500);
    expect((await readPull(github)).data).toBe(1);
    expect((await readPull(github)).data).toBe(1);
  });
});

describe("F: GraphQL 200 with errors/nulls", () => {
  const ask = (github: GitHub, optional: readonly string[] = []) =>
    github.graphql(asRepository(me), {
      query: "query { a }",
      variables: {},
      schema: z.object({ a: z.unknown() }),
      optional,
    });

  it("is a failed read, whatever data came along", async () => {
    const { github } = await world((seen) =>
      seen.path === "/graphql"
        ? {
            json: {
              data: { a: { reviews: null } },
              errors: [{ message: "timeout", path: ["a", 0, "reviews"] }],
            },
          }
        : undefined,
    );
    const error = await errorOf(ask(github));
    expect(error).toBeInstanceOf(GraphQLError);
    expect(error).toMatchObject({
      code: "unavailable",
      problems: [{ type: null, path: "a.reviews" }],
    });
  });

  it("unless all that is missing may be missing", async () => {
    const { github } = await world((seen) =>
      seen.path === "/graphql"
        ? {
            json: {
              data: { a: null },
              errors: [{ type: "NOT_FOUND", message: "no", path: ["a"] }],
            },
          }
        : undefined,
    );
    expect(await ask(github, ["a"])).toEqual({ a: null });
    expect((await errorOf(ask(github))).code).toBe("unavailable");
  });

  it("T50: a title that says RATE_LIMITED stops nobody", async () => {
    const { github } = await world((seen) =>
      seen.path === "/graphql" ? { json: { data: { a: 'type":"RATE_LIMITED"' } } } : undefined,
    );
    expect(await ask(github)).toEqual({ a: 'type":"RATE_LIMITED"' });
    expect(await ask(github)).toEqual({ a: 'type":"RATE_LIMITED"' });
  });

  it("an answer that is not JSON is unavailable", async () => {
    const { github } = await world((seen) =>
      seen.path === "/graphql" ? { text: "<html>" } : undefined,
    );
    expect((await errorOf(ask(github))).code).toBe("unavailable");
  });
});

describe("F: clock skew", () => {
  const claims = (seen: Seen): { iat: number; exp: number; iss: string } =>
    JSON.parse(
      Buffer.from((seen.headers["authorization"] ?? "").split(".")[1] ?? "", "base64url").toString(
        "utf8",
      ),
    ) as { iat: number; exp: number; iss: string };

  it.each([-600_000, 0, 600_000])(
    "a machine %i ms off gets in at the second try at the latest, and is right from then on",
    async (skew) => {
      const real = Date.now();
      const clock = handClock(real + skew);
      const { github, local } = await world(
        (seen) => {
          if (seen.path !== "/app/installations") return undefined;
          const { iat, exp } = claims(seen);
          const now = real / 1000;
          const accepted = iat <= now + 1 && exp > now && exp <= now + 601;
          return {
            status: accepted ? 200 : 401,
            json: accepted
              ? []
              : {
                  message:
                    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
                },
            headers: { date: new Date(real).toUTCString() },
          };
        },
        { clock, sleep: clock.sleep },
      );
      const read = () => github.rest(asApp, github.endpoint("GET /app/installations"), anything);
      await read();
      expect(local.calls().length).toBeLessThanOrEqual(2);
      const before = local.calls().length;
      await read();
      expect(local.calls().length).toBe(before + 1);
      const last = local.calls().at(-1);
      expect(
        last === undefined ? 0 : Math.abs(claims(last).iat + 60 - real / 1000),
      ).toBeLessThanOrEqual(2);
    },
  );

  it("iat is back-dated by a minute and exp within ten minutes", async () => {
    const { github, local } = await world((seen) =>
      seen.path === "/app/installations" ? { json: [] } : undefined,
    );
    await github.rest(asApp, github.endpoint("GET /app/installations"), anything);
    const [call] = local.calls();
    const { iat, exp, iss } = claims(call as Seen);
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000 - 59);
    expect(exp - iat).toBeLessThanOrEqual(600);
    expect(iss).toBe("7");
  });
});

describe("F: renames", () => {
  it("a 301 on the same host is followed with the token", async () => {
    const { github, local } = await world((seen) => {
      if (seen.path === pull)
        return {
          status: 301,
          headers: { location: "/repositories/100/pulls/1" },
          json: { message: "Moved Permanently" },
        };
      return seen.path === "/repositories/100/pulls/1" ? { json: 1 } : undefined;
    });
    expect((await readPull(github)).data).toBe(1);
    expect(local.calls().at(-1)?.headers["authorization"]).toMatch(/^token ghs_/);
  });

  it("a write is repeated as it was", async () => {
    const { github, local } = await world((seen) => {
      if (seen.path === "/repos/acme/shop/check-runs")
        return { status: 307, headers: { location: "/repositories/100/check-runs" } };
      return seen.path === "/repositories/100/check-runs" ? { status: 201, json: {} } : undefined;
    });
    await postCheck(github);
    expect(local.calls().at(-1)).toMatchObject({
      method: "POST",
      body: { name: "n", head_sha: "s" },
    });
  });

  it("T43: another host never gets the token", async () => {
    const other = await serveGitHub(() => ({ json: "stolen" }));
    const { github } = await world((seen) =>
      seen.path === pull ? { status: 301, headers: { location: `${other.url}/x` } } : undefined,
    );
    expect((await errorOf(readPull(github))).code).toBe("invalid");
    expect(other.seen).toHaveLength(0);
    await other.close();
  });
});

describe("files behind redirects", () => {
  const zip = (github: GitHub, most: number) =>
    github.file(
      asRepository(me),
      github.endpoint(
        "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
        { owner: "acme", repo: "shop", artifact_id: 5, archive_format: "zip" },
      ),
      { maxBytes: most, idleMs: 5_000, totalMs: 10_000 },
    );

  it("T43: the storage host gets no token, and the file arrives", async () => {
    const storage = await serveGitHub(() => ({ text: "PK-bytes" }));
    const { github } = await world((seen) =>
      seen.path.includes("/artifacts/5")
        ? { status: 302, headers: { location: `${storage.url}/blob?sig=abc` } }
        : undefined,
    );
    expect(Buffer.from(await zip(github, 100)).toString()).toBe("PK-bytes");
    expect(storage.seen[0]?.headers["authorization"]).toBeUndefined();
    expect((await errorOf(zip(github, 3))).code).toBe("incomplete");
    await storage.close();
  });

  it("a storage host that is silent is not GitHub's silence", async () => {
    const storage = await serveGitHub(() => ({ drop: true }));
    const { github } = await world((seen) =>
      seen.path.includes("/artifacts/5")
        ? { status: 302, headers: { location: `${storage.url}/blob` } }
        : seen.path === pull
          ? { json: 1 }
          : undefined,
    );
    for (let turn = 0; turn < 7; turn += 1)
      expect((await errorOf(zip(github, 10))).code).toBe("unavailable");
    expect((await readPull(github)).data).toBe(1);
    await storage.close();
  });

  it("an expired artifact is not found", async () => {
    const { github } = await world((seen) =>
      seen.path.includes("/artifacts/5")
        ? { status: 410, json: { message: "Artifact has expired" } }
        : undefined,
    );
    expect((await errorOf(zip(github, 10))).code).toBe("not_found");
  });
});

describe("conditional requests", () => {
  it("an unchanged answer comes from memory", async () => {
    const { github, local } = await world((seen) =>
      seen.path === pull
        ? seen.headers["if-none-match"] === '"a"'
          ? { status: 304 }
          : { json: { n: 1 }, headers: { etag: '"a"' } }
        : undefined,
    );
    await readPull(github);
    expect((await readPull(github)).data).toEqual({ n: 1 });
    expect(local.calls().at(-1)?.headers["if-none-match"]).toBe('"a"');
  });

  it("T45: two tenants share no answer although owner and name are the same", async () => {
    const { github, local } = await world((seen) =>
      seen.path === pull ? { json: { n: 1 }, headers: { etag: '"a"' } } : undefined,
    );
    await readPull(github);
    await readPull(github, aRepository({ installationId: 2 }));
    await readPull(github, aRepository({ id: 101 }));
    expect(local.calls().map((one) => one.headers["if-none-match"])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("tokens", () => {
  it("are minted once for many at the same time, for one repository and no more rights than needed", async () => {
    const { github, local } = await world((seen) => (seen.path === pull ? { json: 1 } : undefined));
    await Promise.all(Array.from({ length: 10 }, () => readPull(github)));
    const mints = local.seen.filter((one) => one.path.endsWith("/access_tokens"));
    expect(mints).toHaveLength(1);
    const wish = mints[0]?.body as {
      repository_ids: number[];
      permissions: Record<string, string>;
    };
    expect(wish.repository_ids).toEqual([100]);
    expect(Object.values(wish.permissions).every((level) => level === "read")).toBe(true);
  });

  it("T45: each tenant and repository has its own", async () => {
    const { github, local } = await world((seen) => (seen.path === pull ? { json: 1 } : undefined));
    await readPull(github);
    await readPull(github, aRepository({ installationId: 2 }));
    await readPull(github, aRepository({ id: 101 }));
    expect(new Set(local.calls().map((one) => one.headers["authorization"])).size).toBe(3);
  });

  it("F: permission reduced: what was not granted is not asked for, and only its own feature fails", async () => {
    const { github, local } = await world((seen) => {
      if (seen.path.endsWith("/access_tokens"))
        return (seen.body as { permissions: Record<string, string> }).permissions["members"] ===
          undefined
          ? undefined
          : {
              status: 422,
              json: { message: "The permissions requested are not granted to this installation." },
            };
      if (seen.path === "/app/installations/1")
        return {
          json: {
            id: 1,
            permissions: { contents: "read", metadata: "read", pull_requests: "write" },
          },
        };
      return seen.path === pull ? { json: 1 } : undefined;
    });
    expect((await readPull(github)).data).toBe(1);
    expect(
      local.seen.filter((one) => one.path.endsWith("/access_tokens")).at(-1)?.body,
    ).toMatchObject({ permissions: { contents: "read", metadata: "read", pull_requests: "read" } });
  });

  it("a repository that left the installation is gone", async () => {
    const { github } = await world((seen) => {
      if (seen.path.endsWith("/access_tokens"))
        return {
          status: 422,
          json: {
            message: "There is at least one repository that does not exist or is not accessible",
          },
        };
      return seen.path === "/app/installations/1"
        ? { json: { id: 1, permissions: { contents: "read" } } }
        : undefined;
    });
    expect((await errorOf(readPull(github))).code).toBe("gone");
  });

  it("are renewed before they expire", async () => {
    const clock = handClock(Date.now());
    const { github, local } = await world(
      (seen) => (seen.path === pull ? { json: 1 } : undefined),
      { clock, sleep: clock.sleep },
    );
    await readPull(github);
    clock.advance(54 * 60_000);
    await readPull(github);
    clock.advance(2 * 60_000);
    await readPull(github);
    expect(local.seen.filter((one) => one.path.endsWith("/access_tokens"))).toHaveLength(2);
  });
});

describe("T43: no token in errors or logs", () => {
  it.each([
    [
      "a refusal that repeats it",
      {
        status: 403,
        json: {
          message:
            "token ghs_secret1 is not allowed; Bearer eyJhbGciOiJSUzI1NiJ9.abcdefghijklmnop.x",
        },
      },
    ],
    [
      "a limit",
      { status: 429, headers: { "retry-after": "100" }, json: { message: "ghs_secret1" } },
    ],
    ["a broken connection", { drop: true }],
    ["nonsense", { text: "ghs_secret1 <html>" }],
  ])("%s", async (_, reply) => {
    const log = recordingLog();
    const { github } = await world((seen) => (seen.path === pull ? (reply as Reply) : undefined), {
      log,
    });
    const error = await errorOf(readPull(github));
    const everything = `${error.stack ?? ""}${JSON.stringify(error)}${String(error.cause)}${log.lines.join("\n")}`;
    expect(everything).not.toMatch(/ghs_|eyJ|PRIVATE KEY/);
  });
});
