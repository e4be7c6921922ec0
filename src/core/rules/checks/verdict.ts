import type { CheckFact } from "../../facts/checks.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Verdict } from "../../model/verdict.ts";
import { fail, pass, pending } from "../../model/verdict.ts";
import { count, listed } from "../phrases.ts";
import { pinnedApp } from "./eligible.ts";
import type { Standing } from "./newest.ts";
import type { ChecksParams } from "./params.ts";

/** A name that no countable check answers to. `ignored`: why those of that name do not count. */
export interface Absent {
  readonly name: string;
  readonly ignored: readonly string[];
}

export interface Tally {
  readonly standings: readonly Standing[];
  readonly absent: readonly Absent[];
  readonly warnings: readonly string[];
}

export function checksVerdict(
  params: ChecksParams,
  { standings, absent, warnings }: Tally,
): Verdict {
  const required = requiredChecks(params);
  const failed = standings.filter((standing) => standing.kind === "failed");
  const waiting = standings.filter((standing) => standing.kind === "waiting");
  const parts = {
    found: foundChecks(standings, absent),
    required,
    evidence: evidenceOf([
      ...failed,
      ...waiting,
      ...standings.filter((standing) => standing.kind === "passed"),
    ]),
    warnings,
  };

  if (failed.length > 0) {
    const names = namesOf(failed);
    return fail({
      ...parts,
      need:
        names.length === 1
          ? `The check ${listed(names)} must pass`
          : `${count(names.length, "check")} must pass: ${listed(names, 3)}`,
      next: `The author fixes what ${listed(names, 3)} reports, or somebody with write access runs it again.`,
    });
  }
  if (waiting.length + absent.length > 0) {
    const names = [...new Set([...absent.map((each) => each.name), ...namesOf(waiting)])];
    return pending({
      ...parts,
      need: `Waiting for the ${names.length === 1 ? "check" : "checks"} ${listed(names, 3)}`,
      next: nextStep(waiting, absent, params),
    });
  }
  return pass(parts);
}

export function requiredChecks(params: ChecksParams): string {
  const which = [
    ...(params.names ?? []),
    ...(params.all ? [params.names === undefined ? "every other check" : "every other one"] : []),
  ];
  const from = [pinnedApp(params.app), params.workflow].filter(
    (each) => each !== null && each !== undefined,
  );
  return [
    `${listed(which)}: ${params.conclusions.map(word).join(" or ")}`,
    ...(from.length === 0 ? [] : [`from ${from.join(", ")}`]),
    ...(params.trusted ? ["workflow file unchanged"] : []),
  ].join(", ");
}

function foundChecks(standings: readonly Standing[], absent: readonly Absent[]): string {
  const counted = standings.filter((standing) => standing.kind !== "unproven");
  // What stands in the way comes first: the cell is cut when it grows long.
  const order = { failed: 0, waiting: 1, passed: 2, unproven: 3 } as const;
  const cells = [
    ...absent.map(
      ({ name, ignored }) =>
        `${name}: absent${ignored.length === 0 ? "" : ` (one ${listed(ignored, 3)} does not count)`}`,
    ),
    ...[...counted]
      .sort((a, b) => order[a.kind] - order[b.kind])
      .map(({ check }) => `${check.name}: ${state(check)}`),
  ];
  return cells.length === 0 ? "no other checks" : listed(cells);
}

function nextStep(
  waiting: readonly Standing[],
  absent: readonly Absent[],
  params: ChecksParams,
): string {
  const idle = waiting.filter(({ check }) => check.status === "completed");
  const running = waiting.filter(({ check }) => check.status !== "completed");
  const app = pinnedApp(params.app);
  return [
    ...(running.length === 0 ? [] : [`${listed(namesOf(running), 3)} will report by itself.`]),
    ...(absent.length === 0
      ? []
      : [
          `${listed(
            absent.map(({ name }) => name),
            3,
          )} has not reported on this commit${app === null ? "" : ` from ${app}`}: start it, or see why it did not start.`,
        ]),
    ...(idle.length === 0
      ? []
      : [
          `${listed(namesOf(idle), 3)} tested nothing: run it, or allow that conclusion in the policy.`,
        ]),
  ].join(" ");
}

const namesOf = (standings: readonly Standing[]): readonly string[] => [
  ...new Set(standings.map(({ check }) => check.name)),
];

const word = (conclusion: string): string => conclusion.replaceAll("_", " ");

const state = (check: CheckFact): string =>
  word(check.status === "completed" ? (check.conclusion ?? "no conclusion") : check.status);

function evidenceOf(standings: readonly Standing[]): readonly Evidence[] {
  return standings.slice(0, 10).map(({ check }) => ({
    label: `${check.name}: ${state(check)}`,
    ...(check.url === null ? {} : { url: check.url }),
    at: check.completedAt ?? check.startedAt,
  }));
}
