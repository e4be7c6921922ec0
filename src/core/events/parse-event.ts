import type { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import { isByActions } from "#core/deployments/by-actions.ts";
import type { EndedCheckRun, Event, EventRepository } from "#core/model/event.ts";
import {
  sha,
  account,
  repositoryPart,
  pullRequestPart,
  stackPart,
  checkRunPart,
  checkSuitePart,
  workflowRunPart,
  commentPart,
  reviewPart,
  pullRequestAuthor,
  deploymentPart,
  deploymentStatusPart,
  workflowRunNumber,
  workflowJobNumber,
  requestedActionPart,
  statusPart,
  pushPart,
  mergeGroupPart,
  issuePart,
  teamPart,
  organizationPart,
  installationPart,
  labelPart,
  someText,
} from "./payload-parts.ts";

function part<T>(schema: z.ZodType<T>, value: unknown): T | null {
  // Most parts are not there, and a list of what an absent one lacks is for nobody.
  if (value === undefined) return null;
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
}

function person(value: unknown): Person | null {
  const found = part(account, value);
  if (!found) return null;
  const type =
    found.type === "Bot" || found.type === "Organization" || found.type === "Mannequin"
      ? found.type
      : "User";
  return { id: found.id, login: found.login, type };
}

function repositoryOf(value: unknown): EventRepository | null {
  const found = part(repositoryPart, value);
  if (!found) return null;
  return {
    id: found.id,
    owner: found.owner.login,
    ownerId: found.owner.id ?? 0,
    ownerType: found.owner.type === "Organization" ? "Organization" : "User",
    name: found.name,
    private: found.private ?? true,
    defaultBranch: found.default_branch ?? "main",
    archived: found.archived ?? false,
  };
}

function changedFields(changes: unknown): string[] {
  return typeof changes === "object" && changes !== null ? Object.keys(changes) : [];
}

/** Which branch's rules it is held for, as far as the payload tells. */
function basesOf(
  own: string,
  payload: unknown,
): Pick<NonNullable<Event["pullRequest"]>, "baseRef" | "directBaseRef" | "tellsStack"> {
  const raw =
    typeof payload === "object" && payload !== null && "stack" in payload
      ? payload.stack
      : undefined;
  const told = raw === undefined ? undefined : stackPart.safeParse(raw);
  if (told?.success !== true) return { baseRef: own };
  const base = told.data?.base.ref ?? own;
  return base === own
    ? { baseRef: own, tellsStack: true }
    : { baseRef: base, directBaseRef: own, tellsStack: true };
}

/** The Actions run that the event speaks of, by number. */
function runIdOf(payload: Record<string, unknown>): number | null {
  const run = part(workflowRunNumber, payload["workflow_run"]);
  if (run) return run.id;
  const job = part(workflowJobNumber, payload["workflow_job"]);
  if (job) return job.run_id;
  // The URL itself is never called, whatever host it names (threat T38): only the number in it is read.
  const url = payload["deployment_callback_url"];
  const match = typeof url === "string" ? /\/actions\/runs\/([1-9]\d{0,14})\//.exec(url) : null;
  return match ? Number(match[1]) : null;
}

const instantOf = (text: string | undefined): number | null => {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : at;
};

function endOf(run: z.infer<typeof checkRunPart>): EndedCheckRun | undefined {
  const { id: runId = null, conclusion = null } = run;
  const at = instantOf(run.completed_at ?? undefined);
  if (runId === null || conclusion === null || at === null) return undefined;
  return { id: runId, conclusion, startedAt: instantOf(run.started_at ?? undefined), at };
}

function checkOf(name: string, payload: Record<string, unknown>): Event["check"] {
  if (name === "check_run") {
    const run = part(checkRunPart, payload["check_run"]);
    const action = part(requestedActionPart, payload["requested_action"]);
    return (
      run && {
        name: run.name,
        headSha: run.head_sha,
        appId: run.app?.id ?? null,
        pullRequests: (run.pull_requests ?? []).map((pr) => pr.number),
        externalId: run.external_id ?? null,
        action: action?.identifier ?? null,
        ended: endOf(run),
      }
    );
  }
  if (name === "check_suite") {
    const suite = part(checkSuitePart, payload["check_suite"]);
    return (
      suite && {
        name: null,
        headSha: suite.head_sha,
        appId: suite.app?.id ?? null,
        pullRequests: (suite.pull_requests ?? []).map((pr) => pr.number),
        externalId: null,
        action: null,
      }
    );
  }
  if (name === "status") {
    const status = part(statusPart, payload);
    return (
      status && {
        name: status.context,
        headSha: status.sha,
        appId: null,
        pullRequests: [],
        externalId: null,
        action: null,
      }
    );
  }
  if (name === "workflow_run") {
    const run = part(workflowRunPart, payload["workflow_run"]);
    return (
      run && {
        name: null,
        headSha: run.head_sha,
        appId: null,
        pullRequests: (run.pull_requests ?? []).map((pr) => pr.number),
        externalId: null,
        action: null,
      }
    );
  }
  return null;
}

/** What somebody wrote: a comment on an issue or pull request, or the body of a review when it is submitted. */
function commentOf(name: string, body: Record<string, unknown>): Event["comment"] {
  if (name === "pull_request_review" && body["action"] === "submitted") {
    const review = part(reviewPart, body["review"]);
    const pull = part(pullRequestAuthor, body["pull_request"]);
    const author = person(review?.user);
    return (
      review &&
      pull && {
        id: review.id,
        body: review.body ?? "",
        issue: pull.number,
        onPullRequest: true,
        author,
        viaApp: isThere(review.performed_via_github_app),
        authorAssociation: review.author_association ?? "NONE",
        createdAt: Date.parse(review.submitted_at) || 0,
        isAuthor: author !== null && pull.user?.id === author.id,
        review: { commit: review.commit_id ?? null },
      }
    );
  }
  const comment = part(commentPart, body["comment"]);
  const issue = part(issuePart, body["issue"]);
  const author = person(comment?.user);
  return (
    comment &&
    issue && {
      id: comment.id,
      body: comment.body ?? "",
      issue: issue.number,
      onPullRequest: isThere(issue.pull_request),
      author,
      viaApp: isThere(comment.performed_via_github_app),
      authorAssociation: comment.author_association ?? "NONE",
      createdAt: Date.parse(comment.created_at) || 0,
      isAuthor: author !== null && issue.user?.id === author.id,
    }
  );
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

function deploymentOf(payload: Record<string, unknown>): Event["deployment"] {
  const found = part(deploymentPart, payload["deployment"]);
  const environment =
    typeof payload["environment"] === "string" ? payload["environment"] : found?.environment;
  if (environment === undefined) return null;
  const status = part(deploymentStatusPart, payload["deployment_status"]);
  return {
    id: found?.id ?? null,
    environment,
    sha: found?.sha ?? part(sha, payload["sha"]),
    ref: found?.ref ?? part(someText, payload["ref"]),
    runId: runIdOf(payload),
    creator: person(found?.creator),
    createdAt: instantOf(found?.created_at),
    status: status && {
      state: status.state,
      at: instantOf(status.created_at),
      byActions: isByActions({
        creator: status.creator ?? null,
        via: status.performed_via_github_app ?? null,
      }),
      by: person(status.creator),
    },
  };
}

function alertOf(
  name: string,
  action: string | null,
  payload: Record<string, unknown>,
): Event["alert"] {
  if (!/^(?:code_scanning|dependabot|secret_scanning)_alert/.test(name)) return undefined;
  return {
    ref: name === "code_scanning_alert" ? part(someText, payload["ref"]) : null,
    byPerson: action !== null && /_by_user$/.test(action),
  };
}

/** Events whose top-level `environment`, `ref` and `sha` speak of a deployment. */
const aboutDeployments =
  /^(?:deployment|deployment_status|deployment_review|deployment_protection_rule)$/;

/**
 * Reads a delivery's body. `name` is the X-GitHub-Event header: it is not covered by the signature, so a part that
 * the named event would carry but the body lacks simply makes the event touch nothing.
 * Returns null for a body that is not a JSON object.
 */
export function parseEvent(name: string, payload: unknown): Event | null {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return null;
  const body = payload as Record<string, unknown>;
  const action = typeof body["action"] === "string" ? body["action"] : null;
  const pullRequest = part(pullRequestPart, body["pull_request"]);
  const push = name === "push" ? part(pushPart, body) : null;
  const mergeGroup = part(mergeGroupPart, body["merge_group"]);
  const issue = part(issuePart, body["issue"]);
  const team = part(teamPart, body["team"]);
  const organization = part(organizationPart, body["organization"]);
  return {
    name: action === null ? name : `${name}.${action}`,
    installationId: part(installationPart, body["installation"])?.id ?? null,
    repository: repositoryOf(body["repository"]),
    sender: person(body["sender"]),
    pullRequest: pullRequest && {
      number: pullRequest.number,
      headSha: pullRequest.head.sha,
      headRef: pullRequest.head.ref,
      ...basesOf(pullRequest.base.ref, body["pull_request"]),
      state: pullRequest.state,
      draft: pullRequest.draft ?? false,
      changed: changedFields(body["changes"]),
      before: part(sha, body["before"]),
      createdAt: instantOf(pullRequest.created_at) ?? undefined,
      updatedAt: instantOf(pullRequest.updated_at) ?? undefined,
    },
    check: checkOf(name, body),
    push: push && {
      ref: push.ref,
      before: push.created === true ? null : part(sha, push.before),
      created: push.created ?? false,
      after: push.after,
      deleted: push.deleted ?? false,
      forced: push.forced ?? false,
    },
    mergeGroup: mergeGroup && {
      headSha: mergeGroup.head_sha,
      headRef: mergeGroup.head_ref,
      baseRef: mergeGroup.base_ref,
    },
    comment: commentOf(name, body),
    label: part(labelPart, body["label"])?.name ?? null,
    deployment: aboutDeployments.test(name) ? deploymentOf(body) : null,
    runId: runIdOf(body),
    issue: issue && {
      number: issue.number,
      isPullRequest: isThere(issue.pull_request),
      state: issue.state ?? "open",
      author: person(issue.user),
    },
    team: team && organization && { slug: team.slug, organization: organization.login },
    alert: alertOf(name, action, body),
  };
}
