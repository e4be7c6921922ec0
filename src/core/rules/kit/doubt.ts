import { valueAt } from "#core/yaml/issues.ts";
import type { Path } from "#core/yaml/problem.ts";

/** Something well formed that nobody means (a warning), or that can never be met (an error), at its place in what was written. */
export interface Doubt {
  readonly path: Path;
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** The name of the gate's own check run: a rule that waits for it waits for its own answer. */
const ownCheck = "gatehouse";

/** The gate's own check among the names under `key`. Another app may report one of that name: a policy that means it says whose. */
export function waitsForItself(written: unknown, key: string): readonly Doubt[] {
  if (["app", "workflow"].some((of) => valueAt(written, [of]) !== undefined)) return [];
  const names = valueAt(written, [key]);
  const list: readonly unknown[] = Array.isArray(names) ? names : [];
  return list.flatMap((name, index) =>
    name === ownCheck
      ? [
          {
            path: [key, index],
            severity: "error" as const,
            message: `${ownCheck} is this gate's own check, and the rule would wait for its own answer for ever; take it out, or say whose check it is with app or workflow`,
          },
        ]
      : [],
  );
}
