import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fromGraphqlCommit,
  fromRestCommit,
  graphqlCommit,
  restCommit,
} from "#io/github/facts/parse-commits.ts";
import { fromGraphqlContext, graphqlContext } from "#io/github/facts/parse-checks.ts";
import { fromGraphqlActor, fromNoReply, fromRestUser } from "#io/github/facts/person.ts";
import { teamOf } from "#io/github/facts/read-people.ts";
import { relevant } from "#io/github/facts/read-pushers.ts";

describe("people", () => {
  it("h: one person whichever API tells of them", () => {
    expect(fromRestUser({ id: 5, login: "renovate[bot]", type: "Bot" })).toEqual(
      fromGraphqlActor({ __typename: "Bot", databaseId: 5, login: "renovate" }),
    );
    expect(fromRestUser({ id: 5, login: "Alice", type: "User" })).toEqual(
      fromGraphqlActor({ __typename: "User", databaseId: 5, login: "Alice" }),
    );
  });

  it.each([
    ["12345+alice@users.noreply.github.com", { id: 12345, login: "alice", type: "User" }],
    [
      "49699333+dependabot[bot]@users.noreply.github.com",
      { id: 49699333, login: "dependabot[bot]", type: "Bot" },
    ],
    ["12345+alice@users.noreply.github.example.com", { id: 12345, login: "alice", type: "User" }],
    ["alice@users.noreply.github.com", null],
    ["alice@example.com", null],
    [null, null],
  ])("an e-mail of %s names %j", (email, person) => {
    expect(fromNoReply(email)).toEqual(person);
  });

  it.each([
    ["backend", { org: "acme", slug: "backend" }],
    ["other/backend", { org: "other", slug: "backend" }],
    ["@acme/backend", { org: "acme", slug: "backend" }],
  ])("a team %s", (named, expected) => {
    expect(teamOf(named, "acme")).toEqual(expected);
  });

  it.each(["", "a/b/c", "/x", "x/"])("no team: %j", (named) => {
    expect(() => teamOf(named, "acme")).toThrow();
  });
});

describe("commits", () => {
  const git = (name: string, email: string) => ({ name, email });
  const rest = (message: string, overrides: object = {}) =>
    fromRestCommit(
      restCommit.parse({
        sha: "a",
        parents: [{}],
        author: { id: 1, login: "alice", type: "User" },
        committer: { id: 1, login: "alice", type: "User" },
        commit: {
          message,
          author: git("Alice", "a@x"),
          committer: git("Alice", "a@x"),
          verification: { verified: true },
        },
        ...overrides,
      }),
    );

  it("REST: co-authors stand in the message", () => {
    const message =
      "Change\n\nCo-authored-by: Bob <7+bob@users.noreply.github.com>\nco-authored-by: Carol <carol@x.example>\nNot-co-authored-by: x <1+x@users.noreply.github.com>";
    expect(rest(message).authors).toEqual([
      { person: { id: 1, login: "alice", type: "User" }, name: "Alice" },
      { person: { id: 7, login: "bob", type: "User" }, name: "Bob" },
      { person: null, name: "Carol" },
    ]);
  });

  it("f: an address that maps to nobody is a contributor nobody knows", () => {
    expect(rest("x", { author: null }).authors).toEqual([{ person: null, name: "Alice" }]);
    expect(rest("x", { author: {} }).authors).toEqual([{ person: null, name: "Alice" }]);
  });

  it("GitHub itself is no committer, in either API", () => {
    expect(
      rest("x", { committer: { id: 19864447, login: "web-flow", type: "User" } }).committer,
    ).toBeNull();
    const graphql = graphqlCommit.parse({
      oid: "a",
      message: "m",
      parents: { totalCount: 2 },
      authors: {
        totalCount: 1,
        nodes: [{ name: "Alice", email: "a@x", user: { login: "alice", databaseId: 1 } }],
      },
      committer: { name: "GitHub", email: "noreply@github.com", user: null },
      signature: { isValid: true },
    });
    expect(fromGraphqlCommit(graphql)).toMatchObject({
      parents: 2,
      verified: true,
      committer: null,
      authors: [{ person: { id: 1 } }],
    });
  });

  it("T11: the commit of a bot is known by its address where GraphQL names no account", () => {
    const graphql = graphqlCommit.parse({
      oid: "a",
      message: "m",
      parents: { totalCount: 1 },
      authors: {
        totalCount: 1,
        nodes: [
          {
            name: "dependabot[bot]",
            email: "49699333+dependabot[bot]@users.noreply.github.com",
            user: null,
          },
        ],
      },
      committer: null,
      signature: null,
    });
    expect(fromGraphqlCommit(graphql)).toMatchObject({
      verified: false,
      authors: [{ person: { login: "dependabot[bot]", type: "Bot" } }],
      committer: { person: null },
    });
  });

  it("hostile messages are read in no time", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("Co-authored-by:", " ", "<", ">", "\n", "\t", "a"),
          maxLength: 2_000,
        }),
        (message) => rest(message).authors.length > 0,
      ),
    );
  });
});

describe("checks of GraphQL", () => {
  it.each([
    ["STARTUP_FAILURE", "startup_failure"],
    ["TIMED_OUT", "timed_out"],
    ["STALE", "stale"],
  ])("%s", (said, conclusion) => {
    const row = {
      __typename: "CheckRun",
      databaseId: 1,
      name: "n",
      status: "COMPLETED",
      conclusion: said,
      startedAt: null,
      completedAt: null,
      detailsUrl: null,
      externalId: "",
      checkSuite: { app: null, workflowRun: null },
    };
    expect(fromGraphqlContext(graphqlContext.parse(row))).toMatchObject({
      conclusion,
      app: null,
      run: null,
      externalId: null,
      startedAt: 0,
    });
  });

  it("T1: a status is known by the bot behind it, and by nobody when a person set it", () => {
    const row = (creator: unknown) =>
      fromGraphqlContext(
        graphqlContext.parse({
          __typename: "StatusContext",
          context: "ci",
          state: "EXPECTED",
          createdAt: "2026-01-01T00:00:00Z",
          targetUrl: null,
          creator,
        }),
      );
    expect(row({ __typename: "Bot", login: "ci-app", databaseId: 4 })).toMatchObject({
      app: { id: null, slug: "ci-app" },
      status: "queued",
    });
    expect(row({ __typename: "User", login: "ci-app", databaseId: 4 }).app).toBeNull();
    expect(row(null).app).toBeNull();
  });
});

describe("T8: what brought the pull request's commits", () => {
  const entry = (activity_type: string, before: string, after: string, id: number) => ({
    activity_type,
    before,
    after,
    actor: { id, login: `u${id}`, type: "User" },
  });
  const who = (entries: ReturnType<typeof entry>[], commits: string[], head: string) =>
    relevant(entries, new Set(commits), head).map((one) => one.actor?.id);

  it("pushes since the branch left the base; older ones belong to other pull requests", () => {
    expect(
      who(
        [
          entry("push", "c1", "c2", 2),
          entry("push", "base", "c1", 1),
          entry("push", "old", "base", 9),
          entry("branch_creation", "0", "old", 9),
        ],
        ["c1", "c2"],
        "c2",
      ),
    ).toEqual([2, 1]);
  });

  it("after a force-push everything back to the creation, because what survived of it cannot be told", () => {
    expect(
      who(
        [
          entry("force_push", "c2", "d2", 3),
          entry("push", "c1", "c2", 2),
          entry("push", "base", "c1", 1),
          entry("branch_creation", "0", "base", 8),
          entry("push", "x", "y", 9),
        ],
        ["d1", "d2"],
        "d2",
      ),
    ).toEqual([3, 2, 1, 8]);
  });

  it("the creation itself, when it brought the commits", () => {
    expect(
      who(
        [
          entry("branch_creation", "0", "c1", 1),
          entry("branch_deletion", "old", "0", 8),
          entry("push", "a", "old", 9),
        ],
        ["c1"],
        "c1",
      ),
    ).toEqual([1]);
  });

  it("everybody, while the record does not show the head yet", () => {
    expect(
      who([entry("push", "base", "c1", 1), entry("push", "old", "base", 9)], ["c1", "c2"], "c2"),
    ).toEqual([1, 9]);
  });
});
