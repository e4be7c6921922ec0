import { checks as checksFact, type CheckFact } from "#core/facts/checks.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { whyIgnored } from "./eligible.ts";
import type { ChecksParams } from "./params.ts";
import { count } from "#core/text/phrases.ts";

/** Below this, a check that was not seen proves nothing. */
const fewest = 3;

/** Checks on each pull request that was looked at; those on which nothing at all reported say nothing. */
function reportedOn(seen: readonly FactTable[]): readonly (readonly CheckFact[])[] {
  return seen.flatMap((table) => {
    const read = lookUp(table, checksFact.need());
    return read?.ok === true ? [read.value] : [];
  });
}

function aboutOne(
  pattern: string,
  params: ChecksParams,
  all: readonly (readonly CheckFact[])[],
): readonly string[] {
  const named = all.map((list) => list.filter(({ name }) => matchesAnyName([pattern], name)));
  const anywhere = named.flat();
  if (anywhere.length === 0)
    return [
      `no check ${pattern} reported on any of the ${all.length} pull requests looked at; a workflow filtered by path reports nothing where it does not run`,
    ];
  const isEligible = (check: CheckFact): boolean => whyIgnored(check, params) === null;
  const counting = named.map((list) => list.filter(isEligible));
  if (counting.flat().length === 0)
    return [
      `the check ${pattern} reports here, and never ${whoMustReport(params, anywhere)}: ${[...new Set(anywhere.map((check) => whyIgnored(check, params)))].join(", ")}`,
    ];
  // Where other checks reported and this one did not, its workflow did not run: it will not come any more.
  const withChecks = counting
    .map((list, index) => ({ list, others: (all[index]?.length ?? 0) > list.length }))
    .filter(({ list, others }) => list.length > 0 || others);
  const without = withChecks.filter(({ list }) => list.length === 0).length;
  if (without === 0 || withChecks.length < fewest) return [];
  return [
    `the check ${pattern} reported on ${withChecks.length - without} of ${count(withChecks.length, "pull request")} with checks: where its workflow is filtered (by path, by branch) it never reports, and the rule waits for ever`,
  ];
}

/** The first of the reporters asked for that no check has. */
function whoMustReport(
  { app, workflow, ...params }: ChecksParams,
  anywhere: readonly CheckFact[],
): string {
  const ofApp = { ...params, app, workflow: undefined, trusted: false };
  if (anywhere.every((check) => whyIgnored(check, ofApp) !== null))
    return `from the app ${String(app)}`;
  return workflow === undefined ? "from a workflow" : `from the workflow ${workflow}`;
}

/** Why a check that is asked for by name may never come. */
export function whyNeverReported(
  params: ChecksParams,
  seen: readonly FactTable[],
): readonly string[] {
  const all = reportedOn(seen);
  if (all.length < fewest) return [];
  return (params.names ?? []).flatMap((pattern) => aboutOne(pattern, params, all));
}
