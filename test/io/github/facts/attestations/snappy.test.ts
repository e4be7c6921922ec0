import { describe, expect, it } from "vitest";
import { unsnappy } from "#io/github/facts/attestations/snappy.ts";

const limit = 1_000;
const block = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const text = (packed: Uint8Array): string | null =>
  unsnappy(packed, limit)?.toString("latin1") ?? null;
const [a, b, c] = [0x61, 0x62, 0x63];

describe("unsnappy", () => {
  it.each<[string, Uint8Array, string]>([
    ["nothing", block(0), ""],
    ["a literal", block(3, 2 << 2, a, b, c), "abc"],
    [
      "a literal whose length takes a byte of its own",
      block(61, 60 << 2, 60, ...Array<number>(61).fill(a)),
      "a".repeat(61),
    ],
    [
      "a length over two bytes",
      block(0xc8, 0x01, 60 << 2, 199, ...Array<number>(200).fill(b)),
      "b".repeat(200),
    ],
    ["a copy with an offset of eleven bits", block(7, 2 << 2, a, b, c, 0b00000001, 3), "abcabca"],
    ["a copy with an offset of two bytes", block(5, 2 << 2, a, b, c, (1 << 2) | 2, 3, 0), "abcab"],
    [
      "a copy with an offset of four bytes",
      block(5, 2 << 2, a, b, c, (1 << 2) | 3, 2, 0, 0, 0),
      "abcbc",
    ],
    ["a copy of what it is writing", block(9, 0, a, (7 << 2) | 2, 1, 0), "aaaaaaaaa"],
  ])("unpacks %s", (_what, packed, whole) => {
    expect(text(packed)).toBe(whole);
  });

  it.each<[string, Uint8Array]>([
    ["no length", block()],
    ["a length without end", block(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ["more than is allowed", block(0xe9, 0x07, 0, a)],
    ["less than it declares", block(4, 2 << 2, a, b, c)],
    ["more than it declares", block(2, 2 << 2, a, b, c)],
    ["a literal that breaks off", block(3, 2 << 2, a)],
    ["a literal whose length breaks off", block(3, 61 << 2, a)],
    ["a copy from before the beginning", block(6, 0, a, (4 << 2) | 2, 2, 0)],
    ["a copy from itself", block(6, 0, a, (4 << 2) | 2, 0, 0)],
    ["a copy that breaks off", block(6, 0, a, (4 << 2) | 2)],
    ["a copy beyond the end", block(3, 0, a, (4 << 2) | 2, 1, 0)],
  ])("refuses %s", (_what, packed) => {
    expect(text(packed)).toBeNull();
  });
});
