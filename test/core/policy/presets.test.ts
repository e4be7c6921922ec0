import { describe, expect, it } from "vitest";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { effective, presets, problemsIn } from "./some-policy.ts";

describe.each([...presets])("preset %s", (name, text) => {
  it("is a valid policy without a warning", () => {
    expect(problemsIn(text)).toEqual([]);
  });

  it("explains every line that says something of its own", () => {
    const silent = text
      .split("\n")
      .filter(
        (line) =>
          line.trim() !== "" &&
          !line.includes("#") &&
          !/^\s*(?:description: .*|require:|[a-z_]+:|rules:)$/.test(line) &&
          !/^\s*- name: /.test(line),
      );
    expect(silent).toEqual([]);
  });

  it("can be extended with one line", () => {
    expect(effective({ own: `extends: gatehouse:${name}` }).rules.length).toBeGreaterThan(2);
  });

  it("allows nothing that nobody looked at", () => {
    const result = evaluateSimulated({
      policy: `extends: gatehouse:${name}`,
      facts: "",
      clock: 0,
      presets,
    });
    expect(result.ok ? result.answer.decision : "unusable").toMatch(/^(?:wait|deny)$/);
  });

  it("waits, and never allows, when nothing can be read", () => {
    const result = evaluateSimulated({
      policy: `extends: gatehouse:${name}`,
      facts: "unreadable: [reviews, checks, files, commits, pull_request]",
      clock: 0,
      presets,
    });
    expect(result).toMatchObject({ ok: true, answer: { decision: "wait" } });
  });
});
