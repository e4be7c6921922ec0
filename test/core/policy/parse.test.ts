import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsCaps } from "#core/yaml/caps.ts";
import { parseYaml } from "#core/yaml/parse.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { patience } from "../../support/patience.ts";

const size = 256 * 1_024;
const fill = (unit: string): string => unit.repeat(Math.floor(size / unit.length) - 4);
const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");

/** Texts made to exhaust memory, stack or time. */
const bombs: readonly (readonly [string, string])[] = [
  ["nested lists", fill("[")],
  ["nested maps", fill("{a: ")],
  ["compact sequences", fill("- ")],
  ["explicit keys", fill("? ")],
  ["empty keys", fill(": ")],
  ["tags", fill("!!x ")],
  ["anchors", fill("&a ")],
  ["aliases", fill("*a ")],
  ["documents", fill("---\n")],
  ["directives", fill("%a\n")],
  ["comments", fill("#\n")],
  ["newlines", fill("\n")],
  ["quotes", fill('"')],
  ["one long quoted text", `a: "${fill("\\n")}"`],
  ["one long block", `a: |\n${fill(" x\n")}`],
  ["one long folded block", `a: >\n${fill(" x y\n\n")}`],
  ["a plain text of many lines", fill("a\n")],
  ["very many keys", lines(30_000, (n) => `k${n}: 1`).slice(0, size)],
  [
    "very many keys on one line",
    `{${lines(30_000, (n) => `k${n}: 1,`).replaceAll("\n", "")}`.slice(0, size),
  ],
  ["indentation a thousand deep", lines(700, (n) => `${" ".repeat(n)}a:`)],
  [
    "billion laughs",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${lines(
      20,
      (n) =>
        `b${n}: &b${n} [${Array(9)
          .fill(n === 0 ? "*a" : `*b${n - 1}`)
          .join(",")}]`,
    )}`,
  ],
  ["an alias to itself", "a: &a [*a]"],
];

describe("parseYaml", () => {
  it.each(bombs)("T18: %s is refused with a place, soon", (_name, text) => {
    parseYaml("version: 1\nrules: [{name: a}]\n");
    const start = performance.now();
    const result = parseYaml(text);
    const took = performance.now() - start;
    expect(result.ok ? [] : result.problems.map((problem) => problem.severity)).toContain("error");
    // 50 ms on a quiet machine; this one is shared.
    expect(took).toBeLessThan(1_000 * patience);
  });

  it.each([
    ["a mapping", "x: {", "a: ", "1}"],
    ["a list", "x: [", "a: ", "1]"],
    ["a broken word", "x: [{ name: unit, ", "app: github-", "}]"],
  ])(
    "T18: pairs in pairs in %s on one line do not reach the parser's stack",
    (_, open, unit, end) => {
      const parsed = parseYaml(open + unit.repeat(15_000) + end, factsCaps);
      expect(parsed.ok ? [] : parsed.problems).toMatchObject([
        { line: 1, message: "too many keys on one line; write one key a line" },
      ]);
    },
  );

  it("a long list of pairs on one line is none of these", () => {
    const parsed = parseYaml(
      `x: { ${lines(200, (n) => `  a${n}: {b: 1}, c${n}: [d: 1],`).replaceAll("\n", "")} }`,
      factsCaps,
    );
    expect(parsed).toMatchObject({ ok: true });
  });

  it("T18: a key that reaches into objects is refused", () => {
    const result = parseYaml(
      "__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n",
    );
    expect(result.ok ? [] : result.problems.map(({ line, message }) => [line, message])).toEqual([
      [1, 'the key "__proto__" is not allowed'],
      [2, 'the key "constructor" is not allowed'],
    ]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it.each([
    ["a: 1\nb: 2\na: 3", 3, 1, /duplicate key "a"/],
    ["a:\n\tb: 1", 2, 1, /tab/],
    ["a: 1\n---\nb: 2", 2, 1, /several documents/],
    ["a: &x {b: 1}\nc:\n  <<: *x", 3, 3, /merge keys/],
    ["a: !custom 1", 1, 4, /tags/],
    ["a: *.ts", 1, 4, /quote a text that begins with \*/],
    ["a: @x", 1, 4, /quote it/],
    ["%YAML 1.1\n---\na: yes", 1, 1, /directives/],
    ["? [a]\n: b", 1, 3, /plain word/],
    [": b", 1, 1, /key is missing/],
    ["a: b: c", 1, 4, /check colons/],
    ["a: .inf", 1, 4, /not a value/],
    ["x:\n - 1\n - {b: 'c}", 3, 11, /quote/],
  ])("%j is wrong at %i:%i", (text, line, column, words) => {
    const result = parseYaml(text);
    expect(result.ok ? null : result.problems[0]).toMatchObject({
      line,
      column,
      severity: "error",
      message: expect.stringMatching(words),
    });
  });

  it("reads YAML 1.2, where yes and 09:00 are texts", () => {
    const result = parseYaml("a: yes\nb: 09:00\nc: 2027-01-31\nd: 0o17\ne: on\nf: 30m\n7: x\n");
    expect(result.ok && result.source.data).toEqual({
      a: "yes",
      b: "09:00",
      c: "2027-01-31",
      d: 15,
      e: "on",
      f: "30m",
      "7": "x",
    });
  });

  it("reads JSON", () => {
    const data = {
      rules: [{ name: "a", require: { title: { pattern: "^x \\d" } } }],
      list: [],
      empty: {},
      none: null,
    };
    const result = parseYaml(JSON.stringify(data));
    expect(result.ok && result.source.data).toEqual(data);
  });

  it("writes aliases out and says where things stand", () => {
    const result = parseYaml("a: &list [x, y]\nb:\n  c: *list\n  d:\n");
    if (!result.ok) throw new Error("must be readable");
    const { data, positions: places } = result.source;
    expect(data).toEqual({ a: ["x", "y"], b: { c: ["x", "y"], d: null } });
    expect(places.ofKey(["b", "c"])).toEqual({ line: 3, column: 3 });
    expect(places.ofValue(["b", "c", 1])).toEqual({ line: 1, column: 14 });
    expect(places.ofValue(["b", "d"])).toEqual({ line: 4, column: 3 });
    expect(places.ofValue(["b", "e"])).toEqual({ line: 2, column: 1 });
  });

  it("takes three thousand files under the caps of facts", () => {
    const text = `pull_request:\n  files:\n${lines(3_000, (n) => `    - {path: src/file-${n}.ts, status: modified, additions: 3, deletions: 1}`)}\n`;
    expect(parseYaml(text, factsCaps).ok).toBe(true);
    expect(parseYaml(text).ok).toBe(false);
  });

  it("refuses more bytes than its cap", () => {
    expect(parseYaml(`# ${"x".repeat(size)}`)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/256 KiB/) }],
    });
    expect(parseYaml(`# ${"ü".repeat(size / 2)}`)).toMatchObject({ ok: false });
  });

  it("never throws, and neither does the validation", () => {
    const bits = fc.constantFrom(
      "a",
      ": ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "\n",
      "  ",
      "'",
      '"',
      "|",
      ">",
      "&a",
      "*a",
      "!",
      "#",
      "%",
      "@",
      "?",
      "\t",
      "rules",
      "name",
      "\u0000",
      "\u2028",
      "💥",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        expect(typeof parseYaml(text).ok).toBe("boolean");
        expect(typeof validatePolicy(text).valid).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});
