import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { policiesOf } from "../../scripts/docs/markdown.ts";
import { factList } from "#core/facts/index.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { writtenLeaves } from "#core/policy/requirement.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { bindWhen, factsOfWhen } from "#core/policy/when/when.ts";
import { filesUnder, pages, read, root } from "./repository.ts";

const presets = presetsIn(root);
const texts = [
  ...presets.values(),
  ...pages().flatMap((page) => policiesOf(read(page)).map(({ text }) => text)),
];
/** As written: binding reads the parameters itself. */
const rules = texts.flatMap((text) => {
  const made = validatePolicy(text, { presets }).policy;
  return (made?.policy.rules ?? []).map((_rule, index) => ({
    require: valueAt(made?.raw, ["rules", index, "require"]),
    when: valueAt(made?.raw, ["rules", index, "when"]),
  }));
});
const listed = new Set(factList);

const isFact = (value: unknown): value is ListedFactRef =>
  typeof value === "object" && value !== null && "changedBy" in value && "permissions" in value;

describe("the list of facts", () => {
  it("holds every fact that is defined", async () => {
    for (const file of filesUnder("src/core/facts", (path) => !path.endsWith("/index.ts"))) {
      const module: unknown = await import(pathToFileURL(join(root, file)).href);
      const facts =
        typeof module === "object" && module !== null ? Object.values(module).filter(isFact) : [];
      expect(
        facts.filter((fact) => !listed.has(fact)).map((fact) => fact.name),
        file,
      ).toEqual([]);
    }
  });

  it("names each fact once", () => {
    const names = factList.map((fact) => fact.name);
    expect(names).toEqual([...new Set(names)]);
  });

  it("holds every fact that a requirement of an example or a preset uses", () => {
    const used = rules.flatMap((rule) =>
      writtenLeaves(rule.require).flatMap((leaf) => leaf.rule.bind(leaf.raw).needs),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((fact) => !listed.has(fact)).map((fact) => fact.name)).toEqual([]);
  });

  it("holds every fact that a `when` of an example or a preset asks for", () => {
    const used = rules.flatMap((rule) =>
      rule.when === undefined ? [] : factsOfWhen(bindWhen(rule.when)),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((fact) => !listed.has(fact)).map((fact) => fact.name)).toEqual([]);
  });

  it("names the permission of every fact that GitHub tells; what costs none is in our own records, which no webhook changes", () => {
    expect(
      factList
        .filter((fact) => fact.permissions.length === 0 && fact.changedBy.length > 0)
        .map((fact) => fact.name),
    ).toEqual([]);
  });
});
