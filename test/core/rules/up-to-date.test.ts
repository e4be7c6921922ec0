import { describe, expect, it } from "vitest";
import { behindBase } from "#core/facts/pull-request.ts";
import { upToDate } from "#core/rules/up-to-date/rule.ts";
import { aMergeGroup, anEvent, cannotRead, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

describe("up_to_date", () => {
  it.each([
    { behind: 0, kind: "pass", found: "up to date" },
    { behind: 1, kind: "fail", found: "1 commit behind" },
    { behind: 31, kind: "fail", found: "31 commits behind" },
  ])("$behind behind → $kind", ({ behind, kind, found }) => {
    expect(judge(upToDate, true, factsOf(tell(behindBase.need(), behind)))).toMatchObject({
      kind,
      found,
    });
  });

  it("is not asked of the pull requests of a merge group: the queue brings them up to date", () => {
    expect(judge(upToDate, true, factsOf(), { subject: aMergeGroup }).kind).toBe("pass");
  });

  it("is unknown when it cannot be read", () => {
    expect(judge(upToDate, true, factsOf(cannotRead(behindBase.need()))).kind).toBe("unknown");
  });

  it("takes nothing but true", () => {
    expect(upToDate.params.safeParse(false).success).toBe(false);
  });

  it.each([
    { ref: "refs/heads/main", heard: true },
    { ref: "refs/tags/v1", heard: false },
  ])("hears a push to $ref: $heard", ({ ref, heard }) => {
    expect(
      upToDate
        .bind(true)
        .isAffectedBy(anEvent("push", { push: { ref, after: "a", deleted: false } })),
    ).toBe(heard);
  });
});
