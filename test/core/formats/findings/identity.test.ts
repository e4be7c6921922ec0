import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dedupe } from "#core/formats/findings/dedupe.ts";
import { markNew, newFindings } from "#core/formats/findings/new-only.ts";
import { isSamePackage, readPackage, writePackage } from "#core/formats/findings/package-name.ts";
import { sha256 } from "#core/formats/findings/sha256.ts";
import { aFinding, atLine, findingsOf, sarif } from "./builders.ts";

const prints = (text: string): string[] => findingsOf(text).map((finding) => finding.fingerprint);
const result = (line: number, text = "bad call", extra: object = {}): object => ({
  ruleId: "r",
  message: { text },
  locations: atLine("src/a.ts", line),
  ...extra,
});

describe("fingerprints", () => {
  it("are SHA-256 as the rest of the world computes it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const well = Buffer.from(text, "utf8").toString("utf8");
        expect(sha256(well)).toBe(createHash("sha256").update(well, "utf8").digest("hex"));
      }),
    );
    for (const length of [0, 55, 56, 63, 64, 65, 119, 120, 5_000])
      expect(sha256("a".repeat(length))).toBe(
        createHash("sha256").update("a".repeat(length)).digest("hex"),
      );
  });

  it("survive line moves, with and without the tool's own", () => {
    expect(prints(sarif([result(10)]))).toEqual(prints(sarif([result(99)])));
    const given = { partialFingerprints: { primaryLocationLineHash: "abc:1" } };
    expect(prints(sarif([result(10, "one", given)]))).toEqual(
      prints(sarif([result(99, "another", given)])),
    );
  });

  it("differ by rule, path, tool and the tool's own", () => {
    const all = [
      ...prints(sarif([result(1)])),
      ...prints(sarif([{ ...result(1), ruleId: "s" }])),
      ...prints(sarif([{ ...result(1), locations: atLine("src/b.ts", 1) }])),
      ...prints(sarif([result(1)], { name: "Other" })),
      ...prints(sarif([result(1, "bad call", { fingerprints: { a: "1" } })])),
      ...prints(sarif([result(1, "bad call", { fingerprints: { a: "2" } })])),
      ...prints(sarif([result(1, "worse call")])),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("number equal problems of one file, so that a third one is new", () => {
    const base = findingsOf(sarif([result(10), result(20)]));
    const head = findingsOf(sarif([result(12), result(22), result(32)]));
    expect(newFindings(head, base)).toHaveLength(1);
    expect(prints(sarif([result(10), result(10)]))).toHaveLength(2);
    expect(new Set(prints(sarif([result(10), result(10)]))).size).toBe(1);
  });

  it("ignore gitleaks' partial fingerprints, which are a person's name and a date", () => {
    const leak = (email: string): string =>
      sarif(
        [result(1, "x", { partialFingerprints: { email, author: email, commitMessage: email } })],
        { name: "gitleaks" },
      );
    expect(prints(leak("a@example.org"))).toEqual(prints(leak("b@example.org")));
  });

  it("are no sentences: without a login Semgrep gives every result the same one", () => {
    const anonymous = { fingerprints: { "matchBasedId/v1": "requires login" } };
    const base = findingsOf(sarif([result(10, "bad call", anonymous)], { name: "Semgrep OSS" }));
    const head = findingsOf(
      sarif([result(10, "bad call", anonymous), result(90, "other call", anonymous)], {
        name: "Semgrep OSS",
      }),
    );
    expect(dedupe(head)).toHaveLength(2);
    expect(newFindings(head, base)).toMatchObject([{ message: "other call" }]);
  });

  it("are in the id", () => {
    const [finding] = findingsOf(sarif([result(1)]));
    expect(finding?.id).toBe(`tool:r:${finding?.fingerprint.slice(0, 12)}`);
  });
});

describe("new against the base", () => {
  it("is what the base does not have", () => {
    const [a, b] = [aFinding(), aFinding()];
    expect(markNew([a, b], [b]).map((finding) => finding.isNew)).toEqual([true, false]);
    expect(newFindings([a, b], [b])).toMatchObject([{ id: a.id }]);
  });

  it("is everything where the base is not known", () => {
    expect(newFindings([aFinding(), aFinding()], null)).toHaveLength(2);
  });
});

describe("dedupe", () => {
  it("keeps the graver rating, the open one and all aliases", () => {
    const first = aFinding({
      severity: "low",
      suppressed: true,
      suppression: { kind: "external", accepted: true },
      aliases: ["CVE-1"],
    });
    const second = {
      ...first,
      severity: "high" as const,
      suppressed: false,
      suppression: undefined,
      aliases: ["GHSA-1"],
    };
    expect(dedupe([first, second])).toMatchObject([
      { severity: "high", suppressed: false, suppression: undefined, aliases: ["CVE-1", "GHSA-1"] },
    ]);
    expect(dedupe([second, first])).toMatchObject([{ severity: "high", suppressed: false }]);
  });

  it("changes nothing when done twice", () => {
    const some = [aFinding(), aFinding(), aFinding()];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...some)), (list) => {
        expect(dedupe(dedupe(list))).toEqual(dedupe(list));
      }),
    );
  });
});

describe("packages", () => {
  it.each([
    ["pkg:npm/lodash@4.17.20", "pkg:npm/lodash@4.17.20", true],
    ["pkg:npm/lodash", "pkg:npm/lodash@4.17.20", true],
    ["pkg:npm/lodash@4.17.20", "pkg:npm/lodash@4.17.21", false],
    ["pkg:npm/lodash@4.17.20", "pkg:npm/lodash", false],
    ["pkg:npm/lodash@4.17.2", "pkg:npm/lodash@4.17.20", false],
    ["pkg:npm/%40a/b@1", "pkg:npm/@a/b@1", true],
    ["pkg:pypi/Jinja_2", "pkg:pypi/jinja-2@3.0", true],
    ["pkg:npm/lodash", "pkg:pypi/lodash@1", false],
    ["pkg:deb/debian/zlib@1?arch=amd64", "pkg:deb/debian/zlib@1?arch=arm64&distro=debian-12", true],
    ["lodash", "pkg:npm/lodash@4.17.20", true],
    ["lodash@4.17.20", "pkg:npm/lodash@4.17.20", true],
    ["pkg:npm/lodash", "lodash@4.17.20", false],
    ["@a/b@1.0.0", "pkg:npm/%40a/b@1.0.0", true],
    ["pkg:golang/github.com/a/b@v1.0.0", "pkg:golang/github.com/a/b@v1.0.0#sub", true],
    ["", "pkg:npm/a", false],
  ])("%s means %s: %s", (waived, found, same) => {
    expect(isSamePackage(waived, found)).toBe(same);
  });

  it("are written so that they can be read back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("npm", "pip", "gomod", "cargo"),
        fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/),
        fc.stringMatching(/^[0-9][0-9a-z.+-]{0,10}$/),
        (type, name, version) => {
          expect(
            isSamePackage(writePackage(type, name, version), writePackage(type, name, version)),
          ).toBe(true);
          expect(readPackage(writePackage(type, name, version))?.version).toBe(version);
        },
      ),
    );
    expect(writePackage("maven", "org.a:b", "1")).toBe("pkg:maven/org.a/b@1");
    expect(writePackage("no such thing", "b", "1")).toBe("b@1");
  });
});
