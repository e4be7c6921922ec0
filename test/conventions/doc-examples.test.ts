import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policiesOf } from "../../scripts/docs/markdown.ts";
import { presetsIn } from "../../scripts/docs/presets.ts";
import { problemText } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { pages, read, root } from "./repository.ts";

const presets = presetsIn(root);
const examples = pages().flatMap((page) =>
  policiesOf(read(page)).map(({ line, text }) => ({ place: `${page}:${line}`, text })),
);
const schema = new Ajv2020({ strict: false }).compile(JSON.parse(read("docs/policy.schema.json")));

describe("policies in documents", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThan(20);
  });

  it.each(examples)("$place is valid, without a warning", ({ text }) => {
    expect(validatePolicy(text, { presets }).problems.map(problemText)).toEqual([]);
  });

  it.each(examples)("$place is valid by the JSON Schema that editors use", ({ text }) => {
    schema(parse(text));
    expect(schema.errors ?? []).toEqual([]);
  });

  it("the JSON Schema refuses an unknown key", () => {
    expect(schema({ version: 1, rulez: [] })).toBe(false);
  });
});
