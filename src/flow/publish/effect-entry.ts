import { pullRequestKey, subjectKey } from "#core/model/subject.ts";
import type { Effect } from "#core/model/effect.ts";
import type { AuditEntry } from "#core/ports/audit.ts";

/** What was done, in a word or two: the whole of it is at GitHub, under the id. */
function partsOf(effect: Effect): Readonly<Record<string, unknown>> {
  switch (effect.kind) {
    case "check_run":
      return {
        name: effect.name,
        sha: effect.sha,
        status: effect.content.status,
        conclusion: effect.content.conclusion,
        title: effect.content.title,
        externalId: effect.content.externalId,
      };
    case "deployment_review":
      return {
        run: effect.runId,
        deployment: effect.deploymentId,
        environment: effect.environment,
        state: effect.state ?? "report",
      };
    case "comment":
      return { issue: effect.issue };
    case "reaction":
      return { comment: effect.commentId, content: effect.content };
    case "remove_label":
      return { issue: effect.issue, label: effect.label };
    case "open_issue":
      return { title: effect.title, assignees: effect.assignees };
    case "set_issue_state":
      return { issue: effect.issue, state: effect.state };
  }
}

function subjectOf(effect: Effect): string | null {
  switch (effect.kind) {
    case "check_run":
      return effect.guard === null
        ? null
        : pullRequestKey(effect.repository, effect.guard.pullRequest);
    case "deployment_review":
      return subjectKey({ ...effect, kind: "deployment" });
    default:
      return null;
  }
}

/** The audit record of an effect. `superseded`: it was decided, and not performed because the world had moved on; `outdated`: because it was not true any more. */
export function effectEntry(
  effect: Effect,
  hash: string,
  outcome: "sent" | "superseded" | "outdated",
  remoteId: number | null,
  at: number,
): AuditEntry {
  return {
    at,
    kind: "effect",
    repository: effect.repository,
    subject: subjectOf(effect),
    actor: null,
    detail: {
      effect: effect.kind,
      key: effect.key,
      outcome,
      content: hash,
      id: remoteId,
      ...partsOf(effect),
    },
  };
}
