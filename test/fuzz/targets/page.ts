import type { SignedIn } from "#flow/sign-in/sign-in.ts";
import { createAddress } from "../../../src/web/http/address.ts";
import { createSite } from "../../../src/web/site.tsx";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const ada: SignedIn = {
  person: { id: 1, login: "ada", type: "User" },
  session: "s",
  csrf: "c",
  token: () => Promise.resolve("t"),
};
const origin = "http://gate.example";
const nothing = () => Promise.resolve(null);
const unused = (): never => {
  throw new Error("not asked for here");
};

let failure: unknown;
/** Pages over an empty gate, which say back what they were asked. */
const { app } = createSite({
  flows: {
    waiting: () => Promise.resolve({ waiting: [], isCut: false, problems: [] }),
    health: () =>
      Promise.resolve({
        isWell: true,
        credentials: "known" as const,
        troubles: [],
        queue: { due: 0, dead: 0, oldestDueMs: 0 },
        lastDeliveryAt: null,
      }),
    setUp: () => Promise.resolve({ isDone: false, steps: [] }),
    freezes: () => Promise.resolve([]),
    freeze: (_who, form) =>
      Promise.resolve({
        kind: "refused" as const,
        problems: [{ field: "name", message: `"${form.name}" is taken` }],
      }),
    decision: nothing,
    decisions: nothing,
    deployments: nothing,
    repository: nothing,
    environment: nothing,
    rollout: nothing,
    follow: nothing,
    subscribe: nothing,
    calendar: nothing,
    report: () => Promise.resolve({ kind: "invalid" as const, problems: [] }),
  },
  gate: { ask: () => Promise.resolve({ kind: "invalid" as const, problems: [] }) },
  views: {
    waiting: unused,
    openIn: unused,
    isListed: unused,
    entry: unused,
    ofSubject: unused,
    ofRepository: unused,
    repositoriesNamed: unused,
    withPolicy: unused,
    newest: unused,
    changedSince: unused,
    following: unused,
    lastDeliveryAt: unused,
    replay: unused,
  },
  tokens: { add: unused, replace: unused, find: nothing, list: unused, revoke: unused },
  records: { getValues: unused, changeValue: unused },
  address: createAddress({
    publicUrl: null,
    trustedProxies: ["10.0.0.0/8"],
    fallback: () => origin,
    log: { warn: () => undefined },
  }),
  people: {
    signIn: {
      begin: () => ({ location: "/at-github", attempt: "a" }),
      finish: () =>
        Promise.resolve({ kind: "refused" as const, because: "it took too long", returnTo: "/" }),
      of: (secret) => Promise.resolve(secret === "secret" ? ada : null),
      end: () => Promise.resolve(),
    },
    access: { mayRead: unused, readable: unused, teams: unused },
  },
  clock: { now: () => Date.UTC(2026, 2, 2, 12) },
  log: {
    info: () => undefined,
    warn: () => undefined,
    error: ({ err }: { readonly err?: unknown }) => {
      failure = err ?? new Error("a page could not be shown");
    },
  },
});

const mark = "<mark'\">";
const request = (method: string, path: string, body = "", headers: object = {}): string =>
  JSON.stringify({ method, path, body, headers });
const form = { "content-type": "application/x-www-form-urlencoded" };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an HTTP client can send of it; undefined: nothing that reaches the site. */
function requestOf(text: string): Request | undefined {
  try {
    const { method, path, body, headers } = JSON.parse(text) as Asked;
    const isPost = method === "POST";
    return new Request(`${origin}/${String(path).replace(/^\/+/, "")}`, {
      method: isPost ? "POST" : "GET",
      headers: { cookie: "gatehouse=secret", ...headers },
      ...(isPost ? { body: String(body) } : {}),
    });
  } catch {
    return undefined;
  }
}

/** Paths, parameters, cookies and forms of whoever finds the site. */
export const target: FuzzTarget = {
  name: "page",
  corpus: [
    request(
      "GET",
      `/?mine=1&team=acme/x&repository=${encodeURIComponent(mark)}&environment=p&here=1`,
    ),
    request(
      "GET",
      "/freezes?done=frozen&repository=acme/shop&name=x&from=2026-01-01&until=&reason=y",
    ),
    request(
      "POST",
      "/freezes",
      `csrf=c&repository=acme/shop&name=${encodeURIComponent(mark)}&from=now`,
      form,
    ),
    request("POST", "/freezes/end", "csrf=x", form),
    request("GET", "/decisions/pr:1:1:abc?replay=1"),
    request("GET", "/acme/shop/environments/production"),
    request("POST", "/acme/shop/environments/production/subscribe", "csrf=c", form),
    request("GET", "/calendar/acme/shop/production.ics?token=ghcal_x"),
    request("GET", "/api/v1/waiting?team=mine&x=1"),
    request("GET", "/api/v1/decisions?repository=acme/shop&limit=5&before=9007199254740991"),
    request("GET", "/api/v1/deployments?repository=acme/shop&environment=p", "", {
      authorization: "Bearer gh_x",
    }),
    request("GET", "/api/v1/repositories/acme/shop/environments/%E0%A4%A"),
    request("GET", "/login?return_to=%2F%2Fevil.example&here=1"),
    request("GET", "/report?from=2026-01-01&until=2026-02-01&repository=acme/shop&kind=override"),
    request("GET", "/api/v1/report?format=csv&from=now"),
    request("GET", "/live?repository=acme/shop"),
    request("GET", "/login/callback?return_to=%2F%2Fevil.example&code=1&state=2", "", {
      cookie: 'a="b;c"; gatehouse=secret; gatehouse-sign-in=%%',
    }),
    request("POST", "/api/v1/gate?wait=10", '{"repository":"acme/shop"}', {
      authorization: "Bearer a.b.c",
      "x-forwarded-host": "evil",
    }),
  ],
  read: async (input) => {
    const asked = requestOf(textOf(input));
    if (asked === undefined) return;
    failure = undefined;
    const answer = await app.fetch(asked, { remote: "192.0.2.9" });
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
    const text = isStream ? "" : await answer.text();
    if (failure !== undefined) throw failure;
    promise(answer.status < 500, `a page is shown or refused, not ${answer.status}`);
    promise(!text.includes(mark), "what was sent is not said back as HTML");
    const to = answer.headers.get("location");
    if (to !== null)
      promise(!/^(?:\/\/|\\|[a-z]+:(?!\/\/gate\.example))/i.test(to), `it leads to ${to}`);
  },
};
