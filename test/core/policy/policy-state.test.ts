import { describe, expect, it } from "vitest";
import {
  decisionOfBroken,
  isRetired,
  judgeablePolicy,
  wantedForPolicy,
  type Judgeable,
  type PolicyFileState,
} from "#core/policy/policy-state.ts";
import { parsed, presets } from "./some-policy.ts";

const good = "rules: [{ name: a, require: { up_to_date: true } }]";
const better = "rules: [{ name: b, require: { up_to_date: true } }]";
const broken = "rules: [{ name: a, require: { up_to_dat: true } }]";

const absent: PolicyFileState = { current: { kind: "absent" }, lastGood: null, binding: false };
const there = (text: string, lastGood: string | null = text): PolicyFileState => ({
  current: { kind: "text", text },
  lastGood,
  binding: true,
});
const gone: PolicyFileState = { current: { kind: "absent" }, lastGood: good, binding: true };
const symlink = (lastGood: string | null): PolicyFileState => ({
  current: { kind: "obstacle", message: "a symlink stands there" },
  lastGood,
  binding: true,
});

const judge = (
  own: PolicyFileState,
  organization: PolicyFileState | null = null,
  earlierNames: readonly string[] = [],
): Judgeable =>
  judgeablePolicy({
    repository: { owner: "acme", name: "shop", properties: {}, earlierNames },
    organization,
    own,
    presets,
    extended: new Map(),
    digest: "d",
  });

const rulesOf = (state: Judgeable): readonly string[] =>
  state.kind === "effective" ? state.policy.rules.map((rule) => rule.name) : [];

describe("judgeablePolicy", () => {
  it("no file anywhere: not governed", () => {
    expect(judge(absent)).toEqual({ kind: "ungoverned" });
    expect(judge(absent, absent)).toEqual({ kind: "ungoverned" });
  });

  it("an organisation's policy that selects others does not govern", () => {
    expect(judge(absent, there(`repositories: [web]\n${good}`))).toEqual({ kind: "ungoverned" });
    expect(rulesOf(judge(there(better), there(`repositories: [web]\n${good}`)))).toEqual(["b"]);
  });

  it("an organisation's policy holds who was renamed out of its names, until it lets the old name go", () => {
    const above = (repositories: string): PolicyFileState =>
      there(`repositories: ${repositories}\n${good}`);
    const held = judge(there(better), above('["pay*"]'), ["payments"]);
    expect(rulesOf(held)).toEqual(["a", "b"]);
    expect(held.kind === "effective" ? held.policy.warnings : []).toEqual([
      expect.stringContaining("selects it as payments, and goes on to apply"),
    ]);
    expect(rulesOf(judge(absent, above("{ except: [shop] }"), ["payments"]))).toEqual(["a"]);
    for (const selection of ['["tools"]', "{ names: ['pay*'], except: [payments] }"])
      expect(judge(absent, above(selection), ["payments"])).toEqual({ kind: "ungoverned" });
    const own = judge(absent, above("[shop]"), ["payments"]);
    expect(own.kind === "effective" ? own.policy.warnings : ["none"]).toEqual([]);
  });

  it("valid files judge together", () => {
    expect(judge(there(good))).toMatchObject({ kind: "effective", broken: [] });
    expect(rulesOf(judge(there(better), there(good)))).toEqual(["a", "b"]);
    expect(rulesOf(judge(absent, there(good)))).toEqual(["a"]);
  });

  it("T16: an invalid policy: the last good one judges, and what is wrong is told", () => {
    const state = judge(there(broken, better));
    expect(rulesOf(state)).toEqual(["b"]);
    expect(state).toMatchObject({
      broken: [
        {
          file: "repository",
          reason: "invalid",
          problems: [{ line: 1, message: expect.stringMatching(/up_to_dat/) }],
        },
      ],
    });
  });

  it("T16: an invalid policy without a good one before it is broken", () => {
    expect(judge(there(broken, null))).toMatchObject({
      kind: "broken",
      file: "repository",
      reason: "invalid",
      problems: [{ line: 1 }],
    });
    expect(judge(there(broken, broken))).toMatchObject({ kind: "broken", reason: "invalid" });
  });

  it("T16: deleting the file is not a way out", () => {
    expect(judge(gone)).toMatchObject({ kind: "broken", file: "repository", reason: "removed" });
    // The organisation's is out of the reach of those it judges: as it was last good, it binds (W1).
    expect(judge(there(good), gone)).toMatchObject({
      kind: "effective",
      broken: [{ file: "organization", reason: "removed" }],
    });
    expect(judge(there(good), { ...gone, lastGood: null })).toMatchObject({
      kind: "broken",
      file: "organization",
      reason: "removed",
    });
    expect(judge(gone, there(good))).toMatchObject({
      kind: "broken",
      file: "repository",
      reason: "removed",
    });
  });

  it("T16: a retired policy may be deleted", () => {
    const retired = there("enforcement: disabled\n");
    expect(judge(retired)).toMatchObject({ kind: "effective" });
    expect(rulesOf(judge(retired))).toEqual([]);
    expect(judge({ ...gone, binding: false })).toEqual({ kind: "ungoverned" });
  });

  it("W1: a retired policy is no last good one of what came after it", () => {
    const retired = "enforcement: disabled\n";
    expect(judge(there(broken, retired))).toMatchObject({ kind: "broken", reason: "invalid" });
    expect(judge(symlink(retired))).toMatchObject({ kind: "broken", reason: "unusable" });
    expect(judge(there(good), there(broken, retired))).toMatchObject({
      kind: "broken",
      file: "organization",
    });
  });

  it("T17: something that is no regular file is broken, or the last good one judges", () => {
    expect(judge(symlink(null))).toMatchObject({
      kind: "broken",
      reason: "unusable",
      problems: [{ message: "a symlink stands there" }],
    });
    expect(rulesOf(judge(symlink(good)))).toEqual(["a"]);
    expect(judge(symlink(good))).toMatchObject({
      broken: [{ file: "repository", reason: "unusable" }],
    });
  });

  it("an extended file that is not to be had: the last good text judges where it can", () => {
    const extending = "extends: acme/policies:base.yml@v1\n";
    expect(judge(there(extending, null))).toMatchObject({
      kind: "broken",
      reason: "unusable",
      problems: [{ path: "extends" }],
    });
    const state = judge(there(extending, good));
    expect(rulesOf(state)).toEqual(["a"]);
    expect(state).toMatchObject({ broken: [{ file: "repository", reason: "unusable" }] });
  });

  it("an organisation's broken file falls back on its own last good text", () => {
    const state = judge(there(better), there(broken, good));
    expect(rulesOf(state)).toEqual(["a", "b"]);
    expect(state).toMatchObject({ broken: [{ file: "organization", reason: "invalid" }] });
    expect(judge(there(better), there(broken, null))).toMatchObject({
      kind: "broken",
      file: "organization",
    });
  });
});

describe("decisionOfBroken", () => {
  it("never allows, and holds a deployment", () => {
    expect([
      decisionOfBroken("pull_request"),
      decisionOfBroken("merge_group"),
      decisionOfBroken("deployment"),
    ]).toEqual(["deny", "deny", "wait"]);
  });
});

describe("isRetired", () => {
  it.each([
    ["enforcement: disabled", true],
    ["enforcement: disabled\nrules: [{ name: a, require: { up_to_date: true } }]", true],
    [
      "enforcement: disabled\nrules: [{ name: a, enforcement: active, require: { up_to_date: true } }]",
      false,
    ],
    ["rules: [{ name: a, enforcement: disabled, require: { up_to_date: true } }]", false],
    ["enforcement: evaluate", false],
  ])("%j is %s", (text, expected) => {
    expect(isRetired(parsed(text))).toBe(expected);
  });
});

describe("wantedForPolicy", () => {
  it("says what must be fetched", () => {
    expect(wantedForPolicy(parsed("extends: gatehouse:library"))).toEqual({
      extends: { kind: "preset", name: "library" },
      properties: false,
    });
    expect(wantedForPolicy(parsed("extends: acme/policies:a/b.yml@refs/tags/v1"))).toMatchObject({
      extends: {
        kind: "file",
        owner: "acme",
        repository: "policies",
        path: "a/b.yml",
        ref: "refs/tags/v1",
      },
    });
    expect(wantedForPolicy(parsed(`repositories: { properties: { a: b } }\n${good}`))).toEqual({
      extends: null,
      properties: true,
    });
  });
});
