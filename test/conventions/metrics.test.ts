import { describe, expect, it } from "vitest";
import { metricPrefix, metrics } from "#io/system/metrics.ts";
import { filesUnder, read } from "./repository.ts";

const listed = new Map(metrics.map((metric) => [metric.name, metric]));
const operations = read("docs/operations.md");

/** Every `meter.count("name"` and `meter.observe("name"` of the product. */
const measured = filesUnder("src", (path) => /\.tsx?$/.test(path)).flatMap((path) =>
  [...read(path).matchAll(/[mM]eter\.(?:count|observe|forget)\(\s*"([a-z_]+)"/g)].map(
    ([, name = ""]) => ({ path, name }),
  ),
);

describe("metrics", () => {
  it("are measured under listed names only", () => {
    expect(measured.length).toBeGreaterThan(0);
    expect(measured.filter(({ name }) => !listed.has(name))).toEqual([]);
  });

  it.each([...listed.keys()])("%s is in docs/operations.md", (name) => {
    expect(operations).toContain(`\`${metricPrefix}${name}\``);
  });

  it("that operators are told to watch exist", () => {
    const named = [
      ...operations.matchAll(/`(?:gatehouse_)?([a-z]+(?:_[a-z]+)+)(?:\{[^`]*\})?(?: [=>][^`]*)?`/g),
    ].map(([, name = ""]) => name);
    const unknown = named.filter(
      (name) => /_(?:total|seconds|up|dead|due|rows|remaining)$/.test(name) && !listed.has(name),
    );
    expect(unknown).toEqual([]);
  });
});
