import { describe, expect, it } from "vitest";
import { ask, validateText } from "./ask.ts";

const fine = "version: 1\nrules: [{ name: a, require: { reviews: {} } }]\n";
const filledTo = (bytes: number, filling = "x"): string => {
  const head = `${fine}# `;
  return head + filling.repeat(bytes - head.length);
};
const swapped = (text: string): Uint8Array => Buffer.from(text, "utf16le").swap16();
const bomb = Array.from(
  { length: 10 },
  (_, i) =>
    `a${i}: &a${i} [${i === 0 ? "x" : Array.from({ length: 9 }, () => `*a${i - 1}`).join(", ")}]`,
).join("\n");

describe("limits of a policy file", () => {
  it.each<[string, string | Uint8Array, string, RegExp]>([
    ["one byte beyond 256 KiB", filledTo(262_145), "1:1", /larger than 256 KiB/],
    [
      "256 KiB of characters, but not of bytes",
      filledTo(200_000, "é"),
      "1:1",
      /larger than 256 KiB/,
    ],
    ["T18: an alias bomb", bomb, "2:30", /more than 64 aliases/],
    [
      "T18: lists in lists",
      `a: ${"[".repeat(500)}${"]".repeat(500)}\n`,
      "1:28",
      /more than 24 levels deep/,
    ],
    [
      "T18: not in not",
      `rules:\n  - name: a\n    when: ${"{ not: ".repeat(200)}${"}".repeat(200)}\n    require: { reviews: {} }\n`,
      "3:179",
      /more than 24 levels deep/,
    ],
    ["T18: dashes on one line", `${"- ".repeat(130_000)}a\n`, "1:97", /too many nested lists/],
    ["T18: many tokens", `rules: [${"a,".repeat(30_000)}]\n`, "1:13338", /more than 20000 tokens/],
    [
      "a text of 5,000 characters",
      `version: 1\ndescription: ${"x".repeat(5_000)}\n`,
      "2:14",
      /5000 characters/,
    ],
    [
      "200 rules and one more",
      `rules:\n${Array.from({ length: 201 }, (_, i) => `  - { name: r${i}, require: { up_to_date: true } }\n`).join("")}`,
      "2:3",
      /at most 200/,
    ],
    [
      "UTF-16, little-endian, with its mark",
      Buffer.from(`\uFEFF${fine}`, "utf16le"),
      "1:1",
      /UTF-16.*UTF-8/,
    ],
    ["UTF-16, big-endian, with its mark", swapped(`\uFEFF${fine}`), "1:1", /UTF-16.*UTF-8/],
    ["UTF-16 without a mark", Buffer.from(fine, "utf16le"), "1:1", /UTF-16.*UTF-8/],
    ["UTF-16, big-endian, without a mark", swapped(fine), "1:1", /UTF-16.*UTF-8/],
    [
      "UTF-16 that begins with a letter beyond Latin",
      Buffer.from(`\uFEFFшumm: 1\n`, "utf16le"),
      "1:1",
      /UTF-16.*UTF-8/,
    ],
    ["Latin-1", Buffer.from(`version: 1\ndescription: caf\u00e9\n`, "latin1"), "2:17", /not UTF-8/],
    ["NUL", `version: 1\ndescription: a\0b\n`, "2:15", /U\+0000/],
    ["a control character", `version: 1\ndescription: a\u0007b\n`, "2:15", /U\+0007/],
    [
      "a control character in a comment",
      `version: 1\n# a\u001b[31mb\nrules: []\n`,
      "2:4",
      /U\+001B/,
    ],
  ])("refuses %s", async (_what, text, place, words) => {
    const { exit, valid, problems } = await validateText(text);
    expect({ exit, valid }).toEqual({ exit: 1, valid: false });
    expect(problems[0]?.message).toMatch(words);
    expect(`${problems[0]?.line}:${problems[0]?.column}`).toBe(place);
  });

  it.each<[string, string | Uint8Array]>([
    ["exactly 256 KiB", filledTo(262_144)],
    ["a long comment", `# ${"x".repeat(100_000)}\n${fine}`],
    [
      "200 rules",
      `rules:\n${Array.from({ length: 200 }, (_, i) => `  - { name: r${i}, require: { up_to_date: true } }\n`).join("")}`,
    ],
    [
      "letters of all alphabets",
      'version: 1\ndescription: "Größe, 大きさ, 🚀"\nrules: [{ name: a, require: { title: { pattern: "^\\\\p{L}" } } }]\n',
    ],
    [
      "an escaped control character",
      'version: 1\ndescription: "a\\tb"\nrules: [{ name: a, require: { reviews: {} } }]\n',
    ],
    [
      "64 aliases",
      `rules:\n  - { name: r, require: &r { up_to_date: true } }\n${Array.from({ length: 64 }, (_, i) => `  - { name: r${i}, require: *r }\n`).join("")}`,
    ],
  ])("takes %s", async (_what, text) => {
    expect(await validateText(text)).toMatchObject({ exit: 0, valid: true, problems: [] });
  });
});

describe("facts may be large, and hold what people write", () => {
  const titled = "rules: [{ name: a, require: { title: { pattern: x } } }]";
  it.each<[string, string]>([
    [
      "3,000 files",
      `pull_request: { title: x, files: [${Array.from({ length: 3_000 }, (_, i) => `{ path: src/file-${i}.ts, additions: ${i} }`).join(", ")}] }`,
    ],
    ["a title with the character for what is none", "pull_request: { title: 'x \uFFFD' }"],
    ["JSON with escapes", '{"pull_request": {"title": "x \\u0007 \\n"}}'],
    ["JSON over many lines, with a tab", '{\n\t"pull_request": {\n\t\t"title": "x"\n\t}\n}\n'],
    ["a byte order mark", "\uFEFFpull_request: { title: x }"],
    ["Windows line ends", "pull_request:\r\n  title: x\r\n"],
    ["anchors and aliases", "pull_request: { title: &t x, body: *t }"],
  ])("%s", async (_what, facts) => {
    expect(await ask({ policy: titled, facts })).toMatchObject({
      exit: 0,
      json: { decision: "allow" },
    });
  });
});
