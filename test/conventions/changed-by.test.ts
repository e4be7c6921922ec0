import { emitterEventNames } from "@octokit/webhooks";
import { describe, expect, it } from "vitest";
import { touches } from "#core/events/touches.ts";
import { parseEvent } from "#core/events/parse-event.ts";
import { factList } from "#core/facts/index.ts";

/**
 * By GitHub's own list (docs.github.com, Webhook events and payloads): every event after which what a fact says may be
 * another. Written from there, not from the facts, so that neither can forget what the other knows.
 */
const access = [
  "member.added",
  "member.edited",
  "member.removed",
  "membership.added",
  "membership.removed",
  "organization.member_added",
  "organization.member_removed",
  "repository.privatized",
  "repository.publicized",
  "repository.transferred",
  "team.added_to_repository",
  "team.deleted",
  "team.edited",
  "team.removed_from_repository",
];
const asNew = ["pull_request.opened", "pull_request.reopened"];
const asAnotherHead = [...asNew, "pull_request.synchronize"];
const asAnotherDiff = [...asAnotherHead, "pull_request.edited"];
const ofRuns = ["workflow_run.requested", "workflow_run.in_progress", "workflow_run.completed"];
const checked = ["check_run.completed", "workflow_run.completed"];

const documented: Readonly<Record<string, readonly string[]>> = {
  account: [],
  approvals_at_github: ["deployment_review.approved", "deployment_review.rejected"],
  attestations: checked,
  coverage_base: [...asAnotherDiff, "push"],
  findings_base: [...asAnotherDiff, "code_scanning_alert", "secret_scanning_alert_location"],
  base_file: [...asNew, "push", "pull_request.edited", "pull_request.stacked"],
  behind: [...asAnotherDiff, "push", "pull_request.stacked"],
  branch_tip: ["push"],
  calendar_file: ["push"],
  checks: [...asAnotherHead, ...checked, "check_run.created", "check_run.rerequested", "status"],
  status_reports: [...asAnotherHead, "status"],
  // GitHub tells nobody that a workflow is switched off or on.
  switched_off_workflows: [],
  // A run that ends tells of itself by both; each may be the one that is lost.
  workflow_runs: [
    ...asAnotherHead,
    "workflow_run.requested",
    "workflow_run.completed",
    "check_suite.completed",
  ],
  codeowners: ["push", "pull_request.edited", "pull_request.stacked"],
  commits: [...asAnotherDiff, "merge_group.checks_requested"],
  conversation: ["pull_request.closed"],
  test_reports: [...asAnotherDiff, ...ofRuns],
  tests_base: [...asAnotherDiff, "push"],
  coverage_report: [...asAnotherDiff, ...ofRuns, ...checked, "status"],
  custom_properties: ["custom_property_values.updated"],
  deployed_pull_requests: ["deployment_status.created", "pull_request.closed"],
  deployed_range: ["deployment_status.created"],
  deployment: ["deployment_protection_rule.requested", "deployment.created"],
  asking_workflow: ["deployment_protection_rule.requested"],
  known_environment: ["deployment.created"],
  deployments: ["deployment.created", "deployment_status.created"],
  deployments_here: [
    "deployment.created",
    "deployment_protection_rule.requested",
    "deployment_status.created",
    "workflow_run.completed",
  ],
  deployed_contributors: ["deployment_status.created"],
  deployments_of_commit: ["deployment_status.created"],
  undone_commits: ["deployment_status.created"],
  undone_pull_requests: ["deployment_status.created", "pull_request.closed"],
  draft: [...asNew, "pull_request.converted_to_draft", "pull_request.ready_for_review"],
  environments: ["deployment.created"],
  files: [...asAnotherDiff, "merge_group.checks_requested"],
  findings_artifacts: ofRuns,
  findings_code_scanning: ["code_scanning_alert", "check_run.completed"],
  findings_dependabot: [...asAnotherHead, "dependabot_alert"],
  findings_dependency_review: asAnotherDiff,
  findings_secret_scanning: [
    ...asAnotherHead,
    "secret_scanning_alert",
    "secret_scanning_alert_location",
  ],
  head_file: asAnotherHead,
  // No event of GitHub tells of it: it is asked for every minute.
  health: [],
  job_behind_check: checked,
  job_named: checked,
  labels: [
    ...asNew,
    "pull_request.labeled",
    "pull_request.unlabeled",
    "label.edited",
    "label.deleted",
  ],
  labels_added: ["pull_request.labeled", "pull_request.unlabeled", "label.edited", "label.deleted"],
  licenses_added: asAnotherDiff,
  linked_issues: [...asNew, "pull_request.edited"],
  open_incidents: [
    "issues.opened",
    "issues.closed",
    "issues.reopened",
    "issues.labeled",
    "issues.unlabeled",
    "issues.deleted",
    "issues.transferred",
    "label.edited",
    "label.deleted",
  ],
  pull_request: [...asAnotherDiff, "pull_request.closed", "pull_request.stacked"],
  pushers: asAnotherHead,
  code_owner: [
    "membership.added",
    "membership.removed",
    "organization.member_added",
    "organization.member_removed",
    "team.created",
    "team.deleted",
    "team.edited",
    "push",
    "pull_request.edited",
    "pull_request.stacked",
  ],
  refused_owners: ["push", "pull_request.edited", "pull_request.stacked", ...access],
  reporting: [...asAnotherHead, "push", "pull_request.closed"],
  repository: [
    "repository.archived",
    "repository.edited",
    "repository.privatized",
    "repository.publicized",
    "repository.renamed",
    "repository.transferred",
    "repository.unarchived",
  ],
  review_threads: [
    "pull_request_review.submitted",
    "pull_request_review_thread.resolved",
    "pull_request_review_thread.unresolved",
  ],
  reviews: [
    ...asAnotherDiff,
    ...access,
    "pull_request_review.submitted",
    "pull_request_review.dismissed",
    "pull_request_review.edited",
  ],
  role: access,
  same_diff: ["pull_request.synchronize", "pull_request.edited"],
  team_members: [
    "membership.added",
    "membership.removed",
    "organization.member_added",
    "organization.member_removed",
    "team.created",
    "team.deleted",
    "team.edited",
  ],
  text: [...asNew, "pull_request.edited"],
  findings_tickets: ["issues.closed", "issues.reopened", "issues.deleted", "issues.transferred"],
};

/** Not GitHub's, or changed by what changes another fact. */
const ours = new Set([
  "commit_order",
  "approvals",
  "rollback_history",
  "freezes",
  "of_pull_request",
  "if_readable",
]);

describe("what changes a fact", () => {
  it.each(factList.map((fact) => [fact.name, fact.changedBy] as const))(
    "W4: %s names every event that can take it away",
    (name, changedBy) => {
      if (ours.has(name)) return;
      const wanted = documented[name];
      expect(wanted, `${name} has no row in this table: say by what it changes`).toBeDefined();
      const hears = (event: string): boolean =>
        changedBy.some((one) => one === event || one === event.split(".", 1)[0]);
      expect((wanted ?? []).filter((event) => !hears(event))).toEqual([]);
    },
  );

  it("W4: every event that a fact names is one that GitHub sends", () => {
    const sent = new Set<string>(emitterEventNames);
    // Newer than the list of the library.
    const newer = new Set(["secret_scanning_alert_location", "pull_request.stacked"]);
    for (const fact of factList)
      for (const event of fact.changedBy)
        expect(sent.has(event) || newer.has(event), `${fact.name}: ${event}`).toBe(true);
  });

  const account = { id: 5, login: "acme", type: "Organization" };
  const repository = {
    id: 1,
    name: "shop",
    full_name: "acme/shop",
    owner: account,
    default_branch: "main",
  };
  const sender = { id: 9, login: "ada", type: "User" };

  it.each([
    ...access,
    "team.created",
    "label.edited",
    "label.deleted",
    "repository.archived",
    "organization.member_added",
  ])("W4: %s wakes somebody", (name) => {
    const [event = "", action = ""] = name.split(".", 2);
    const parsed = parseEvent(event, {
      action,
      installation: { id: 3 },
      organization: account,
      sender,
      ...(event === "membership" || event === "organization" ? {} : { repository }),
      ...(event === "team" || event === "membership" ? { team: { slug: "core" } } : {}),
    });
    expect(parsed === null ? [] : touches(parsed, { appId: 7 })).not.toEqual([]);
  });
});
