import type { CoverageParams } from "./params.ts";

/** Never rounded up: 79.996 % is not shown as 80 % beside a verdict that says it is less. */
export function percentText(percent: number): string {
  return `${Number((Math.floor((percent + 1e-9) * 100) / 100).toFixed(2))}%`;
}

export function pointsText(points: number): string {
  return `${Number((Math.ceil((points - 1e-9) * 100) / 100).toFixed(2))} ${points === 1 ? "point" : "points"}`;
}

export function requiredCoverage(asked: CoverageParams): string {
  const wishes = [
    ...(asked.project === 0 && (asked.patch !== undefined || asked.max_drop !== undefined)
      ? []
      : [`project coverage ${percentText(asked.project)}`]),
    ...(asked.patch === undefined ? [] : [`patch coverage ${percentText(asked.patch)}`]),
    ...(asked.max_drop === undefined ? [] : [`a drop of at most ${pointsText(asked.max_drop)}`]),
  ];
  if (asked.measured_by !== undefined) wishes.push(`measured by ${asked.measured_by.join(" or ")}`);
  return `${wishes.join(", ")}${asked.flags === undefined ? "" : ` (${asked.flags.join(", ")})`}`;
}
