import { describe, expect, it } from "vitest";
import {
  answeredNow,
  askedAgain,
  askedAnew,
  isAboutIt,
  isForgotten,
  type Ask,
} from "#core/outside/asking.ts";
import { questionBehind } from "#core/outside/let-through.ts";
import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import type { DeploymentRow, JudgedQuestion } from "#core/model/deployment.ts";
import { everyRequester } from "#core/deployments/requester.ts";
import { requestersOf } from "#core/people/requesters.ts";
import { isQuestion } from "#core/model/subject.ts";

const now = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;
const person = (id: number) => ({ id, login: `p${id}`, type: "User" as const });

const ask = (over: Partial<Ask> = {}): Ask => ({
  repository: 1,
  environment: "live",
  sha: "a".repeat(40),
  ref: "main",
  runId: 7,
  actor: person(5),
  caller: "run 7, attempt 1",
  callerKey: "run:7:70",
  digest: null,
  now,
  ...over,
});
const judged = (over: Partial<JudgedQuestion> = {}): JudgedQuestion => ({
  ask: 1,
  at: now,
  recordedAt: now,
  answer: "allow",
  title: "All rules pass",
  ruled: true,
  changesAt: null,
  shown: "x",
  stops: 0,
  ...over,
});
const asked = askedAnew(ask(), null);
const after = (over: Partial<JudgedQuestion> | null, row = asked): DeploymentRow => {
  if (row.question === undefined) throw new Error("no question");
  return { ...row, question: { ...row.question, judged: over === null ? null : judged(over) } };
};
const given = (over: Partial<JudgedQuestion> = {}): DeploymentRow => {
  const row = answeredNow(after(over), 1, now, 0);
  if (row === null) throw new Error("nothing was given");
  return row;
};

const withoutCaller = (row: DeploymentRow): DeploymentRow => {
  if (row.question === undefined) throw new Error("no question");
  return { ...row, question: { ...row.question, callerKey: undefined } };
};

describe("a question that is asked", () => {
  it("is none of GitHub's deployments, and its number fits where theirs do", () => {
    expect(isQuestion(asked)).toBe(true);
    expect(Number.isSafeInteger(asked.deploymentId)).toBe(true);
    expect(String(asked.deploymentId)).toHaveLength(16);
    expect(isQuestion({ deploymentId: 4_000_000_000 })).toBe(false);
  });

  it.each([
    ["while it is held", after({ answer: "wait" }), {}, true],
    ["before it was judged", asked, {}, true],
    ["in another case", asked, { environment: "Live" }, true],
    ["for another environment", asked, { environment: "test" }, false],
    ["by another run", asked, { runId: 8, callerKey: "run:8:80" }, false],
    ["by another job of the run", asked, { callerKey: "run:7:71" }, false],
    ["by a token", asked, { runId: null, actor: null, callerKey: "token:a" }, false],
    ["about another artifact", asked, { digest: `sha256:${"0".repeat(64)}` }, false],
    ["about another ref", asked, { ref: "refs/tags/main" }, false],
    ["about another commit", asked, { sha: "b".repeat(40) }, false],
    ["in another repository", asked, { repository: 2 }, false],
    ["when nobody asked for a day", asked, { now: now + 25 * 60 * minute }, false],
    ["after a yes", given(), { now: now + 1 }, false],
    ["shortly after a no", given({ answer: "deny" }), { now: now + minute }, true],
    ["long after a no", given({ answer: "deny" }), { now: now + 11 * minute }, false],
    ["after its run was over", { ...asked, gateAnsweredAt: now }, {}, false],
    ["where its caller is not known", withoutCaller(asked), {}, false],
  ] as const)("again %s", (_what, row, over, isSame) => {
    const again = askedAgain([row], ask(over));
    expect(again !== null).toBe(isSame);
    if (again === null) return;
    expect([again.deploymentId, again.question?.asked]).toEqual([asked.deploymentId, 2]);
    expect([again.gateAnsweredAt, again.gateAnswer]).toEqual([null, null]);
  });

  it("every few minutes after a no is a new one ten minutes after the first no", () => {
    let row = given({ answer: "deny" });
    for (const minutes of [4, 8]) {
      const at = now + minutes * minute;
      const again = askedAgain([row], ask({ now: at }));
      if (again === null) throw new Error(`it is another question after ${minutes} minutes`);
      const no = answeredNow(
        after({ answer: "deny", ask: again.question?.asked ?? 0 }, again),
        again.question?.asked ?? 0,
        at,
        0,
      );
      if (no === null) throw new Error("nothing was given");
      row = no;
    }
    expect(askedAgain([row], ask({ now: now + 10 * minute }))).not.toBeNull();
    expect(askedAgain([row], ask({ now: now + 10 * minute + 1 }))).toBeNull();
  });

  it("keeps who asked first", () => {
    expect(askedAgain([asked], ask({ actor: person(6) }))?.actor).toEqual(person(5));
    expect(askedAgain([{ ...asked, actor: null }], ask())?.actor).toEqual(person(5));
  });

  it("gets a number that no other has, whatever the clock says", () => {
    const first = askedAnew(ask(), null).deploymentId;
    expect(askedAnew(ask({ sha: "b".repeat(40) }), first).deploymentId).toBe(first + 1);
    expect(askedAnew(ask({ now: now - minute }), first).deploymentId).toBe(first + 1);
    // An older store was put back: numbers given since are not given again.
    expect(askedAnew(ask({ now: now + minute }), null).deploymentId).toBeGreaterThan(first + 1);
  });

  it("is answered by its own row alone", () => {
    expect(isAboutIt(asked, ask())).toBe(true);
    expect(isAboutIt({ ...asked, sha: "b".repeat(40) }, ask())).toBe(false);
  });

  it("is forgotten when nobody asks any more", () => {
    const { question } = asked;
    if (question === undefined) throw new Error("no question");
    expect(isForgotten(question, now + 24 * 60 * minute)).toBe(false);
    expect(isForgotten(question, now + 24 * 60 * minute + 1)).toBe(true);
  });
});

describe("an answer is given", () => {
  it.each([
    ["not before it was judged", null, 1, now, null],
    ["not while it is held", { answer: "wait" }, 1, now, null],
    ["not to who asked after it was judged", {}, 2, now, null],
    ["not once a yes is old", {}, 1, now + 11_000, null],
    ["not once the answer may have changed", { changesAt: now + 5 }, 1, now + 5, null],
    ["not on evidence of more than a minute", { at: now - minute }, 1, now, null],
    ["not once somebody said something that stops", { stops: 1 }, 1, now, null],
    ["as a yes", {}, 1, now + 9_000, "approved"],
    ["as a no, however old it is", { answer: "deny" }, 1, now + 60 * minute, "rejected"],
  ] as const)("%s", (_what, over, own, at, expected) => {
    expect(answeredNow(after(over), own, at, 0)?.gateAnswer ?? null).toBe(expected);
  });

  it.each([
    [null, now + 5 * minute],
    [now + minute, now + minute],
    [now + 60 * minute, now + 5 * minute],
  ])("that changes at %s is good until %s", (changesAt, expected) => {
    expect(answeredNow(after({ changesAt }), 1, now, 0)?.question?.validUntil).toBe(expected);
  });

  it("T56: once", () => {
    expect(answeredNow(given(), 1, now, 0)).toBeNull();
  });
});

describe("a deployment that GitHub tells of", () => {
  const deployment = (over: Partial<DeploymentRow> = {}): DeploymentRow => {
    const { question: _question, ...row } = asked;
    return { ...row, deploymentId: 42, gateRequestedAt: null, createdAt: now - minute, ...over };
  };
  const yes = given();
  const used = (by: number): DeploymentRow => {
    if (yes.question === undefined) throw new Error("no question");
    return { ...yes, question: { ...yes.question, usedBy: by } };
  };
  const byToken = { ...yes, runId: null };

  it.each([
    ["of the run that asked", deployment(), [yes], true],
    [
      "of the run that asked, days later",
      deployment({ createdAt: now + 4_320 * minute }),
      [yes],
      false,
    ],
    ["of another run", deployment({ runId: 8 }), [yes], false],
    ["of another environment", deployment({ environment: "test" }), [yes], false],
    ["while the run is held", deployment(), [after({ answer: "wait" })], false],
    ["after a no", deployment(), [given({ answer: "deny" })], false],
    ["which is known to have gone out on it", deployment(), [used(42)], true],
    ["where another one did", deployment(), [used(41)], false],
    [
      "made by no run, while the yes is good",
      deployment({ runId: null, createdAt: now + minute }),
      [byToken],
      true,
    ],
    [
      "made by no run, before it",
      deployment({ runId: null, createdAt: now - 5 * minute }),
      [byToken],
      false,
    ],
    [
      "made by no run, long after it",
      deployment({ runId: null, createdAt: now + 7 * minute }),
      [byToken],
      false,
    ],
  ] as const)("%s", (_what, row, rows, expected) => {
    expect(questionBehind(row, rows) !== null).toBe(expected);
  });
});

describe("a question is on its way", () => {
  it.each([
    ["while somebody asks", asked, now + 14 * minute, true],
    ["not when nobody asks any more", asked, now + 16 * minute, false],
    ["for a while after a yes", given(), now + 59 * minute, true],
    ["not for ever after a yes", given(), now + 61 * minute, false],
    ["not after a no", given({ answer: "deny" }), now, false],
  ] as const)("%s", (_what, row, at, expected) => {
    expect(isOnItsWay(row, at)).toBe(expected);
  });
});

it("whoever asked one question is a requester of it, whichever run they started", () => {
  const by = { actor: person(1), triggeredBy: person(3), alsoAsked: [person(2)], scheduled: false };
  expect(everyRequester(by).map(({ id }) => id)).toEqual([1, 3, 2]);
  expect(everyRequester({ ...by, scheduled: true })).toEqual([]);
  expect(requestersOf(by).map(({ id }) => id)).toEqual([1, 3, 2]);
});
