import { describe, expect, it } from "vitest";
import { storable, storableText } from "#io/database/store/storable.ts";

describe("what the database can hold", () => {
  it.each([
    ["plain", "plain"],
    ["日本 🚀", "日本 🚀"],
    ["a\u0000b", "a\ufffdb"],
    ["\ud83d", "\ufffd"],
    ["x\udc00y\ud800", "x\ufffdy\ufffd"],
  ])("text %j", (text, kept) => {
    expect(storableText(text)).toBe(kept);
  });

  it.each([
    [true, 1],
    [false, 0],
    [null, null],
    [1_800_000_000_000, 1_800_000_000_000],
    [7n, 7n],
  ])("%s", (value, kept) => {
    expect(storable(value)).toBe(kept);
  });

  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [{}], [[1]], [() => 1]])(
    "refuses %s before libsql sees it",
    (value) => {
      expect(() => storable(value)).toThrow(
        expect.objectContaining({ name: "GatehouseError", code: "invalid" }),
      );
    },
  );
});
