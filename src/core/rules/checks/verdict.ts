import type { CheckFact } from "#core/facts/checks.ts";
import { ofAnotherBase } from "#core/facts/run-origin.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { fail, pass, pending, unknown, type Verdict } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { nothing } from "./awaited.ts";
import { neededOf, nextOf, warningsOf, wayOntoThisBase } from "./awaited-words.ts";
import { pinnedApp } from "./eligible.ts";
import { nextOfDeleted } from "./deleted.ts";
import type { Absent } from "./ignored.ts";
import type { CheckState } from "./newest.ts";
import type { ChecksParams } from "./params.ts";
import { brokenRuns, openRuns, workflowOf, type UnfinishedRun } from "./runs.ts";
import type { NoneThere } from "./none-there.ts";
import type { Tally } from "./tally.ts";

export function checksVerdict(
  params: ChecksParams,
  { states, unfinished, absent, none, beside, unreadable, warnings: others }: Tally,
): Verdict {
  const required = requiredChecks(params);
  const warnings = [
    ...others,
    ...otherGreens(states),
    ...redsBeside(states),
    ...deletedOnes(states, unfinished),
    ...(none.kind === "no_ci" ? warningsOf({ ...nothing, ...none.missing }) : []),
  ];
  const failed = states.filter((state) => state.kind === "failed");
  const waiting = states.filter((state) => state.kind === "waiting");
  const broken = unfinished.filter(({ kind }) => kind === "failed");
  const open = unfinished.filter(({ kind }) => kind === "waiting");
  const parts = {
    found: foundChecks(states, unfinished, absent, none),
    required,
    evidence: evidenceOf(
      [...failed, ...waiting, ...states.filter((state) => state.kind === "passed")],
      unfinished,
    ),
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
      next: nextOfFailed(failed),
    });
  }
  if (broken.length > 0) return fail({ ...parts, ...brokenRuns(broken) });
  if (unreadable.length > 0) {
    return unknown({
      ...parts,
      found: listed(unreadable, 3),
      need: "What a trusted workflow is made of cannot be told",
      next: "Gatehouse reads it again by itself; where a file is missing or broken, the author repairs it.",
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
  if (open.length > 0) return pending({ ...parts, ...openRuns(open) });
  if (none.kind === "none") {
    return pending({
      ...parts,
      need: "No check has reported",
      next: nextWithout(params, none.signs, beside),
      ...(none.until === undefined ? {} : { changesAt: none.until }),
    });
  }
  if (none.kind === "awaited")
    return pending({
      ...parts,
      need: neededOf(none.awaited),
      next: `${nextOf(none.awaited, none.until)}${notCounting(beside.filter(([, why]) => why !== ofAnotherBase))}`,
      ...(none.until === undefined ? {} : { changesAt: none.until }),
    });
  return pass(parts);
}

/** A green of the same name somewhere else is what people look at: say why it does not help. */
function otherGreens(states: readonly CheckState[]): readonly string[] {
  return states.flatMap(({ kind, check }) => {
    if (kind !== "failed") return [];
    const green = states.find(
      (other) =>
        other.check.name === check.name &&
        (other.kind === "passed" ||
          (other.kind === "beside" && other.check.conclusion === "success")) &&
        other.check.startedAt >= check.startedAt,
    );
    return green === undefined
      ? []
      : [
          `Another ${check.name}${origin(green.check)} is green; it does not take the place of the red one${origin(check)}: only that one's own re-run does.`,
        ];
  });
}

/** People see the red on the commit: say why it does not count. */
const redsBeside = (states: readonly CheckState[]): readonly string[] =>
  states.flatMap((state) =>
    state.kind === "beside" && state.check.conclusion === "failure"
      ? [`A red ${state.check.name}${origin(state.check)} counts neither way: it is ${state.why}.`]
      : [],
  );

/** Nothing shows them at GitHub any more: say why they count. */
function deletedOnes(
  states: readonly CheckState[],
  unfinished: readonly UnfinishedRun[],
): readonly string[] {
  const names = [
    ...states.flatMap(({ kind, check }) =>
      check.isDeleted && (kind === "failed" || kind === "waiting") ? [check.name] : [],
    ),
    ...unfinished.flatMap(({ run }) => (run.isDeleted ? [run.name] : [])),
  ];
  return names.length === 0
    ? []
    : [
        `The workflow run behind ${listed([...new Set(names)], 3)} was deleted at GitHub after it had been seen: it counts as it was seen last, until a new commit is pushed.`,
      ];
}

const origin = ({ run, app, creator }: CheckFact): string =>
  run === null
    ? app === null
      ? creator === undefined
        ? ""
        : ` by ${creator.login}`
      : ` of ${app.slug}`
    : ` of ${run.path ?? "a workflow"} by ${run.event}, run ${run.id}`;

function nextWithout(
  params: ChecksParams,
  signs: readonly string[],
  beside: Tally["beside"],
): string {
  const app = pinnedApp(params.app);
  const others = notCounting(beside);
  if (signs.length > 0)
    return `Checks report in this repository (${listed(signs, 3)}): Gatehouse waits for the first one${app === null ? "" : ` of ${app}`}. Where none starts, somebody has it run by pushing a commit, or at a pull request by closing it and opening it again, or somebody who may overrides the rule.${others}`;
  const start = `Gatehouse waits for the first check${app === null ? "" : ` of ${app}`}. Where none starts, somebody with write access pushes a commit, or closes the pull request and opens it again.`;
  if (others !== "") return `${start}${others}`;
  return `${start} Where no workflow is for such a change (\`paths\`, \`branches\`), nothing ever comes: ${params.if_none === "wait" ? "the policy says `if_none: pass_without_ci` for a change without checks" : "a workflow without such a filter reports on every change"}, or somebody who may overrides the rule.`;
}

function notCounting(beside: Tally["beside"]): string {
  if (beside.length === 0) return "";
  const each = [...new Set(beside.map(([name, why]) => `${name} ${why}`))];
  const isOfAnotherBase = beside.some(([, why]) => why === ofAnotherBase);
  return ` What is there does not count: ${listed(each, 3)}.${isOfAnotherBase ? ` ${wayOntoThisBase}` : ""}`;
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
    ...(params.trusted ? ["workflow unchanged, with all that it uses here"] : []),
  ].join(", ");
}

function foundChecks(
  states: readonly CheckState[],
  unfinished: readonly UnfinishedRun[],
  absent: readonly Absent[],
  none: NoneThere,
): string {
  const counted = states.filter(({ kind }) => kind !== "unproven" && kind !== "beside");
  // What stands in the way comes first: the cell is cut when it grows long.
  const order = { failed: 0, waiting: 1, passed: 2, unproven: 3, beside: 3 } as const;
  const cells = [
    ...absent.map(
      ({ name, ignored }) =>
        `${name}: absent${ignored.length === 0 ? "" : ` (one ${listed(ignored, 3)} does not count)`}`,
    ),
    ...unfinished.map(({ run }) => `${workflowOf(run)}: ${stateWords(run)}`),
    ...[...counted]
      .sort((a, b) => order[a.kind] - order[b.kind])
      .map(({ check }) => `${check.name}: ${stateWords(check)}`),
  ];
  if (cells.length > 0) return listed(cells);
  if (none.kind !== "no_ci") return "no check";
  return none.isForOthers
    ? "no check, and nothing starts any for such a change"
    : "no check, and nothing in this repository reports any";
}

function nextOfFailed(failed: readonly CheckState[]): string {
  const there = namesOf(failed.filter(({ check }) => check.isDeleted !== true));
  return [
    ...(there.length === 0
      ? []
      : [
          `The author fixes what ${listed(there, 3)} reports, or somebody with write access runs it again.`,
        ]),
    ...nextOfDeleted(namesOf(failed.filter(({ check }) => check.isDeleted === true))),
  ].join(" ");
}

function nextStep(
  all: readonly CheckState[],
  absent: readonly Absent[],
  params: ChecksParams,
): string {
  const waiting = all.filter(({ check }) => check.isDeleted !== true);
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
          ...(absent.some(({ ignored }) => ignored.includes(ofAnotherBase))
            ? [wayOntoThisBase]
            : []),
        ]),
    ...(idle.length === 0
      ? []
      : [
          `${listed(namesOf(idle), 3)} tested nothing: run it, or allow that conclusion in the policy.`,
        ]),
    ...nextOfDeleted(namesOf(all.filter(({ check }) => check.isDeleted === true))),
  ].join(" ");
}

const namesOf = (states: readonly CheckState[]): readonly string[] => [
  ...new Set(states.map(({ check }) => check.name)),
];

const word = (conclusion: string): string => conclusion.replaceAll("_", " ");

const stateWords = (check: Pick<CheckFact, "status" | "conclusion">): string =>
  word(check.status === "completed" ? (check.conclusion ?? "no conclusion") : check.status);

function evidenceOf(
  states: readonly CheckState[],
  unfinished: readonly UnfinishedRun[],
): readonly Evidence[] {
  return [
    ...unfinished.slice(0, 5).map(({ run }) => ({
      label: `${workflowOf(run)}: ${stateWords(run)}`,
      ...(run.url === null ? {} : { url: run.url }),
      at: run.startedAt,
    })),
    ...states.slice(0, 10).map(({ check }) => ({
      label: `${check.name}: ${stateWords(check)}`,
      ...(check.url === null ? {} : { url: check.url }),
      at: check.completedAt ?? check.startedAt,
    })),
  ];
}
