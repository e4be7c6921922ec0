import { isUnmet } from "#core/model/verdict.ts";
import { median } from "./figure.ts";
import type { LoggedDecision } from "./logged.ts";
import type { Span } from "./period.ts";

/** How long subjects waited for one rule, or for one team. */
export interface WaitingRow {
  readonly name: string;
  /** Subjects that waited. */
  readonly rows: number;
  /** Subjects that wait at their last decision: how long is not known yet, and not counted. */
  readonly missing: number;
  readonly totalMs: number;
  readonly medianMs: number | null;
}

export interface WaitingRows {
  readonly byRule: readonly WaitingRow[];
  readonly byTeam: readonly WaitingRow[];
}

export interface UnmetTimes {
  /** Decisions in the order in which they were recorded. `teamsOf` names teams as their readers may see them. */
  readonly add: (
    subject: string,
    at: number,
    decision: LoggedDecision,
    teamsOf?: (team: string) => string,
  ) => void;
  readonly rows: () => WaitingRows;
}

/** `@owner/team` in a title; a scope of a package or a path goes on. */
const teamShape = /(?<![\w/])@([A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9][\w.-]{0,254})(?![\w/])/g;

/** Teams whose word is asked for, as its title names them. */
const teamsAsked = ({ title }: LoggedDecision): readonly string[] =>
  title.includes("@")
    ? [
        ...new Set(
          [...title.matchAll(teamShape)].map(([, team = ""]) => team.replace(/[.-]+$/, "")),
        ),
      ]
    : [];

const unmetNames = ({ rules }: LoggedDecision): readonly string[] =>
  rules
    .filter(
      ({ verdict, enforcement, overridden }) =>
        enforcement === "active" && overridden === null && isUnmet({ kind: verdict }),
    )
    .map(({ name }) => name);

interface Waiting {
  readonly at: number;
  readonly rules: readonly string[];
  readonly teams: readonly string[];
}

function createTally() {
  const times = new Map<string, Map<string, number>>();
  const add = (name: string, subject: string, ms: number): void => {
    const of = times.get(name) ?? new Map<string, number>();
    times.set(name, of);
    of.set(subject, (of.get(subject) ?? 0) + ms);
  };
  const rows = (open: ReadonlyMap<string, number>): readonly WaitingRow[] =>
    [...new Set([...times.keys(), ...open.keys()])]
      .map((name) => {
        const all = [...(times.get(name)?.values() ?? [])];
        return {
          name,
          rows: all.length,
          missing: open.get(name) ?? 0,
          totalMs: all.reduce((sum, ms) => sum + ms, 0),
          medianMs: median(all),
        };
      })
      .toSorted((a, b) => b.totalMs - a.totalMs || (a.name < b.name ? -1 : 1));
  return { add, rows };
}

/** Adds up how long rules were not met and teams were asked, from one decision on a subject to the next. */
export function createUnmetTimes(period: Span): UnmetTimes {
  const last = new Map<string, Waiting>();
  const rules = createTally();
  const teams = createTally();
  return {
    add: (subject, at, decision, teamsOf = (team) => team) => {
      const before = last.get(subject);
      if (before !== undefined) {
        const ms = Math.min(at, period.to) - Math.max(before.at, period.from);
        if (ms > 0) {
          for (const name of before.rules) rules.add(name, subject, ms);
          for (const name of before.teams) teams.add(name, subject, ms);
        }
      }
      const names = unmetNames(decision);
      if (names.length === 0) last.delete(subject);
      else
        last.set(subject, {
          at,
          rules: names,
          teams: [...new Set(teamsAsked(decision).map(teamsOf))],
        });
    },
    rows: () => {
      const openOf = (of: (waiting: Waiting) => readonly string[]): Map<string, number> => {
        const counts = new Map<string, number>();
        for (const name of [...last.values()].flatMap(of))
          counts.set(name, (counts.get(name) ?? 0) + 1);
        return counts;
      };
      return {
        byRule: rules.rows(openOf((waiting) => waiting.rules)),
        byTeam: teams.rows(openOf((waiting) => waiting.teams)),
      };
    },
  };
}
