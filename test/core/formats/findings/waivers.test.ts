import { describe, expect, it } from "vitest";
import {
  applyWaivers,
  describeWaiver,
  isInForce,
  waiverSchema,
  type Waiver,
} from "#core/formats/findings/waivers.ts";
import { aFinding } from "./builders.ts";

const now = Date.UTC(2026, 10, 21, 12);
const lodash = aFinding({
  kind: "dependency",
  tool: "grype",
  rule: "GHSA-aaaa-bbbb-cccc",
  aliases: ["CVE-2025-1234", "GHSA-AAAA-BBBB-CCCC"],
  package: "pkg:npm/lodash@4.17.20",
  path: "web/package-lock.json",
});
const waiver = (parts: Partial<Waiver> = {}): Waiver => ({
  finding: "CVE-2025-1234",
  package: "pkg:npm/lodash@4.17.20",
  until: "2027-01-31",
  owner: "octocat",
  reason: "not reachable",
  ...parts,
});

describe("waivers", () => {
  it.each([
    ["by alias", {}, true],
    ["in another case", { finding: "cve-2025-1234" }, true],
    ["by the other alias", { finding: "GHSA-aaaa-bbbb-cccc" }, true],
    ["by id", { finding: lodash.id, package: undefined }, true],
    ["by rule", { finding: "GHSA-aaaa-bbbb-cccc", package: undefined }, true],
    ["package without version", { package: "pkg:npm/lodash" }, true],
    ["another finding", { finding: "CVE-2025-12345" }, false],
    ["the beginning of a finding", { finding: "CVE-2025-123" }, false],
    ["another version", { package: "pkg:npm/lodash@4.17.21" }, false],
    ["another package", { package: "pkg:npm/lodash-es" }, false],
    ["the path", { path: "web/package-lock.json" }, true],
    ["a glob of paths", { path: "web/**" }, true],
    ["another path", { path: "api/**" }, false],
  ])("match %s: %#", (_name, parts, matches) => {
    const applied = applyWaivers([lodash], [waiver(parts)], now);
    expect(applied.waived).toHaveLength(matches ? 1 : 0);
    expect(applied.counting).toHaveLength(matches ? 0 : 1);
    expect(applied.unused).toHaveLength(matches ? 0 : 1);
  });

  it("a waiver that names a package or a path matches no finding without one", () => {
    const bare = aFinding({ rule: "r", path: undefined, package: undefined });
    expect(
      applyWaivers(
        [bare],
        [waiver({ finding: "r" }), waiver({ finding: "r", package: undefined, path: "**" })],
        now,
      ).waived,
    ).toEqual([]);
  });

  it.each([
    ["2026-11-21T23:59:59.999Z", true],
    ["2026-11-22T00:00:00.000Z", false],
    ["2026-11-20T00:00:00.000Z", true],
  ])("until 2026-11-21 holds at %s: %s", (instant, holds) => {
    expect(isInForce({ until: "2026-11-21" }, Date.parse(instant))).toBe(holds);
  });

  it("expired ones count for nothing and say so", () => {
    const old = waiver({ until: "2026-01-31" });
    const applied = applyWaivers([lodash], [waiver({ until: "2025-01-31" }), old], now);
    expect(applied).toMatchObject({
      counting: [lodash],
      waived: [],
      expired: [{ finding: lodash, waiver: old }],
      unused: [],
    });
    expect(describeWaiver({ finding: lodash, waiver: old }, now)).toBe(
      "CVE-2025-1234 in pkg:npm/lodash@4.17.20: the waiver of octocat ended on 2026-01-31 (UTC) and counts for nothing",
    );
  });

  it("one in force beside an expired one holds, and is listed", () => {
    const applied = applyWaivers([lodash], [waiver({ until: "2026-01-31" }), waiver()], now);
    expect(applied).toMatchObject({
      counting: [],
      expired: [],
      waived: [{ waiver: { until: "2027-01-31" } }],
    });
    expect(applied.waived.map((one) => describeWaiver(one, now))).toEqual([
      "CVE-2025-1234 in pkg:npm/lodash@4.17.20: accepted by octocat through 2027-01-31 (UTC): not reachable",
    ]);
  });

  it.each([
    ["no such day", { until: "2027-02-30" }],
    ["another form", { until: "31.01.2027" }],
    ["an instant", { until: "2027-01-31T00:00:00Z" }],
    ["no owner", { owner: " " }],
    ["no reason", { reason: "" }],
    ["no finding", { finding: "" }],
    ["an empty package", { package: "  " }],
    ["an unknown key", { forever: true }],
    ["no glob", { path: "a".repeat(501) }],
  ])("the schema refuses %s", (_name, parts) => {
    expect(waiverSchema.safeParse({ ...waiver(), ...parts }).success).toBe(false);
  });

  it("the schema takes what the policy language shows", () => {
    expect(waiverSchema.safeParse(waiver()).success).toBe(true);
  });
});
