import type { Span } from "#core/report/period.ts";
import { instantText } from "#core/simulate/facts/input-types.ts";
import { dayMs } from "#core/text/duration.ts";
import { readPlace, type InputProblem, type Place } from "./filter.ts";

/**
 * Which report is asked for, as its address or the command line says it. Instants are epoch ms. Without an environment: of
 * those that are production by their names.
 */
export interface ReportFilter extends Span, Place {}

const fields = ["from", "to", "repository", "environment"] as const;
type Field = (typeof fields)[number];

/** Where no period is named. */
const usualMs = 30 * dayMs;
const longestMs = 5 * 366 * dayMs;

/** Hostile input. Whatever cannot be used is named: a report about something else than was asked for would be believed. */
export function readReportFilter(
  query: URLSearchParams,
  now: number,
): { readonly filter: ReportFilter; readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = [];
  const one = (field: Field): string | undefined => {
    const all = query.getAll(field).filter((value) => value !== "");
    if (all.length > 1) problems.push({ field, message: "is given more than once; leave one" });
    return all[0]?.trim();
  };
  for (const name of new Set(query.keys()))
    if (!fields.some((field) => field === name))
      problems.push({
        field: name,
        message: `is no part of a report; parts are ${fields.join(", ")}`,
      });

  const instantOf = (field: "from" | "to"): number | undefined => {
    const written = one(field);
    if (written === undefined) return undefined;
    const read = instantText.safeParse(written);
    if (!read.success) {
      problems.push({
        field,
        message: `"${written}" is no day and no instant; write 2026-03-30 or 2026-03-30T07:00:00Z`,
      });
      return undefined;
    }
    // A day that a period ends with belongs to it.
    return field === "to" && written.length === 10 ? read.data + dayMs : read.data;
  };
  const to = instantOf("to") ?? now;
  const from = instantOf("from") ?? Math.floor((to - usualMs) / dayMs) * dayMs;
  if (from >= to)
    problems.push({
      field: "from",
      message: "is not before the period's end; write an earlier day",
    });
  else if (to - from > longestMs)
    problems.push({
      field: "from",
      message: "is more than five years before the period's end; ask for less at once",
    });

  return {
    filter: {
      from,
      to,
      ...readPlace(one, problems),
    },
    problems,
  };
}
