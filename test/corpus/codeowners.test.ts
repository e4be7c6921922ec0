import { describe, expect, it } from "vitest";
import { ownersOf, parseCodeowners } from "#core/formats/codeowners.ts";
import { ownersIn } from "../acceptance/owners-in.ts";
import { corpusTable, corpusText } from "./folder.ts";

describe("patterns of other people's tests", () => {
  for (const [i, row] of corpusTable("codeowners/match.csv").entries()) {
    const { pattern = "", path = "", matches = "", disputed_by: disputed = "" } = row;
    it(`row ${i + 1}, ${pattern} on ${path}: ${matches}${disputed === "" ? "" : ` (${disputed})`}`, () => {
      expect(ownersOf(parseCodeowners(`${pattern} @owner\n`), path)).toEqual(
        matches === "true" ? { owners: ["@owner"], line: 1 } : undefined,
      );
    });
  }

  const example = parseCodeowners(
    corpusText("codeowners/example-github-docs-plus-gitlab-sections.CODEOWNERS"),
  );
  for (const { path = "", owners = "" } of corpusTable("codeowners/example-owners.csv")) {
    it(`GitHub's example: ${path} belongs to ${owners}`, () =>
      expect(ownersOf(example, path)?.owners.join(" ")).toBe(owners));
  }

  it("reads whole files: GitLab's sections and bad owners are skipped and reported by line", () => {
    expect(example.rules.map((rule) => rule.pattern)).toEqual([
      "*",
      "*.js",
      "*.go",
      "/build/logs/",
      "docs/*",
      "apps/",
      "/docs/",
    ]);
    expect(example.problems.map(({ line }) => line)).toEqual([24, 30, 35, 37, 44, 46]);
    const files = ["default", "validate", "invalid-format"].map((name) =>
      parseCodeowners(corpusText(`codeowners/jjmschofield-${name}.CODEOWNERS`)),
    );
    expect(files.map((file) => [file.rules.length, file.problems.length])).toEqual([
      [6, 0],
      [4, 0],
      [1, 1],
    ]);
  });
});

const lines = (name: string): readonly string[] =>
  corpusText(`codeowners/${name}`).trim().split(/\r?\n/).slice(1);

describe("gatehouse owners, as others read it", () => {
  it("pattern by pattern", async () => {
    const rows = lines("match.csv").map((line) => line.split(","));
    const wrong = await Promise.all(
      rows.map(async ([pattern = "", path = "", matches]) => {
        const { rows: found } = await ownersIn(`${pattern} @o\n`, [path]);
        return String(found[0]?.line === 1) === matches
          ? []
          : [`${pattern} on ${path}: ${matches}`];
      }),
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(wrong.flat()).toEqual([]);
  });

  it("file by file", async () => {
    const text = corpusText("codeowners/example-github-docs-plus-gitlab-sections.CODEOWNERS");
    const expected = lines("example-owners.csv").map((line) => line.split(","));
    const { rows } = await ownersIn(
      text,
      expected.map(([path = ""]) => path),
    );
    expect(rows.map(({ path, owners: names }) => [path, names.join(" ")])).toEqual(expected);
  });
});
