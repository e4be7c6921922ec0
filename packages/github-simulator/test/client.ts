import { createSign, generateKeyPairSync } from "node:crypto";
import { Simulator, type SimulatorOptions } from "../src/simulator.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();

export const appId = 4711;

/** An App JWT as clients make it; `claims` replaces what a test wants wrong. */
export function jwt(now: number, claims: Readonly<Record<string, unknown>> = {}): string {
  const seconds = Math.floor(now / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: appId, ...claims })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url")}`;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Steps into parsed JSON: `at(answer.body, "pulls", 0, "number")`; `undefined` where the way ends. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === "object" && here !== null
        ? (here as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

export function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return Simulator.start({ appId, publicKeyPem, ...options });
}

export async function ask(
  sim: Simulator,
  method: string,
  path: string,
  input: { as?: string; body?: unknown; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(sim.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(input.as === undefined ? {} : { authorization: `bearer ${input.as}` }),
      ...input.headers,
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("application/json");
  return {
    status: response.status,
    body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

/** A fresh installation token, narrowed if asked. */
export async function token(
  sim: Simulator,
  installationId: number,
  narrow: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await ask(
    sim,
    "POST",
    `/api/v3/app/installations/${installationId}/access_tokens`,
    { as: jwt(sim.now()), body: narrow },
  );
  const value = at(answer.body, "token");
  if (typeof value !== "string")
    throw new Error(`no token: ${answer.status} ${JSON.stringify(answer.body)}`);
  return value;
}
