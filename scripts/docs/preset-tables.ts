import { writtenLeaves } from "#core/policy/requirement.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { table } from "#core/text/markdown.ts";
import { cell, code } from "./markdown.ts";

/** What a preset says of itself in its first line. */
const purpose = (text: string): string => /^# gatehouse:[a-z-]+: (.+)$/m.exec(text)?.[1] ?? "";

function presetTable(name: string, text: string): string {
  const rules = validatePolicy(text).policy?.policy.rules ?? [];
  const kinds = (require: unknown): string => [...new Set(writtenLeaves(require).map((leaf) => leaf.rule.name))].map((key) => `[${code(key)}](rules/${key}.md)`).join(", ");
  return [
    `[${code(`gatehouse:${name}`)}](../policies/${name}.yml): ${cell(purpose(text))}`,
    table(["Rule", "Requirement", "Asks"], rules.map((rule) => [code(rule.name), kinds(rule.require), cell(rule.description ?? "")])),
  ].join("\n\n");
}

/** Every shipped preset with its rules. */
export const presetTables = (presets: ReadonlyMap<string, string>): string => [...presets].map(([name, text]) => presetTable(name, text)).join("\n\n");
