import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { predicateList } from "#core/policy/when/index.ts";
import { ruleList } from "#core/rules/index.ts";
import { presets } from "./some-policy.ts";

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(policyJsonSchema());

describe("policyJsonSchema", () => {
  it.each([...presets])("accepts the preset %s", (_name, text) => {
    expect(validate(parse(text))).toBe(true);
  });

  it.each([
    ["an unknown key", { rule: [] }],
    ["two requirements", { rules: [{ name: "a", require: { reviews: {}, up_to_date: true } }] }],
    ["no requirement", { rules: [{ name: "a", require: {} }] }],
    ["any of nothing", { rules: [{ name: "a", require: { any: [] } }] }],
    [
      "a parameter deep inside",
      { rules: [{ name: "a", require: { all: [{ any: [{ reviews: { aprovals: 1 } }] }] } }] },
    ],
    [
      "an unknown predicate",
      { rules: [{ name: "a", when: { branch: "main" }, require: { up_to_date: true } }] },
    ],
    ["a time of no form", { windows: { w: { timezone: "UTC", open: [{ days: ["monday"] }] } } }],
  ])("refuses %s", (_name, data) => {
    expect(validate(data)).toBe(false);
  });

  it("says what each requirement and predicate is for", () => {
    const text = JSON.stringify(policyJsonSchema());
    for (const { name, summary } of [...ruleList, ...predicateList]) {
      expect(text).toContain(JSON.stringify(name));
      expect(text).toContain(JSON.stringify(summary));
    }
  });

  it("is a schema of draft 2020-12", () => {
    expect(policyJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Gatehouse policy",
      additionalProperties: false,
    });
  });
});
