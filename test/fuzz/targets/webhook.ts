import fc from "fast-check";
import { parseCommands } from "#core/commands/parse.ts";
import { parseEvent } from "#core/events/parse-event.ts";
import { changesSubject, touches } from "#core/events/touches.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const sha = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const repository = {
  id: 1,
  name: "shop",
  full_name: "acme/shop",
  private: true,
  default_branch: "main",
  owner: { id: 9, login: "acme", type: "Organization" },
};
const sender = { id: 2, login: "mona", type: "User" };
const common = { repository, sender, installation: { id: 5 }, organization: { login: "acme" } };
const pullRequest = {
  number: 7,
  state: "open",
  draft: false,
  updated_at: "2026-03-01T10:00:00Z",
  user: sender,
  head: { sha, ref: "topic" },
  base: { ref: "main" },
  stack: { base: { ref: "main" } },
};
const issue = { number: 7, state: "open", pull_request: {}, user: sender };
const app = { id: 15368, slug: "github-actions" };

const deliveries: readonly (readonly [string, object])[] = [
  [
    "pull_request",
    { action: "synchronize", pull_request: pullRequest, before: sha, changes: { base: {} } },
  ],
  [
    "pull_request_review",
    {
      action: "submitted",
      pull_request: pullRequest,
      review: {
        id: 3,
        body: "/gate hold",
        submitted_at: "2026-03-01T10:00:00Z",
        commit_id: sha,
        user: sender,
      },
    },
  ],
  [
    "issue_comment",
    {
      action: "created",
      issue,
      comment: {
        id: 4,
        body: "/gate approve",
        created_at: "2026-03-01T10:00:00Z",
        author_association: "MEMBER",
        user: sender,
      },
    },
  ],
  [
    "check_run",
    {
      action: "completed",
      check_run: {
        name: "unit",
        head_sha: sha,
        app,
        pull_requests: [{ number: 7 }],
        external_id: "x",
      },
      requested_action: { identifier: "override" },
    },
  ],
  [
    "check_suite",
    { action: "completed", check_suite: { head_sha: sha, app, pull_requests: [{ number: 7 }] } },
  ],
  ["status", { sha, context: "ci/unit", state: "success" }],
  [
    "workflow_run",
    { action: "completed", workflow_run: { id: 44, name: "ci", head_sha: sha, pull_requests: [] } },
  ],
  [
    "push",
    {
      ref: "refs/heads/main",
      before: sha,
      after: sha,
      created: false,
      deleted: false,
      forced: true,
    },
  ],
  [
    "merge_group",
    {
      action: "checks_requested",
      merge_group: {
        head_sha: sha,
        head_ref: "refs/heads/gh-readonly-queue/main/pr-7",
        base_ref: "refs/heads/main",
      },
    },
  ],
  [
    "deployment",
    {
      deployment: {
        id: 8,
        environment: "production",
        sha,
        ref: "main",
        creator: sender,
        created_at: "2026-03-01T10:00:00Z",
      },
    },
  ],
  [
    "deployment_status",
    {
      deployment: { id: 8, environment: "production" },
      deployment_status: {
        state: "success",
        created_at: "2026-03-01T10:00:00Z",
        creator: sender,
        performed_via_github_app: app,
      },
    },
  ],
  [
    "deployment_protection_rule",
    {
      action: "requested",
      environment: "production",
      event: "push",
      deployment_callback_url:
        "https://api.github.com/repos/acme/shop/actions/runs/44/deployment_protection_rule",
      deployment: { id: 8, environment: "production", sha, ref: "main" },
    },
  ],
  ["team", { action: "edited", team: { slug: "backend" } }],
  ["code_scanning_alert", { action: "closed_by_user", ref: "refs/heads/main", alert: {} }],
];

/** The first line is the event's name, which no signature covers; the rest is the body. */
export const target: FuzzTarget = {
  name: "webhook",
  corpus: deliveries.map(([name, body]) => JSON.stringify({ name, body: { ...body, ...common } })),
  madeUp: fc
    .record({
      name: fc.constantFrom(...deliveries.map(([name]) => name)),
      body: fc.dictionary(
        fc.constantFrom(
          "action",
          "pull_request",
          "comment",
          "issue",
          "deployment",
          "check_run",
          "repository",
          "sender",
          "environment",
          "ref",
          "sha",
        ),
        fc.jsonValue(),
      ),
    })
    .map((delivery) => JSON.stringify(delivery)),
  read: (input) => {
    let delivery: unknown;
    try {
      delivery = JSON.parse(textOf(input));
    } catch {
      // The endpoint refuses it before anything here sees it.
      return;
    }
    if (typeof delivery !== "object" || delivery === null) return;
    const { name, body } = delivery as { readonly name?: unknown; readonly body?: unknown };
    const event = parseEvent(typeof name === "string" ? name : "push", body);
    if (event === null) return;
    changesSubject(event);
    for (const wake of touches(event, { appId: 7 }))
      promise(typeof wake.kind === "string", "each wake says what it is");
    promise(
      event.comment === null || Number.isFinite(event.comment.createdAt),
      "a comment has an instant",
    );
    if (event.comment !== null)
      parseCommands(event.comment.body, { slug: "gatehouse", bare: true });
  },
};
