import { describe, expect, it } from "vitest";
import { commits as commitsFact } from "#core/facts/pull-request.ts";
import { commits } from "#core/rules/commits/rule.ts";
import { isSignedOff } from "#core/rules/commits/signed-off.ts";
import { aCommit, factsOf, sha, tell } from "../build.ts";
import { judge } from "../judge.ts";

const commitsOf = (...list: ReturnType<typeof aCommit>[]) =>
  factsOf(tell(commitsFact.need(), list));
const signedOff = "feat: x\n\nSigned-off-by: Alice Adams <alice@example.com>";

describe("commits", () => {
  it.each([
    { params: { signed: true }, list: [aCommit(), aCommit()], kind: "pass" },
    { params: { signed: true }, list: [aCommit(), aCommit({ verified: false })], kind: "fail" },
    { params: { signed_off: true }, list: [aCommit({ message: signedOff })], kind: "pass" },
    {
      params: { signed_off: true },
      list: [aCommit({ message: signedOff }), aCommit()],
      kind: "fail",
    },
    { params: { message: "^(feat|fix)" }, list: [aCommit({ message: "fix: y" })], kind: "pass" },
    {
      params: { message: "^(feat|fix)" },
      list: [aCommit({ message: "fix: y" }), aCommit({ message: "wip" })],
      kind: "fail",
    },
    { params: { linear: true }, list: [aCommit({ parents: 0 }), aCommit()], kind: "pass" },
    { params: { linear: true }, list: [aCommit(), aCommit({ parents: 2 })], kind: "fail" },
    { params: { signed: true }, list: [], kind: "pending" },
  ])("$params of $list.length commits → $kind", ({ params, list, kind }) => {
    expect(judge(commits, params, commitsOf(...list)).kind).toBe(kind);
  });

  it("names the commits and what is wrong with them", () => {
    const verdict = judge(
      commits,
      { signed: true, linear: true },
      commitsOf(
        aCommit({ sha: sha("c"), verified: false }),
        aCommit({ sha: sha("d"), parents: 2 }),
      ),
    );
    expect(verdict.need).toBe(
      "1 of 2 commits without a verified signature; 1 of 2 commits merging another branch",
    );
    expect(verdict.found).toContain("ccccccc");
    expect(verdict.evidence.map((each) => each.sha)).toEqual([sha("c"), sha("d")]);
  });

  it("refuses parameters that ask for nothing", () => {
    expect(commits.params.safeParse({ signed: false }).success).toBe(false);
  });

  it.each([
    { ours: { signed: true }, theirs: { signed: true, linear: true }, is: "tighter" },
    { ours: { signed: true }, theirs: { linear: true }, is: "looser" },
    { ours: { message: "a", signed: true }, theirs: { message: "b", signed: true }, is: "looser" },
    { ours: { signed: true }, theirs: { message: "b", signed: true }, is: "tighter" },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(commits.compare(ours, theirs)).toBe(is);
  });
});

describe("a sign-off", () => {
  it.each([
    ["Signed-off-by: Alice Adams <alice@example.com>", true],
    ["signed-off-by: Alice <a@b>", true],
    ["x\r\n\r\nSigned-off-by: Alice <a@b>\r\n", true],
    ["Signed-off-by: <a@b>", false],
    ["Signed-off-by: Alice", false],
    ["Signed-off-by: Alice <nobody>", false],
    ["Signed-off-by: Alice <a b@c>", false],
    ["I have not Signed-off-by: Alice <a@b>", false],
    ["> Signed-off-by: Alice <a@b>", false],
  ])("%j → %s", (message, is) => {
    expect(isSignedOff(message)).toBe(is);
  });
});
