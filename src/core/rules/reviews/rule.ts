import { changedFiles, commits as commitsFact, pullRequest } from "#core/facts/pull-request.ts";
import {
  codeOwnersFile,
  type ReviewFact,
  reviews as reviewsFact,
  reviewThreads,
} from "#core/facts/reviews.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Verdict } from "#core/model/verdict.ts";
import type { Ask } from "#core/facts/ask.ts";
import { count, listed } from "#core/text/phrases.ts";
import { judgeEachPull, usedByRange } from "../kit/range/each-pull.ts";
import { approvalsOf } from "./approvers.ts";
import { codeOwnersProblems, ownedFiles } from "./code-owners.ts";
import { compareReviews } from "./compare.ts";
import { unmappedIdentities } from "#core/people/contributors.ts";
import { unmappedWarning } from "./contributors.ts";
import { ghosts, latestDecisive } from "./latest-decisive.ts";
import { isAffectedBy, usedByReviews } from "./affected-by.ts";
import { asksForApprovals, type ReviewsParams, reviewsParams, totalOf } from "./params.ts";
import { unreachableCounts } from "./reachable.ts";
import { isEnough, tallyOf, withResolvedOwners } from "./tally.ts";
import { unmetApprovals, unmetObjections, unmetThreads } from "./unmet.ts";
import { reviewsVerdict } from "./verdict.ts";
import { mayBlock } from "./who-may-count.ts";
import { requiredReviews } from "./phrases.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

export const reviews = defineRule<ReviewsParams>({
  name: "reviews",
  summary:
    "Enough people who may count approve what would be merged, and nobody who may object does.",
  appliesTo: ["pull_request", "deployment"],
  params: reviewsParams,
  needs: (params) => [...usedByReviews(params), ...usedByRange],
  judge,
  isAffectedBy: isAffectedBy,
  compare: compareReviews,
  joined: ["each"],
  asksPeople: (params) => [
    { ...namedBy(params), wanted: totalOf(params) },
    ...(params.each ?? []).map((each) => ({ ...namedBy(each), wanted: each.approvals })),
  ],
  describe: (params) => requiredReviews(params, ""),
});

const justOpenedMs = 60_000;

const namedBy = ({ users, teams, roles }: Actors): Actors => ({ users, teams, roles });

function judge(context: RuleContext<ReviewsParams>, ask: Ask): Verdict | undefined {
  const { params, policy, subject } = context;
  const required = requiredReviews(params, policy.owner);
  if (subject.kind === "deployment") return judgeEachPull(context, required, judge, ask);
  const asks = asksForApprovals(params);
  const pull = ask(pullRequest.need());
  const given = ask(reviewsFact.need());
  const commits = asks && !params.allow_contributors ? ask(commitsFact.need()) : [];
  const threads = params.resolved_threads ? ask(reviewThreads.need()) : null;
  const files = params.code_owners ? ask(changedFiles.need()) : [];
  const codeowners = params.code_owners ? ask(codeOwnersFile.need()) : null;
  if (
    pull === undefined ||
    given === undefined ||
    commits === undefined ||
    threads === undefined ||
    files === undefined ||
    codeowners === undefined
  )
    return undefined;

  const stances = latestDecisive(given);
  const objections = params.block_on_changes_requested
    ? stances.filter(({ state }) => state === "changes_requested")
    : [];
  const blocking = objections.map((objection) =>
    mayBlock({ person: objection.by, canPush: objection.canPush }, params, policy, ask),
  );

  const owned = codeowners === null ? [] : ownedFiles(codeowners, files);
  const approving = asks ? stances.filter(({ state }) => state === "approved") : [];
  const approvals = approvalsOf(
    {
      params,
      policy,
      pull,
      commits,
      given: approving,
      suffice: (approvers) => {
        const tally = tallyOf(approvers, params, owned, ask);
        return tally && isEnough(tally, params);
      },
    },
    ask,
  );
  if (approvals === undefined || blocking.includes(undefined)) return undefined;

  const counted = tallyOf(approvals.approvers, params, owned, ask);
  // Memberships are read already if a reviewer's rights were looked at; a warning alone is not worth a call.
  const unreachable =
    approvals.pushers === null || approving.length === 0
      ? []
      : unreachableCounts(params, policy.owner, ask);
  const resolved = counted && withResolvedOwners(counted, approvals.approvers, ask);
  if (resolved === undefined || unreachable === undefined) return undefined;
  const unmet = unmetApprovals(
    {
      params,
      tally: resolved.tally,
      approvals,
      policy,
      // Nobody can have reviewed a pull request that was just opened, so its first answer spends no call on a
      // better explanation.
      isWorthACall: approving.length > 0 || context.now - pull.createdAt > justOpenedMs,
    },
    ask,
  );
  if (unmet === undefined) return undefined;

  const objectors = objections.filter((_, i) => blocking[i] === true).map(({ by }) => by);
  const ownership = codeOwnersState(params, codeowners);
  return reviewsVerdict({
    required,
    pull,
    asksForApprovals: asks,
    approvals,
    objectors,
    unmet: [...unmetObjections(objectors), ...unmet, ...ownership.unmet, ...unmetThreads(threads)],
    warnings: [
      ...unreachable,
      ...identityWarnings(params, given, unmappedIdentities(commits), approvals.pushers),
      ...ownership.warnings,
      ...ownerWarnings(resolved.unresolvable),
    ],
  });
}

function codeOwnersState(
  params: ReviewsParams,
  file: { readonly path: string; readonly text: string } | null,
) {
  if (!params.code_owners) return { unmet: [], warnings: [] };
  if (file === null)
    return {
      unmet: [],
      warnings: ["The base branch has no CODEOWNERS file, so no owner is asked."],
    };
  const { unusable, warnings } = codeOwnersProblems(file);
  // GitHub would treat the files as unowned, but an unreadable CODEOWNERS does not mean that they are.
  return {
    unmet:
      unusable === null
        ? []
        : [
            {
              need: "CODEOWNERS cannot be used",
              next: `Somebody repairs it on the base branch: ${unusable}.`,
            },
          ],
    warnings,
  };
}

function identityWarnings(
  params: ReviewsParams,
  given: readonly ReviewFact[],
  unmapped: readonly string[],
  pushers: readonly Person[] | null,
): readonly string[] {
  if (!asksForApprovals(params)) return [];
  const gone =
    ghosts(given, "approved") +
    (params.block_on_changes_requested ? ghosts(given, "changes_requested") : 0);
  return [
    ...(unmapped.length === 0 ? [] : [unmappedWarning(unmapped, pushers)]),
    ...(gone === 0
      ? []
      : [`${count(gone, "review")} by deleted accounts ${gone === 1 ? "does" : "do"} not count.`]),
  ];
}

const ownerWarnings = (unresolvable: readonly string[]): readonly string[] =>
  unresolvable.length === 0
    ? []
    : [`CODEOWNERS names ${listed(unresolvable)}, behind whom GitHub knows no account.`];
