import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { networkCode, unreachable } from "#core/render/unreachable.ts";
import { askAddress } from "#io/system/ask-address.ts";

describe("a server that gives no answer", () => {
  it.each([
    ["ENOTFOUND", "cannot be found"],
    ["EAI_AGAIN", "cannot be found"],
    ["ECONNREFUSED", "takes no connection"],
    ["ETIMEDOUT", "did not answer in time"],
    ["UND_ERR_CONNECT_TIMEOUT", "did not answer in time"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "NODE_EXTRA_CA_CERTS"],
    ["CERT_HAS_EXPIRED", "not good now"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "of another host"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "GHE_PROTOCOL"],
    ["SOMETHING", "does not answer (SOMETHING)"],
    ["EPROXY", "NO_PROXY"],
    ["UND_ERR_ABORTED", "NO_PROXY"],
    [null, "does not answer:"],
  ])("%s: %s", (code, says) => {
    const text = unreachable("ghe.example", code);
    expect(text).toContain(says);
    expect(text).toContain("ghe.example");
    expect(text).not.toContain("\n");
  });

  it("tells its reason however deep it lies", () => {
    const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    expect(networkCode(new TypeError("fetch failed", { cause: refused }))).toBe("ECONNREFUSED");
    expect(networkCode(new TypeError("x", { cause: new AggregateError([refused]) }))).toBe(
      "ECONNREFUSED",
    );
    expect(networkCode(new Error("x", { cause: "text" }))).toBeNull();
  });

  it("is told by what really comes back", async () => {
    const plain = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 200 OK\r\n\r\n", () => socket.destroy());
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await askAddress(`https://127.0.0.1:${port}/`)).toEqual({
      trouble: expect.stringContaining("GHE_PROTOCOL"),
    });
    await new Promise((resolve) => plain.close(resolve));
    expect(await askAddress(`http://127.0.0.1:${port}/`)).toEqual({
      trouble: expect.stringContaining("takes no connection"),
    });
    expect(await askAddress("http://gatehouse.invalid/")).toEqual({
      trouble: expect.stringContaining("cannot be found"),
    });
  });
});
