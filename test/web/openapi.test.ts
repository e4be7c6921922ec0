import { expect, it } from "vitest";
import { openapi } from "../../src/web/api/openapi/openapi.ts";

const schemes = (origin: string) =>
  (openapi(origin) as { components: { securitySchemes: { session: { name: string } } } }).components
    .securitySchemes.session.name;

it.each([
  ["http://127.0.0.1:3000", "gatehouse"],
  ["https://gate.example", "__Host-gatehouse"],
])("the session's cookie is called as it is at %s", (origin, name) => {
  expect(schemes(origin)).toBe(name);
});
