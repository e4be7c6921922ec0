import { z } from "zod";
import {
  deployedPullRequests,
  deployedRange,
  type DeployedCommit,
  type DeployedPullRequest,
} from "#core/facts/deployed-range.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { fail, pass, skipped, type Verdict } from "#core/model/verdict.ts";
import type { Ask } from "#core/facts/ask.ts";
import { at, count, listed, people, quoted, short } from "#core/text/phrases.ts";
import { isBrought, rangeWithPulls, type RangeWithPulls } from "../kit/range/range-pulls.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

const params = z.union([
  z.literal(true),
  z
    .strictObject({
      since: z
        .literal("last_deployment")
        .default("last_deployment")
        .describe("Where to begin: at what was deployed last."),
    })
    .meta({ examples: [{ since: "last_deployment" }] }),
]);

type Params = z.output<typeof params>;

const required = "every change since the last deployment was gated";

export const changesGated = defineRule<Params>({
  name: "changes_gated",
  summary:
    "Every commit since the last successful deployment came through a pull request that this gate allowed.",
  appliesTo: ["deployment"],
  params,
  needs: () => [deployedRange, deployedPullRequests],
  judge,
  // Both spellings say the same.
  compare: () => "same",
  describe: () => required,
});

const isGated = ({ gate }: DeployedPullRequest): boolean =>
  gate?.kind === "allow" && gate.unruled === undefined && gate.asDraft === undefined;

function judge({ subject }: RuleContext<Params>, ask: Ask): Verdict | undefined {
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const out = rangeWithPulls(ask);
  if (out === undefined) return undefined;
  const ungated = out.pulls.filter(
    (pull) =>
      isBrought(pull) && !isGated(pull) && pull.commits.some((sha) => isOnlyIn(sha, pull, out)),
  );
  const direct = out.range.commits.filter((commit) => out.bare.includes(commit.sha));
  const pushed = direct.filter(({ sha }) => partOf(sha, out.pulls) === undefined);
  const early = direct.filter((commit) => !pushed.includes(commit));
  const parts = { found: foundOf(out, ungated, direct), required, evidence: evidenceOf(out) };
  if (ungated.length + direct.length === 0) return pass(parts);
  return fail({
    ...parts,
    need: [
      ...(pushed.length === 0
        ? []
        : [
            `${count(pushed.length, "commit")} went to the branch without a pull request: ${listed(
              pushed.map(({ sha }) => short(sha)),
              3,
            )}`,
          ]),
      ...(early.length === 0
        ? []
        : [
            `${count(early.length, "commit")} of a pull request that was judged as a whole, not there: ${listed(
              early.map(({ sha }) => short(sha)),
              3,
            )}`,
          ]),
      ...(ungated.length === 0
        ? []
        : [
            `${listed(
              ungated.map(({ number }) => `#${number}`),
              3,
            )} ${ungated.length === 1 ? "was" : "were"} merged past the gate`,
          ]),
    ].join("; "),
    next: "Somebody takes them back or brings them in again through a pull request; or the rule is overridden.",
  });
}

/** A commit that two pull requests brought needs one of them to have been gated. */
function isOnlyIn(sha: string, pull: DeployedPullRequest, { pulls }: RangeWithPulls): boolean {
  return !pulls.some(
    (other) =>
      other.number !== pull.number &&
      isBrought(other) &&
      isGated(other) &&
      other.commits.includes(sha),
  );
}

function foundOf(
  { range, pulls }: RangeWithPulls,
  ungated: readonly DeployedPullRequest[],
  direct: readonly DeployedCommit[],
): string {
  if (range.relation === "same" || range.commits.length === 0)
    return range.relation === "behind"
      ? "an older state: nothing new goes out"
      : "nothing new goes out";
  const since =
    range.since === null
      ? "nothing below it is proven to have run here: only its own commit is looked at"
      : range.relation === "behind"
        ? `an older state than what runs, not proven to have run here: since ${short(range.since.sha)}`
        : `since ${short(range.since.sha)}`;
  return [
    `${count(range.commits.length, "commit")} in ${count(pulls.length, "pull request")}, ${since}`,
    ...direct
      .slice(0, 5)
      .map((commit) => `${short(commit.sha)} by ${authors(commit)}: ${howOf(commit, pulls)}`),
    ...ungated.slice(0, 5).map((pull) => `#${pull.number}: ${whyNot(pull)}`),
  ].join("; ");
}

const authors = ({ people: persons }: DeployedCommit): string =>
  listed(
    [...new Set(persons.map(({ person, name }) => (person === null ? name : at(person))))],
    2,
  ) || "somebody";

/** The pull request of which the commit is an earlier part, where neither its head nor what it became goes out. */
const partOf = (
  sha: string,
  pulls: readonly DeployedPullRequest[],
): DeployedPullRequest | undefined =>
  pulls.find((pull) => pull.unfinished !== undefined && pull.commits.includes(sha));

/** How a commit came here without being judged: one that was merged onto another branch bypassed the rules of this one. */
function howOf({ sha }: DeployedCommit, pulls: readonly DeployedPullRequest[]): string {
  const part = partOf(sha, pulls);
  if (part !== undefined)
    return `an earlier commit of #${part.number}, which goes out neither as it was judged nor as it was merged`;
  const merged = pulls.find((pull) => pull.elsewhere !== undefined && pull.commits.includes(sha));
  return merged?.elsewhere === undefined
    ? "direct push"
    : `direct push (#${merged.number} was merged onto ${merged.elsewhere})`;
}

function whyNot({ gate, mergedBy }: DeployedPullRequest): string {
  const who = mergedBy === null ? "" : ` by ${at(mergedBy)}`;
  if (gate === null) return `merged${who}, never judged by this gate`;
  if (gate.asDraft === true) return `merged${who}, judged by this gate only as a draft`;
  if (gate.kind === "allow")
    return `merged${who} onto a branch where not all rules of the default one speak`;
  return `merged${who} although the gate ${gate.kind === "deny" ? "denied it" : "had not allowed it"}`;
}

/** What is deployed, for approvers: pull requests with author, reviewers and the gate's decision, then commits without one. */
function evidenceOf({ range, pulls, bare }: RangeWithPulls): readonly Evidence[] {
  return [
    ...pulls.map((pull) => ({
      label: pullLabel(pull),
      url: pull.url,
      ...(pull.commits[0] === undefined ? {} : { sha: pull.commits[0] }),
    })),
    ...range.commits
      .filter(({ sha }) => bare.includes(sha))
      .map((commit) => ({
        label: `without a pull request: ${quoted(commit.subject)} by ${authors(commit)}`,
        sha: commit.sha,
        ...(commit.url === null ? {} : { url: commit.url }),
      })),
  ];
}

function pullLabel(pull: DeployedPullRequest): string {
  const by = pull.author === null ? "" : ` by ${at(pull.author)}`;
  const reviewed =
    pull.approvedBy.length === 0 ? "no approval" : `approved by ${people(pull.approvedBy, 3)}`;
  const overrides = pull.gate?.overrides ?? [];
  const gate = isGated(pull)
    ? overrides.length === 0
      ? "gate: allowed"
      : `gate: allowed by override ${listed(overrides, 2)}`
    : `gate: ${whyNot(pull)}`;
  return `#${pull.number} ${quoted(pull.title)}${by}, ${count(pull.commits.length, "commit")}, ${reviewed}, ${gate}`;
}
