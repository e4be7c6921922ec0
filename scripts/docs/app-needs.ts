/**
 * What app.yml asks for beside the facts: lines that publishing, commands, deployments and the sources of scan findings
 * need. A test holds app.yml against the facts and this list, so that no line is there for nothing.
 * `where` is the code that needs it.
 */
interface Need {
  readonly why: string;
  readonly where: string;
}

export const otherPermissions: Readonly<Record<string, Need & { readonly access: "read" | "write" }>> = {
  actions: { access: "read", why: "artifacts of workflow runs; environments and runs behind a deployment", where: "src/io/github/client/permissions.ts" },
  checks: { access: "write", why: "the check runs `gatehouse`, `gatehouse / policy`, `gatehouse / <environment>`", where: "src/io/github/publish/check-run.ts" },
  contents: { access: "read", why: "policy files, CODEOWNERS, workflow files, comparisons of commits", where: "src/io/github/read/contents.ts" },
  deployments: { access: "write", why: "answers to deployment protection rules", where: "src/io/github/publish/deployment-review.ts" },
  issues: { access: "write", why: "comments, reactions, labels, tickets, post-deployment reviews", where: "src/io/github/publish/comment.ts" },
  members: { access: "read", why: "who is in a team that a rule names", where: "src/io/github/client/permissions.ts" },
  merge_queues: { access: "read", why: "what is in a merge group", where: "src/io/github/read/merge-group.ts" },
  metadata: { access: "read", why: "every App has it", where: "src/io/github/client/permissions.ts" },
  organization_custom_properties: { access: "read", why: "changes of custom properties, as events and in the sweeps of large organisations; without it they are noticed later", where: "src/io/github/read/hidden-of-many.ts" },
  pull_requests: { access: "read", why: "what is judged: title, files, commits, reviews, threads", where: "src/io/github/client/permissions.ts" },
  secret_scanning_alerts: { access: "read", why: "leaked secrets, as findings", where: "src/core/formats/findings/github/secret-scanning.ts" },
  security_events: { access: "read", why: "code scanning alerts, as findings", where: "src/core/formats/findings/github/code-scanning.ts" },
  statuses: { access: "read", why: "commit statuses, which are checks too", where: "src/io/github/client/permissions.ts" },
  vulnerability_alerts: { access: "read", why: "Dependabot alerts, as findings", where: "src/core/formats/findings/github/dependabot.ts" },
};

/** Permissions of facts that app.yml leaves out, because few houses need them; anybody who writes such a rule grants them. */
export const optionalPermissions: Readonly<Record<string, Need>> = {
  attestations: { why: "optional: only for the requirement `attestation`", where: "src/io/github/facts/attestations/read-bundles.ts" },
};

export const otherEvents: Readonly<Record<string, Need>> = {
  check_run: { why: "the buttons of our own check runs", where: "src/core/events/touches.ts" },
  code_scanning_alert: { why: "findings", where: "src/core/formats/findings/github/code-scanning.ts" },
  dependabot_alert: { why: "findings", where: "src/core/formats/findings/github/dependabot.ts" },
  deployment: { why: "deployments that never asked the gate", where: "src/core/model/deployment.ts" },
  deployment_protection_rule: { why: "a deployment asks for its answer", where: "src/core/model/deployment.ts" },
  deployment_review: { why: "people's answers in GitHub's own review", where: "src/core/model/deployment.ts" },
  deployment_status: { why: "what became of a deployment: bake times, last known good commits, bypasses", where: "src/core/model/deployment.ts" },
  issue_comment: { why: "commands", where: "src/core/events/parse-event.ts" },
  issues: { why: "a closed post-deployment review or ticket", where: "src/core/events/parse-event.ts" },
  push: { why: "a policy file that changed", where: "src/core/events/touches.ts" },
  secret_scanning_alert: { why: "findings", where: "src/core/formats/findings/github/secret-scanning.ts" },
  secret_scanning_alert_location: { why: "findings", where: "src/core/formats/findings/github/secret-scanning.ts" },
};

/** Events that facts name and app.yml does not ask for, with the reason. */
export const eventsNotAskedFor: Readonly<Record<string, string>> = {
  pull_request_review_comment: "a new comment comes with its review; threads that are resolved or opened again have an event of their own",
};
