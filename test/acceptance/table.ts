import { describe, expect, it } from "vitest";
import { outcome } from "./ask.ts";

/** One rule `r` with this requirement, over these facts: the decision and the verdict that the policy language promises. */
export type Row = readonly [what: string, require: string, facts: string, expected: string];

export const pass = "allow r=pass";
export const fail = "deny r=fail";
export const pending = "wait r=pending";
export const unknown = "wait r=unknown";

export const ruleOf = (require: string): string =>
  `version: 1\nrules:\n  - name: r\n    require: ${require}\n`;

export function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    it.each(rows)("%s", async (_what, require, facts, expected) => {
      expect(await outcome({ policy: ruleOf(require), facts })).toBe(expected);
    });
  });
}
