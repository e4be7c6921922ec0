import { describe, expect, it } from "vitest";
import { factList } from "#core/facts/index.ts";
import { simulatedFact } from "#core/simulate/facts/index.ts";
import type { SimulatedFacts } from "#core/simulate/facts/simulated-fact.ts";

/** What compiles here is the test: a fact of the list without an entry does not. */
export const asWhole = (all: Omit<SimulatedFacts, "text">): SimulatedFacts =>
  // @ts-expect-error the entry of the fact `text` is missing
  all;

describe("simulated facts", () => {
  it("are all facts but those that only GitHub tells, and those that carry another one", () => {
    expect(
      factList.map(({ name }) => name).filter((name) => simulatedFact(name) === undefined),
    ).toEqual(["refused_owners", "conversation", "of_pull_request", "if_readable"]);
  });

  it("are each found under the name of its own fact", () => {
    for (const { name } of factList) expect([name, undefined]).toContain(simulatedFact(name)?.fact);
  });
});
