import { describe, expect, it } from "vitest";
import { askingOf } from "#core/outside/asking-of.ts";
import { approvedAtGitHub, isApprovedAtGitHub } from "#core/deployments/answered-at-github.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { headSha, minute, monday, sha } from "../build.ts";
import { aRow } from "../deployment-world.ts";

const runs = aRow("live", headSha, {
  deploymentId: 500,
  runId: 7,
  createdAt: monday,
  state: "in_progress",
  startedAt: monday,
  finishedAt: null,
  succeededAt: null,
});
const ended = (state: "success" | "failure" | "error" | "inactive"): DeploymentRow => ({
  ...runs,
  state,
  finishedAt: monday + 5 * minute,
  succeededAt: state === "success" ? monday + 5 * minute : null,
});
const question = (over: Partial<DeploymentRow> = {}, askedAt = monday + minute): DeploymentRow => ({
  ...runs,
  deploymentId: 9_000,
  state: "pending",
  gateRequestedAt: askedAt,
  question: {
    caller: "run 7, attempt 1",
    callerKey: "run:7:70",
    digest: null,
    asked: 1,
    askedAt,
    judged: null,
    validUntil: null,
  },
  ...over,
});

describe("a deployment without a yes, where deployers ask over the API", () => {
  it.each([
    ["that has just begun may ask", runs, [], 1, "may_ask"],
    ["that has run for most of an hour may ask", runs, [], 59, "may_ask"],
    ["that has run for an hour did not ask", runs, [], 60, "unasked"],
    ["that never ended did not ask", runs, [], 24 * 60, "unasked"],
    ["that ended red did not ask", ended("failure"), [], 5, "unasked"],
    ["that ended with an error did not ask", ended("error"), [], 5, "unasked"],
    ["whose end nobody told did not ask", ended("inactive"), [], 5, "unasked"],
    ["that waits for its answer for hours asked", runs, [question()], 5 * 60, "asked"],
    ["that was told no and ended red asked", ended("failure"), [question()], 5, "asked"],
    ["that succeeded all the same", ended("success"), [question()], 5, "unasked"],
    ["of another run than the one that asked", runs, [question({ runId: 8 })], 60, "unasked"],
    [
      "of another commit than was asked about",
      ended("failure"),
      [question({ sha: sha("d") })],
      5,
      "unasked",
    ],
    [
      "to another environment than was asked about",
      ended("failure"),
      [question({ environment: "test" })],
      5,
      "unasked",
    ],
    [
      "whose run asked in an earlier attempt only",
      ended("failure"),
      [question({}, monday - 2 * minute)],
      5,
      "unasked",
    ],
    [
      "through the API, whose deployer asked an hour before and was told to wait",
      { ...ended("failure"), runId: null },
      [question({ runId: null }, monday - 60 * minute)],
      5,
      "unasked",
    ],
  ] as const)("%s", (_what, row, rows, after, kind) => {
    expect(askingOf(row, [row, ...rows], monday + after * minute).kind).toBe(kind);
  });
});

describe("an approval that is on record at GitHub only", () => {
  const approved = (over: Partial<DeploymentRow>): DeploymentRow => ({
    ...runs,
    deploymentId: 400,
    createdAt: monday - 60 * minute,
    gateAnsweredAt: monday - 59 * minute,
    gateAnswer: "approved",
    ...over,
  });
  it.each([
    ["is this deployment's where no other took it", [], 1, true],
    ["there is none", [], 0, false],
    ["was an earlier attempt's", [approved({})], 1, false],
    ["is this attempt's where there are two", [approved({})], 2, true],
    [
      "is also that of a job beside it, which was answered after this one was made",
      [approved({ createdAt: monday, gateAnsweredAt: monday + minute })],
      1,
      true,
    ],
    ["that another run took takes nothing", [approved({ runId: 8 })], 1, true],
    ["for another environment takes nothing", [approved({ environment: "test" })], 1, true],
  ] as const)("%s", (_what, rows, given, isIt) => {
    expect(isApprovedAtGitHub(runs, [runs, ...rows], given)).toBe(isIt);
  });

  it("is noted as given when it began, and takes the place of no answer on record", () => {
    expect(approvedAtGitHub(runs)).toMatchObject({
      gateRequestedAt: monday,
      gateAnsweredAt: monday,
      gateAnswer: "approved",
    });
    expect(approvedAtGitHub({ ...runs, gateAnswer: "rejected" })).toBeNull();
  });

  it("is nobody's whom no run made", () => {
    expect(isApprovedAtGitHub({ ...runs, runId: null }, [], 1)).toBe(false);
  });
});
