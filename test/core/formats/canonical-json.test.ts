import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "#core/formats/canonical-json.ts";

describe("canonical JSON", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ 10: "x", 9: "y" }, '{"10":"x","9":"y"}'],
    [{ a: undefined, b: [undefined, null] }, '{"b":[null,null]}'],
    [{ é: 1, e: 2, "\ud83d\ude80": 3, "\uffee": 4 }, '{"e":2,"é":1,"🚀":3,"\uffee":4}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ at: Number.NaN, zero: -0 }, '{"at":null,"zero":0}'],
    ["a\u0000\ud800", '"a\\u0000\\ud800"'],
    [JSON.parse('{"__proto__":{"x":1}}'), '{"__proto__":{"x":1}}'],
    [undefined, "null"],
  ])("%j", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("says the same as JSON, and the same whatever the order of the keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
