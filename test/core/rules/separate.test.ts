import { describe, expect, it } from "vitest";
import { changedFiles } from "#core/facts/pull-request.ts";
import { separate } from "#core/rules/separate/rule.ts";
import { aFile, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const migrations = { paths: ["db/migrations/**"], from: ["src/**"] };

describe("separate", () => {
  it.each([
    { params: migrations, files: [aFile("db/migrations/1.sql")], kind: "pass" },
    { params: migrations, files: [aFile("src/a.ts")], kind: "pass" },
    { params: migrations, files: [aFile("db/migrations/1.sql"), aFile("docs/a.md")], kind: "pass" },
    { params: migrations, files: [aFile("db/migrations/1.sql"), aFile("src/a.ts")], kind: "fail" },
    {
      params: migrations,
      files: [aFile("src/1.sql", { previousPath: "db/migrations/1.sql", status: "renamed" })],
      kind: "fail",
    },
    {
      params: migrations,
      files: [aFile("src/1.sql", { previousPath: "db/migrations/1.sql", status: "copied" })],
      kind: "pass",
    },
    { params: { paths: ["db/**"] }, files: [aFile("db/1.sql"), aFile("db/2.sql")], kind: "pass" },
    { params: { paths: ["db/**"] }, files: [aFile("db/1.sql"), aFile("README.md")], kind: "fail" },
    // A submodule is listed by its own name.
    { params: { paths: ["db/**"] }, files: [aFile("db"), aFile("README.md")], kind: "fail" },
    { params: { paths: ["db/**"] }, files: [aFile("db")], kind: "pass" },
    { params: { paths: ["db/**"], from: ["**"] }, files: [], kind: "pass" },
  ])("$params with $files → $kind", ({ params, files, kind }) => {
    expect(judge(separate, params, factsOf(tell(changedFiles.need(), files))).kind).toBe(kind);
  });

  it("names one file of each kind", () => {
    const facts = factsOf(
      tell(changedFiles.need(), [aFile("db/migrations/1.sql"), aFile("src/a.ts")]),
    );
    expect(judge(separate, migrations, facts).need).toBe(
      "files that must not be changed together: db/migrations/1.sql and src/a.ts",
    );
  });

  it.each([
    { ours: migrations, theirs: migrations, is: "same" },
    { ours: migrations, theirs: { ...migrations, from: ["src/**", "docs/**"] }, is: "tighter" },
    { ours: migrations, theirs: { ...migrations, from: ["docs/**"] }, is: "looser" },
    {
      ours: migrations,
      theirs: { ...migrations, paths: ["db/migrations/**", "src/**"] },
      is: "looser",
    },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(separate.compare(ours, theirs)).toBe(is);
  });
});
