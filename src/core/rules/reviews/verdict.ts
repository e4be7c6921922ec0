import type { PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { fail, pass, pending, type Verdict } from "#core/model/verdict.ts";
import { at, count, listed, people } from "#core/text/phrases.ts";
import type { Approvals } from "./approvers.ts";
import type { Unmet } from "./unmet.ts";

export interface Finding {
  readonly required: string;
  readonly pull: PullRequestFact;
  readonly asksForApprovals: boolean;
  readonly approvals: Approvals;
  /** People whose request for changes blocks. */
  readonly objectors: readonly Person[];
  readonly unmet: readonly Unmet[];
  readonly warnings: readonly string[];
}

/** A request for changes is complete, negative evidence; everything else can still be turned by people. */
export function reviewsVerdict(finding: Finding): Verdict {
  const parts = {
    found: foundReviews(finding),
    required: finding.required,
    evidence: evidenceOf(finding),
    warnings: finding.warnings,
  };
  if (finding.unmet.length === 0) return pass(parts);
  const unmet = {
    ...parts,
    need: finding.unmet.slice(0, 3).map(inSentence).join("; "),
    next: [...new Set(finding.unmet.map(({ next }) => next))].slice(0, 4).join(" "),
  };
  return finding.objectors.length > 0 ? fail(unmet) : pending(unmet);
}

const inSentence = ({ need }: Unmet, position: number): string =>
  position === 0 ? need : need.replace(/^Needs /u, "needs ");

function foundReviews({ asksForApprovals, approvals, objectors }: Finding): string {
  const approvers = approvals.approvers.map(({ approval }) => approval.by);
  const cells = [
    ...(asksForApprovals
      ? [
          approvers.length === 0
            ? "no approval that counts"
            : `${count(approvers.length, "approval")} (${people(approvers)})`,
        ]
      : []),
    ...(approvals.discounted.length === 0
      ? []
      : [
          `not counted: ${listed(approvals.discounted.map(({ person, why }) => `${at(person)} (${why})`))}`,
        ]),
    ...(objectors.length === 0 ? [] : [`changes requested by ${people(objectors)}`]),
  ];
  return cells.length === 0 ? "no request for changes" : cells.join("; ");
}

function evidenceOf({ pull, approvals }: Finding): readonly Evidence[] {
  return [
    { label: `pull request #${pull.number}`, url: pull.url, sha: pull.headSha },
    ...approvals.approvers.slice(0, 10).map(({ approval }) => ({
      label: `approval by ${at(approval.by)}`,
      ...(approval.commitSha === null ? {} : { sha: approval.commitSha }),
      at: approval.submittedAt,
    })),
  ];
}
