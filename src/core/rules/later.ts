import type { Verdict } from "../model/verdict.ts";
import { unknown } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";

/** The verdict of a requirement whose parameters are checked already but whose evidence is not read yet: never a pass. */
export function notAvailable<Params>(describe: (params: Params) => string): Pick<Rule<Params>, "uses" | "needs" | "judge" | "describe"> {
  return {
    uses: () => [],
    needs: () => [],
    judge: ({ params }): Verdict =>
      unknown({
        found: "not available in this version",
        required: describe(params),
        need: `${describe(params)}: not available in this version`,
        next: "A maintainer of the policy sets this rule to enforcement: evaluate or removes it, or Gatehouse is updated.",
      }),
    describe,
  };
}
