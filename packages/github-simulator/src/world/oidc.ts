import {
  generateKeyPairSync,
  randomBytes,
  sign,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";
import type { World } from "./world.ts";

/** One of the keys with which GitHub signs what it says of a job. */
interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: JsonWebKey;
}

export interface Oidc {
  /** The last one signs; those before it are published as long as tokens of theirs may be good. */
  readonly keys: SigningKey[];
  /** What a job asks a token with: its bearer, and whose claims it is given. */
  readonly requests: Map<string, Readonly<Record<string, unknown>>>;
}

const known = new WeakMap<World, Oidc>();

export function newSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    kid: randomBytes(10).toString("hex"),
    privateKey,
    publicKey: publicKey.export({ format: "jwk" }),
  };
}

/** The issuer of a world, with its first key. */
export function oidcOf(world: World): Oidc {
  const found = known.get(world);
  if (found !== undefined) return found;
  const made: Oidc = { keys: [newSigningKey()], requests: new Map() };
  known.set(world, made);
  return made;
}

/** As on a GitHub Enterprise Server. */
export const issuerOf = (world: World): string => `${world.origin}/_services/token`;

const part = (value: unknown): string =>
  Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

/** Signs claims with the newest key; `header` stands in for what a forger would write. */
export function signedToken(
  world: World,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const key = oidcOf(world).keys.at(-1);
  if (key === undefined) throw new Error("the issuer has no key");
  const head = part({ typ: "JWT", alg: "RS256", x5t: key.kid, kid: key.kid, ...header });
  const body = part(claims);
  const signature = sign("RSA-SHA256", Buffer.from(`${head}.${body}`), key.privateKey);
  return `${head}.${body}.${signature.toString("base64url")}`;
}

/** The keys as GitHub publishes them. */
export const publishedKeys = (world: World): Readonly<Record<string, unknown>> => ({
  keys: oidcOf(world).keys.map(({ kid, publicKey }) => ({
    ...publicKey,
    kid,
    alg: "RS256",
    use: "sig",
  })),
});
