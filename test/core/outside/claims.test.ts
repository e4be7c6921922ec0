import { describe, expect, it } from "vitest";
import {
  actorOf,
  disagreement,
  isOfRepository,
  workloadClaims,
  type WorkloadClaims,
} from "#core/outside/claims.ts";
import { gateQuestion, type GateQuestion } from "#core/outside/question.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

const claims = (over: Partial<Record<keyof WorkloadClaims, unknown>> = {}): WorkloadClaims =>
  workloadClaims.parse({
    repository: "acme/shop",
    repository_id: "12",
    repository_owner_id: "3",
    sha,
    ref: "refs/heads/main",
    environment: "production",
    run_id: "77",
    run_attempt: "1",
    event_name: "push",
    actor: "ada",
    actor_id: "5",
    ...over,
  });

const question = (over: Partial<Record<keyof GateQuestion, unknown>> = {}): GateQuestion =>
  gateQuestion.parse({ repository: "acme/shop", sha, environment: "production", ...over });

describe("claims of a job and the question it asks", () => {
  it.each([
    ["all as asked", {}, {}, null],
    [
      "another case of repository, environment and commit",
      {},
      { repository: "Acme/Shop", environment: "Production", sha: sha.toUpperCase() },
      null,
    ],
    ["the branch by its bare name", {}, { ref: "main" }, null],
    ["the branch by its full name", {}, { ref: "refs/heads/main" }, null],
    ["a tag of the branch's name", {}, { ref: "refs/tags/main" }, "ref"],
    ["another branch", {}, { ref: "dev" }, "ref"],
    ["another repository", {}, { repository: "acme/shop2" }, "repository"],
    ["another owner", { repository: "evil/shop" }, {}, "repository"],
    ["another commit", {}, { sha: sha.replace("0", "f") }, "sha"],
    ["another environment", {}, { environment: "staging" }, "environment"],
    ["a job without an environment", { environment: undefined }, {}, "environment"],
  ] as const)("%s", (_what, claimed, asked, expected) => {
    expect(disagreement(claims(claimed), question(asked))?.claim ?? null).toBe(expected);
  });

  it.each([
    ["this very repository", { id: 12, ownerId: 3 }, true],
    ["another one that has its name now", { id: 13, ownerId: 3 }, false],
    ["another owner under the old name", { id: 12, ownerId: 4 }, false],
  ])("are of %s", (_what, repository, expected) => {
    expect(isOfRepository(claims(), repository)).toBe(expected);
  });

  it("name nobody where a clock started the run, and an App as one", () => {
    expect(actorOf(claims())).toEqual({ id: 5, login: "ada", type: "User" });
    expect(actorOf(claims({ event_name: "schedule" }))).toBeNull();
    expect(actorOf(claims({ actor: "renovate[bot]" }))?.type).toBe("Bot");
  });

  it.each(["repository_id", "repository_owner_id", "sha", "ref", "run_id", "actor_id"] as const)(
    "are none without %s",
    (name) => {
      const { [name]: _left, ...rest } = claims();
      expect(workloadClaims.safeParse(rest).success).toBe(false);
    },
  );

  it.each(["1e3", "0", "-4", "12 ", "12345678901234567890", ""])("take no id %j", (id) => {
    expect(() => claims({ repository_id: id })).toThrow();
  });
});

describe("a question", () => {
  it.each([
    ["no repository", { repository: undefined }],
    ["a path as repository", { repository: "acme/shop/../x" }],
    ["a short commit", { sha: "0123456" }],
    ["a branch as commit", { sha: "main" }],
    ["an empty environment", { environment: "" }],
    ["control characters", { environment: "prod\u0000" }],
    ["a ref with a blank", { ref: "main branch" }],
    ["a range as ref", { ref: "main...main" }],
    ["a path upwards as ref", { ref: "refs/heads/../pull/1/head" }],
    ["a commit as ref", { ref: sha.toUpperCase() }],
    ["a long commit as ref", { ref: "a".repeat(64) }],
    ["a ref of the reflog", { ref: "main@{1}" }],
    ["a ref that begins with a slash", { ref: "/main" }],
    ["a ref that ends with a slash", { ref: "main/" }],
    ["a ref with two slashes", { ref: "refs//heads/main" }],
    ["a digest of another kind", { digest: "md5:abc" }],
    ["an unknown key", { enviroment: "production" }],
  ])("is malformed with %s", (_what, over) => {
    expect(() => question(over as never)).toThrow();
  });

  it.each(["main", "refs/tags/v1.2.0", "feature/a-b_c", "deadbeef", "v1@2"])(
    "may name the ref %s",
    (ref) => {
      expect(question({ ref }).ref).toBe(ref);
    },
  );

  it("may name an artifact", () => {
    expect(question({ digest: `sha256:${"A".repeat(64)}` }).digest).toBe(
      `sha256:${"a".repeat(64)}`,
    );
  });
});
