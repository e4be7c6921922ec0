import { join } from "node:path";
import { z } from "zod";
import type { ListedFactRef } from "#core/model/fact.ts";
import type { Gate } from "#core/model/subject.ts";
import { writtenLeaves } from "#core/policy/requirement.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { table } from "#core/text/markdown.ts";
import type { AnyRule } from "#core/rules/kit/rule.ts";
import { emptySection, textOf, type Generated } from "./generated.ts";
import { parameterRow, parametersOf, takes, type Parameter, type Schema } from "./json-schema-types.ts";
import { cell, code, policiesOf } from "./markdown.ts";

const headName = "requirement";

export const pageOf = (rule: Pick<AnyRule, "name">): string => join("docs", "rules", `${rule.name}.md`);

const schemaOf = (rule: AnyRule): Schema => z.toJSONSchema(rule.params, { io: "input", unrepresentable: "any" });

/** The values that the valid policies of a page give to a requirement. */
export function examplesOf(rule: Pick<AnyRule, "name">, markdown: string, presets: ReadonlyMap<string, string>): readonly unknown[] {
  return policiesOf(markdown).flatMap(({ text }) => {
    const { policy } = validatePolicy(text, { presets });
    const leaves = (policy?.policy.rules ?? []).flatMap((each) => writtenLeaves(each.require));
    return leaves.filter((leaf) => leaf.rule.name === rule.name).map((leaf) => leaf.raw);
  });
}

/** What a requirement listens to, as far as its own page's examples use it: facts may depend on parameters. */
function factsUsed(rule: AnyRule, examples: readonly unknown[]): readonly ListedFactRef[] {
  const used = examples.flatMap((raw) => rule.bind(raw).needs);
  return [...new Map(used.map((fact) => [fact.name, fact])).values()];
}

function head(rule: AnyRule, examples: readonly unknown[]): string {
  const facts = factsUsed(rule, examples).map((fact) => `[${code(fact.name)}](../facts.md)`);
  return [
    rule.summary,
    "",
    `- Stands at: ${rule.appliesTo.map(code).join(", ")}; by default at ${code(rule.appliesTo[0])}.`,
    `- Facts that the examples below ask for: ${facts.length === 0 ? "none" : facts.join(", ")}.`,
    "",
    parameterText(schemaOf(rule)),
  ].join("\n");
}

function parameterText(schema: Schema): string {
  const parameters = parametersOf(schema);
  const whole = parameters.length === 0 || schema["anyOf"] !== undefined ? [`Takes ${takes(schema)}.`] : [];
  const rows = parameters.length === 0 ? [] : [table(["Parameter", "Takes", "Default", "Meaning"], parameters.map(parameterRow))];
  return [...whole, ...rows].join("\n\n");
}

const begin = (rule: AnyRule): string => [`# ${code(rule.name)}`, emptySection(headName).trim(), "## Example", ""].join("\n\n");

/** One page per requirement: its head is generated, the rest is written by hand. */
export const requirementPages = (root: string, rules: readonly AnyRule[], presets: ReadonlyMap<string, string>): readonly Generated[] =>
  rules.map((rule) => ({
    kind: "section",
    path: pageOf(rule),
    name: headName,
    text: head(rule, examplesOf(rule, textOf(root, pageOf(rule)) ?? "", presets)),
    begin: begin(rule),
  }));

const gateWords: Readonly<Record<Gate, string>> = { pull_request: "pull request", deployment: "deployment" };

function gatesCell(rule: AnyRule): string {
  const [first, ...others] = rule.appliesTo;
  return [`**${gateWords[first]}**`, ...others.map((gate) => gateWords[gate])].join(", ");
}

function inShort(parameter: Parameter): string {
  if (parameter.required) return `${code(parameter.name)} (must be given)`;
  return parameter.fallback === null ? code(parameter.name) : `${code(parameter.name)} (${code(parameter.fallback)})`;
}

function parametersCell(schema: Schema): string {
  const own = parametersOf(schema).filter(({ name }) => !/[.[]/.test(name));
  return own.length === 0 || schema["anyOf"] !== undefined ? takes(schema) : own.map(inShort).join(", ");
}

/** All requirements: key, gates, parameters with their defaults, what passes. */
export const requirementTable = (rules: readonly AnyRule[]): string =>
  table(
    ["Key", "Gates (default in bold)", "Parameters (defaults)", "Passes when"],
    rules.map((rule) => [`[${code(rule.name)}](rules/${rule.name}.md)`, gatesCell(rule), cell(parametersCell(schemaOf(rule))), cell(rule.summary)]),
  );

