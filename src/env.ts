import { existsSync, readFileSync } from "node:fs";
import { createPrivateKey } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { hasCredentials, webAddress, withoutCredentials } from "#core/text/address.ts";
import { readSources } from "#io/health/read-sources.ts";
import type { HealthSource } from "#io/health/source.ts";
import type { Proxies } from "#io/system/proxies.ts";
import { refuseForgetful } from "#io/database/store/location.ts";
import type { AnchorPlace } from "#io/system/audit-anchor.ts";

/** Everything the process is told from outside, validated once. Nothing else reads the environment. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly workers: number;
  /** Days for which what decisions were made of is kept, so that they can be made again from their records. */
  readonly keepInputsDays: number;
  readonly github: GitHubHost;
  /** Anybody who shows it reads all metrics; null: anybody reads those without ids. */
  readonly metricsToken: string | null;
  /** Text of the file of trusted Sigstore roots; null: the public-good instance that is shipped. */
  readonly trustedRoots: string | null;
  /** Where the audit log's head is noted every hour; null: nowhere. */
  readonly anchor: AnchorPlace | null;
  /** Whether spans are sent to an OpenTelemetry collector; the library reads where to by itself. */
  readonly tracing: boolean;
  /** Sources that rules on health may ask, by name. */
  readonly healthSources: readonly HealthSource[];
  readonly web: WebSettings;
  /** null: no credentials yet, the set-up page is served. */
  readonly app: AppCredentials | null;
}

/** How people reach the pages. */
export interface WebSettings {
  /** Root of every link, without a slash at its end; null: told by a trusted proxy, or HOST and PORT. */
  readonly publicUrl: string | null;
  /** Addresses and networks (CIDR) of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  /** The App's client credentials, with which people sign in; null: pages say how to switch that on. */
  readonly client: { readonly id: string; readonly secret: string } | null;
}

export interface GitHubHost {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly webUrl: string;
  /** GitHub's published limits are followed on github.com; other servers have none unless told. */
  readonly limits: "github" | "off";
}

export interface AppCredentials {
  readonly appId: number;
  readonly privateKey: string;
  /** Any of these may have signed a delivery: two while a secret is rotated. */
  readonly webhookSecrets: readonly string[];
}

/** A setting that cannot be used: one line that names the variable and the remedy. The process exits with 2. */
export class SettingsError extends Error {
  readonly variable: string;
  constructor(variable: string, remedy: string) {
    super(`${variable}: ${remedy}`);
    this.name = "SettingsError";
    this.variable = variable;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const minimumSecretBytes = 32;

function present(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === "" ? undefined : value;
}

function whole(
  environment: Environment,
  name: string,
  fallback: number,
  minimum: number,
  maximum: number,
): number {
  const raw = present(environment, name);
  if (raw === undefined) return fallback;
  const parsed = z.coerce.number().int().min(minimum).max(maximum).safeParse(raw);
  if (!parsed.success)
    throw new SettingsError(
      name,
      `"${raw}" is not a whole number from ${minimum} to ${maximum}; set it to one, or leave it out for ${fallback}.`,
    );
  return parsed.data;
}

function privateKeyFrom(environment: Environment): string | undefined {
  const inline = present(environment, "PRIVATE_KEY");
  const path = present(environment, "PRIVATE_KEY_PATH");
  if (inline !== undefined) return checkedKey("PRIVATE_KEY", inline);
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new SettingsError(
      "PRIVATE_KEY_PATH",
      "the file cannot be read; point it to the .pem file downloaded from the App's settings page.",
    );
  }
  return checkedKey("PRIVATE_KEY_PATH", text);
}

/** Accepts PEM with real or written-out line breaks, and base64 of either (Probot's meanings). */
function checkedKey(variable: string, raw: string): string {
  const candidates = [
    raw,
    raw.replaceAll("\\n", "\n"),
    Buffer.from(raw, "base64").toString("utf8"),
  ];
  for (const candidate of candidates) {
    if (!candidate.includes("-----BEGIN")) continue;
    try {
      return createPrivateKey(candidate).export({ type: "pkcs8", format: "pem" }).toString();
    } catch {
      continue;
    }
  }
  throw new SettingsError(
    variable,
    "this is not a PEM private key; use the .pem file downloaded from the App's settings page (line breaks may be written as \\n).",
  );
}

function secretsFrom(environment: Environment): readonly string[] {
  const raw = present(environment, "WEBHOOK_SECRET");
  const secrets = (raw ?? "")
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");
  if (secrets.length === 0) {
    throw new SettingsError(
      "WEBHOOK_SECRET",
      `is not set; set it to the secret of the App's settings page, at least ${minimumSecretBytes} bytes (openssl rand -hex 32 makes one), ${orSetUp}`,
    );
  }
  const weak = secrets.findIndex((secret) => Buffer.byteLength(secret) < minimumSecretBytes);
  if (weak >= 0) {
    throw new SettingsError(
      "WEBHOOK_SECRET",
      `secret ${weak + 1} of ${secrets.length} is shorter than ${minimumSecretBytes} bytes; make one with: openssl rand -hex 32.`,
    );
  }
  return secrets;
}

/** For who copied `.env.example` and filled in a part of it. */
const orSetUp =
  "or leave APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH and WEBHOOK_SECRET empty: then npm start serves the page that registers the App.";

function credentialsFrom(environment: Environment): AppCredentials | null {
  const names = ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"];
  if (names.every((name) => present(environment, name) === undefined)) return null;
  const rawId = present(environment, "APP_ID");
  if (rawId === undefined)
    throw new SettingsError(
      "APP_ID",
      `is not set; copy the App ID from the App's settings page, ${orSetUp}`,
    );
  const appId = z.coerce.number().int().positive().safeParse(rawId);
  if (!appId.success)
    throw new SettingsError(
      "APP_ID",
      `"${rawId}" is not a number; copy the App ID (not the client ID) from the App's settings page.`,
    );
  const privateKey = privateKeyFrom(environment);
  if (privateKey === undefined)
    throw new SettingsError(
      "PRIVATE_KEY",
      `is not set; set it, or PRIVATE_KEY_PATH, to the App's private key, ${orSetUp}`,
    );
  return { appId: appId.data, privateKey, webhookSecrets: secretsFrom(environment) };
}

function hostFrom(environment: Environment): GitHubHost {
  const host = present(environment, "GHE_HOST");
  const limits = present(environment, "GITHUB_LIMITS");
  if (limits !== undefined && limits !== "on" && limits !== "off") {
    throw new SettingsError(
      "GITHUB_LIMITS",
      `"${limits}" is neither on nor off; leave it out to follow GitHub's limits on github.com only.`,
    );
  }
  if (host === undefined) return gitHubAt(null, limits);
  if (!/^[A-Za-z0-9.[\]:_-]+$/.test(host))
    throw new SettingsError(
      "GHE_HOST",
      `"${withoutCredentials(host)}" is not a host name; write it without protocol and path, like github.example.com.`,
    );
  const protocol = present(environment, "GHE_PROTOCOL") ?? "https";
  if (protocol !== "https" && protocol !== "http")
    throw new SettingsError("GHE_PROTOCOL", `"${protocol}" is neither https nor http.`);
  return gitHubAt({ host, protocol }, limits);
}

export interface GitHubServer {
  readonly host: string;
  readonly protocol: "https" | "http";
}

/** Where a GitHub answers: github.com (null), a tenant of ghe.com, which is GitHub's own too, or somebody's own server. */
export function gitHubAt(server: GitHubServer | null, limits?: "on" | "off"): GitHubHost {
  const isGitHubs = server === null || server.host.toLowerCase().endsWith(".ghe.com");
  const root = server === null ? "https://github.com" : `${server.protocol}://${server.host}`;
  const api = root.replace("://", "://api.");
  return {
    apiUrl: isGitHubs ? api : `${root}/api/v3`,
    graphqlUrl: isGitHubs ? `${api}/graphql` : `${root}/api/graphql`,
    webUrl: root,
    limits: (limits ?? (isGitHubs ? "on" : "off")) === "on" ? "github" : "off",
  };
}

const minimumTokenLength = 16;

function metricsTokenFrom(environment: Environment): string | null {
  const token = present(environment, "METRICS_TOKEN");
  if (token === undefined) return null;
  if (token.length < minimumTokenLength)
    throw new SettingsError(
      "METRICS_TOKEN",
      `is shorter than ${minimumTokenLength} characters; make one with: openssl rand -hex 32.`,
    );
  return token;
}

/** What the file holds is checked where it is understood, at start. */
function trustedRootsFrom(environment: Environment): string | null {
  const path = present(environment, "SIGSTORE_TRUSTED_ROOT");
  if (path === undefined) return null;
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new SettingsError(
      "SIGSTORE_TRUSTED_ROOT",
      "the file cannot be read; point it to what gh attestation trusted-root writes, or leave it out.",
    );
  }
}

function healthSourcesFrom(environment: Environment): readonly HealthSource[] {
  const path = present(environment, "HEALTH_SOURCES");
  if (path === undefined) return [];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new SettingsError(
      "HEALTH_SOURCES",
      `${path} cannot be read; point it to the YAML file that names the health sources, or leave it out.`,
    );
  }
  const read = readSources(text, (name) => present(environment, name));
  if (!read.ok) throw new SettingsError("HEALTH_SOURCES", `${path}:${read.problem}.`);
  return read.sources;
}

function anchorFrom(environment: Environment): AnchorPlace | null {
  const raw = present(environment, "AUDIT_ANCHOR");
  const token = present(environment, "AUDIT_ANCHOR_TOKEN") ?? null;
  if (raw === undefined) {
    if (token !== null)
      throw new SettingsError(
        "AUDIT_ANCHOR_TOKEN",
        "is set, although AUDIT_ANCHOR is not; set that to the address of the sink, or leave both out.",
      );
    return null;
  }
  const path = /^file:(.+)$/s.exec(raw)?.[1];
  if (path !== undefined) return { kind: "file", path };
  const url = webAddress(raw);
  if (url === null || hasCredentials(url))
    throw new SettingsError(
      "AUDIT_ANCHOR",
      "is neither file:PATH nor an http or https address without a user and a password; a token for the sink goes into AUDIT_ANCHOR_TOKEN.",
    );
  return { kind: "http", url: url.href, token };
}

/** By OpenTelemetry's own variables: an address to send to, and nothing that switches it off. */
function tracingFrom(environment: Environment): boolean {
  const names = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"] as const;
  const name = names.find((each) => present(environment, each) !== undefined);
  if (name === undefined || present(environment, "OTEL_SDK_DISABLED")?.toLowerCase() === "true")
    return false;
  const exporter = present(environment, "OTEL_TRACES_EXPORTER") ?? "otlp";
  if (exporter === "none") return false;
  if (exporter !== "otlp")
    throw new SettingsError("OTEL_TRACES_EXPORTER", `"${exporter}" is neither otlp nor none.`);
  const url = present(environment, name) ?? "";
  if (!URL.canParse(url) || !["http:", "https:"].includes(new URL(url).protocol))
    throw new SettingsError(
      name,
      "is not an http or https address; name the collector's OTLP/HTTP endpoint, like http://collector:4318.",
    );
  for (const protocol of ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"])
    if (present(environment, protocol) === "grpc")
      throw new SettingsError(
        protocol,
        "spans are sent over HTTP; set http/json and the collector's OTLP/HTTP port (4318), or leave it out.",
      );
  return true;
}

function databaseFrom(environment: Environment): string {
  const url = present(environment, "DATABASE_URL") ?? "file:./data/gatehouse.db";
  refuseForgetful(url);
  return url;
}

function publicUrlFrom(environment: Environment): string | null {
  const raw = present(environment, "PUBLIC_URL");
  if (raw === undefined) return null;
  const url = webAddress(raw);
  if (url !== null && hasCredentials(url))
    throw new SettingsError(
      "PUBLIC_URL",
      "holds a user or a password, and stands in every link to our pages; write it without, like https://gatehouse.example.com.",
    );
  if (url === null || url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw new SettingsError(
      "PUBLIC_URL",
      `"${withoutCredentials(raw)}" is not the root address of a site; write it without a path, like https://gatehouse.example.com.`,
    );
  return url.origin;
}

function trustedProxiesFrom(environment: Environment): readonly string[] {
  const proxies = (present(environment, "TRUSTED_PROXIES") ?? "")
    .split(",")
    .map((proxy) => proxy.trim())
    .filter((proxy) => proxy !== "");
  const wrong = proxies.find((proxy) => {
    const [address = "", bits, ...more] = proxy.split("/");
    const family = isIP(address);
    return (
      family === 0 ||
      more.length > 0 ||
      (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
    );
  });
  if (wrong !== undefined)
    throw new SettingsError(
      "TRUSTED_PROXIES",
      `"${withoutCredentials(wrong)}" is neither an IP address nor a network; separate them by commas, like 10.0.0.0/8,192.0.2.7.`,
    );
  return proxies;
}

function clientFrom(environment: Environment): WebSettings["client"] {
  const id = present(environment, "CLIENT_ID");
  const secret = present(environment, "CLIENT_SECRET");
  if (id === undefined && secret === undefined) return null;
  if (id === undefined)
    throw new SettingsError(
      "CLIENT_ID",
      "is not set, although CLIENT_SECRET is; copy the client ID from the App's settings page.",
    );
  if (secret === undefined)
    throw new SettingsError(
      "CLIENT_SECRET",
      "is not set, although CLIENT_ID is; generate one on the App's settings page.",
    );
  return { id, secret };
}

const webFrom = (environment: Environment): WebSettings => ({
  publicUrl: publicUrlFrom(environment),
  trustedProxies: trustedProxiesFrom(environment),
  client: clientFrom(environment),
});

/** Reads and checks all settings; throws `SettingsError`, or the store's `GatehouseError`, for the first that cannot be used. */
export function readSettings(environment: Environment): Settings {
  const level = z
    .enum(["debug", "info", "warn", "error", "silent"])
    .safeParse(present(environment, "LOG_LEVEL") ?? "info");
  if (!level.success)
    throw new SettingsError("LOG_LEVEL", "is none of debug, info, warn, error, silent.");
  return {
    host: present(environment, "HOST") ?? "127.0.0.1",
    port: whole(environment, "PORT", 3000, 0, 65535),
    databaseUrl: databaseFrom(environment),
    logLevel: level.data,
    workers: whole(environment, "WORKERS", 16, 1, 100),
    keepInputsDays: whole(environment, "KEEP_INPUTS_DAYS", 400, 1, 36_500),
    github: hostFrom(environment),
    metricsToken: metricsTokenFrom(environment),
    trustedRoots: trustedRootsFrom(environment),
    anchor: anchorFrom(environment),
    tracing: tracingFrom(environment),
    healthSources: healthSourcesFrom(environment),
    web: webFrom(environment),
    app: credentialsFrom(environment),
  };
}

/** The settings of this process: the environment, and `.env` of the working directory for what it leaves out. */
export function settingsOfProcess(): Settings {
  try {
    if (existsSync(".env")) process.loadEnvFile(".env");
  } catch {
    throw new SettingsError(
      ".env",
      "the file cannot be read; make it readable for this user, or remove it and set the variables where the process is started.",
    );
  }
  return readSettings(process.env);
}

/** The settings of this process with more in its environment than there was when it started. */
export const settingsOfProcessWith = (values: Readonly<Record<string, string>>): Settings =>
  readSettings({ ...process.env, ...values });

/** All of this process's environment, for a command that runs in a pipeline and reads what that says of itself. */
export const environmentOfProcess = (): Environment => process.env;

/** The proxies by which this process reaches the world; the names in lower case are as usual as those in upper case. */
export function proxiesOfProcess(environment: Environment = process.env): Proxies {
  const one = (name: string): string | undefined =>
    present(environment, name) ?? present(environment, name.toLowerCase());
  const proxy = (name: string): string | null => {
    const written = one(name);
    if (written === undefined) return null;
    const url = webAddress(written);
    if (url === null)
      throw new SettingsError(
        name,
        "is not the address of a proxy; write it like http://proxy.example.com:3128.",
      );
    return url.href;
  };
  return { https: proxy("HTTPS_PROXY"), http: proxy("HTTP_PROXY"), without: one("NO_PROXY") ?? "" };
}
