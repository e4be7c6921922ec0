import { describe, expect, it } from "vitest";
import { codeOwner } from "#core/facts/reviews.ts";
import { reviews } from "#core/rules/reviews/rule.ts";
import {
  aCommit,
  aFile,
  alice,
  anIdentity,
  aPerson,
  aReview,
  bob,
  carol,
  dave,
  eve,
  olderSha,
} from "../../build.ts";
import { judge, judgeInRounds } from "../../judge.ts";
import { type World, world } from "./facts.ts";

const codeowners = [
  "/src/ @bob",
  "/docs/ @acme/writers",
  "/legal/ @carol @dave",
  "/mixed/ @bob @acme/writers",
  "/gone/ @nobody law@example.com",
  "/free/",
].join("\n");
const owned = { code_owners: true };
const verdictOn = (params: unknown, over: World) =>
  judge(reviews, params, world({ codeowners, teams: { writers: [eve] }, ...over }));

describe("code_owners", () => {
  it.each([
    { files: [aFile("src/a.ts")], given: [bob], kind: "pass" },
    { files: [aFile("src/a.ts")], given: [carol], kind: "pending" },
    { files: [aFile("README.md")], given: [carol], kind: "pass" },
    { files: [aFile("free/a.ts")], given: [carol], kind: "pass" },
    { files: [aFile("docs/a.md")], given: [eve], kind: "pass" },
    { files: [aFile("docs/a.md")], given: [bob], kind: "pending" },
    { files: [aFile("legal/a.md")], given: [dave], kind: "pass" },
    { files: [aFile("legal/a.md"), aFile("src/a.ts")], given: [dave], kind: "pending" },
    { files: [aFile("legal/a.md"), aFile("src/a.ts")], given: [dave, bob], kind: "pass" },
    { files: [aFile("mixed/a.md")], given: [eve], kind: "pass" },
    { files: [aFile("src/b.ts"), aFile("mixed/a.md")], given: [bob], kind: "pass" },
    { files: [], given: [carol], kind: "pass" },
  ])("$files.length files, approved by $given.0.login … → $kind", ({ files, given, kind }) => {
    expect(verdictOn(owned, { files, reviews: given.map((person) => aReview(person)) }).kind).toBe(
      kind,
    );
  });

  it("asks the owners of both names of a renamed file", () => {
    const files = [aFile("free/a.ts", { previousPath: "src/a.ts", status: "renamed" })];
    expect(verdictOn(owned, { files, reviews: [aReview(carol)] }).kind).toBe("pending");
    expect(verdictOn(owned, { files, reviews: [aReview(bob)] }).kind).toBe("pass");
  });

  it("row c: a changed line in an owned file since the owner's approval → pending", () => {
    const facts = {
      files: [aFile("src/a.ts")],
      reviews: [aReview(carol), aReview(bob, { commitSha: olderSha })],
    };
    expect(verdictOn(owned, facts).kind).toBe("pass");
    expect(verdictOn(owned, { ...facts, changedSince: { [olderSha]: ["src/a.ts"] } }).kind).toBe(
      "pending",
    );
  });

  it("names the file and its owners", () => {
    const verdict = verdictOn(owned, {
      files: [aFile("legal/a.md"), aFile("legal/b.md")],
      reviews: [aReview(bob)],
    });
    expect(verdict).toMatchObject({
      kind: "pending",
      need: "Needs an approval from a code owner of legal/a.md and 1 more (@carol or @dave)",
      next: "@carol or @dave approves legal/a.md, legal/b.md.",
    });
  });

  it("does not take an owner who wrote the change", () => {
    const facts = {
      files: [aFile("src/a.ts")],
      reviews: [aReview(bob), aReview(carol)],
      commits: [aCommit({ authors: [anIdentity(bob)] })],
    };
    expect(verdictOn(owned, facts).kind).toBe("pending");
  });

  it("says what to do when the author is the only owner", () => {
    const verdict = verdictOn(owned, {
      files: [aFile("src/a.ts")],
      pull: { author: bob },
      reviews: [aReview(carol)],
    });
    expect(verdict.kind).toBe("pending");
    expect(verdict.next).toContain(
      "@bob, the only owner of src/a.ts, worked on this change and cannot approve it",
    );
    expect(verdict.next).toContain("adds another owner to CODEOWNERS on the base branch");
  });

  it("does not take an owner without write access, unless the policy counts them", () => {
    const facts = {
      files: [aFile("docs/a.md")],
      reviews: [aReview(eve, { canPush: false }), aReview(carol)],
      teams: { writers: [eve] },
    };
    expect(verdictOn(owned, facts).kind).toBe("pending");
    expect(verdictOn({ ...owned, teams: ["writers"] }, facts).kind).toBe("pass");
  });

  it("takes an owner's approval for the files even when it does not count towards the total", () => {
    const facts = {
      files: [aFile("src/a.ts")],
      reviews: [aReview(bob), aReview(eve)],
      teams: { writers: [eve] },
    };
    expect(verdictOn({ ...owned, teams: ["writers"] }, facts).kind).toBe("pass");
    expect(
      verdictOn({ ...owned, teams: ["writers"] }, { ...facts, reviews: [aReview(bob)] }),
    ).toMatchObject({ kind: "pending", need: "Needs 1 approval from @acme/writers" });
  });

  it("row h: an owner in another case, or renamed since, is the same person", () => {
    const files = [aFile("src/a.ts")];
    expect(
      verdictOn(owned, {
        files,
        reviews: [aReview(bob)],
        codeowners: "/src/ @BOB",
        accounts: { BOB: bob },
      }).kind,
    ).toBe("pass");
    expect(verdictOn(owned, { files, reviews: [aReview({ ...bob, login: "bobby" })] }).kind).toBe(
      "pass",
    );
    expect(verdictOn(owned, { files, reviews: [aReview(aPerson("bobby"))] }).kind).toBe("pending");
  });

  it("names owners who are nobody", () => {
    const verdict = verdictOn(owned, {
      files: [aFile("gone/a.md")],
      reviews: [aReview(carol)],
      accounts: { nobody: null },
    });
    expect(verdict.kind).toBe("pending");
    expect(verdict.warnings).toEqual([
      "CODEOWNERS names @nobody, law@example.com, behind whom GitHub knows no account.",
    ]);
  });

  it("warns where there is no CODEOWNERS file, and asks nobody", () => {
    const verdict = verdictOn(owned, {
      codeowners: null,
      files: [aFile("src/a.ts")],
      reviews: [aReview(carol)],
    });
    expect(verdict.kind).toBe("pass");
    expect(verdict.warnings).toEqual([
      "The base branch has no CODEOWNERS file, so no owner is asked.",
    ]);
  });

  it("warns of lines that GitHub skips", () => {
    const verdict = verdictOn(owned, {
      codeowners: "/src/ bob\n/src/ @bob",
      files: [aFile("src/a.ts")],
      reviews: [aReview(bob)],
    });
    expect(verdict.kind).toBe("pass");
    expect(verdict.warnings[0]).toContain(".github/CODEOWNERS line 1:");
  });

  it("waits where the file as a whole cannot be used", () => {
    const verdict = verdictOn(owned, {
      codeowners: `/src/ @bob\n${"#".repeat(3 * 1024 * 1024)}`,
      files: [aFile("src/a.ts")],
      reviews: [aReview(bob)],
    });
    expect(verdict).toMatchObject({ kind: "pending", need: "CODEOWNERS cannot be used" });
  });

  it("reads a team only for files that nobody approved by name, and an account only after that", () => {
    const asked = (path: string, by: typeof bob) =>
      judgeInRounds(
        reviews,
        owned,
        world({
          codeowners,
          files: [aFile(path)],
          reviews: [aReview(by)],
          teams: { writers: [eve] },
        }),
      ).rounds.flat();
    expect(asked("mixed/a.md", bob)).not.toContain(codeOwner.need("@acme/writers").key);
    expect(asked("mixed/a.md", eve)).toContain(codeOwner.need("@acme/writers").key);
    expect(asked("mixed/a.md", eve)).not.toContain(codeOwner.need("@bob").key);
    expect(asked("mixed/a.md", carol)).toContain(codeOwner.need("@bob").key);
    expect(asked("src/a.ts", alice)).not.toContain(codeOwner.need("@bob").key);
  });
});
