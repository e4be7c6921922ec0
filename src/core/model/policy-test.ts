import type { Decision } from "./decision.ts";

/** One case: what came out, and where that is not what was expected. */
export interface CaseResult {
  readonly name: string;
  readonly ok: boolean;
  readonly line: number;
  readonly decision: Decision["kind"];
  readonly mismatches: readonly string[];
}

/** Whether any case ever made the rule pass, and whether any made it fail (or pend): what is in neither was never tried. */
export interface RuleCoverage {
  readonly rule: string;
  readonly passed: boolean;
  readonly failed: boolean;
}

export interface PolicyTestRun {
  readonly ok: boolean;
  readonly cases: readonly CaseResult[];
  readonly coverage: readonly RuleCoverage[];
}
