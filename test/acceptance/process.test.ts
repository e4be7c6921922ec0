import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtProduct } from "../support/built-product.ts";

const policy = "version: 1\nrules: [{ name: reviewed, require: { reviews: {} } }]\n";
const files: Readonly<Record<string, string>> = {
  ".github/gatehouse.yml": policy,
  ".github/gatehouse.test.yml":
    "- { name: waits, expect: wait }\n- { name: allows, given: { reviews: [{ by: bob, state: approved }] }, expect: allow }\n",
  "broken.yml": "version: 1\nrules: [{ name: reviewed, require: { reviws: {} } }]\n",
  "approved.json": '{"reviews": [{"by": "bob", "state": "approved"}]}',
  "nothing.yml": "{}\n",
  "odd.yml": "reviewz: []\n",
  "alone/policy.yml": policy,
  CODEOWNERS: "* @a\n!x @b\n",
};

let folder = "";
let entry = "";
beforeAll(() => {
  entry = join(dirname(builtProduct()), "cli/main.js");
  folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function gatehouse(line: string, cwd = folder): Run {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [entry, ...line.split(" ").filter((word) => word !== "")],
    { cwd, encoding: "utf8" },
  );
  return { exit: status, stdout, stderr };
}

const documentOf = ({ stdout }: Run): unknown => JSON.parse(stdout);

describe("the command line, as a process", () => {
  it.each<[string, number, object, RegExp]>([
    ["validate --json", 0, { valid: true, problems: [] }, /^$/],
    [
      "--json validate broken.yml",
      1,
      {
        valid: false,
        problems: [{ line: 2, column: 38, path: "rules[0].require.reviws", severity: "error" }],
      },
      /^$/,
    ],
    [
      "validate nosuch.yml --json",
      2,
      { error: "nosuch.yml: no such file" },
      /^gatehouse: nosuch\.yml: no such file\n$/,
    ],
    ["validate . --json", 2, { error: ".: this is a directory" }, /directory/],
    [
      "evaluate --policy .github/gatehouse.yml --facts approved.json --json",
      0,
      { decision: "allow", rules: [{ name: "reviewed", verdict: "pass" }] },
      /^$/,
    ],
    [
      "evaluate --policy .github/gatehouse.yml --facts nothing.yml --json",
      1,
      { decision: "wait", title: "Needs 1 approval" },
      /^$/,
    ],
    [
      "evaluate --policy broken.yml --facts nothing.yml --json",
      2,
      {
        error: expect.stringMatching(/did you mean/),
        problems: [{ file: "broken.yml", line: 2, column: 38, path: "rules[0].require.reviws" }],
      },
      /^gatehouse: broken\.yml:2:38: rules\[0\]\.require\.reviws: unknown key "reviws"; did you mean "reviews"\?\n$/,
    ],
    [
      "evaluate --policy .github/gatehouse.yml --facts odd.yml --json",
      2,
      { problems: [{ file: "odd.yml", line: 1, column: 1, path: "reviewz" }] },
      /^gatehouse: odd\.yml:1:1: reviewz: /,
    ],
    [
      "evaluate --policy .github/gatehouse.yml --facts nothing.yml --now noon --json",
      2,
      { error: expect.stringMatching(/^--now noon: not an instant/) },
      /--now noon/,
    ],
    [
      "evaluate --policy .github/gatehouse.yml --json",
      2,
      { error: "required option '--facts <file>' not specified" },
      /--facts.*\n.*gatehouse help/,
    ],
    [
      "evaluate --policy .github/gatehouse.yml --facts nothing.yml --fact x --json",
      2,
      { error: expect.stringMatching(/unknown option '--fact'/) },
      /Did you mean --facts/,
    ],
    [
      "test --json",
      0,
      {
        ok: true,
        cases: [
          { name: "waits", ok: true },
          { name: "allows", ok: true },
        ],
      },
      /^$/,
    ],
    [
      "test alone/policy.yml --json",
      2,
      { error: expect.stringMatching(/^alone\/policy\.yml:/) },
      /policy\.yml/,
    ],
    [
      "owners --file CODEOWNERS x --json",
      0,
      [{ path: "x", owners: ["@a"], line: 1 }],
      /^gatehouse: CODEOWNERS:2: /,
    ],
    ["owners --file nosuch x --json", 2, { error: "nosuch: no such file" }, /no such file/],
    [
      "validat --json",
      2,
      { error: expect.stringMatching(/unknown command 'validat'/) },
      /Did you mean validate/,
    ],
  ])("gatehouse %s", (line, exit, json, stderr) => {
    const run = gatehouse(line);
    expect(documentOf(run)).toMatchObject(json);
    expect(run.exit).toBe(exit);
    expect(run.stderr).toMatch(stderr);
  });

  it("in words, problems stand with file, line and column, and nothing else is on standard error", () => {
    expect(gatehouse("validate broken.yml")).toEqual({
      exit: 1,
      stdout:
        'broken.yml:2:38: rules[0].require.reviws: unknown key "reviws"; did you mean "reviews"?\nbroken.yml: not valid\n',
      stderr: "",
    });
  });

  it("tells its version and its commands", () => {
    expect(gatehouse("--version")).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(gatehouse("--help")).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/validate[^]*evaluate[^]*owners/),
    });
    expect(gatehouse("")).toMatchObject({ exit: 2, stdout: "" });
  });
});
