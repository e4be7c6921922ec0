import { describe, expect, it } from "vitest";
import * as queries from "#io/github/facts/overview-query.ts";
import { mergeQueueQuery } from "#io/github/read/merge-group.ts";
import { checkGraphql } from "@gatehouse/github-simulator/conformance/graphql-schema.ts";

const all = {
  ...Object.fromEntries(Object.entries(queries).filter(([name]) => name.endsWith("Query"))),
  mergeQueueQuery,
};

describe("what we ask GraphQL is valid against GitHub's schema", () => {
  it.each(Object.entries(all))("%s", (_, text) => {
    expect(checkGraphql(String(text))).toEqual([]);
  });
});
