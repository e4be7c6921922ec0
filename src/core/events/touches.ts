import type { Event } from "../model/event.ts";
import type { DeploymentSubject } from "../model/subject.ts";

/**
 * What an event may have changed, before anybody asks which open pull requests that are.
 * `urgent` wakes are judged at once; the others wait a moment for the rest of their burst.
 */
export type Wake =
  | { readonly kind: "pull_request"; readonly number: number; readonly urgent: boolean }
  /** Every open pull request and merge group with this head. */
  | { readonly kind: "head"; readonly sha: string; readonly urgent: boolean }
  /** Every open pull request onto this branch. */
  | { readonly kind: "base"; readonly ref: string }
  | { readonly kind: "merge_group"; readonly headSha: string; readonly headRef: string; readonly baseRef: string }
  | { readonly kind: "deployment"; readonly subject: DeploymentSubject }
  /** The policy file (and what stands beside it) may be another one now. */
  | { readonly kind: "policy" }
  /** Every open pull request of the repository. */
  | { readonly kind: "repository" }
  /** Every repository of the owner: people came or went. */
  | { readonly kind: "owner" };

export interface TouchContext {
  /** Our own App's id: what we published ourselves wakes nobody. */
  readonly appId: number;
}

/** Pull-request actions after which the whole subject is another one: judged whatever the rules listen to. */
const subjectActions = new Set(["opened", "reopened", "synchronize", "ready_for_review"]);

const isOwnCheck = (event: Event, context: TouchContext): boolean => event.check?.appId === context.appId;

function checkWakes(event: Event, context: TouchContext): readonly Wake[] {
  const check = event.check;
  if (check === null) return [];
  const asked = event.name === "check_run.rerequested" || event.name === "check_suite.rerequested";
  if (isOwnCheck(event, context) && !asked) return [];
  return [{ kind: "head", sha: check.headSha, urgent: asked && isOwnCheck(event, context) }];
}

function pushWakes(event: Event): readonly Wake[] {
  const { push, repository } = event;
  if (push === null || repository === null || !push.ref.startsWith("refs/heads/")) return [];
  const branch = push.ref.slice("refs/heads/".length);
  return branch === repository.defaultBranch ? [{ kind: "policy" }, { kind: "base", ref: branch }] : [{ kind: "base", ref: branch }];
}

/** Maps an event to what it touches. Pure; payload facts other than names and numbers are not used. */
export function touches(event: Event, context: TouchContext): readonly Wake[] {
  if (event.repository === null) {
    return /^(team|membership|organization|member)\b/.test(event.name) ? [{ kind: "owner" }] : [];
  }
  const [name = "", action = ""] = event.name.split(".", 2);
  switch (name) {
    case "pull_request":
      if (event.pullRequest === null) return [];
      // A pull request that closed may have been the worse one of two on the same commit.
      if (action === "closed") return [{ kind: "pull_request", number: event.pullRequest.number, urgent: true }, { kind: "head", sha: event.pullRequest.headSha, urgent: false }];
      return [{ kind: "pull_request", number: event.pullRequest.number, urgent: subjectActions.has(action) || event.pullRequest.changed.includes("base") }];
    case "pull_request_review":
    case "pull_request_review_thread":
    case "pull_request_review_comment":
      return event.pullRequest === null ? [] : [{ kind: "pull_request", number: event.pullRequest.number, urgent: name === "pull_request_review" }];
    case "check_run":
    case "check_suite":
    case "status":
    case "workflow_run":
      return checkWakes(event, context);
    case "push":
      return pushWakes(event);
    case "merge_group":
      return event.mergeGroup === null || action !== "checks_requested" ? [] : [{ kind: "merge_group", ...event.mergeGroup }];
    case "member":
    case "membership":
    case "team":
    case "organization":
      return [{ kind: "owner" }];
    case "repository":
      // A changed default branch is another policy file.
      return [{ kind: "policy" }, { kind: "repository" }];
    case "custom_property_values":
      return [{ kind: "policy" }, { kind: "repository" }];
    default:
      return [];
  }
}

/** Whether the event changes the judged subject itself, so that it is judged whatever the rules listen to. */
export function changesSubject(event: Event): boolean {
  const [name = "", action = ""] = event.name.split(".", 2);
  if (name === "merge_group") return true;
  if (name === "check_run" || name === "check_suite") return action === "rerequested";
  if (name !== "pull_request") return false;
  return subjectActions.has(action) || action === "closed" || (event.pullRequest?.changed.includes("base") ?? false);
}
