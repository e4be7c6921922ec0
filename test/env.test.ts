import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { proxiesOfProcess, readSettings, SettingsError } from "../src/env.ts";
import { permissionsFor } from "#io/github/client/permissions.ts";
import { accesses } from "#io/github/client/requests.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const strong = "s".repeat(32);
const settings = (secret: string | undefined): ReturnType<typeof readSettings> =>
  readSettings({ APP_ID: "7", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: secret });

describe("webhook secrets", () => {
  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["spaces", "   "],
    ["Probot's default", "development"],
    ["31 bytes", "x".repeat(31)],
    ["a short one beside a long one", `${strong},short`],
  ])("T35: %s: no start, and the variable is named", (_what, secret) => {
    expect(() => settings(secret)).toThrow(SettingsError);
    expect(() => settings(secret)).toThrow(/^WEBHOOK_SECRET: .*32 bytes/);
  });

  it("of 32 bytes each are taken, all of them while they are rotated", () => {
    expect(settings(`${strong}, ${"t".repeat(40)}`).app?.webhookSecrets).toEqual([
      strong,
      "t".repeat(40),
    ]);
  });
});

describe("the database", () => {
  const url = (text: string): string => readSettings({ DATABASE_URL: text }).databaseUrl;

  it.each([":memory:", "file::memory:"])("%s forgets at a restart, and is refused", (text) => {
    expect(() => url(text)).toThrow(
      /^DATABASE_URL: \S+ keeps nothing when the process ends, .* Set DATABASE_URL to file:PATH/,
    );
  });

  it("is refused where it cannot be used, whatever else is set, and no password is repeated", () => {
    expect(() => url("mysql://gate:hunter2@db")).toThrow(
      /^DATABASE_URL: the scheme "mysql:" is not supported(?!.*hunter2)/,
    );
    expect(url("postgres://gate:hunter2@db/gatehouse")).toBe(
      "postgres://gate:hunter2@db/gatehouse",
    );
    expect(url("file:./here.db")).toBe("file:./here.db");
  });
});

describe("the token of the metrics", () => {
  const withToken = (token: string): string | null =>
    readSettings({ METRICS_TOKEN: token }).metricsToken;

  it("W49: is taken from 16 characters on, and a shorter one is refused with the way to make one", () => {
    expect(withToken("t".repeat(16))).toBe("t".repeat(16));
    expect(withToken("  ")).toBeNull();
    expect(() => withToken("short")).toThrow(/^METRICS_TOKEN: .*openssl rand/);
  });
});

describe("the GitHub that is asked", () => {
  it.each([
    [
      {},
      "https://api.github.com",
      "https://api.github.com/graphql",
      "https://github.com",
      "github",
    ],
    [
      { GHE_HOST: "acme.ghe.com" },
      "https://api.acme.ghe.com",
      "https://api.acme.ghe.com/graphql",
      "https://acme.ghe.com",
      "github",
    ],
    [
      { GHE_HOST: "ghe.example" },
      "https://ghe.example/api/v3",
      "https://ghe.example/api/graphql",
      "https://ghe.example",
      "off",
    ],
    [
      { GHE_HOST: "localhost:3001", GHE_PROTOCOL: "http", GITHUB_LIMITS: "on" },
      "http://localhost:3001/api/v3",
      "http://localhost:3001/api/graphql",
      "http://localhost:3001",
      "github",
    ],
  ])("%j", (environment, apiUrl, graphqlUrl, webUrl, limits) => {
    expect(readSettings(environment).github).toEqual({ apiUrl, graphqlUrl, webUrl, limits });
  });
});

describe("what a stolen key or token can do", () => {
  const asked = z
    .object({ default_permissions: z.record(z.string(), z.string()) })
    .parse(parse(readFileSync(new URL("../app.yml", import.meta.url), "utf8"))).default_permissions;

  it("T44: the App cannot write code, workflows, rules or reviews, whoever holds its key", () => {
    for (const permission of [
      "contents",
      "actions",
      "workflows",
      "administration",
      "pull_requests",
      "members",
      "secrets",
      "environments",
    ])
      expect(asked[permission] ?? "none", permission).not.toBe("write");
  });

  it("T44: each token is for one access, and one that reads writes nothing", () => {
    expect(Object.values(permissionsFor("read", null))).not.toContain("write");
    for (const access of accesses.filter((each) => each !== "read")) {
      const written = Object.entries(permissionsFor(access, null)).filter(
        ([, level]) => level === "write",
      );
      expect(written.length, access).toBeLessThanOrEqual(1);
    }
  });
});

describe("where the audit log's head is noted", () => {
  it.each([
    [{}, null],
    [
      { AUDIT_ANCHOR: "file:/var/lib/anchor/heads.jsonl" },
      { kind: "file", path: "/var/lib/anchor/heads.jsonl" },
    ],
    [
      { AUDIT_ANCHOR: "https://sink.example/heads" },
      { kind: "http", url: "https://sink.example/heads", token: null },
    ],
    [
      { AUDIT_ANCHOR: "http://sink:8080/", AUDIT_ANCHOR_TOKEN: "t0ken" },
      { kind: "http", url: "http://sink:8080/", token: "t0ken" },
    ],
  ])("%o is %o", (environment, place) => {
    expect(readSettings(environment).anchor).toEqual(place);
  });

  it.each(["heads.jsonl", "file:", "ftp://sink/", "https://user:hunter2@sink/"])(
    "%s is refused, without being repeated",
    (AUDIT_ANCHOR) => {
      expect(() => readSettings({ AUDIT_ANCHOR })).toThrow(
        /^AUDIT_ANCHOR: is neither file:PATH nor/,
      );
      expect(() => readSettings({ AUDIT_ANCHOR })).not.toThrow(/hunter2/);
    },
  );

  it.each([
    { AUDIT_ANCHOR: "https://:hunter2@sink/" },
    { PUBLIC_URL: "https://ada:hunter2@gate.example" },
    { PUBLIC_URL: "https://:hunter2@gate.example" },
    { PUBLIC_URL: "https://ada:hunt/er2@gate.example?hunter2" },
    { GHE_HOST: "ada:hunter2@github.example.com" },
    { TRUSTED_PROXIES: "http://ada:hunter2@10.0.0.1" },
    { HTTPS_PROXY: "socks5://ada:hunter2@proxy" },
  ])("%o is refused, and what may be a secret in it is not repeated", (environment) => {
    let said = "";
    try {
      readSettings(environment);
      proxiesOfProcess(environment);
    } catch (error) {
      said = error instanceof Error ? error.message : "";
    }
    expect(said).toMatch(new RegExp(`^${Object.keys(environment)[0] ?? ""}: `));
    expect(said).not.toMatch(/hunt|ada|er2/);
  });

  it("has no token without an address", () => {
    expect(() => readSettings({ AUDIT_ANCHOR_TOKEN: "t0ken" })).toThrow(/^AUDIT_ANCHOR_TOKEN: /);
  });
});

describe("traces", () => {
  const at = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
  it.each([
    [{}, false],
    [at, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://collector/v1/traces" }, true],
    [{ ...at, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }, true],
    [{ ...at, OTEL_SDK_DISABLED: "true" }, false],
    [{ ...at, OTEL_TRACES_EXPORTER: "none" }, false],
    [{ OTEL_SERVICE_NAME: "gate" }, false],
  ])("%o are sent: %s", (environment, tracing) => {
    expect(readSettings(environment).tracing).toBe(tracing);
  });

  it.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", { ...at, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
    ["OTEL_TRACES_EXPORTER", { ...at, OTEL_TRACES_EXPORTER: "zipkin" }],
  ])("that cannot be sent so are refused, and %s is named", (variable, environment) => {
    expect(() => readSettings(environment)).toThrow(new RegExp(`^${variable}: `));
  });
});
