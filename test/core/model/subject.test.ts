import { describe, expect, it } from "vitest";
import { environmentOfKey, readSubjectKey, subjectKey } from "#core/model/subject.ts";

describe("a subject's key", () => {
  it.each([
    [{ kind: "pull_request", repository: 12, number: 7 }, null],
    [{ kind: "merge_group", repository: 12, headSha: "a".repeat(40) }, null],
    [
      { kind: "deployment", repository: 12, deploymentId: 5, environment: "production" },
      "production",
    ],
    [
      { kind: "deployment", repository: 12, deploymentId: 5, environment: "eu:1\nblue" },
      "eu:1\nblue",
    ],
  ] as const)("is read back as what it was made of: %j", (subject, environment) => {
    const key = subjectKey(subject);
    expect(readSubjectKey(key)).toEqual(subject);
    expect(environmentOfKey(key)).toBe(environment);
  });

  it.each([
    "",
    "pr:12",
    "pr:12:7:8",
    "pr:12:x",
    "pr:x:7",
    "mg:12:",
    "dep:12:5",
    "dep:12:5:",
    "dep:12:x:production",
    "policy:12",
    " pr:12:7",
  ])("is none where it names no subject: %j", (key) => {
    expect(readSubjectKey(key)).toBeNull();
    expect(environmentOfKey(key)).toBeNull();
  });

  it("is none where there is none", () => {
    expect(environmentOfKey(null)).toBeNull();
  });
});
