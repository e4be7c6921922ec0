import { valueAt } from "#core/yaml/issues.ts";
import type { Doubt } from "../kit/doubt.ts";

/** Coverage is written in per cent; 0.8 of one is asked for by nobody. */
export function sharesOfOne(written: unknown): readonly Doubt[] {
  return ["project", "patch"].flatMap((key) => {
    const figure = valueAt(written, [key]);
    if (typeof figure !== "number" || figure <= 0 || figure >= 1) return [];
    const meant = Math.round(figure * 1_000) / 10;
    return [
      {
        path: [key],
        severity: "warning" as const,
        message: `${figure} is ${figure} %: coverage is written in per cent; write ${meant} for ${meant} %`,
      },
    ];
  });
}
