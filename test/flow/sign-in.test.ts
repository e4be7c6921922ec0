import { describe, expect, it } from "vitest";
import { GatehouseError, PersonUnauthorized } from "#core/model/errors.ts";
import type { SessionRecord, Sessions, UserGitHub, UserTokens } from "#core/ports/web.ts";
import { createSignIn, type SignIn, type SignedIn } from "#flow/sign-in/sign-in.ts";

const hour = 3_600_000;

/** Sessions in a map, and a GitHub whose refresh tokens are good once. */
function world() {
  let now = 0;
  let made = 0;
  const kept = new Map<string, SessionRecord>();
  const sessions: Sessions = {
    add: async (session) => void kept.set(session.id, session),
    renew: async (id, old, sealed) => {
      const there = kept.get(id);
      if (there?.sealed !== old) return false;
      kept.set(id, { ...there, sealed });
      return true;
    },
    find: async (id, at) => {
      const there = kept.get(id);
      return there === undefined || there.expiresAt <= at ? null : there;
    },
    end: async (id) => void kept.delete(id),
    prune: async () => 0,
  };
  const refreshTokens = new Set<string>();
  const live = new Set<string>();
  const issue = (): UserTokens => {
    made += 1;
    refreshTokens.add(`refresh ${made}`);
    live.add(`access ${made}`);
    return { access: `access ${made}`, refresh: `refresh ${made}`, expiresAt: now + 8 * hour };
  };
  let beforeAnswer: () => Promise<void> = async () => undefined;
  let trouble: GatehouseError | null = null;
  const unused = (): never => {
    throw new Error("not asked for here");
  };
  const github: UserGitHub = {
    authorizationUrl: ({ state }) => `https://github.example/?state=${state}`,
    exchange: async () => issue(),
    refresh: async (token) => {
      if (trouble !== null) throw trouble;
      if (!refreshTokens.delete(token)) throw new PersonUnauthorized("bad_refresh_token");
      const fresh = issue();
      await beforeAnswer();
      return fresh;
    },
    revoke: async (token) => void live.delete(token),
    person: async () => ({ id: 1, login: "ada", type: "User" }),
    mayRead: unused,
    readable: unused,
    teams: unused,
  };
  const process = (): SignIn =>
    createSignIn({ sessions, github, clock: { now: () => now }, clientSecret: "secret" });
  return {
    process,
    kept,
    live,
    later: (ms: number) => (now += ms),
    whileRenewing: (work: () => Promise<void>) => (beforeAnswer = work),
    fails: (error: GatehouseError) => (trouble = error),
  };
}

async function signedIn(signIn: SignIn): Promise<string> {
  const { location, attempt } = signIn.begin("/", "https://gate.example/login/callback");
  const finished = await signIn.finish({
    attempt,
    state: new URL(location).searchParams.get("state") ?? "",
    code: "code",
    redirectUrl: "https://gate.example/login/callback",
  });
  if (finished.kind !== "signed_in") throw new Error(finished.because);
  return finished.secret;
}

async function reader(signIn: SignIn, secret: string): Promise<SignedIn> {
  const found = await signIn.of(secret);
  if (found === null) throw new Error("not signed in");
  return found;
}

describe("a person's token that runs out", () => {
  it("is renewed once, and kept", async () => {
    const { process, later, live } = world();
    const signIn = process();
    const secret = await signedIn(signIn);
    later(8 * hour);
    const ada = await reader(signIn, secret);
    expect(await Promise.all([ada.token(), ada.token()])).toEqual(["access 2", "access 2"]);
    expect(await (await reader(signIn, secret)).token()).toBe("access 2");
    expect(live.has("access 2")).toBe(true);
  });

  it("brings no session back that was ended meanwhile, and leaves no token alive", async () => {
    const { process, later, live, kept, whileRenewing } = world();
    const signIn = process();
    const secret = await signedIn(signIn);
    later(8 * hour);
    const ada = await reader(signIn, secret);
    whileRenewing(() => signIn.end(secret));
    await expect(ada.token()).rejects.toBeInstanceOf(PersonUnauthorized);
    expect(kept.size).toBe(0);
    expect([...live]).toEqual([]);
    expect(await signIn.of(secret)).toBeNull();
  });

  it("is taken from the process that renewed it first, though that one keeps it late", async () => {
    const { process, later, live, whileRenewing } = world();
    const [one, other] = [process(), process()];
    const secret = await signedIn(one);
    later(8 * hour);
    const [first, second] = [await reader(one, secret), await reader(other, secret)];
    let answer: () => void = () => undefined;
    whileRenewing(() => new Promise((resolve) => (answer = resolve)));
    const winner = first.token();
    const loser = second.token();
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer();
    expect(await winner).toBe("access 2");
    expect(await loser).toBe("access 2");
    expect(live.has("access 2")).toBe(true);
  });

  it("ends nothing where it is the App that GitHub refuses", async () => {
    const { process, later, fails } = world();
    const signIn = process();
    const secret = await signedIn(signIn);
    later(8 * hour);
    fails(new GatehouseError("unauthorized", "incorrect_client_credentials"));
    const trouble = await (await reader(signIn, secret)).token().catch((error: unknown) => error);
    expect(trouble).toBeInstanceOf(GatehouseError);
    expect(trouble).not.toBeInstanceOf(PersonUnauthorized);
  });
});
