import examples from "@octokit/webhooks-examples" with { type: "json" };
import { describe, expect, it } from "vitest";
import { parseEvent } from "#core/events/parse-event.ts";
import { changesSubject, touches } from "#core/events/touches.ts";

interface Example {
  readonly name: string;
  readonly examples: readonly unknown[];
}

const all = (examples as unknown as readonly Example[]).flatMap(({ name, examples: payloads }) =>
  payloads.map((payload) => ({ name, payload })),
);
const own = { appId: 7 };
const sha = "a".repeat(40);
const repository = {
  id: 1,
  name: "shop",
  owner: { login: "acme", id: 2, type: "Organization" },
  default_branch: "main",
  private: false,
};
const base = { repository, installation: { id: 3 }, sender: { id: 4, login: "ada", type: "User" } };
const pull = {
  number: 5,
  state: "open",
  draft: false,
  head: { sha, ref: "topic" },
  base: { ref: "main" },
};

const wakes = (name: string, payload: object) => {
  const event = parseEvent(name, { ...base, ...payload });
  return event === null ? null : touches(event, own);
};

describe("reading deliveries", () => {
  it("reads every published example, and everything its name promises", () => {
    const missing = all.flatMap(({ name, payload }) => {
      const event = parseEvent(name, payload);
      if (event === null) return [name];
      if (/^(check_run|check_suite|status|workflow_run)$/.test(name) && event.check === null)
        return [name];
      if (/^pull_request/.test(name) && event.pullRequest === null) return [name];
      if (name === "issue_comment" && event.comment === null) return [name];
      if (name === "merge_group" && event.mergeGroup === null) return [name];
      return name === "push" && event.push === null ? [name] : [];
    });
    expect(missing).toEqual([]);
  });

  it.each([null, 7, "text", [], undefined])("takes %j for no event", (payload) => {
    expect(parseEvent("push", payload)).toBeNull();
  });

  it("T36: a body under a foreign event name touches at most what it really carries", () => {
    expect(wakes("check_run", { action: "completed", pull_request: pull })).toEqual([]);
    expect(wakes("pull_request", { action: "opened" })).toEqual([]);
    expect(wakes("push", { action: "completed", check_run: { name: "x", head_sha: sha } })).toEqual(
      [],
    );
  });

  it("drops a part that is not of its documented shape, and only that", () => {
    const event = parseEvent("pull_request", {
      ...base,
      action: "opened",
      pull_request: { ...pull, number: "5" },
    });
    expect(event).toMatchObject({
      name: "pull_request.opened",
      pullRequest: null,
      repository: { id: 1, owner: "acme" },
    });
  });

  it("T38: takes the run's number, never the address, of a callback", () => {
    const event = parseEvent("deployment_protection_rule", {
      ...base,
      action: "requested",
      environment: "production",
      deployment_callback_url:
        "https://evil.example/repos/x/y/actions/runs/77/deployment_protection_rule",
      deployment: { id: 9, environment: "production", sha, ref: "main" },
    });
    expect(event?.deployment).toMatchObject({ id: 9, environment: "production", runId: 77 });
    expect(JSON.stringify(event)).not.toContain("evil.example");
  });
});

describe("what an event touches", () => {
  it.each([
    [
      "pull_request",
      { action: "opened", pull_request: pull },
      [{ kind: "pull_request", number: 5, urgent: true }],
    ],
    [
      "pull_request",
      { action: "labeled", pull_request: pull, label: { name: "x" } },
      [{ kind: "pull_request", number: 5, urgent: false }],
    ],
    [
      "pull_request",
      { action: "edited", pull_request: pull, changes: { base: {} } },
      [{ kind: "pull_request", number: 5, urgent: true }],
    ],
    [
      "pull_request_review",
      { action: "submitted", pull_request: pull },
      [{ kind: "pull_request", number: 5, urgent: true }],
    ],
    [
      "check_run",
      { action: "completed", check_run: { name: "unit", head_sha: sha, app: { id: 1 } } },
      [{ kind: "head", sha, urgent: false }],
    ],
    [
      "check_run",
      { action: "completed", check_run: { name: "gatehouse", head_sha: sha, app: { id: 7 } } },
      [],
    ],
    [
      "check_run",
      { action: "rerequested", check_run: { name: "gatehouse", head_sha: sha, app: { id: 7 } } },
      [{ kind: "head", sha, urgent: true }],
    ],
    [
      "push",
      { ref: "refs/heads/main", after: sha },
      [{ kind: "policy" }, { kind: "base", ref: "main" }],
    ],
    ["push", { ref: "refs/heads/topic", after: sha }, [{ kind: "base", ref: "topic" }]],
    ["push", { ref: "refs/tags/v1", after: sha }, []],
    [
      "merge_group",
      {
        action: "checks_requested",
        merge_group: { head_sha: sha, head_ref: "g", base_ref: "refs/heads/main" },
      },
      [{ kind: "merge_group", headSha: sha, headRef: "g", baseRef: "refs/heads/main" }],
    ],
    ["star", { action: "created" }, []],
  ])("%s %j", (name, payload, expected) => {
    expect(wakes(name, payload)).toEqual(expected);
  });

  it("a pull request that closes frees the others on its commit", () => {
    expect(
      wakes("pull_request", { action: "closed", pull_request: { ...pull, state: "closed" } }),
    ).toEqual(expect.arrayContaining([expect.objectContaining({ kind: "head", sha })]));
  });

  it("people who come or go touch their owner's repositories", () => {
    const event = parseEvent("membership", {
      action: "removed",
      team: { slug: "security" },
      organization: { login: "acme" },
      installation: { id: 3 },
    });
    expect(event && touches(event, own)).toEqual([{ kind: "owner" }]);
  });

  it("only what changes the subject itself is judged whatever the rules listen to", () => {
    const of = (name: string, payload: object): boolean => {
      const event = parseEvent(name, { ...base, ...payload });
      return event !== null && changesSubject(event);
    };
    expect(of("pull_request", { action: "synchronize", pull_request: pull })).toBe(true);
    expect(
      of("pull_request", { action: "edited", pull_request: pull, changes: { base: {} } }),
    ).toBe(true);
    expect(
      of("pull_request", { action: "edited", pull_request: pull, changes: { title: {} } }),
    ).toBe(false);
    const push = { ref: "refs/heads/feat", after: sha, deleted: false };
    expect(of("push", { ...push, forced: true })).toBe(true);
    expect(of("push", { ...push, created: true })).toBe(true);
    expect(of("push", push)).toBe(false);
    expect(
      of("check_run", { action: "completed", check_run: { name: "unit", head_sha: sha } }),
    ).toBe(false);
  });
});

describe("a check run that ended", () => {
  const run = {
    id: 9,
    name: "unit",
    head_sha: sha,
    conclusion: "failure",
    started_at: "2026-03-30T07:00:00Z",
    completed_at: "2026-03-30T07:01:00Z",
  };
  const endOf = (check: object) =>
    parseEvent("check_run", { ...base, action: "completed", check_run: { ...run, ...check } })
      ?.check?.ended;

  it("says how, and when it began", () => {
    const at = Date.UTC(2026, 2, 30, 7, 1);
    expect(endOf({})).toEqual({ id: 9, conclusion: "failure", startedAt: at - 60_000, at });
    expect(endOf({ started_at: null })?.startedAt).toBeNull();
  });

  it.each([{ conclusion: null }, { completed_at: null }, { id: null }, { completed_at: "soon" }])(
    "does not where %j",
    (check) => {
      expect(endOf(check)).toBeUndefined();
    },
  );
});
