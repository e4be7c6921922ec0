import { expect, it } from "vitest";
import { readReportFilter } from "#flow/pages/report-filter.ts";

const now = Date.parse("2026-04-15T10:00Z");
const read = (query: string) => readReportFilter(new URLSearchParams(query), now);

it("takes the last thirty days where no period is named", () => {
  expect(read("")).toEqual({
    filter: {
      from: Date.parse("2026-03-16T00:00Z"),
      to: now,
      repository: undefined,
      environment: undefined,
    },
    problems: [],
  });
});

it("counts a day that a period ends with", () => {
  const { filter, problems } = read(
    "from=2026-01-01&to=2026-03-31&repository=acme/shop&environment=production",
  );
  expect(problems).toEqual([]);
  expect(filter).toEqual({
    from: Date.parse("2026-01-01T00:00Z"),
    to: Date.parse("2026-04-01T00:00Z"),
    repository: { owner: "acme", name: "shop" },
    environment: "production",
  });
  expect(read("to=2026-03-31T12:00:00Z").filter.to).toBe(Date.parse("2026-03-31T12:00Z"));
});

it.each([
  ["from=soon", "from", /no day and no instant/],
  ["from=2026-02-30", "from", /no day/],
  ["from=2026-04-01&to=2026-03-01", "from", /not before/],
  ["from=2010-01-01", "from", /five years/],
  ["to=2026-03-01&to=2026-03-02", "to", /more than once/],
  ["repository=shop", "repository", /owner\/name/],
  ["environment=%00", "environment", /no name/],
  ["enviroment=production", "enviroment", /no part of a report/],
])("names what cannot be used: %s", (query, field, says) => {
  expect(read(query).problems).toEqual([{ field, message: expect.stringMatching(says) }]);
});
