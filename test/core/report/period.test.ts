import { expect, it } from "vitest";
import { partsOf } from "#core/report/period.ts";

const at = (text: string): number => Date.parse(`${text}T00:00Z`);
it.each([
  ["a week in days", "2026-03-01", "2026-03-08", 7, "2026-03-01", "2026-03-02"],
  ["a quarter in weeks from Monday", "2026-01-01", "2026-04-01", 14, "2026-01-01", "2026-01-05"],
  ["a year in months", "2026-01-15", "2027-01-15", 13, "2026-01-15", "2026-02-01"],
])("%s", (_name, from, to, count, first, second) => {
  const parts = partsOf({ from: at(from), to: at(to) });
  expect(parts).toHaveLength(count);
  expect(parts[0]).toEqual({ from: at(first), to: at(second) });
  expect(parts.at(-1)?.to).toBe(at(to));
  for (const [index, part] of parts.entries())
    expect(part.from).toBe(parts[index - 1]?.to ?? at(from));
});
