import { describe, expect, it } from "vitest";
import { coverageServices, readServiceText } from "#core/formats/coverage/service-text.ts";

describe("readServiceText", () => {
  it.each([
    [
      "codecov/project",
      "81.50% (+0.10%) compared to 1a2b3c4",
      { service: "codecov", scope: "project", percent: 81.5 },
    ],
    [
      "codecov/project/backend",
      "81.50% (target 80.00%)",
      { service: "codecov", scope: "project", percent: 81.5, flag: "backend" },
    ],
    [
      "codecov/patch",
      "71.00% of diff hit (target 80.00%)",
      { service: "codecov", scope: "patch", percent: 71 },
    ],
    [
      "codecov",
      "Project coverage is 91.2%. Comparing base to head.",
      { service: "codecov", scope: "project", percent: 91.2 },
    ],
    [
      "codecov",
      "| Coverage | 70.10% | 71.20% | +1.10% |",
      { service: "codecov", scope: "project", percent: 71.2 },
    ],
    [
      "coverage/coveralls",
      "Coverage decreased (-1.2%) to 80.1%",
      { service: "coveralls", scope: "project", percent: 80.1 },
    ],
    [
      "coverage/coveralls",
      "coverage: 80.1% (+1%) from 79.1%",
      { service: "coveralls", scope: "project", percent: 80.1 },
    ],
    [
      "coverage/coveralls",
      "Coverage remained the same at 80%",
      { service: "coveralls", scope: "project", percent: 80 },
    ],
    [
      "SonarCloud Code Analysis",
      "Quality Gate passed\n[90.0%](https://sonar.example) Coverage on New Code",
      undefined,
    ],
    [
      "SonarCloud Code Analysis",
      "**90.0%** Coverage on New Code",
      { service: "sonar", scope: "patch", percent: 90 },
    ],
    [
      "[Shop] SonarCloud Code Analysis",
      "75.5% Coverage",
      { service: "sonar", scope: "project", percent: 75.5 },
    ],
  ])("%s: %s", (name, text, figure) => expect(readServiceText({ name, text })).toEqual(figure));

  it.each([
    ["another check's name", "unit", "81.50% (+0.10%) compared to 1a2b3c4"],
    ["a name that only begins like a service's", "codecov/projects", "81.50% (+0.10%)"],
    [
      "a patch's text under the project's name",
      "codecov/project",
      "81.50% of diff hit (target 80%)",
    ],
    [
      "a number that is not at the beginning",
      "codecov/project",
      "no coverage, but 100% (+1%) elsewhere",
    ],
    ["more than everything", "codecov/project", "180.00% (+0.10%) compared to 1a2b3c4"],
    ["a negative number", "codecov/project", "-80% (+1%)"],
    ["a change without a figure", "coverage/coveralls", "Coverage increased (+4.2%)"],
    ["nothing", "codecov/project", ""],
  ])("T24: no figure in %s", (_, name, text) =>
    expect(readServiceText({ name, text })).toBeUndefined(),
  );

  it.each([
    ["digits", "9".repeat(65_000)],
    ["beginnings", "coverage increased ".repeat(3_400)],
    ["columns", "Coverage | ".repeat(6_000)],
    ["brackets", `80.0%${")".repeat(65_000)}`],
  ])(
    "T19: %s without end are answered (a quadratic search would run into the test's time limit)",
    (_, text) => {
      for (const name of ["codecov", "coveralls", "SonarCloud Code Analysis"])
        expect(readServiceText({ name, text })).toBeUndefined();
    },
  );

  it("names the apps whose word a figure is", () => {
    for (const service of coverageServices) expect(service.apps.length).toBeGreaterThan(0);
  });
});
