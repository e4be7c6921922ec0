import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  difference,
  emptySection,
  putSection,
  staleOf,
  textOf,
  wantedFiles,
  writeFiles,
  type Generated,
} from "../../scripts/docs/generated.ts";
import { parametersOf, takes } from "../../scripts/docs/json-schema-types.ts";
import { cell, fencesOf, policiesOf } from "../../scripts/docs/markdown.ts";
import { faultRows } from "../../scripts/docs/fault-rows.ts";
import { foundRows } from "../../scripts/docs/found-rows.ts";
import { proofTable, proofsIn, rowsNamedIn } from "../../scripts/docs/proofs.ts";
import { threatRows } from "../../scripts/docs/threat-rows.ts";
import { root } from "./repository.ts";

describe("sections", () => {
  const page = `# Title\n\nBefore.\n\n${emptySection("list")}\nAfter.\n`;

  it("change only what stands between their markers", () => {
    const once = putSection(page, "list", "- a\n- b\n", "p.md");
    expect(once).toContain(
      "Before.\n\n<!-- generated: list; npm run docs -->\n\n- a\n- b\n\n<!-- end: list -->\n\nAfter.\n",
    );
    expect(putSection(once, "list", "- a\n- b", "p.md")).toBe(once);
    expect(putSection(once, "list", "- c", "p.md")).not.toContain("- a");
  });

  it.each([
    { why: "missing", text: "# Title\n" },
    { why: "there twice", text: `${page}${emptySection("list")}` },
    {
      why: "in the wrong order",
      text: "<!-- end: list -->\n<!-- generated: list; npm run docs -->\n",
    },
  ])("are refused where their markers are $why, with the lines to write", ({ text }) => {
    expect(() => putSection(text, "list", "x", "p.md")).toThrow(
      /^p\.md: must hold.*\n<!-- generated: list; npm run docs -->\n<!-- end: list -->/,
    );
  });
});

describe("generated files", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-docs-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (text: string): Generated => ({ kind: "file", path: "docs/a.json", text });
  const section = (text: string): Generated => ({
    kind: "section",
    path: "docs/b.md",
    name: "s",
    text,
    begin: `# B\n\n${emptySection("s")}`,
  });

  it("are written once, keep what was written by hand, and are stale after a change", () => {
    const first = wantedFiles(folder, [file("1\n"), section("one")]);
    expect(writeFiles(folder, first)).toEqual(["docs/a.json", "docs/b.md"]);
    expect(writeFiles(folder, first)).toEqual([]);

    writeFiles(folder, new Map([["docs/b.md", `${textOf(folder, "docs/b.md")}\nBy hand.\n`]]));
    const second = wantedFiles(folder, [file("1\n"), section("two")]);
    expect(staleOf(folder, second)).toEqual(["docs/b.md"]);
    writeFiles(folder, second);
    expect(textOf(folder, "docs/b.md")).toMatch(/two[\s\S]*By hand\./);
  });

  it("need their page", () => {
    expect(() =>
      wantedFiles(folder, [{ kind: "section", path: "docs/c.md", name: "s", text: "x" }]),
    ).toThrow(/docs\/c\.md: the page is missing/);
  });

  it("show what is stale as the lines that differ", () => {
    expect(difference("p.md", "a\nb\nc\nd\n", "a\nx\ny\nc\nd\ne\n")).toBe(
      "--- p.md\n+++ p.md (generated)\n@@ line 2 @@\n-b\n+x\n+y\n@@ line 5 @@\n+e",
    );
    expect(difference("p.md", "", "new\n")).toContain("+new");
    expect(difference("p.md", "", "x\n".repeat(99), 3)).toContain("and 97 more lines");
  });
});

describe("parameters in words", () => {
  it.each([
    { schema: { type: "integer", minimum: 1, maximum: 50 }, words: "whole number, 1 to 50" },
    {
      schema: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      words: "whole number, at least 0",
    },
    {
      schema: { type: "integer", exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      words: "whole number above 0",
    },
    { schema: { type: "boolean", const: true }, words: "`true`" },
    { schema: { type: "boolean" }, words: "`true` or `false`" },
    {
      schema: { type: "array", items: { type: "string", enum: ["a", "b"] } },
      words: "list of `a`, `b`",
    },
    {
      schema: { type: "array", items: { type: "string", description: "A glob (minimatch)." } },
      words: "list, each a glob (minimatch)",
    },
    { schema: { anyOf: [{ const: 0 }, { type: "string" }] }, words: "`0`; or text" },
    { schema: { type: "object", properties: { a: {}, b: {} } }, words: "`{a, b}`" },
    {
      schema: { anyOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "null" }] },
      words: "text; or number; or `null`",
    },
    {
      schema: { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
      words: "list of text or number",
    },
  ])("$words", ({ schema, words }) => {
    expect(takes(schema)).toBe(words);
  });

  it("open the objects among alternatives", () => {
    const schema = {
      type: "object",
      properties: {
        a: {
          anyOf: [
            { type: "string" },
            {
              type: "array",
              items: { anyOf: [{ type: "string" }, { type: "object", properties: { b: {} } }] },
            },
          ],
        },
      },
    };
    expect(parametersOf(schema).map(({ name }) => name)).toEqual(["a", "a[].b"]);
  });

  it("open what nests", () => {
    const schema = {
      type: "object",
      required: ["a"],
      properties: {
        a: {
          type: "array",
          items: { type: "object", properties: { b: { type: "boolean", default: false } } },
        },
        c: { type: "object", properties: { d: {} } },
      },
    };
    expect(
      parametersOf(schema).map(({ name, required, fallback }) => [name, required, fallback]),
    ).toEqual([
      ["a", true, null],
      ["a[].b", false, "false"],
      ["c", false, null],
      ["c.d", false, null],
    ]);
  });
});

describe("proofs", () => {
  it.each([
    { source: 'it("T5: a push", () => {})', names: ["T5"] },
    { source: "it.each(rows)(`F10, F11: $what`, () => {})", names: ["F10", "F11"] },
    { source: '{ title: "T8 and T9: both" }', names: ["T8", "T9"] },
    { source: 'it("W12, W25: hidden reds", () => {})', names: ["W12", "W25"] },
    { source: "// threat T2: a comment, not a title", names: [] },
    { source: 'it("says T5 somewhere", () => {})', names: [] },
  ])("are read from titles: $source", ({ source, names }) => {
    expect([...rowsNamedIn(source)]).toEqual(names);
  });

  it("say of a row without a test that it has none", () => {
    const table = proofTable(
      "T",
      [
        { what: "a", defence: "b" },
        { what: "c", defence: "d" },
      ],
      new Map([["T1", ["test/x.test.ts"]]]),
    );
    expect(table).toContain("1 of 2 rows");
    expect(table).toContain("| T1 | a | b | [x.test.ts](../test/x.test.ts) |");
    expect(table).toContain("| T2 | c | d | **not proven by a test of its own yet** |");
  });

  it("do not count the parser's own test, which holds titles as samples", () => {
    expect(
      [...proofsIn(root).values()]
        .flat()
        .filter((path) => path === "test/conventions/generate-docs.test.ts"),
    ).toEqual([]);
  });

  it("name only rows that are there", () => {
    const known = new Set([
      ...threatRows.map((_, index) => `T${index + 1}`),
      ...faultRows.map((_, index) => `F${index + 1}`),
      ...foundRows.map((_, index) => `W${index + 1}`),
    ]);
    expect([threatRows.length, faultRows.length, foundRows.length]).toEqual([56, 35, 50]);
    expect([...proofsIn(root).keys()].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("table cells", () => {
  it.each([
    { text: "a | b", cell: "a \\| b" },
    { text: "two\n  lines", cell: "two lines" },
    { text: "gatehouse:<name> and `<code>`", cell: "gatehouse:&lt;name> and `<code>`" },
  ])("$text", ({ text, cell: wanted }) => {
    expect(cell(text)).toBe(wanted);
  });
});

describe("examples in Markdown", () => {
  it("are the yaml blocks that say which version they speak", () => {
    const page =
      "```yaml\nversion: 1\n```\n\n```yml\nversion: 1\n```\n\n```yaml\nother: true\n```\n";
    expect(fencesOf(page).map((fence) => fence.line)).toEqual([1, 5, 9]);
    expect(policiesOf(page).map((fence) => fence.line)).toEqual([1]);
  });
});
