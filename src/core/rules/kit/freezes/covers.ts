import type { WrittenFreeze } from "#core/calendar/schema.ts";
import { deployedRange } from "#core/facts/deployed-range.ts";
import { deployment } from "#core/facts/deployment.ts";
import { needOf } from "#core/facts/of-pull-request.ts";
import { changedFiles, labels, pullRequest } from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import { matchesAnyName, matchesAnyPath } from "#core/formats/glob.ts";
import { isRepositoryNamed } from "#core/formats/repository-glob.ts";
import { bareRef } from "#core/model/ref.ts";
import type { Subject } from "#core/model/subject.ts";
import { guarding, namesOf } from "../changed-names.ts";
import type { Ask } from "#core/facts/ask.ts";
import { rangeWithPulls, undoneWithPulls, type RangeWithPulls } from "../range/range-pulls.ts";
import { fastLane } from "../time/fast-lane.ts";

type Scope = Pick<
  WrittenFreeze,
  "environments" | "branches" | "paths" | "labels" | "repositories" | "exempt"
>;

/** `undefined`: a fact that decides it has not been read. */
type Covers = boolean | undefined;

/** Whether the environment alone keeps the freeze away: free, and so asked before anything else. */
export function mayCover({ environments }: Scope, subject: Subject): boolean {
  if (environments === undefined) return true;
  // A freeze of environments says nothing about merges.
  return (
    subject.kind === "deployment" &&
    matchesAnyName(environments, subject.environment, { ignoreCase: true })
  );
}

/** Of whom a freeze may speak: names that the repository had before count where the freeze is the organisation's. */
interface Place {
  readonly owner: string;
  readonly earlierNames: readonly string[];
}

/** Whether a freeze covers the subject: all scopes that are given must hold, lists are OR. */
export function covers(freeze: Scope, subject: Subject, place: Place, ask: Ask): Covers {
  if (!mayCover(freeze, subject)) return false;
  const tests: readonly (() => Covers)[] = [
    ...(freeze.branches === undefined ? [] : [() => onBranch(freeze.branches ?? [], subject, ask)]),
    ...(freeze.repositories === undefined
      ? []
      : [() => inRepository(freeze.repositories ?? [], place, ask)]),
    ...(freeze.labels === undefined
      ? []
      : [
          () =>
            subject.kind === "deployment"
              ? anyChanged(freeze, subject, ask, (number) =>
                  hasLabel(freeze.labels ?? [], ask, number),
                )
              : hasLabel(freeze.labels ?? [], ask),
        ]),
    ...(freeze.paths === undefined
      ? []
      : [
          () =>
            subject.kind === "deployment"
              ? anyChanged(freeze, subject, ask, (number) =>
                  touches(freeze.paths ?? [], ask, number),
                )
              : touches(freeze.paths ?? [], ask),
        ]),
  ];
  let known: Covers = true;
  for (const test of tests) {
    const answer = test();
    if (answer === false) return false;
    if (answer === undefined) known = undefined;
  }
  return known;
}

function onBranch(branches: readonly string[], subject: Subject, ask: Ask): Covers {
  const ref = refOf(subject, ask);
  if (ref === undefined) return undefined;
  const names = ref.startsWith("refs/")
    ? [ref, bareRef(ref)]
    : [ref, `refs/heads/${ref}`, `refs/tags/${ref}`];
  return names.some((name) => matchesAnyPath(branches, name));
}

function refOf(subject: Subject, ask: Ask): string | undefined {
  switch (subject.kind) {
    case "deployment":
      return ask(deployment.need())?.ref;
    case "merge_group":
      return subject.baseRef;
    case "pull_request":
      return ask(pullRequest.need())?.baseRef;
  }
}

function inRepository(
  patterns: readonly string[],
  { owner, earlierNames }: Place,
  ask: Ask,
): Covers {
  const found = ask(repository.need());
  return (
    found && [found.name, ...earlierNames].some((name) => isRepositoryNamed(patterns, owner, name))
  );
}

function hasLabel(patterns: readonly string[], ask: Ask, number?: number): Covers {
  const wish = labels.need();
  return ask(number === undefined ? wish : needOf(number, wish))?.some((label) =>
    matchesAnyName(patterns, label.name, { ignoreCase: true }),
  );
}

function touches(patterns: readonly string[], ask: Ask, number?: number): Covers {
  const wish = changedFiles.need();
  const files = ask(number === undefined ? wish : needOf(number, wish));
  if (files === undefined) return undefined;
  const isGuarded = guarding(patterns, files);
  return (
    isGuarded !== null && files.some((file) => namesOf(file).some((path) => isGuarded(path, file)))
  );
}

/** Whether any deployed or undone pull request is covered. If it is unknown what is new there, the freeze covers it. */
function anyChanged(
  { exempt }: Scope,
  subject: Subject,
  ask: Ask,
  test: (number: number) => Covers,
): Covers {
  const range = ask(deployedRange.need());
  if (range === undefined) return undefined;
  if (range.since === null) return true;
  const out = anyOf(rangeWithPulls(ask), test);
  if (out !== false || (range.relation !== "behind" && range.relation !== "diverged")) return out;
  const before = exempt?.rollbacks === true ? fastLane(subject, ask) : null;
  if (before === undefined) return undefined;
  return before === null && anyOf(undoneWithPulls(ask), test);
}

/** A commit without a pull request can touch anything, so it is covered. */
function anyOf(
  change: Omit<RangeWithPulls, "range"> | undefined,
  test: (number: number) => Covers,
): Covers {
  if (change === undefined) return undefined;
  if (change.bare.length > 0) return true;
  const answers = change.pulls.map((pull) => test(pull.number));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
