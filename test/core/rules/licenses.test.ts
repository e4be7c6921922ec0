import { describe, expect, it } from "vitest";
import { addedLicenses } from "#core/facts/findings.ts";
import type { AddedDependency } from "#core/formats/findings/github/dependency-review.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import type { Verdict } from "#core/model/verdict.ts";
import { licenses } from "#core/rules/licenses/rule.ts";
import { factsOf, minute, monday, tell } from "../build.ts";
import { judge as judgeRule } from "../judge.ts";

const added = (
  name: string,
  license: string | null,
  manifest: string | null = "package-lock.json",
): AddedDependency => ({
  package: `pkg:npm/${name}@1.0.0`,
  name,
  version: "1.0.0",
  manifest,
  scope: "runtime",
  license,
});

function judge(
  params: unknown,
  list: readonly AddedDependency[] | null,
  waivers: readonly Waiver[] = [],
  now = monday,
): Verdict {
  const facts = factsOf(
    tell(addedLicenses.need(), {
      added: list,
      note: list === null ? "the dependency graph is switched off" : null,
    }),
  );
  return judgeRule(licenses, params, facts, { waivers, now });
}

/** GitHub compares a part: a snapshot of one of the commits is missing. */
const ofPart = (list: readonly AddedDependency[]): Verdict =>
  judgeRule(
    licenses,
    { deny: ["GPL-3.0-only"] },
    factsOf(tell(addedLicenses.need(), { added: list, note: "not complete: no snapshot" })),
  );

describe("licenses", () => {
  it("of a part of the comparison: what it shows counts at once, and no more than that is waited for", () => {
    const again = { changesAt: monday + 5 * minute };
    expect(ofPart([added("a", "GPL-3.0-only")])).toMatchObject({
      kind: "fail",
      warnings: ["not complete: no snapshot"],
      ...again,
    });
    expect(ofPart([added("a", "MIT")])).toMatchObject({
      kind: "pending",
      need: "GitHub's comparison of the dependencies is not complete",
      ...again,
    });
  });

  it("a pass waits for runs that may submit a snapshot, a failure does not", () => {
    const said = (list: readonly AddedDependency[], waiting: readonly string[]) =>
      judgeRule(
        licenses,
        { deny: ["GPL-3.0-only"] },
        factsOf(tell(addedLicenses.need(), { added: list, note: null, waiting })),
      ).kind;
    expect(said([added("a", "MIT")], ["CI"])).toBe("pending");
    expect(said([added("a", "MIT")], [])).toBe("pass");
    expect(said([added("a", "GPL-3.0-only")], ["CI"])).toBe("fail");
  });

  it.each<[string, unknown, readonly AddedDependency[], string, RegExp]>([
    ["nothing added", { allow: ["MIT"] }, [], "pass", /no dependency added/],
    ["an allowed licence", { allow: ["MIT"] }, [added("a", "MIT")], "pass", /1 dependency added/],
    [
      "one that is not",
      { allow: ["MIT"] },
      [added("a", "GPL-3.0-only")],
      "fail",
      /a \(GPL-3.0-only\)/,
    ],
    [
      "a choice with one allowed branch",
      { allow: ["MIT"] },
      [added("a", "(GPL-3.0-only OR MIT)")],
      "pass",
      /added/,
    ],
    [
      "both branches bind",
      { allow: ["MIT"] },
      [added("a", "MIT AND GPL-3.0-only")],
      "fail",
      /not acceptable/,
    ],
    [
      "a denied licence",
      { deny: ["GPL-3.0-only"] },
      [added("a", "GPL-3.0-only")],
      "fail",
      /not acceptable/,
    ],
    [
      "one that is not denied",
      { deny: ["GPL-3.0-only"] },
      [added("a", "Apache-2.0")],
      "pass",
      /added/,
    ],
    ["an unknown licence", { allow: ["MIT"] }, [added("a", null)], "fail", /no licence known/],
    [
      "an unknown licence, of which the policy warns",
      { allow: ["MIT"], unknown: "warn" },
      [added("a", null)],
      "pass",
      /unknown: a/,
    ],
    [
      "NOASSERTION is unknown",
      { deny: ["GPL-3.0-only"] },
      [added("a", "NOASSERTION")],
      "fail",
      /NOASSERTION/,
    ],
    [
      "one of several",
      { allow: ["MIT"] },
      [added("a", "MIT"), added("b", "SSPL-1.0"), added("c", "MIT")],
      "fail",
      /3 dependencies added; not acceptable: b/,
    ],
    [
      "the same one in two manifests is two places",
      { allow: ["MIT"] },
      [added("a", "SSPL-1.0"), added("a", "SSPL-1.0", "web/package-lock.json")],
      "fail",
      /2 dependencies/,
    ],
  ])("%s", (_title, params, list, kind, found) => {
    const verdict = judge(params, list);
    expect(verdict.kind).toBe(kind);
    expect(verdict.found).toMatch(found);
  });

  it("says of each dependency why, on its manifest", () => {
    const verdict = judge({ allow: ["MIT"] }, [added("a", "SSPL-1.0"), added("b", null)]);
    expect(verdict.annotations).toEqual([
      expect.objectContaining({
        path: "package-lock.json",
        title: "Licence of a",
        message: expect.stringContaining("SSPL-1.0 is not on the list of allowed licences"),
      }),
      expect.objectContaining({
        title: "Licence of b",
        message: expect.stringContaining("no licence is known"),
      }),
    ]);
    expect(verdict.need).toBe("2 added dependencies without an acceptable licence");
  });

  it("waits where GitHub compares nothing", () => {
    expect(judge({ allow: ["MIT"] }, null)).toMatchObject({
      kind: "pending",
      found: "the dependency graph is switched off",
    });
  });

  it.each<[string, Waiver, number, string]>([
    [
      "of this licence and package",
      {
        finding: "SSPL-1.0",
        package: "pkg:npm/a",
        until: "2026-12-31",
        owner: "octocat",
        reason: "internal use",
      },
      monday,
      "pass",
    ],
    [
      "of whatever licence it has",
      {
        finding: "license",
        package: "pkg:npm/a@1.0.0",
        until: "2026-12-31",
        owner: "octocat",
        reason: "internal use",
      },
      monday,
      "pass",
    ],
    [
      "that has run out",
      {
        finding: "license",
        package: "pkg:npm/a",
        until: "2026-01-31",
        owner: "octocat",
        reason: "internal use",
      },
      monday,
      "fail",
    ],
    [
      "of another package",
      {
        finding: "license",
        package: "pkg:npm/b",
        until: "2026-12-31",
        owner: "octocat",
        reason: "internal use",
      },
      monday,
      "fail",
    ],
  ])("a waiver %s", (_title, waiver, now, kind) => {
    const verdict = judge({ allow: ["MIT"] }, [added("a", "SSPL-1.0")], [waiver], now);
    expect(verdict.kind).toBe(kind);
    if (waiver.package !== "pkg:npm/b") expect(verdict.warnings.join()).toContain("octocat");
  });

  it.each<[string, unknown, unknown, string]>([
    ["fewer allowed", { allow: ["MIT", "ISC"] }, { allow: ["MIT"] }, "tighter"],
    ["more allowed", { allow: ["MIT"] }, { allow: ["MIT", "GPL-3.0-only"] }, "looser"],
    ["more denied", { deny: ["GPL-3.0-only"] }, { deny: ["GPL-3.0-only", "SSPL-1.0"] }, "tighter"],
    ["a list of the other kind", { deny: ["GPL-3.0-only"] }, { allow: ["MIT"] }, "looser"],
    ["unknown ones only warn", { allow: ["MIT"] }, { allow: ["MIT"], unknown: "warn" }, "looser"],
    ["unknown ones fail", { allow: ["MIT"], unknown: "warn" }, { allow: ["MIT"] }, "tighter"],
  ])("tighten: %s", (_title, organization, repository, direction) => {
    expect(licenses.compare(organization, repository)).toBe(direction);
  });
});
