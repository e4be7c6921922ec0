import { deployedPullRequests, deployedRange } from "#core/facts/deployed-range.ts";
import { needOf, ofPullRequest } from "#core/facts/of-pull-request.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import type { PullRequestSubject } from "#core/model/subject.ts";
import { fail, pass, type Verdict } from "#core/model/verdict.ts";
import { all } from "../compose.ts";
import type { Ask } from "#core/facts/ask.ts";
import { count, listed, short } from "#core/text/phrases.ts";
import type { Judge, RuleContext } from "../rule.ts";
import { rangeWithPulls } from "./range-pulls.ts";

/** What a rule that judges every pull request of a deployed range listens to besides its own facts. */
export const usedByRange: readonly ListedFactRef[] = [
  deployedRange,
  deployedPullRequests,
  ofPullRequest,
];

/** Judges each deployed pull request by itself: all must pass, and each commit must belong to one. */
export function judgeEachPull<Params>(
  context: RuleContext<Params>,
  required: string,
  judge: Judge<Params>,
  ask: Ask,
): Verdict | undefined {
  const out = rangeWithPulls(ask);
  if (out === undefined) return undefined;
  const judged = out.pulls.map(({ number }) => {
    const subject: PullRequestSubject = {
      kind: "pull_request",
      repository: context.subject.repository,
      number,
    };
    const verdict = judge({ ...context, subject }, (need) => ask(needOf(number, need)));
    return verdict && about(number, verdict);
  });
  const verdicts = judged.filter((verdict) => verdict !== undefined);
  if (verdicts.length < judged.length) return undefined;
  if (out.bare.length > 0) verdicts.push(withoutPull(out.bare, required));
  return verdicts.length === 0
    ? pass({ found: "nothing new goes out", required })
    : { ...all(verdicts), required };
}

function about(number: number, verdict: Verdict): Verdict {
  return {
    ...verdict,
    found: `#${number}: ${verdict.found}`,
    need: verdict.need === "" ? "" : `#${number}: ${verdict.need}`,
  };
}

function withoutPull(shas: readonly string[], required: string): Verdict {
  const which = listed(shas.map(short), 3);
  return fail({
    found: `${which} without a pull request that goes out as it was judged`,
    required,
    need: `${count(shas.length, "commit")} without a pull request that goes out as it was judged: ${which}`,
    next: "Somebody brings them in through a pull request, or the rule is overridden.",
  });
}
