import http from "node:http";
import https from "node:https";

/** By which proxies the world is reached: HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export interface Proxies {
  readonly https: string | null;
  readonly http: string | null;
  /** Hosts that are reached without one. */
  readonly without: string;
}

/** Idle connections are given up before GitHub's balancers do so: a request on a connection that is just being closed is lost. */
const idleMs = 4_000;
const kept = { keepAlive: true, timeout: idleMs };
const direct = { plain: new http.Agent(kept), tls: new https.Agent(kept) };

interface Agents {
  readonly plain: http.Agent;
  readonly tls: http.Agent;
  readonly isDirect: (host: string) => boolean;
}

let through: Agents | null = null;

/** `example.com` stands for itself and what is below it, `.example.com` and `*.example.com` too, with a port for that port alone; `*` for everything. */
export function isWithoutProxy(written: string, host: string): boolean {
  const name = host.toLowerCase();
  const bare = name.replace(/:\d+$/, "");
  return written
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const suffix = entry.replace(/^\*?\./, "");
      const asked = /:\d+$/.test(suffix) ? name : bare;
      return asked === suffix || asked.endsWith(`.${suffix}`);
    });
}

/** From now on this process reaches the world by these; null: directly. */
export async function useProxies(proxies: Proxies | null): Promise<void> {
  const isNone = proxies === null || (proxies.https === null && proxies.http === null);
  if (isNone && through === null) return;
  // Loaded by nobody who has no proxy.
  const { Agent, EnvHttpProxyAgent, setGlobalDispatcher } = await import("undici");
  if (isNone) {
    setGlobalDispatcher(new Agent());
    through = null;
    return;
  }
  const [{ HttpProxyAgent }, { HttpsProxyAgent }] = await Promise.all([
    import("http-proxy-agent"),
    import("https-proxy-agent"),
  ]);
  through = {
    plain: proxies.http === null ? direct.plain : new HttpProxyAgent(proxies.http, kept),
    tls: proxies.https === null ? direct.tls : new HttpsProxyAgent(proxies.https, kept),
    isDirect: (host) => isWithoutProxy(proxies.without, host),
  };
  // What Node's own fetch goes by. An empty text keeps it from reading the environment by itself.
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      httpsProxy: proxies.https ?? "",
      httpProxy: proxies.http ?? "",
      noProxy: proxies.without,
    }),
  );
}

/** The connections by which an address is reached. */
export function agentFor(url: string): http.Agent {
  const { protocol, host } = new URL(url);
  const agents = through === null || through.isDirect(host) ? direct : through;
  return protocol === "https:" ? agents.tls : agents.plain;
}
