import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatehouseError } from "#core/model/errors.ts";
import type { Log } from "#core/ports/system.ts";
import { createLog } from "#io/system/log.ts";

function listening(secrets: readonly string[] = []): {
  readonly log: Log;
  readonly text: () => string;
  readonly last: () => Record<string, unknown>;
} {
  const lines: string[] = [];
  const log = createLog({
    secrets,
    destination: { write: (line: string) => void lines.push(line) },
  });
  return {
    log,
    text: () => lines.join(""),
    last: () => JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown>,
  };
}

const random = (length: number): string => randomBytes(length).toString("hex").slice(0, length);
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const pem = generateKeyPairSync("rsa", { modulusLength: 1024 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();
const jwt = `${base64url('{"alg":"RS256"}')}.${base64url(`{"iss":"${random(12)}"}`)}.${random(60)}`;

const secrets: readonly (readonly [string, string])[] = [
  ["an installation token", `ghs_${random(36)}`],
  ["a long installation token", `ghs_${random(30)}.${random(90)}-${random(9)}_x`],
  ["a personal token", `ghp_${random(36)}`],
  ["an OAuth token", `gho_${random(36)}`],
  ["a user-to-server token", `ghu_${random(36)}`],
  ["a refresh token", `ghr_${random(70)}`],
  ["a fine-grained token", `github_pat_${random(22)}_${random(59)}`],
  ["a token of the old form", `v1.${random(40)}`],
  ["a JWT", jwt],
  ["a private key", pem],
  ["a private key with escaped line ends", JSON.stringify(pem).slice(1, -1)],
  ["a private key cut off", pem.slice(0, 200)],
  ["a private key in base64", Buffer.from(pem).toString("base64")],
];

/** No eight characters of the secret's inside are left. */
function expectGone(text: string, secret: string): void {
  const core = secret.replace(/^-----BEGIN [A-Z ]+-----/, "").trim();
  expect(text).not.toContain(core.slice(12, 28));
  expect(text).not.toContain(core.slice(-60, -40) || core.slice(-20));
}

describe("T43: no secret reaches the log", () => {
  describe.each(secrets)("%s", (_name, secret) => {
    it.each<readonly [string, (log: Log) => void]>([
      ["in the message", (log) => log.info({}, `the answer was ${secret}, oh dear`)],
      ["in a field", (log) => log.warn({ answer: secret }, "m")],
      ["in the middle of a word", (log) => log.warn({ answer: `x${secret}` }, "m")],
      [
        "in JSON inside a field",
        (log) => log.info({ answer: JSON.stringify({ deep: JSON.stringify({ secret }) }) }, "m"),
      ],
      [
        "deep in lists and objects",
        (log) => log.error({ a: [{ b: new Map([["c", { d: secret }]]) }] }, "m"),
      ],
      ["as a name", (log) => log.error({ a: { [secret]: 1 } }, "m")],
      ["in an error", (log) => log.error({ err: new Error(`refused: ${secret}`) }, "m")],
      [
        "in an error's cause",
        (log) =>
          log.error(
            { err: new GatehouseError("unavailable", "m", { cause: new Error(secret) }) },
            "m",
          ),
      ],
      [
        "hanging on an error",
        (log) =>
          log.error(
            {
              err: Object.assign(new Error("m"), {
                request: { headers: { authorization: `token ${secret}` } },
              }),
            },
            "m",
          ),
      ],
      [
        "in a URL",
        (log) =>
          log.info(
            {
              url: `https://x-access-token:${secret.trim().replaceAll("\n", "")}@github.com/acme/shop.git`,
            },
            "m",
          ),
      ],
    ])("%s", (_where, write) => {
      const { log, text } = listening();
      write(log);
      expect(text()).not.toBe("");
      expectGone(text(), secret);
    });
  });

  it.each([
    "token",
    "access_token",
    "installationToken",
    "secret",
    "webhookSecret",
    "WEBHOOK_SECRET",
    "password",
    "authorization",
    "Authorization",
    "cookie",
    "privateKey",
    "PRIVATE_KEY",
    "apiKey",
    "key",
    "x-hub-signature-256",
    "body",
    "payload",
    "headers",
  ])("a field called %s is not written, whatever it holds", (name) => {
    const { log, text } = listening();
    log.info({ [name]: "plain words", deep: { [name]: { inside: "plain words" } } }, "m");
    expect(text()).not.toContain("plain words");
    expect(text()).toContain("[redacted]");
  });

  it("the process's own secrets go wherever they stand, short or shapeless as they are", () => {
    const { log, text } = listening(["correct horse battery staple and more", "short"]);
    log.info(
      { said: "he said: correct horse battery staple and more!", size: "short" },
      "it is correct horse battery staple and more",
    );
    expect(text()).not.toContain("battery");
    // A "secret" of five characters would blot out words; settings refuse such ones anyway.
    expect(text()).toContain("short");
  });

  it("a webhook body that lands in a field after all is cut short", () => {
    const { log, text } = listening();
    log.info({ what: JSON.stringify({ comment: "x".repeat(100_000) }) }, "m");
    expect(text().length).toBeLessThan(6000);
  });
});

describe("the log", () => {
  it("is one JSON line with level, time and message", () => {
    const { log, last, text } = listening();
    log.info({ subject: "pr:1:2", decision: "allow", tookMs: 12 }, "decided\nand more");
    expect(last()).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      subject: "pr:1:2",
      decision: "allow",
      tookMs: 12,
      msg: "decided\nand more",
    });
    expect(text().trim()).not.toContain("\n");
  });

  it("keeps what tells nothing: counts and yes-no under a telling name, ordinary words, SHAs", () => {
    const { log, last } = listening();
    const fields = {
      tokens: 3,
      secret: true,
      job: "pr:1:2",
      sha: "0123456789abcdef0123456789abcdef01234567",
      text: "laughs_last, v1.2.3, high_priority, keyboard",
    };
    log.info(fields, "m");
    expect(last()).toMatchObject(fields);
  });

  it("writes an error's name, code, message, stack and cause and nothing else of it", () => {
    const { log, last } = listening();
    const error = new GatehouseError("rate_limited", "wait", {
      cause: Object.assign(new Error("403"), { status: 403, response: { data: "private" } }),
    });
    log.error({ err: error }, "m");
    expect(last()["err"]).toEqual({
      type: "GatehouseError",
      code: "rate_limited",
      message: "wait",
      stack: expect.any(String),
      cause: { type: "Error", status: 403, message: "403", stack: expect.any(String) },
    });
  });

  it("survives whatever it is handed", () => {
    const circle: Record<string, unknown> = { name: "circle" };
    circle["self"] = circle;
    const { log, last } = listening();
    log.info(
      {
        circle,
        big: 10n,
        fn: () => 1,
        date: new Date(Number.NaN),
        bytes: Buffer.from("abc"),
        list: Array.from({ length: 500 }, (_, index) => index),
        deep: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
      },
      "m",
    );
    expect(last()).toMatchObject({
      circle: { name: "circle", self: "[again]" },
      big: "10",
      date: "invalid date",
      bytes: "[3 bytes]",
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        expect(() => log.info(fields, "m")).not.toThrow();
      }),
    );
  });

  it("a value that throws when it is looked at costs its line's fields, never the caller", () => {
    const { log, last } = listening();
    log.info(
      {
        get trap(): never {
          throw new Error("no");
        },
      },
      "the message stays",
    );
    expect(last()).toMatchObject({ msg: "the message stays", unreadable: true });
  });

  it("takes long hostile text in stride", () => {
    const { log, text } = listening();
    const hostile = [
      "-----BEGIN A-----".repeat(20_000),
      "://a:".repeat(60_000),
      "eyJaaaaaaaa.".repeat(30_000),
      "ghs_".repeat(80_000),
      "?token=".repeat(50_000),
    ];
    for (const said of hostile) log.info({ said }, "m");
    expect(text().split("\n")).toHaveLength(hostile.length + 1);
  });
});
