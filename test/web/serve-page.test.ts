import { createServer, request as ask, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { servePage } from "../../src/web/http/serve-page.ts";

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    void servePage({ fetch: () => new Response("a page") }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const statusFor = (host: string, method = "GET"): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    ask({ port, host: "127.0.0.1", method, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

it.each([
  ["gate.example", 200],
  ["gate.example:3000", 200],
  ["u:p@gate.example", 400],
  ["u@gate.example", 400],
  [":secret@gate.example", 400],
  ["gate.example/b?c=", 400],
  ["[::1]:3000", 200],
  ["a b", 400],
  ["[", 400],
])("a page for the host %s is answered with %i", async (host, status) => {
  expect(await statusFor(host)).toBe(status);
});

it.each([
  ["TRACE", 405],
  ["PUT", 405],
  ["DELETE", 405],
  ["HEAD", 200],
  ["OPTIONS", 200],
])("%s is answered with %i", async (method, status) => {
  expect(await statusFor("gate.example", method)).toBe(status);
});
