import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { examplesOf, pageOf } from "../../scripts/docs/requirements.ts";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { ruleList } from "#core/rules/index.ts";
import type { AnyRule } from "#core/rules/kit/rule.ts";
import { filesUnder, read, root } from "./repository.ts";

const presets = presetsIn(root);
const tests = filesUnder(
  "test",
  (path) => path.endsWith(".test.ts") && !path.startsWith("test/conventions/"),
).map((path) => [path, read(path)] as const);

/** Files of src/core/rules by what they export. */
async function modulesByExport(): Promise<ReadonlyMap<unknown, string>> {
  const found = new Map<unknown, string>();
  for (const file of filesUnder(
    "src/core/rules",
    (path) => path.endsWith("/rule.ts") && !path.includes("/kit/"),
  )) {
    const module: unknown = await import(pathToFileURL(join(root, file)).href);
    if (typeof module === "object" && module !== null)
      for (const value of Object.values(module)) found.set(value, file);
  }
  return found;
}

const modules = await modulesByExport();

describe.each(ruleList.map((rule): readonly [string, AnyRule] => [rule.name, rule]))(
  "the requirement %s",
  (_name, rule) => {
    it("has a page with a valid example of its own", () => {
      const page = read(pageOf(rule));
      expect(examplesOf(rule, page, presets).length).toBeGreaterThan(0);
      expect(page).toContain("## Details");
    });

    it("has a test that imports it", () => {
      const file = modules.get(rule);
      if (file === undefined) throw new Error(`no file of src/core/rules exports ${rule.name}`);
      const importing = tests
        .filter(([, text]) => text.includes(file.replace(/^src\//, "#")))
        .map(([path]) => path);
      expect(
        importing,
        `write test/${file.replace(/^src\//, "").replace(/\.ts$/, ".test.ts")}`,
      ).not.toEqual([]);
    });

    it("says in one sentence what passes, and names each gate that it can stand at once", () => {
      expect(rule.summary).toMatch(/^[A-Z].*\.$/);
      expect(rule.appliesTo).toEqual([...new Set(rule.appliesTo)]);
    });
  },
);

describe("the list of requirements", () => {
  it("is all that knows them by name: what another folder asks of a requirement is told by its definition", () => {
    const names = ruleList.map((rule) => rule.name).join("|");
    const byName = new RegExp(
      `\\brule\\.name [!=]== "|(?:leaf|bound)\\.name [!=]== "|case "(?:${names})":`,
    );
    const knowing = filesUnder("src/core/policy")
      .concat(filesUnder("src/core/decide"), filesUnder("src/core/simulate"))
      .concat(filesUnder("src/core/tickets"), filesUnder("src/flow/what-if"))
      .filter((path) => byName.test(read(path)));
    expect(knowing).toEqual([]);
  });
});

describe("pages of requirements", () => {
  it("are there for no other name", () => {
    const known = new Set(ruleList.map(pageOf));
    expect(filesUnder("docs/rules").filter((path) => !known.has(path))).toEqual([]);
  });
});
