import { BlockList, isIP } from "node:net";

/** What a request says of the way it came. */
export interface Arrived {
  readonly remote: string;
  readonly header: (name: string) => string | undefined;
}

export interface Address {
  /** Root of every link, for a request and for what has none. */
  readonly of: (arrived: Arrived) => string;
  /** As it was told last: PUBLIC_URL, the trusted proxy's, else HOST and PORT. */
  readonly current: () => string;
}

interface AddressSettings {
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  /** HOST and PORT, once the port is known. */
  readonly fallback: () => string;
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

/** Hostile input: only what a proxy that is named wrote last is believed, and only if it is a host. */
function forwarded({ header }: Arrived): string | null {
  const last = (name: string): string | undefined => header(name)?.split(",").at(-1)?.trim();
  const host = last("x-forwarded-host") ?? header("host");
  const protocol = last("x-forwarded-proto") ?? "http";
  if (host === undefined || !/^[A-Za-z0-9.[\]:_-]{1,255}$/.test(host)) return null;
  if (protocol !== "https" && protocol !== "http") return null;
  return URL.canParse(`${protocol}://${host}`) ? new URL(`${protocol}://${host}`).origin : null;
}

/** Where people reach us: PUBLIC_URL, else what a trusted proxy forwards, else HOST and PORT. */
export function createAddress({ publicUrl, trustedProxies, fallback }: AddressSettings): Address {
  const proxies = trusted(trustedProxies);
  let told: string | null = null;
  return {
    of: (arrived) => {
      if (publicUrl !== null) return publicUrl;
      const remote = plain(arrived.remote);
      const family = isIP(remote);
      const isTrusted =
        trustedProxies.length > 0 &&
        family !== 0 &&
        proxies.check(remote, family === 6 ? "ipv6" : "ipv4");
      const seen = isTrusted ? forwarded(arrived) : null;
      if (seen !== null) told = seen;
      return seen ?? fallback();
    },
    current: () => publicUrl ?? told ?? fallback(),
  };
}
