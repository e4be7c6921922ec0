import { isTransient } from "#core/model/errors.ts";
import type { FactTable } from "#core/model/fact.ts";

/** When to try again what passes by itself; `at` undefined: GitHub did not say. null: nothing of that kind is in the way. */
export function passingTrouble(table: FactTable): { readonly at: number | undefined } | null {
  const troubles = [...table.values()].flatMap((result) =>
    !result.ok && isTransient(result.code) ? [result] : [],
  );
  if (troubles.length === 0) return null;
  const times = troubles.flatMap(({ retryAt }) => (retryAt === undefined ? [] : [retryAt]));
  return { at: times.length === 0 ? undefined : Math.max(...times) };
}
