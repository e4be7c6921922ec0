import { describe, expect, it } from "vitest";
import { createAddress, type Address } from "../../src/web/http/address.ts";

const own = "http://127.0.0.1:3000";
const proxy = "10.0.0.7";

function addressOf(
  settings: { readonly publicUrl?: string; readonly trustedProxies?: readonly string[] } = {},
): { readonly address: Address; readonly warnings: unknown[] } {
  const warnings: unknown[] = [];
  const address = createAddress({
    publicUrl: settings.publicUrl ?? null,
    trustedProxies: settings.trustedProxies ?? ["10.0.0.0/8", "2001:db8::/32"],
    fallback: () => own,
    log: { warn: (fields) => warnings.push(fields) },
  });
  return { address, warnings };
}

const from = (remote: string, headers: Readonly<Record<string, string>>) => ({
  remote,
  header: (name: string) => headers[name],
});

describe("where people reach us", () => {
  it.each([
    ["a proxy that is named", proxy, "gate.acme.example", "https", "https://gate.acme.example"],
    ["without a protocol", proxy, "gate.acme.example", undefined, "http://gate.acme.example"],
    ["IPv4 on an IPv6 socket", `::ffff:${proxy}`, "gate.example", "https", "https://gate.example"],
    ["IPv6", "2001:db8::1", "gate.example:8443", "https", "https://gate.example:8443"],
    [
      "what the last proxy wrote",
      proxy,
      "evil.example, gate.example",
      "https",
      "https://gate.example",
    ],
    ["somebody else", "192.0.2.9", "evil.example", "https", own],
    ["no address", "", "evil.example", "https", own],
    ["a path for a host", proxy, "evil.example/x", "https", own],
    ["a person in it", proxy, "a@evil.example", "https", own],
    ["another protocol", proxy, "evil.example", "javascript", own],
  ])("%s", (_, remote, host, protocol, expected) => {
    const headers = {
      "x-forwarded-host": host,
      ...(protocol === undefined ? {} : { "x-forwarded-proto": protocol }),
    };
    expect(addressOf().address.of(from(remote, headers))).toBe(expected);
  });

  it("is never the client's Host, not even through a trusted proxy", () => {
    const { address } = addressOf();
    expect(address.of(from(proxy, { host: "evil.example", "x-forwarded-proto": "https" }))).toBe(
      own,
    );
  });

  it("is PUBLIC_URL where that is set", () => {
    const { address, warnings } = addressOf({ publicUrl: "https://gate.example" });
    expect(address.of(from(proxy, { "x-forwarded-host": "other.example" }))).toBe(
      "https://gate.example",
    );
    address.tell("https://other.example");
    expect(address.current()).toBe("https://gate.example");
    expect(warnings).toEqual([]);
  });
});

describe("links without a request", () => {
  it("know nothing of a request that nobody was signed in to", () => {
    const { address } = addressOf();
    address.of(from(proxy, { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" }));
    expect(address.current()).toBe(own);
  });

  it("keep the address that was told first; another one is logged, once", () => {
    const { address, warnings } = addressOf();
    address.tell(own);
    address.tell("https://gate.example");
    address.tell("https://gate.example");
    expect([address.current(), warnings]).toEqual(["https://gate.example", []]);
    address.tell("https://evil.example");
    address.tell("https://evil.example");
    expect(address.current()).toBe("https://gate.example");
    expect(warnings).toEqual([{ address: "https://gate.example", other: "https://evil.example" }]);
  });
});
