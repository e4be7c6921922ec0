import type { Event } from "#core/model/event.ts";

/** A protection-rule request, as far as the payload tells. */
export interface ProtectionRuleRequest {
  readonly environment: string;
  /** null: the payload names no run; it is looked for among those that wait. */
  readonly runId: number | null;
  readonly deployment: { readonly id: number; readonly sha: string; readonly ref: string } | null;
}

/**
 * What an event may have changed, before it is looked up which open pull requests are concerned. `urgent` wakes are
 * judged at once; the others wait a moment for the rest of their burst.
 */
export type Wake =
  | { readonly kind: "pull_request"; readonly number: number; readonly urgent: boolean }
  /** Every open pull request and merge group with this head. */
  | { readonly kind: "head"; readonly sha: string; readonly urgent: boolean }
  /** Every open pull request onto this branch. */
  | { readonly kind: "base"; readonly ref: string }
  | {
      readonly kind: "merge_group";
      readonly headSha: string;
      readonly headRef: string;
      readonly baseRef: string;
    }
  /** A protection rule asks us. Parts that are null have to be read from GitHub. */
  | { readonly kind: "gate"; readonly asked: ProtectionRuleRequest }
  /** Deployments that wait for our answer, of one run where `runId` names it; `heard`: only if a rule in force listens. */
  | { readonly kind: "waiting"; readonly runId: number | null; readonly heard: boolean }
  /** A job waits for a protection rule: perhaps ours, if its request was lost. */
  | { readonly kind: "find_waiting"; readonly runId: number }
  /** The policy file (and what stands beside it) may be another one now. */
  | { readonly kind: "policy" }
  /** Every open pull request of the repository. */
  | { readonly kind: "repository" }
  /** Every repository of the owner: people came or went. */
  | { readonly kind: "owner" };

export interface TouchContext {
  /** Our own App's id: what we published ourselves is ignored. */
  readonly appId: number;
}

/** Pull-request actions after which the whole subject is another one: judged whatever the rules listen to. */
const subjectActions = new Set([
  "opened",
  "reopened",
  "synchronize",
  "ready_for_review",
  "stacked",
]);

const isOwnCheck = (event: Event, context: TouchContext): boolean =>
  event.check?.appId === context.appId;

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
  return branch === repository.defaultBranch
    ? [{ kind: "policy" }, { kind: "base", ref: branch }]
    : [{ kind: "base", ref: branch }];
}

function gateWakes(event: Event, action: string): readonly Wake[] {
  const found = event.deployment;
  if (action !== "requested" || found === null) return [];
  const { id, sha, ref, environment, runId } = found;
  return [
    {
      kind: "gate",
      asked: {
        environment,
        runId,
        deployment: id === null || sha === null || ref === null ? null : { id, sha, ref },
      },
    },
  ];
}

/** People reviewed at GitHub, or the run ended: deployments of it that wait for us are judged again. */
const runWakes = (event: Event): readonly Wake[] => [
  { kind: "waiting", runId: event.runId, heard: event.runId === null },
];

/** An alert on one pull request is that one's; what is seen on a branch, or decided by a person, concerns them all. */
function alertWakes(event: Event): readonly Wake[] {
  const number = /^refs\/pull\/(\d{1,9})\//.exec(event.alert?.ref ?? "")?.[1];
  if (number !== undefined && event.alert?.byPerson !== true)
    return [{ kind: "pull_request", number: Number(number), urgent: false }];
  return everyoneHere;
}

/** Every open pull request of the repository, and what waits there for an answer. */
const everyoneHere: readonly Wake[] = [
  { kind: "repository" },
  { kind: "waiting", runId: null, heard: true },
];

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
      if (action === "closed")
        return [
          { kind: "pull_request", number: event.pullRequest.number, urgent: true },
          { kind: "head", sha: event.pullRequest.headSha, urgent: false },
        ];
      return [
        {
          kind: "pull_request",
          number: event.pullRequest.number,
          urgent: subjectActions.has(action) || event.pullRequest.changed.includes("base"),
        },
      ];
    case "pull_request_review":
    case "pull_request_review_thread":
    case "pull_request_review_comment":
      return event.pullRequest === null
        ? []
        : [
            {
              kind: "pull_request",
              number: event.pullRequest.number,
              urgent: name === "pull_request_review",
            },
          ];
    case "check_run":
    case "check_suite":
    case "status":
      return checkWakes(event, context);
    case "workflow_run":
      return action === "completed"
        ? [...checkWakes(event, context), ...runWakes(event)]
        : checkWakes(event, context);
    case "workflow_job":
      return action === "waiting" && event.runId !== null
        ? [{ kind: "find_waiting", runId: event.runId }]
        : [];
    case "deployment_protection_rule":
      return gateWakes(event, action);
    case "deployment_review":
      return runWakes(event);
    // What runs in one environment is what another is promoted from.
    case "deployment":
    case "deployment_status":
      return [{ kind: "waiting", runId: null, heard: true }];
    case "code_scanning_alert":
    case "dependabot_alert":
    case "secret_scanning_alert":
    case "secret_scanning_alert_location":
      return alertWakes(event);
    case "push":
      return pushWakes(event);
    case "merge_group":
      return event.mergeGroup === null || action !== "checks_requested"
        ? []
        : [{ kind: "merge_group", ...event.mergeGroup }];
    case "member":
    case "membership":
    case "organization":
      return [{ kind: "owner" }];
    case "team":
      // A team's right in one repository is that one's matter; who is in it, or whether it exists, is everybody's.
      return action === "added_to_repository" || action === "removed_from_repository"
        ? everyoneHere
        : [{ kind: "owner" }];
    // Of issues only what opens or ends an incident; a comment does neither.
    case "issues":
      return /^(?:opened|closed|reopened|labeled|unlabeled|deleted|transferred)$/.test(action)
        ? everyoneHere
        : [];
    case "label":
      return everyoneHere;
    case "repository":
      // A changed default branch is another policy file.
      return [{ kind: "policy" }, ...everyoneHere];
    case "custom_property_values":
      return [{ kind: "policy" }, ...everyoneHere];
    default:
      return [];
  }
}

/** Whether the event changes the judged subject itself, so that it is judged whatever the rules listen to. */
export function changesSubject(event: Event): boolean {
  const [name = "", action = ""] = event.name.split(".", 2);
  if (name === "merge_group") return true;
  // Of pull requests onto a branch that did not move forward the diff is another one.
  if (name === "push") return event.push?.forced === true || event.push?.created === true;
  if (name === "check_run" || name === "check_suite") return action === "rerequested";
  if (name !== "pull_request") return false;
  return (
    subjectActions.has(action) ||
    action === "closed" ||
    (event.pullRequest?.changed.includes("base") ?? false)
  );
}
