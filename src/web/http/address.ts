import { BlockList, isIP } from "node:net";
import type { Log } from "#core/ports/system.ts";

/** What a request says of the way it came. */
export interface Arrived {
  readonly remote: string;
  readonly header: (name: string) => string | undefined;
}

export interface Address {
  /** Root of every link in the answer to this request. */
  readonly of: (arrived: Arrived) => string;
  /** Somebody who is signed in came this way: the first such address is kept for what is said without a request. */
  readonly tell: (origin: string) => void;
  /** Root of links where there is no request: PUBLIC_URL, what was told first, else HOST and PORT. */
  readonly current: () => string;
}

interface AddressSettings {
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  /** HOST and PORT, once the port is known. */
  readonly fallback: () => string;
  readonly log: Pick<Log, "warn">;
}

function trusted(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", bits] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that arrived on an IPv6 socket. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

/**
 * Hostile input: only what a proxy that is named wrote last is believed, and only if it is a host. `Host` is the
 * client's own word, which many proxies pass on as it came.
 */
function forwarded({ header }: Arrived): string | null {
  const last = (name: string): string | undefined => header(name)?.split(",").at(-1)?.trim();
  const host = last("x-forwarded-host");
  const protocol = last("x-forwarded-proto") ?? "http";
  if (host === undefined || !/^[A-Za-z0-9.[\]:_-]{1,255}$/.test(host)) return null;
  if (protocol !== "https" && protocol !== "http") return null;
  return URL.canParse(`${protocol}://${host}`) ? new URL(`${protocol}://${host}`).origin : null;
}

/** Where people reach us: PUBLIC_URL, else what a trusted proxy forwards, else HOST and PORT. */
export function createAddress({
  publicUrl,
  trustedProxies,
  fallback,
  log,
}: AddressSettings): Address {
  const proxies = trusted(trustedProxies);
  let told: string | null = null;
  let warnedOf: string | null = null;
  return {
    of: (arrived) => {
      if (publicUrl !== null) return publicUrl;
      const remote = plain(arrived.remote);
      const family = isIP(remote);
      const isTrusted =
        trustedProxies.length > 0 &&
        family !== 0 &&
        proxies.check(remote, family === 6 ? "ipv6" : "ipv4");
      return (isTrusted ? forwarded(arrived) : null) ?? fallback();
    },
    tell: (origin) => {
      if (publicUrl !== null || origin === fallback()) return;
      told ??= origin;
      if (origin === told || origin === warnedOf) return;
      warnedOf = origin;
      log.warn(
        { address: told, other: origin },
        "pages are reached under another address than before; links keep the first one: set PUBLIC_URL to the one that is right",
      );
    },
    current: () => publicUrl ?? told ?? fallback(),
  };
}
