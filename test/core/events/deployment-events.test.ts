import examples from "@octokit/webhooks-examples" with { type: "json" };
import { describe, expect, it } from "vitest";
import { parseEvent } from "#core/events/parse-event.ts";
import { touches } from "#core/events/touches.ts";

const sha = "a".repeat(40);
const base = {
  repository: {
    id: 1,
    name: "shop",
    owner: { login: "acme", id: 2, type: "Organization" },
    default_branch: "main",
  },
  installation: { id: 3 },
  sender: { id: 4, login: "ada", type: "User" },
};
const callback =
  "https://api.github.com/repos/acme/shop/actions/runs/77/deployment_protection_rule";
const asked = { action: "requested", environment: "production", deployment_callback_url: callback };

const wakes = (name: string, payload: object) => {
  const event = parseEvent(name, { ...base, ...payload });
  return event === null ? null : touches(event, { appId: 7 });
};

describe("questions at a door", () => {
  it.each([
    {
      what: "a whole deployment",
      payload: { ...asked, deployment: { id: 9, environment: "production", sha, ref: "main" } },
      deployment: { id: 9, sha, ref: "main" },
    },
    {
      what: "a deployment whose commit stands beside it",
      payload: { ...asked, deployment: { id: 9, environment: "production" }, sha, ref: "main" },
      deployment: { id: 9, sha, ref: "main" },
    },
    { what: "no deployment", payload: asked, deployment: null },
    {
      what: "a deployment without its commit",
      payload: { ...asked, deployment: { id: 9, environment: "production" } },
      deployment: null,
    },
    {
      what: "a commit that is none",
      payload: {
        ...asked,
        deployment: { id: 9, environment: "production", sha: "../x", ref: "main" },
      },
      deployment: null,
    },
  ])("$what", ({ payload, deployment }) => {
    expect(wakes("deployment_protection_rule", payload)).toEqual([
      { kind: "gate", asked: { environment: "production", runId: 77, deployment } },
    ]);
  });

  it.each([
    "",
    "https://evil.example/actions/runs/x/",
    "https://evil.example/actions/runs/0/",
    "https://evil.example/actions/runs/99999999999999999999/",
    "https://evil.example/runs/7",
  ])(
    "T38: no run's number in %j: which run waits is asked of GitHub, and the address of nobody",
    (url) => {
      expect(
        wakes("deployment_protection_rule", { ...asked, deployment_callback_url: url }),
      ).toEqual([
        { kind: "gate", asked: { environment: "production", runId: null, deployment: null } },
      ]);
    },
  );
});

describe("the course of deployments", () => {
  const recorded = (
    examples as unknown as readonly {
      readonly name: string;
      readonly examples: readonly unknown[];
    }[]
  )
    .filter(({ name }) => name === "deployment" || name === "deployment_status")
    .flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ name, payload })));

  it("reads every published deployment and status", () => {
    expect(recorded.length).toBeGreaterThan(0);
    for (const { name, payload } of recorded) {
      const deployment = parseEvent(name, payload)?.deployment;
      expect(deployment).toMatchObject({
        id: expect.any(Number),
        environment: expect.any(String),
        sha: expect.any(String),
        ref: expect.any(String),
        createdAt: expect.any(Number),
      });
      expect(deployment?.status === null).toBe(name === "deployment");
    }
  });

  it.each([
    [
      "deployment_status",
      {
        action: "created",
        deployment: { id: 9, environment: "staging", sha, ref: "main" },
        deployment_status: { state: "success", created_at: "2026-03-02T10:00:00Z" },
      },
      [{ kind: "waiting", runId: null, heard: true }],
    ],
    [
      "deployment_review",
      { action: "approved", workflow_run: { id: 77 } },
      [{ kind: "waiting", runId: 77, heard: false }],
    ],
    ["deployment_review", { action: "approved" }, [{ kind: "waiting", runId: null, heard: true }]],
    [
      "workflow_job",
      { action: "waiting", workflow_job: { run_id: 77 } },
      [{ kind: "find_waiting", runId: 77 }],
    ],
    ["workflow_job", { action: "queued", workflow_job: { run_id: 77 } }, []],
  ])("%s %j", (name, payload, expected) => {
    expect(wakes(name, payload)).toEqual(expected);
  });

  it("a run that ends frees who waits in it", () => {
    expect(
      wakes("workflow_run", { action: "completed", workflow_run: { id: 77, head_sha: sha } }),
    ).toContainEqual({ kind: "waiting", runId: 77, heard: false });
  });
});
