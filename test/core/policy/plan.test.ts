import { describe, expect, it } from "vitest";
import { changedFiles, labels, pullRequest } from "#core/facts/pull-request.ts";
import { listens, wantedFacts } from "#core/policy/plan.ts";
import {
  aCheckEvent,
  aDeployment,
  aFile,
  anEvent,
  aPullRequest,
  cannotRead,
  factsOf,
  monday,
  tell,
  thePullRequest,
} from "../build.ts";
import { aPolicy, aRule, mood, moody } from "./a-rule.ts";
import { effective } from "./some-policy.ts";

const keys = (...parameters: Parameters<typeof wantedFacts>): readonly string[] =>
  wantedFacts(...parameters).map((need) => need.key);

describe("wantedFacts", () => {
  const policy = effective({
    own: `rules:
  - { name: a, when: { branches: [main] }, require: { labels: { all: [x] } } }
  - { name: b, when: { paths: [src/**] }, require: { size: { max_lines: 5 } } }
  - { name: c, enforcement: disabled, require: { reviews: {} } }
  - { name: d, enforcement: evaluate, require: { up_to_date: true } }
  - { name: e, applies_to: deployment, require: { checks: { all: true } } }`,
  });

  it("asks in rounds: what when needs, then what the rules that apply need, each once", () => {
    expect(keys(policy, thePullRequest, factsOf(), monday).toSorted()).toEqual([
      "behind",
      "files",
      "pull_request",
    ]);
    const first = [
      tell(pullRequest.need(), aPullRequest()),
      tell(changedFiles.need(), [aFile("docs/a")]),
      tell({ fact: "behind", key: "behind", params: undefined, describe: "" }, 0),
    ];
    expect(keys(policy, thePullRequest, factsOf(...first), monday)).toEqual(["labels"]);
    expect(
      keys(policy, thePullRequest, factsOf(...first, tell(labels.need(), [])), monday),
    ).toEqual([]);
  });

  it("asks nothing for a rule whose when is false", () => {
    const dev = aPolicy([aRule("a", moody("x"), { when: { branches: ["dev"] } })]);
    expect(
      keys(dev, thePullRequest, factsOf(tell(pullRequest.need(), aPullRequest())), monday),
    ).toEqual([]);
  });

  it("asks nothing more for a rule whose when cannot be told", () => {
    const rule = aPolicy([aRule("a", moody("x"), { when: { paths: ["a"] } })]);
    expect(keys(rule, thePullRequest, factsOf(cannotRead(changedFiles.need())), monday)).toEqual(
      [],
    );
  });

  it("asks for the gate at hand only", () => {
    expect(keys(policy, aDeployment, factsOf(), monday)).toEqual(["checks", "workflow_runs"]);
  });

  it("a rule that breaks while asking stops nobody", () => {
    const broken = moody("x", {
      judge: () => {
        throw new Error("boom");
      },
    });
    expect(
      keys(
        aPolicy([aRule("a", broken), aRule("b", moody("y"))]),
        thePullRequest,
        factsOf(),
        monday,
      ),
    ).toEqual(['mood:"y"']);
  });
});

describe("listens", () => {
  const none = aPolicy([]);
  const labelled = effective({ own: "rules: [{name: a, require: {labels: {all: [ready]}}}]" });

  it.each([
    ["pull_request.opened", anEvent("pull_request.opened"), true],
    ["pull_request.reopened", anEvent("pull_request.reopened"), true],
    ["pull_request.synchronize", anEvent("pull_request.synchronize"), true],
    ["a merge group", anEvent("merge_group.checks_requested"), true],
    [
      "another base",
      anEvent("pull_request.edited", {
        pullRequest: {
          number: 7,
          headSha: "s",
          baseRef: "main",
          headRef: "f",
          state: "open",
          draft: false,
          changed: ["base"],
          before: null,
        },
      }),
      true,
    ],
    [
      "another title",
      anEvent("pull_request.edited", {
        pullRequest: {
          number: 7,
          headSha: "s",
          baseRef: "main",
          headRef: "f",
          state: "open",
          draft: false,
          changed: ["title"],
          before: null,
        },
      }),
      false,
    ],
    ["a comment", anEvent("issue_comment.created"), false],
    ["a check", aCheckEvent("check_run.completed", "unit"), false],
    ["a label of a hold", anEvent("pull_request.labeled", { label: "do-not-merge/wip" }), true],
    ["any label", anEvent("pull_request.labeled", { label: "chore" }), false],
  ])("without rules: %s", (_name, event, expected) => {
    expect(listens(none, event, "pull_request")).toBe(expected);
  });

  it("hears what its facts are changed by, and what the rule says concerns it", () => {
    expect(
      listens(labelled, anEvent("pull_request.labeled", { label: "ready" }), "pull_request"),
    ).toBe(true);
    expect(
      listens(labelled, anEvent("pull_request.labeled", { label: "chore" }), "pull_request"),
    ).toBe(false);
    expect(listens(labelled, anEvent("pull_request_review.submitted"), "pull_request")).toBe(false);
    expect(
      listens(labelled, anEvent("pull_request.labeled", { label: "ready" }), "merge_group"),
    ).toBe(true);
  });

  it("hears for its when as well", () => {
    const policy = aPolicy([aRule("a", moody("x"), { when: { labels: ["area-*"] } })]);
    expect(
      listens(policy, anEvent("pull_request.labeled", { label: "area-web" }), "pull_request"),
    ).toBe(true);
    expect(
      listens(policy, anEvent("pull_request.labeled", { label: "other" }), "pull_request"),
    ).toBe(false);
    expect(listens(policy, anEvent("mood.changed"), "pull_request")).toBe(true);
    expect(mood.changedBy).toEqual(["mood.changed"]);
  });

  it("what changes its facts is found once for a policy, and not for each event", () => {
    const rules = aPolicy([aRule("a", moody("x"))]).rules;
    let looks = 0;
    const policy = Object.defineProperty(aPolicy([]), "rules", {
      get: () => {
        looks += 1;
        return rules;
      },
    });
    const hears = (name: string) => listens(policy, anEvent(name), "pull_request");
    expect([hears("star.created"), hears("fork"), hears("star.deleted")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(looks).toBe(1);
    expect(hears("mood.changed")).toBe(true);
  });

  it("hears through compositions, and not for rules that are off or elsewhere", () => {
    const event = anEvent("mood.changed");
    expect(
      listens(aPolicy([aRule("a", { kind: "any", of: [moody("x")] })]), event, "pull_request"),
    ).toBe(true);
    expect(
      listens(
        aPolicy([aRule("a", moody("x"), { enforcement: "disabled" })]),
        event,
        "pull_request",
      ),
    ).toBe(false);
    expect(
      listens(aPolicy([aRule("a", moody("x"), { gates: ["deployment"] })]), event, "pull_request"),
    ).toBe(false);
    expect(
      listens(aPolicy([aRule("a", moody("x"), { gates: ["deployment"] })]), event, "deployment"),
    ).toBe(true);
  });

  it("hears the label of an override", () => {
    const policy = effective({
      own: "rules: [{name: a, require: {up_to_date: true}}]\noverrides: [{name: e, label: Emergency, rules: [a], by: {teams: [x]}}]",
    });
    expect(
      listens(policy, anEvent("pull_request.labeled", { label: "emergency" }), "pull_request"),
    ).toBe(true);
  });
});
