import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { GateReply } from "#flow/outside/gate.ts";
import { anotherRepository, tooManyHeld, tooOften } from "#flow/outside/refusal.ts";
import { addGate } from "../../src/web/api/gate.ts";
import type { PageEnv } from "../../src/web/http/environment.ts";

async function said(reply: GateReply, body = "{}") {
  const site = new Hono<PageEnv>();
  site.use(async (c, next) => {
    c.set("origin", "https://gate.example");
    await next();
  });
  addGate(site, { ask: async () => reply });
  const answer = await site.request("/api/v1/gate", { method: "POST", body });
  return {
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
    ...((await answer.json()) as { readonly error: string; readonly next: string }),
  };
}

describe("a refusal of the gate says what to do next", () => {
  it.each<[GateReply, number, string | null, RegExp]>([
    [{ kind: "unauthorized" }, 401, null, /^Send the token of a job .* Authorization: Bearer/],
    [
      { kind: "forbidden", ...anotherRepository("acme/shop", false) },
      403,
      null,
      /revokes the token, and makes one/,
    ],
    [{ kind: "not_governed" }, 404, null, /whether the App is installed/],
    [
      { kind: "invalid", problems: [{ field: "sha", message: "no commit" }] },
      422,
      null,
      /^Correct the fields/,
    ],
    [tooOften(60), 429, "60", /^Ask again in 60 seconds\. Let the gate hold the answer/],
    [tooManyHeld(10), 429, "10", /^Ask again in 10 seconds\. .*fewer callers/],
    [{ kind: "unavailable", seconds: 5 }, 503, "5", /deploy nothing meanwhile/],
  ])("%j", async (reply, status, retryAfter, next) => {
    expect(await said(reply)).toMatchObject({
      status,
      retryAfter,
      next: expect.stringMatching(next) as string,
    });
  });

  it("also where the question is too large", async () => {
    expect(await said({ kind: "unauthorized" }, "x".repeat(20_000))).toMatchObject({
      status: 413,
      next: expect.stringContaining("Ask with repository, sha, environment") as string,
    });
  });
});
