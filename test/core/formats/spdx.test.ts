import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeLicence, spdxProblem } from "#core/formats/spdx.ts";

const allow = [
  "MIT",
  "Apache-2.0",
  "BSD-3-Clause",
  "GPL-2.0-only WITH Classpath-exception-2.0",
  "LicenseRef-ours",
];
const deny = ["GPL-3.0-or-later", "AGPL-3.0-only", "LGPL-3.0-only", "LicenseRef-theirs"];

describe("allowed licences", () => {
  it.each([
    ["MIT", "ok"],
    ["mit", "ok"],
    ["APACHE-2.0", "ok"],
    ["ISC", "denied"],
    ["MIT OR GPL-3.0-only", "ok"],
    ["GPL-3.0-only OR MIT", "ok"],
    ["(GPL-3.0-only OR ISC)", "denied"],
    ["MIT AND Apache-2.0", "ok"],
    ["MIT AND ISC", "denied"],
    ["MIT AND (ISC OR BSD-3-Clause)", "ok"],
    ["(MIT AND ISC) OR (Apache-2.0 AND BSD-3-Clause)", "ok"],
    ["mit and isc", "denied"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "ok"],
    ["GPL-2.0 WITH Classpath-exception-2.0", "ok"],
    ["GPL-2.0-only", "denied"],
    ["MIT WITH Classpath-exception-2.0", "denied"],
    ["LicenseRef-ours", "ok"],
    ["LicenseRef-other", "denied"],
    ["MIT OR LicenseRef-other", "ok"],
    ["Apache 2.0", "unknown"],
    ["Apache License, Version 2.0", "unknown"],
    ["BSD", "unknown"],
    ["SEE LICENSE IN LICENSE.md", "unknown"],
    ["MIT OR Apache 2.0", "unknown"],
    ["MIT /GPL", "unknown"],
    ["NOASSERTION", "unknown"],
    ["NONE", "unknown"],
    ["UNLICENSED", "unknown"],
    ["", "unknown"],
    ["  ", "unknown"],
    [null, "unknown"],
    [`MIT${" OR MIT".repeat(500)}`, "unknown"],
    ["(".repeat(900), "unknown"],
  ])("%s is %s", (expression, kind) => {
    expect(judgeLicence(expression, { allow, unknown: "fail" })).toMatchObject({
      kind,
      acceptable: kind === "ok",
    });
  });

  it("an unknown one is acceptable only where the policy merely warns", () => {
    expect(judgeLicence(null, { allow, unknown: "warn" })).toEqual({
      kind: "unknown",
      acceptable: true,
      reason: "no licence is known",
    });
    expect(judgeLicence("ISC", { allow, unknown: "warn" }).acceptable).toBe(false);
  });

  it.each([
    // The library takes ids of eight characters for ranges (spdx-satisfies 6.0.0): these two must not pass.
    ["LGPL-2.1", "LGPL-3.0", "denied"],
    ["CDDL-1.0", "CDDL-1.1", "denied"],
    ["EUPL-1.1", "EUPL-1.2", "denied"],
    ["LGPL-2.1", "LGPL-2.1-only", "ok"],
    ["GPL-2.0+", "GPL-3.0-only", "ok"],
    ["GPL-2.0-or-later", "GPL-3.0-only", "ok"],
    ["GPL-3.0-or-later", "GPL-2.0-only", "denied"],
    ["GPL-3.0-only", "GPL-2.0-or-later", "ok"],
    ["GPL-1.0-only", "GPL-2.0-or-later", "denied"],
    ["CDDL-1.0", "CDDL-1.1+", "denied"],
    ["GPL-3.0-only", "LGPL-3.0-or-later", "denied"],
    ["Apache-2.0", "Apache-1.1+", "ok"],
    ["MIT", "MIT OR ISC", "ok"],
    ["ISC", "(MIT OR ISC)", "ok"],
  ])("%s against an allowed %s is %s", (expression, listed, kind) => {
    expect(judgeLicence(expression, { allow: [listed], unknown: "fail" }).kind).toBe(kind);
  });
});

describe("denied licences", () => {
  it.each([
    ["MIT", "ok"],
    ["GPL-3.0-only", "denied"],
    ["GPL-3.0-or-later", "denied"],
    ["GPL-3.0-only WITH GCC-exception-3.1", "denied"],
    ["GPL-2.0-only", "ok"],
    ["MIT AND AGPL-3.0-only", "denied"],
    ["MIT OR AGPL-3.0-only", "ok"],
    ["agpl-3.0", "denied"],
    ["LGPL-2.1-only", "ok"],
    ["LGPL-2.1", "ok"],
    ["LicenseRef-theirs", "denied"],
    ["LicenseRef-strange", "unknown"],
    ["MIT AND LicenseRef-strange", "unknown"],
    ["MIT OR LicenseRef-strange", "ok"],
    ["DocumentRef-a:LicenseRef-theirs AND MIT", "unknown"],
    ["NONE", "unknown"],
    ["gpl", "unknown"],
  ])("%s is %s", (expression, kind) => {
    expect(judgeLicence(expression, { deny, unknown: "fail" }).kind).toBe(kind);
  });
});

describe("lists", () => {
  it("no list allows nothing; a list that cannot be read judges nothing", () => {
    expect(judgeLicence("MIT", { unknown: "fail" }).kind).toBe("denied");
    expect(judgeLicence("MIT", { deny: ["no such thing"], unknown: "fail" }).acceptable).toBe(
      false,
    );
    expect(judgeLicence("MIT", { allow: ["MIT AND ISC"], unknown: "fail" }).acceptable).toBe(false);
  });

  it.each([
    ["MIT", null],
    ["MIT OR ISC", null],
    ["GPL-2.0-only WITH Classpath-exception-2.0", null],
    ["Apache 2.0", /not an SPDX licence expression .*write one such as/],
    ["mit", /not an SPDX licence expression/],
    ["MIT AND ISC", /joins licences with AND/],
    ["", /not an SPDX licence expression/],
    ["(".repeat(2_000), /at most 1000/],
  ])("problem of %s", (entry, problem) => {
    if (problem === null) expect(spdxProblem(entry)).toBeNull();
    else expect(spdxProblem(entry)).toMatch(problem);
  });
});

describe("laws", () => {
  const leaf = fc.constantFrom(
    "MIT",
    "ISC",
    "GPL-3.0-only",
    "GPL-2.0+",
    "LicenseRef-a",
    "Apache-2.0",
  );
  const policy = { allow: ["MIT", "Apache-2.0", "GPL-3.0-only"], unknown: "fail" } as const;
  const kindOf = (expression: string): string => judgeLicence(expression, policy).kind;

  it("OR is as good as its better side, AND as bad as its worse one, in either order", () => {
    fc.assert(
      fc.property(leaf, leaf, (a, b) => {
        const sides = [kindOf(a), kindOf(b)];
        expect(kindOf(`${a} OR ${b}`)).toBe(sides.includes("ok") ? "ok" : "denied");
        expect(kindOf(`${a} AND ${b}`)).toBe(
          sides.every((side) => side === "ok") ? "ok" : "denied",
        );
        expect(kindOf(`${b} AND ${a}`)).toBe(kindOf(`${a} AND ${b}`));
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1_200 }), (text) => void judgeLicence(text, policy)),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "MIT",
            "AND",
            "OR",
            "WITH",
            "(",
            ")",
            "+",
            ":",
            "LicenseRef-",
            "DocumentRef-",
            " ",
          ),
          { maxLength: 40 },
        ),
        (parts) => void judgeLicence(parts.join(" "), policy),
      ),
    );
  });
});

describe("A13: ids that SPDX has given up", () => {
  it.each([
    ["GPL-2.0-with-classpath-exception", "GPL-2.0-only"],
    ["GPL-2.0-with-GCC-exception", "GPL-2.0-only"],
    ["GPL-2.0-with-font-exception", "GPL-2.0-only"],
    ["GPL-2.0-with-autoconf-exception", "GPL-2.0-only"],
    ["GPL-2.0-with-bison-exception", "GPL-2.0-or-later"],
    ["GPL-3.0-with-autoconf-exception", "GPL-3.0-only"],
    ["GPL-3.0-with-GCC-exception", "GPL-3.0-only"],
    ["eCos-2.0", "GPL-2.0-or-later"],
    ["wxWindows", "LGPL-2.0-or-later"],
    ["Nunit", "zlib-acknowledgement"],
    ["StandardML-NJ", "SMLNJ"],
  ])("%s is denied with %s", (id, denied) => {
    expect(judgeLicence(id, { deny: [denied], unknown: "fail" }).kind).toBe("denied");
    expect(judgeLicence(id, { deny: [id], unknown: "fail" }).kind).toBe("denied");
    expect(judgeLicence(id, { allow: [id], unknown: "fail" }).kind).toBe("ok");
  });

  it("what is allowed by its new name is allowed by its old one", () => {
    const written = ["GPL-2.0-only WITH Classpath-exception-2.0"];
    const judged = judgeLicence("GPL-2.0-with-classpath-exception", {
      allow: written,
      unknown: "fail",
    });
    expect(judged.kind).toBe("ok");
  });
});
