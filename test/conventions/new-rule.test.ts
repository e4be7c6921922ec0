import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addToList } from "../../scripts/new-rule/add-to-list.ts";
import { readName } from "../../scripts/new-rule/names.ts";
import { newRule } from "../../scripts/new-rule/new-rule.ts";
import { patience } from "../support/patience.ts";
import { read, root } from "./repository.ts";

describe("names of new requirements", () => {
  it("have three spellings", () => {
    expect(readName("my-rule-2")).toEqual({
      file: "my-rule-2",
      key: "my_rule_2",
      export: "myRule2",
    });
  });

  it.each([
    "My-rule",
    "my_rule",
    "-rule",
    "rule-",
    "a--b",
    "",
    "2fast",
    "../evil",
    "all",
    "x".repeat(41),
  ])("%j is refused with a reason", (name) => {
    expect(readName(name)).toEqual(expect.stringMatching(/kebab-case|has a meaning already/));
  });
});

describe("the list of requirements", () => {
  const name = { file: "my-rule", key: "my_rule", export: "myRule" };

  it("gets an import and an entry", () => {
    const source =
      'import { a } from "./a.ts";\nimport { z } from "./z.ts";\n\nexport const ruleList = [\n  a,\n  z,\n];\n';
    expect(addToList(source, name)).toBe(
      'import { a } from "./a.ts";\nimport { myRule } from "./my-rule/rule.ts";\nimport { z } from "./z.ts";\n\nexport const ruleList = [\n  a,\n  z,\n  myRule,\n];\n',
    );
  });

  it("that is not where it should be is left alone", () => {
    expect(() => addToList("export const other = 1;\n", name)).toThrow(
      /src\/core\/rules\/index\.ts/,
    );
  });
});

describe("npm run new:rule, in a copy", () => {
  let copy = "";
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "gatehouse-rule-"));
    for (const path of [
      "src/core",
      "test/core/build.ts",
      "test/core/judge.ts",
      "test/core/soft-facts.ts",
      "docs/rules",
      "policies",
      "package.json",
      "tsconfig.json",
    ])
      cpSync(join(root, path), join(copy, path), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  });
  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  const node = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: copy, encoding: "utf8" });

  it("writes four files, and nothing the second time", () => {
    expect(newRule(copy, "my-rule")).toMatchObject({
      ok: true,
      key: "my_rule",
      written: [
        "src/core/rules/my-rule/rule.ts",
        "test/core/rules/my-rule.test.ts",
        "docs/rules/my_rule.md",
        "src/core/rules/index.ts",
      ],
    });
    const list = readFileSync(join(copy, "src/core/rules/index.ts"), "utf8");
    expect(newRule(copy, "my-rule")).toMatchObject({
      ok: false,
      reason: expect.stringContaining("here already"),
    });
    expect(readFileSync(join(copy, "src/core/rules/index.ts"), "utf8")).toBe(list);
    expect(newRule(copy, "up-to-date")).toMatchObject({ ok: false });
    expect(read("src/core/rules/index.ts")).not.toContain("my-rule");
  });

  it(
    "makes a requirement that compiles, is part of the language, and judges",
    () => {
      writeFileSync(
        join(copy, "tsconfig.json"),
        JSON.stringify({
          ...JSON.parse(read("tsconfig.json")),
          include: [
            "src/core/rules/my-rule/rule.ts",
            "src/**/*.d.ts",
            "test/core/rules/my-rule.test.ts",
          ],
        }),
      );
      expect(node(join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json")).toBe("");

      writeFileSync(
        join(copy, "try.ts"),
        `import { readFileSync } from "node:fs";
import { validatePolicy } from "./src/core/policy/validate.ts";
const example = /\`\`\`yaml\\n([\\s\\S]*?)\`\`\`/.exec(readFileSync("docs/rules/my_rule.md", "utf8"))?.[1] ?? "";
console.log(JSON.stringify([validatePolicy(example).problems, validatePolicy(example.replace("20", "-1")).valid]));
`,
      );
      expect(JSON.parse(node("-C", "source", "--import", "tsx", "try.ts"))).toEqual([[], false]);

      writeFileSync(
        join(copy, "vitest.config.ts"),
        'import { defineConfig } from "vitest/config";\nexport default defineConfig({ resolve: { conditions: ["source"] }, ssr: { resolve: { conditions: ["source"] } }, test: { include: ["test/**/my-rule.test.ts"], maxWorkers: 1 } });\n',
      );
      expect(node("node_modules/vitest/vitest.mjs", "run", "--reporter=json")).toContain(
        '"numPassedTests":6',
      );
    },
    120_000 * patience,
  );
});
