import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import { checkGraphql } from "./conformance/graphql-schema.ts";
import { ask, at, startSimulator, token } from "./client.ts";

const repo = "acme/shop";

describe("GraphQL", () => {
  let sim: Simulator;
  let as: string;

  beforeEach(async () => {
    sim = await startSimulator();
    const { installationId } = sim.org({
      login: "acme",
      members: ["ada", "bob"],
      baseRole: "write",
    });
    sim.repo({ name: repo, files: { "README.md": "hi\n", "src/a.ts": "1\n" } });
    as = await token(sim, installationId ?? 0);
  });
  afterEach(() => sim.stop());

  const query = async (
    text: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> => {
    expect(checkGraphql(text)).toEqual([]);
    return (await ask(sim, "POST", "/api/graphql", { as, body: { query: text, variables } })).body;
  };
  const pull = async (fields: string, number = 1): Promise<unknown> => {
    const body = await query(
      `query($n: Int!) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) { ${fields} } } }`,
      { n: number },
    );
    expect(at(body, "errors")).toBeUndefined();
    return at(body, "data", "repository", "pullRequest");
  };

  it("reads blobs and trees by expression, and says null where there is nothing", async () => {
    const body = await query(`{ repository(owner: "acme", name: "shop") {
      head: object(expression: "HEAD:README.md") { ... on Blob { text byteSize isTruncated isBinary oid } }
      tree: object(expression: "main:src") { ... on Tree { entries { name type path object { ... on Blob { text } } } } }
      none: object(expression: "main:nowhere.yml") { oid }
      commit: object(expression: "main") { ... on Commit { message tree { entries { name } } } }
    } }`);
    expect(at(body, "data", "repository")).toMatchObject({
      head: { text: "hi\n", byteSize: 3, isTruncated: false, isBinary: false },
      tree: { entries: [{ name: "a.ts", path: "src/a.ts", object: { text: "1\n" } }] },
      none: null,
      commit: {
        message: "Initial commit",
        tree: { entries: [{ name: "README.md" }, { name: "src" }] },
      },
    });
  });

  it("shows whose commits a pull request has: mapped, unmapped, co-authored, signed", async () => {
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "f",
      files: { "b.ts": "1\n" },
      verified: true,
    });
    sim.commit({
      repo,
      branch: "f",
      files: { "c.ts": "1\n" },
      author: "ada",
      authorEmail: "who@nowhere.example",
      coauthors: ["bob"],
    });
    const commits = at(
      await pull(
        "commits(first: 100) { totalCount nodes { commit { oid author { user { login } email } authors(first: 10) { nodes { user { login } } } signature { isValid state } } } }",
      ),
      "commits",
    );
    expect(commits).toMatchObject({
      totalCount: 2,
      nodes: [
        {
          commit: {
            oid: headSha,
            author: { user: { login: "ada" } },
            signature: { isValid: true, state: "VALID" },
          },
        },
        {
          commit: {
            author: { user: null, email: "who@nowhere.example" },
            authors: { nodes: [{ user: null }, { user: { login: "bob" } }] },
            signature: null,
          },
        },
      ],
    });
  });

  it("shows reviews with the commit they saw, edits, and who is gone", async () => {
    const { number, headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "f",
      files: { "b.ts": "1\n" },
    });
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    sim.editReview({ repo, number, id, by: "bob", body: "edited" });
    sim.review({ repo, number, by: null, state: "comment", commit: null });
    sim.collaborator({ repo, login: "carol", role: "triage" });
    sim.review({ repo, number, by: "carol", state: "request_changes" });
    expect(
      at(
        await pull(
          "reviewDecision reviews(first: 100) { nodes { author { login } state commit { oid } lastEditedAt authorCanPushToRepository } }",
        ),
        "reviews",
        "nodes",
      ),
    ).toEqual([
      {
        author: { login: "bob" },
        state: "APPROVED",
        commit: { oid: headSha },
        lastEditedAt: expect.any(String),
        authorCanPushToRepository: true,
      },
      {
        author: null,
        state: "COMMENTED",
        commit: null,
        lastEditedAt: null,
        authorCanPushToRepository: false,
      },
      {
        author: { login: "carol" },
        state: "CHANGES_REQUESTED",
        commit: { oid: headSha },
        lastEditedAt: null,
        authorCanPushToRepository: false,
      },
    ]);
  });

  it("tells real jobs from forged check runs, and apps from each other", async () => {
    const { headSha } = sim.openPull({ repo, author: "ada", files: { "b.ts": "1\n" } });
    sim.workflowRun({ repo, sha: headSha, path: ".github/workflows/ci.yml", jobs: ["unit"] });
    sim.checkRun({ repo, sha: headSha, name: "unit", app: "github-actions" });
    sim.checkRun({ repo, sha: headSha, name: "unit", app: "evil", conclusion: "success" });
    sim.status({ repo, sha: headSha, context: "ci", state: "pending", by: "bob" });
    const rollup = at(
      await pull(
        "statusCheckRollup { state contexts(first: 100) { totalCount nodes { __typename ... on CheckRun { name conclusion checkSuite { app { slug databaseId } workflowRun { event file { path } } } } ... on StatusContext { context state creator { login } } } } }",
      ),
      "statusCheckRollup",
    );
    expect(rollup).toEqual({
      state: "PENDING",
      contexts: {
        totalCount: 4,
        nodes: [
          {
            __typename: "CheckRun",
            name: "unit",
            conclusion: "SUCCESS",
            checkSuite: {
              app: { slug: "github-actions", databaseId: 15368 },
              workflowRun: { event: "pull_request", file: { path: ".github/workflows/ci.yml" } },
            },
          },
          {
            __typename: "CheckRun",
            name: "unit",
            conclusion: "SUCCESS",
            checkSuite: { app: { slug: "github-actions", databaseId: 15368 }, workflowRun: null },
          },
          {
            __typename: "CheckRun",
            name: "unit",
            conclusion: "SUCCESS",
            checkSuite: {
              app: { slug: "evil", databaseId: expect.any(Number) },
              workflowRun: null,
            },
          },
          {
            __typename: "StatusContext",
            context: "ci",
            state: "PENDING",
            creator: { login: "bob" },
          },
        ],
      },
    });
  });

  it("says which checks are required, and by which App", async () => {
    const { headSha } = sim.openPull({ repo, files: { "b.ts": "1\n" } });
    sim.ruleset({ repo, name: "main", requiredChecks: [{ context: "unit", appId: 15368 }] });
    sim.checkRun({ repo, sha: headSha, name: "unit" });
    sim.checkRun({ repo, sha: headSha, name: "unit", app: "evil" });
    expect(
      at(
        await pull(
          "statusCheckRollup { contexts(first: 9) { nodes { ... on CheckRun { isRequired(pullRequestNumber: 1) } } } }",
        ),
        "statusCheckRollup",
        "contexts",
        "nodes",
      ),
    ).toEqual([{ isRequired: true }, { isRequired: false }]);
  });

  it("keeps the timeline: labels and by whom, forced pushes, changed bases", async () => {
    const { number, headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "f",
      files: { "b.ts": "1\n" },
    });
    sim.label({ repo, number, label: "hotfix", by: "bob" });
    const { sha } = sim.commit({
      repo,
      branch: "f",
      parent: "main",
      force: true,
      files: { "c.ts": "1\n" },
      author: "ada",
    });
    sim.createBranch({ repo, branch: "dev" });
    sim.editPull({ repo, number, base: "dev", by: "bob" });
    const items = at(
      await pull(
        "timelineItems(first: 100, itemTypes: [LABELED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, BASE_REF_CHANGED_EVENT]) { totalCount nodes { __typename ... on LabeledEvent { label { name } actor { login } } ... on HeadRefForcePushedEvent { beforeCommit { oid } afterCommit { oid } } ... on BaseRefChangedEvent { previousRefName currentRefName } } }",
      ),
      "timelineItems",
      "nodes",
    );
    expect(items).toEqual([
      { __typename: "LabeledEvent", label: { name: "hotfix" }, actor: { login: "bob" } },
      {
        __typename: "HeadRefForcePushedEvent",
        beforeCommit: { oid: headSha },
        afterCommit: { oid: sha },
      },
      { __typename: "BaseRefChangedEvent", previousRefName: "main", currentRefName: "dev" },
    ]);
  });

  it("tells comments that were edited from those that were not, and by whom", async () => {
    const { number } = sim.openPull({ repo, files: { "b.ts": "1\n" } });
    const { id } = sim.comment({ repo, number, by: "bob", body: "/gate status" });
    sim.editComment({ repo, id, by: "ada", body: "/gate override" });
    sim.comment({ repo, number, by: "bob", body: "fine" });
    expect(
      at(
        await pull("comments(last: 10) { nodes { body includesCreatedEdit editor { login } } }"),
        "comments",
        "nodes",
      ),
    ).toEqual([
      { body: "/gate override", includesCreatedEdit: true, editor: { login: "ada" } },
      { body: "fine", includesCreatedEdit: false, editor: null },
    ]);
  });

  it("orders the merge queue, each group on the one before", async () => {
    for (const name of ["x", "y"])
      sim.openPull({ repo, head: name, files: { [`${name}.ts`]: "1\n" } });
    const first = sim.enqueuePull({ repo, number: 1 });
    const second = sim.enqueuePull({ repo, number: 2 });
    expect(
      await pull(
        "mergeQueueEntry { position baseCommit { oid } headCommit { oid } mergeQueue { entries(first: 10) { nodes { position pullRequest { number } } } } }",
        2,
      ),
    ).toEqual({
      mergeQueueEntry: {
        position: 2,
        baseCommit: { oid: first.headSha },
        headCommit: { oid: second.headSha },
        mergeQueue: {
          entries: {
            nodes: [
              { position: 1, pullRequest: { number: 1 } },
              { position: 2, pullRequest: { number: 2 } },
            ],
          },
        },
      },
    });
  });

  it("pages forwards through everything once", async () => {
    const { number } = sim.openPull({
      repo,
      files: Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`f${n}`, "1\n"])),
    });
    const seen: unknown[] = [];
    let after: unknown = null;
    do {
      const files = at(
        await query(
          'query($n: Int!, $after: String) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) { files(first: 100, after: $after) { nodes { path } pageInfo { hasNextPage endCursor } } } } }',
          { n: number, after },
        ),
        "data",
        "repository",
        "pullRequest",
        "files",
      );
      const nodes = at(files, "nodes");
      seen.push(...(Array.isArray(nodes) ? nodes.map((node: unknown) => at(node, "path")) : []));
      after =
        at(files, "pageInfo", "hasNextPage") === true ? at(files, "pageInfo", "endCursor") : null;
    } while (after !== null);
    expect(new Set(seen).size).toBe(250);
    expect(seen).toHaveLength(250);
  });

  it.each([
    {
      name: "no bound",
      field: "pullRequests { totalCount }",
      type: "MISSING_PAGINATION_BOUNDARIES",
    },
    {
      name: "more than 100",
      field: "pullRequests(first: 101) { totalCount }",
      type: "EXCESSIVE_PAGINATION",
    },
    {
      name: "a pull request that is not there",
      field: "pullRequest(number: 99) { id }",
      type: "NOT_FOUND",
    },
    { name: "a field that is not simulated", field: "stargazerCount", type: "NOT_SIMULATED" },
  ])("answers $name with an error of its type", async ({ field, type }) => {
    expect(
      at(
        await query(`{ repository(owner: "acme", name: "shop") { ${field} } }`),
        "errors",
        0,
        "type",
      ),
    ).toBe(type);
  });

  it("finds nodes by id, and names those it cannot find", async () => {
    sim.openPull({ repo, files: { "b.ts": "1\n" } });
    const id = at(await pull("id"), "id");
    const body = await query(
      "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on PullRequest { number } } }",
      { ids: [id, "bm90aGluZw"] },
    );
    expect(body).toMatchObject({
      data: { nodes: [{ __typename: "PullRequest", number: 1 }, null] },
      errors: [{ type: "NOT_FOUND", path: ["nodes", 1] }],
    });
  });

  it("refuses queries that the schema does not know", async () => {
    const answer = await ask(sim, "POST", "/graphql", {
      as,
      body: { query: "{ repository(owner: 1) { nope } }" },
    });
    expect(answer.status).toBe(200);
    expect(at(answer.body, "data")).toBeUndefined();
    expect(at(answer.body, "errors", 0, "message")).toBeTypeOf("string");
  });
});
