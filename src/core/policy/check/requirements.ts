import { valueAt } from "#core/yaml/issues.ts";
import type { Path } from "#core/yaml/problem.ts";
import { writtenLeaves } from "../requirement.ts";
import { errorAt, warningAt, type Check } from "./report.ts";

/** Requirements that are well formed and ask for what nobody means, or for what can never be, as they say themselves. */
export const meantRequirements: Check = (context) =>
  (context.policy.rules ?? []).flatMap((_rule, index) => {
    const at: Path = ["rules", index, "require"];
    return writtenLeaves(valueAt(context.raw, at), at).flatMap(({ rule, raw, path }) =>
      rule
        .doubts(raw)
        .map((doubt) =>
          (doubt.severity === "error" ? errorAt : warningAt)(
            context,
            [...path, ...doubt.path],
            doubt.message,
          ),
        ),
    );
  });
