/** What the App asks for in its manifest; a scenario may install it with less. */
export const defaultPermissions: Readonly<Record<string, string>> = {
  actions: "read", attestations: "read", checks: "write", contents: "read", deployments: "write", issues: "write", members: "read", merge_queues: "read", metadata: "read",
  pull_requests: "read", secret_scanning_alerts: "read", security_events: "read", statuses: "read", vulnerability_alerts: "read",
};

export const defaultEvents: readonly string[] = [
  "check_run", "check_suite", "code_scanning_alert", "dependabot_alert", "deployment", "deployment_protection_rule", "deployment_review", "deployment_status",
  "issue_comment", "issues", "member", "membership", "merge_group", "organization", "pull_request", "pull_request_review", "pull_request_review_thread", "push",
  "repository", "secret_scanning_alert", "secret_scanning_alert_location", "status", "team", "workflow_run",
];
