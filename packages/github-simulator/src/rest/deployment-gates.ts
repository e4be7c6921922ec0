import { noContent, ok, Refusal } from "../http/reply.ts";
import { text, type Call, type Route } from "../http/call.ts";
import { repoOf, writer } from "../http/scope.ts";
import { accountOf, roleIn, teamMembership } from "../world/accounts.ts";
import type { WorkflowRun } from "../world/actions.ts";
import type { Environment, Gate } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import { iso } from "../render/account.ts";
import { approval, deployment, environmentLite, reviewers } from "../render/deployment.ts";
import { answerGate, environmentNamed, reviewGates, waitingGates } from "../scenario/gates.ts";
import { runOf } from "./actions.ts";

const maxReports = 10;
const maxComment = 1024;

function answer(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const run = runOf(call, repo);
  const { appId } = writer(call);
  if (appId === null) throw new Refusal(403, "You must authenticate via a GitHub App.");
  const name = text(call, "environment_name");
  const state = call.body["state"];
  const comment = text(call, "comment") ?? "";
  if (name === undefined)
    throw new Refusal(422, 'Invalid request.\n\n"environment_name" wasn\'t supplied.');
  if (state !== undefined && state !== "approved" && state !== "rejected")
    throw new Refusal(
      422,
      'Invalid request.\n\nstate is not a member of ["approved", "rejected"].',
    );
  if (comment.length > maxComment)
    throw new Refusal(422, `comment is too long (maximum is ${maxComment} characters)`);
  const gate = waitingGates(repo, run).find(
    (one) => one.environment.toLowerCase() === name.toLowerCase() && one.waitingAppIds.has(appId),
  );
  if (gate === undefined) {
    const isOurs =
      environmentNamedOrNone(repo, name)?.rules.some(
        (rule) => rule.kind === "custom" && rule.appId === appId,
      ) === true;
    if (!isOurs) throw new Refusal(403, "Resource not accessible by integration");
    throw new Refusal(422, "No pending deployment requests to approve or reject");
  }
  if (state === undefined) {
    if (comment === "") throw new Refusal(422, 'Invalid request.\n\n"comment" wasn\'t supplied.');
    const reports = gate.reports.get(appId) ?? [];
    if (reports.length >= maxReports)
      throw new Refusal(
        422,
        `The maximum number of status reports (${maxReports}) for this deployment has been reached`,
      );
    gate.reports.set(appId, [...reports, comment]);
    return noContent;
  }
  answerGate(call.world, repo, run, gate, { appId, state, comment });
  return noContent;
}

function environmentNamedOrNone(repo: Repo, name: string): Environment | undefined {
  return repo.environments.get(name.toLowerCase());
}

function mayReview(call: Call, environment: Environment, run: WorkflowRun): boolean {
  const { caller, world } = call;
  if (caller.kind !== "user") return false;
  const rule = environment.rules.find((one) => one.kind === "required_reviewers");
  if (rule === undefined || (rule.preventSelfReview && run.triggeringActorId === caller.userId))
    return false;
  return (
    rule.userIds.includes(caller.userId) ||
    rule.teamIds.some((id) => {
      const team = world.teams.get(id);
      return team !== undefined && teamMembership(world, team, caller.userId)?.state === "active";
    })
  );
}

function pending(call: Call, repo: Repo, run: WorkflowRun, gate: Gate): Record<string, unknown> {
  const environment = environmentNamed(call.world, repo, gate.environment);
  const timer = environment.rules.find((rule) => rule.kind === "wait_timer");
  const { id, node_id, name, url, html_url } = environmentLite(call.world, repo, environment);
  return {
    environment: { id, node_id, name, url, html_url },
    wait_timer: timer?.minutes ?? 0,
    wait_timer_started_at: timer === undefined ? null : iso(gate.requestedAt),
    current_user_can_approve: gate.waitingForPeople && mayReview(call, environment, run),
    reviewers: reviewers(call.world, environment),
  };
}

function review(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const run = runOf(call, repo);
  const state = call.body["state"];
  const comment = text(call, "comment");
  const ids = call.body["environment_ids"];
  if (
    (state !== "approved" && state !== "rejected") ||
    comment === undefined ||
    !Array.isArray(ids)
  )
    throw new Refusal(422, "Invalid request.");
  const gates = waitingGates(repo, run).filter(
    (gate) =>
      gate.waitingForPeople &&
      ids.includes(environmentNamed(call.world, repo, gate.environment).id),
  );
  if (gates.length === 0)
    throw new Refusal(422, "No pending deployment requests to approve or reject");
  const { userId } = writer(call);
  if (
    !gates.every((gate) =>
      mayReview(call, environmentNamed(call.world, repo, gate.environment), run),
    )
  ) {
    throw new Refusal(
      403,
      `${accountOf(call.world, userId).login} is not allowed to review (${roleIn(call.world, repo, userId)})`,
    );
  }
  reviewGates(call.world, repo, run, gates, { byId: userId, state, comment });
  return ok(
    gates.flatMap((gate) => {
      const found = repo.deployments.get(gate.deploymentId);
      return found === undefined ? [] : [deployment(call.world, repo, found)];
    }),
  );
}

export const deploymentGateRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule",
    permission: "deployments:write",
    handle: answer,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = runOf(call, repo);
      return ok(waitingGates(repo, run).map((gate) => pending(call, repo, run, gate)));
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
    permission: "deployments:write",
    handle: review,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(runOf(call, repo).answers.map((one) => approval(call.world, repo, one)));
    },
  },
];
