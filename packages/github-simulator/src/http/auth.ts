import { createVerify } from "node:crypto";
import { Refusal } from "./reply.ts";
import type { Caller, Call, Route } from "./call.ts";
import { userOfToken } from "../world/user-authorization.ts";
import type { World } from "../world/world.ts";

const levels = ["none", "read", "write", "admin"];

function decode(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function readJwt(world: World, token: string): Caller {
  const [header, payload, signature] = token.split(".");
  const claims = decode(payload);
  const undecodable = new Refusal(401, "A JSON web token could not be decoded");
  if (decode(header)["alg"] !== "RS256" || signature === undefined) throw undecodable;
  if (world.publicKeyPem !== null) {
    const verify = createVerify("RSA-SHA256").update(`${header}.${payload}`);
    if (!verify.verify(world.publicKeyPem, Buffer.from(signature, "base64url"))) throw undecodable;
  }
  const now = Math.floor(world.now() / 1000);
  const { iss, iat, exp } = claims;
  if (typeof exp !== "number" || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + 660)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > now + 30) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  const app = world.apps.get(Number(iss));
  if (app === undefined) throw new Refusal(404, "Integration not found");
  return { kind: "app", appId: app.id };
}

/** Reads `Authorization`; a credential that is given and wrong is 401, never anonymous. */
export function identify(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { kind: "anonymous" };
  const credential = authorization.replace(/^(bearer|token)\s+/i, "");
  if (credential.split(".").length === 3 && credential.startsWith("ey"))
    return readJwt(world, credential);
  const person = /^ghp_(\d+)$/.exec(credential);
  if (person !== null && world.accounts.has(Number(person[1])))
    return { kind: "user", userId: Number(person[1]) };
  if (credential.startsWith("ghu_")) {
    const userId = userOfToken(world, credential);
    if (userId === null) throw new Refusal(401, "Bad credentials");
    return { kind: "user", userId };
  }
  // A client's own credentials: the routes that take them look at what they name.
  if (/^basic /i.test(credential)) return { kind: "anonymous" };
  const token = world.tokens.get(credential);
  const installation =
    token === undefined ? undefined : world.installations.get(token.installationId);
  if (token === undefined || installation === undefined || token.expiresAt <= world.now())
    throw new Refusal(401, "Bad credentials");
  if (installation.suspendedAt !== null)
    throw new Refusal(403, "This installation has been suspended");
  return { kind: "installation", token, installation };
}

/** What an installation token may do now: what it was narrowed to, and no more than the installation still grants. */
export function granted(caller: Caller, permission: string): boolean {
  if (caller.kind !== "installation") return caller.kind === "user";
  const [name = "", level = "read"] = permission.split(":");
  const has = (grants: Readonly<Record<string, string>>): boolean =>
    levels.indexOf(grants[name] ?? "none") >= levels.indexOf(level);
  const mandatory = name === "metadata" && level === "read";
  return (
    mandatory ||
    (has(caller.installation.permissions) &&
      (caller.token.permissions === null || has(caller.token.permissions)))
  );
}

/** Refuses a call whose credential does not fit the route. */
export function authorize(call: Call, route: Route): void {
  const { caller } = call;
  if (route.permission === "app") {
    if (caller.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
    return;
  }
  if (caller.kind === "app") {
    throw new Refusal(403, "Resource not accessible by integration");
  }
  if (route.permission === undefined) return;
  if (caller.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  const any = typeof route.permission === "string" ? [route.permission] : route.permission;
  if (!any.some((permission) => granted(caller, permission))) {
    throw new Refusal(403, "Resource not accessible by integration");
  }
}
